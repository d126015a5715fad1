#include "simulator/scenario/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace claims::storm {
namespace {

/// Counts the lines of what has been read. nlohmann's lexer reads one character beyond a number, so
/// a line break read last does not count yet.
struct LineCounter {
  int breaks = 0;
  bool last_was_break = false;
  int line() const { return 1 + breaks - static_cast<int>(last_was_break); }
};

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, LineCounter* counter) : at_(at), counter_(counter) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    counter_->last_was_break = *at_ == '\n';
    counter_->breaks += static_cast<int>(counter_->last_was_break);
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  LineCounter* counter_;
};

/// Builds the tree from the parser's callbacks; returning false ends the parsing.
class TreeBuilder {
 public:
  TreeBuilder(const LineCounter& counter, std::string file)
      : counter_(counter), file_(std::move(file)) {}

  bool null() { return add({}); }
  bool boolean(bool value) {
    JsonNode node;
    node.kind = JsonNode::Kind::boolean;
    node.boolean = value;
    return add(std::move(node));
  }
  bool number_integer(std::int64_t value) {
    JsonNode node;
    node.kind = JsonNode::Kind::integer;
    node.integer = value;
    node.text = std::to_string(value);
    return add(std::move(node));
  }
  bool number_unsigned(std::uint64_t value) {
    if (value <= std::uint64_t{INT64_MAX}) {
      return number_integer(static_cast<std::int64_t>(value));
    }
    return number_float(0, std::to_string(value));
  }
  bool number_float(double, const std::string& written) {
    JsonNode node;
    node.kind = JsonNode::Kind::fraction;
    node.text = written;
    return add(std::move(node));
  }
  bool string(std::string& value) {
    JsonNode node;
    node.kind = JsonNode::Kind::text;
    node.text = std::move(value);
    return add(std::move(node));
  }
  bool binary(std::vector<std::uint8_t>&) { return false; }
  bool start_object(std::size_t) { return open(JsonNode::Kind::object); }
  bool start_array(std::size_t) { return open(JsonNode::Kind::list); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& key) {
    if (open_.back()->member(key) != nullptr) {
      return refuse(fmt::format("\"{}\" a second time", key), "each key once");
    }
    key_ = std::move(key);
    return true;
  }
  bool parse_error(std::size_t, const std::string& token, const nlohmann::json::exception& error) {
    // "[json.exception…] parse error at line 3, column 5: syntax error while parsing value - what"
    std::string what = error.what();
    if (const auto at = what.find(": "); at != std::string::npos) what.erase(0, at + 2);
    refuse(fmt::format("\"{}\"", token.substr(0, 60)), "valid JSON; " + what);
    error_->syntax = true;
    return false;
  }

  JsonNode& root() { return root_; }
  const std::optional<FileError>& error() const { return error_; }

 private:
  bool refuse(std::string found, std::string allowed) {
    error_ = FileError{{file_, counter_.line(), path()}, std::move(found), std::move(allowed)};
    return false;
  }
  std::string path() const {
    std::string path;
    for (std::size_t i = 1; i < open_.size(); ++i) {
      const JsonNode& parent = *open_[i - 1];
      path += "/" + (parent.kind == JsonNode::Kind::object
                         ? parent.members.back().key
                         : std::to_string(parent.elements.size() - 1));
    }
    return path;
  }
  /// Where the value went; open_ stays valid because only the innermost container grows.
  JsonNode* put(JsonNode node) {
    node.line = counter_.line();
    if (open_.empty()) {
      root_ = std::move(node);
      return &root_;
    }
    JsonNode& parent = *open_.back();
    if (parent.kind == JsonNode::Kind::list) return &parent.elements.emplace_back(std::move(node));
    parent.members.push_back({std::move(key_), std::move(node)});
    return &parent.members.back().value;
  }
  bool add(JsonNode node) {
    put(std::move(node));
    return true;
  }
  bool open(JsonNode::Kind kind) {
    if (open_.size() >= static_cast<std::size_t>(kDocumentDepthMax)) {
      return refuse("something nested deeper", fmt::format("{} levels", kDocumentDepthMax));
    }
    JsonNode node;
    node.kind = kind;
    open_.push_back(put(std::move(node)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const LineCounter& counter_;
  std::string file_;
  JsonNode root_;
  std::vector<JsonNode*> open_;
  std::string key_;
  std::optional<FileError> error_;
};

FileError file_error(const std::string& file, std::string found, std::string allowed) {
  return {{file, 0, ""}, std::move(found), std::move(allowed)};
}

}  // namespace

const JsonNode* JsonNode::member(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

std::string describe(const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::null:
      return "null";
    case JsonNode::Kind::boolean:
      return node.boolean ? "true" : "false";
    case JsonNode::Kind::integer:
    case JsonNode::Kind::fraction:
      return node.text;
    case JsonNode::Kind::text: {
      std::size_t end = std::min<std::size_t>(node.text.size(), 80);
      while (end < node.text.size() && (static_cast<unsigned char>(node.text[end]) & 0xC0U) == 0x80)
        ++end;
      return fmt::format("\"{}{}\"", node.text.substr(0, end), end < node.text.size() ? "…" : "");
    }
    case JsonNode::Kind::list:
      return "a list";
    case JsonNode::Kind::object:
      return "an object";
  }
  return {};
}

Value to_value(const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::null:
      return nullptr;
    case JsonNode::Kind::boolean:
      return node.boolean;
    case JsonNode::Kind::integer:
      return node.integer;
    case JsonNode::Kind::fraction:
      return std::strtod(node.text.c_str(), nullptr);
    case JsonNode::Kind::text:
      return Value(boost::json::string(node.text));
    case JsonNode::Kind::list: {
      boost::json::array list;
      for (const JsonNode& element : node.elements) list.push_back(to_value(element));
      return list;
    }
    case JsonNode::Kind::object: {
      boost::json::object object;
      for (const auto& [key, member] : node.members) object[key] = to_value(member);
      return object;
    }
  }
  return nullptr;
}

Result<JsonNode, FileError> parse_document(std::string_view text, const std::string& file) {
  LineCounter counter;
  TreeBuilder builder(counter, file);
  const bool parsed =
      nlohmann::json::sax_parse(CountingIterator(text.data(), &counter),
                                CountingIterator(text.data() + text.size(), &counter), &builder);
  if (!parsed) return *builder.error();
  return std::move(builder.root());
}

Result<JsonNode, FileError> read_document(const std::string& file, std::size_t bytes_max) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) {
    const bool folder = std::filesystem::is_directory(file, failed);
    return file_error(file, folder ? "a folder" : "no such file", "a file that can be read");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return file_error(file, "a file that cannot be opened", "a file that can be read");
  std::string text;
  std::vector<char> chunk(64 * 1024);
  while (in && text.size() <= bytes_max) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (text.size() > bytes_max) {
    return file_error(file, fmt::format("more than {} bytes", bytes_max), "fewer");
  }
  return parse_document(text, file);
}

}  // namespace claims::storm
