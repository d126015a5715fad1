// Reading result.json: hostile input is bounded, and every error is told with its place.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "reports/json.h"
#include "reports/json_fields.h"
#include "reports/limits.h"

namespace claims::report {
namespace {

using Json = nlohmann::json;

/// What was found, in few words.
std::string described(const Json& value) {
  constexpr std::size_t kShown = 40;
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > kShown) text = text.substr(0, kShown) + "…";
  return text;
}

/// Reads values at a place in the document; notes what is wrong and goes on.
class Reader {
 public:
  Reader(const Json& from, std::string path, std::vector<std::string>& errors)
      : from_(from), path_(std::move(path)), errors_(errors) {}

  void operator()(const char* name, auto& value, json::Since since = json::Since::first) {
    const auto found = from_.find(name);
    if (found != from_.end()) {
      Reader(*found, path_ + "/" + name, errors_).read(value);
    } else if (since == json::Since::first) {
      tell("nothing", fmt::format("the member \"{}\"", name));
    }
  }

  void read(bool& value) {
    if (!from_.is_boolean()) return tell("true or false");
    value = from_.get<bool>();
  }
  void read(std::uint64_t& value) {
    if (!from_.is_number_unsigned()) return tell("a whole number from 0 to 2^64 - 1");
    value = from_.get<std::uint64_t>();
  }
  void read(std::int64_t& value) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!from_.is_number_integer() ||
        (from_.is_number_unsigned() && from_.get<std::uint64_t>() > kMost)) {
      return tell("a whole number from -2^63 to 2^63 - 1");
    }
    value = from_.get<std::int64_t>();
  }
  void read(double& value) {
    // Beyond it a rounded number is no longer the one that was written.
    constexpr double kMost = 1e12;
    if (!from_.is_number() || !(std::fabs(from_.get<double>()) <= kMost)) {
      return tell("a number from -10^12 to 10^12");
    }
    value = from_.get<double>();
  }
  void read(std::string& value) {
    if (!from_.is_string()) return tell("a text");
    value = from_.get<std::string>();
  }
  void read(Verdict& value) { read_word(value, {Verdict::pass, Verdict::fail, Verdict::invalid}); }
  void read(ClauseStatus& value) {
    read_word(value, {ClauseStatus::pass, ClauseStatus::fail, ClauseStatus::partial,
                      ClauseStatus::not_covered});
  }
  template <class Value>
  void read(std::optional<Value>& value) {
    if (from_.is_null()) return value.reset();
    value.emplace();
    read(*value);
  }
  void read(std::vector<Second>& values) { read_list(values, limits::kSecondsMax); }
  template <class Value>
  void read(std::vector<Value>& values) {
    read_list(values, limits::kElementsMax);
  }
  template <class Value>
  void read(std::map<std::string, Value>& values) {
    if (!is_object()) return;
    for (const auto& [name, member] : from_.items()) {
      Reader(member, path_ + "/" + name, errors_).read(values[name]);
    }
  }
  void read(json::Violations<RunResult>& value) {
    if (!is_object()) return;
    read(value.of.violations);
    if (value.of.violations.erase("total") == 0) return tell("nothing", "the member \"total\"");
    Reader(from_.at("total"), path_ + "/total", errors_).read(value.of.violations_total);
  }
  template <class Value>
  void read(Value& value) {
    if (is_object()) json::fields(*this, value);
  }

 private:
  bool is_object() {
    if (!from_.is_object()) return tell("an object"), false;
    if (from_.size() <= limits::kElementsMax) return true;
    tell(fmt::format("{} members", from_.size()), fmt::format("at most {}", limits::kElementsMax));
    return false;
  }
  template <class Value>
  void read_list(std::vector<Value>& values, std::size_t most) {
    if (!from_.is_array()) return tell("a list");
    if (from_.size() > most) {
      return tell(fmt::format("{} elements", from_.size()), fmt::format("at most {}", most));
    }
    values.resize(from_.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      Reader(from_[i], fmt::format("{}/{}", path_, i), errors_).read(values[i]);
    }
  }
  template <class Word>
  void read_word(Word& value, std::initializer_list<Word> words) {
    std::string allowed;
    for (const Word word : words) {
      if (from_.is_string() && from_.get_ref<const std::string&>() == to_string(word)) {
        value = word;
        return;
      }
      fmt::format_to(std::back_inserter(allowed), "{}{}", allowed.empty() ? "" : ", ",
                     to_string(word));
    }
    tell(allowed);
  }
  void tell(std::string_view allowed) { tell(described(from_), allowed); }
  void tell(std::string_view found, std::string_view allowed) {
    if (errors_.size() >= limits::kErrorsToldMax) return;
    errors_.push_back(
        fmt::format("{}: found {}, allowed: {}", path_.empty() ? "/" : path_, found, allowed));
  }

  const Json& from_;
  std::string path_;
  std::vector<std::string>& errors_;
};

/// The line of a byte, and what the parser says, without its own words around it.
std::string syntax_error(std::string_view text, const Json::parse_error& error) {
  const std::size_t at = std::min(error.byte, text.size());
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  std::string what = error.what();
  if (const auto begin = what.find("parse error"); begin != std::string::npos) {
    what = what.substr(begin);
  }
  return fmt::format("line {}: found no JSON ({}), allowed: a {} file", line + 1, what,
                     RunResult::kFormat);
}

}  // namespace

ParsedResult parse_result_json(std::string_view text) {
  std::vector<std::string> errors;
  if (text.size() > limits::kResultBytesMax) {
    errors.push_back(fmt::format("/: found {} bytes, allowed: at most {}", text.size(),
                                 limits::kResultBytesMax));
    return errors;
  }
  bool too_deep = false;
  const auto bounded = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > static_cast<int>(limits::kResultDepthMax);
    return !too_deep;
  };
  Json document;
  try {
    document = Json::parse(text, bounded);
  } catch (const Json::parse_error& error) {
    errors.push_back(syntax_error(text, error));
    return errors;
  }
  if (too_deep) {
    errors.push_back(fmt::format("/: found more levels than {}, allowed: a {} file",
                                 limits::kResultDepthMax, RunResult::kFormat));
    return errors;
  }
  const Json format = document.is_object() ? document.value("format", Json()) : Json();
  if (format != RunResult::kFormat) {
    errors.push_back(
        fmt::format("/format: found {}, allowed: \"{}\"", described(format), RunResult::kFormat));
    return errors;
  }
  RunResult result;
  Reader(document, "", errors).read(result);
  if (!errors.empty()) return errors;
  return result;
}

}  // namespace claims::report
