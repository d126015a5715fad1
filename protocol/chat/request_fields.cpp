#include "protocol/chat/request_fields.h"

#include <boost/json/basic_parser_impl.hpp>

#include "protocol/limits.h"

namespace claims::chat {
namespace {

namespace json = boost::json;
using boost::system::error_code;

constexpr std::array<std::string_view, kFieldNames> kNames{
    "type",    "id",      "receipt",     "plate", "model",  "adjuster", "room",     "text",
    "vehicle", "seq",     "step",        "after", "limit",  "cursor",   "amount",   "vehicles",
    "targets", "bulk",    "counterpart", "ratio", "action", "reason",   "template", "files",
    "title",   "user",    "as",          "owner", "name",   "role",     "to",       "kind",
    "garage",  "insurer", "estimate",    "page"};

/// Boost.JSON calls it with strings and keys in parts when they hold escapes.
class Handler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  explicit Handler(RequestFields& fields) : fields_(fields) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    if (depth_ == 0) is_object_ = true;
    if (depth_ == kInField && list_ != nullptr) {
      element().kind = ListElement::Kind::object;
    } else {
      value("{…}");
    }
    ++depth_;
    return true;
  }
  bool on_object_end(std::size_t, error_code&) { return --depth_, true; }
  bool on_array_begin(error_code&) {
    if (FieldValue* field = take()) {
      field->kind = FieldValue::Kind::list;
      field->text = "[…]";
      const bool is_kept =
          *key_ == FieldName::vehicles || *key_ == FieldName::targets || *key_ == FieldName::files;
      list_ = is_kept ? &fields_.list : nullptr;
      if (is_kept) list_->clear();
    } else {
      value("[…]");
    }
    ++depth_;
    return true;
  }
  bool on_array_end(std::size_t, error_code&) {
    if (--depth_ == kInRoot) list_ = nullptr;
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, error_code&) {
    partial_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view last, std::size_t, error_code&) {
    partial_.append(last.data(), last.size());
    if (depth_ == kInRoot) key(partial_);
    if (in_element()) list_->back().members.emplace_back(partial_, std::string());
    partial_.clear();
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, error_code&) {
    partial_.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view last, std::size_t, error_code&) {
    partial_.append(last.data(), last.size());
    if (FieldValue* field = take()) {
      field->kind = FieldValue::Kind::string;
      field->text.swap(partial_);
    } else if (depth_ == kInField && list_ != nullptr) {
      ListElement& added = element();
      added.kind = ListElement::Kind::string;
      added.text.swap(partial_);
    } else if (in_element() && !list_->back().members.empty()) {
      list_->back().members.back().second.swap(partial_);
    }
    partial_.clear();
    return true;
  }
  bool on_number_part(json::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, error_code&) {
    if (FieldValue* field = take()) {
      field->kind = FieldValue::Kind::integer;
      field->integer = number;
      return true;
    }
    return value("");
  }
  bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
    return value(std::to_string(number));
  }
  bool on_double(double, json::string_view text, error_code&) {
    return value(excerpt({text.data(), text.size()}));
  }
  bool on_bool(bool truth, error_code&) { return value(truth ? "true" : "false"); }
  bool on_null(error_code&) { return value("null"); }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

  bool is_object() const { return is_object_; }
  std::optional<FieldName> duplicate() const { return duplicate_; }

 private:
  void key(std::string_view text) {
    key_ = parse_field_name(text);
    if (!key_) {
      if (!fields_.has_unknown) fields_.unknown = excerpt(text);
      fields_.has_unknown = true;
      return;
    }
    if (fields_[*key_].kind != FieldValue::Kind::absent && !duplicate_) duplicate_ = key_;
    fields_.present |= std::uint64_t{1} << static_cast<unsigned>(*key_);
  }
  /// The field whose value comes now; none for unknown keys and inside of nested values.
  FieldValue* take() { return depth_ == kInRoot && key_ ? &fields_[*key_] : nullptr; }
  /// Within an object that is an element of a list.
  bool in_element() const { return depth_ == kInElement && list_ != nullptr && !list_->empty(); }
  ListElement& element() { return list_->emplace_back(); }
  /// A value that is no string where one may be.
  bool value(std::string_view found) {
    if (FieldValue* field = take()) {
      field->kind = FieldValue::Kind::other;
      field->text = found;
    } else if (depth_ == kInField && list_ != nullptr) {
      element();
    } else if (in_element()) {
      list_->back().kind = ListElement::Kind::other;
    }
    return true;
  }

  static constexpr int kInRoot = 1, kInField = 2, kInElement = 3;

  RequestFields& fields_;
  std::vector<ListElement>* list_ = nullptr;  // While a list that is kept is being read.
  std::string partial_;
  std::optional<FieldName> key_;
  std::optional<FieldName> duplicate_;
  int depth_ = 0;
  bool is_object_ = false;
};

}  // namespace

std::string_view to_string(FieldName name) {
  return kNames[static_cast<std::size_t>(name)];
}

std::optional<FieldName> parse_field_name(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (text == kNames[i]) return static_cast<FieldName>(i);
  }
  return std::nullopt;
}

std::optional<Error> scan_request_fields(std::string_view text, RequestFields& fields) {
  if (text.size() > limits::kCommandBytesMax) {
    return Error{ErrorCode::too_large, "", std::to_string(text.size()) + " bytes",
                 "<= " + std::to_string(limits::kCommandBytesMax) + " bytes"};
  }
  json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  json::basic_parser<Handler> parser(options, fields);
  error_code failed;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), failed);
  if (failed || consumed < text.size()) {
    if (!failed) failed = json::error::extra_data;
    return Error{ErrorCode::malformed_json, "",
                 failed.message() + " (byte " + std::to_string(consumed + 1) + ")",
                 R"({"type":…})"};
  }
  if (!parser.handler().is_object()) {
    return Error{ErrorCode::malformed_json, "", excerpt(text), R"({"type":…})"};
  }
  if (const auto duplicate = parser.handler().duplicate()) {
    return Error{ErrorCode::malformed_json, std::string(to_string(*duplicate)), "2 ×", "1 ×"};
  }
  return std::nullopt;
}

}  // namespace claims::chat
