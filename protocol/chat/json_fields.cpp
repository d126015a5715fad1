#include "protocol/chat/json_fields.h"

#include <array>
#include <boost/json.hpp>
#include <utility>

#include "protocol/limits.h"

namespace claims::chat {
namespace {

namespace json = boost::json;

json::string_view key_of(std::string_view key) {
  return {key.data(), key.size()};
}

}  // namespace

Result<void, std::string> read_json(std::string_view text,
                                    const std::function<void(const json::value&)>& take) {
  std::array<unsigned char, 8192> buffer;
  std::array<unsigned char, 2048> temporary;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  json::parser parser({}, options, temporary.data(), temporary.size());
  parser.reset(&memory);
  boost::system::error_code failed;
  parser.write(text.data(), text.size(), failed);
  if (failed) return failed.message();
  const json::value root = parser.release();
  take(root);
  return {};
}

JsonFields::JsonFields(const json::value* value, std::string where, std::string& error)
    : object_(value != nullptr ? value->if_object() : nullptr),
      where_(std::move(where)),
      error_(error) {
  if (object_ == nullptr) fail("", "is no object");
}

bool JsonFields::has(std::string_view key) const {
  return object_ != nullptr && object_->contains(key_of(key));
}

std::string JsonFields::text(std::string_view key) {
  const json::value* value = child(key);
  if (value == nullptr) return {};
  const json::string* text = value->if_string();
  if (text != nullptr) return std::string(text->data(), text->size());
  fail(key, "is no string");
  return {};
}

std::uint64_t JsonFields::number(std::string_view key, std::uint64_t least) {
  const json::value* value = child(key);
  if (value == nullptr) return 0;
  const std::int64_t* number = value->if_int64();
  if (number != nullptr && *number >= 0 && static_cast<std::uint64_t>(*number) >= least) {
    return static_cast<std::uint64_t>(*number);
  }
  fail(key, "is no integer in its range");
  return 0;
}

bool JsonFields::flag(std::string_view key) {
  const json::value* value = child(key);
  if (value == nullptr) return false;
  if (const bool* flag = value->if_bool()) return *flag;
  fail(key, "is neither true nor false");
  return false;
}

const json::value* JsonFields::child(std::string_view key) {
  if (object_ == nullptr) return nullptr;
  const json::value* value = object_->if_contains(key_of(key));
  if (value == nullptr) {
    fail(key, "is missing");
  } else {
    ++taken_;
  }
  return value;
}

void JsonFields::each(std::string_view key, const std::function<void(const json::value&)>& take) {
  const json::value* value = child(key);
  if (value == nullptr) return;
  const json::array* array = value->if_array();
  if (array == nullptr) return fail(key, "is no array");
  for (const json::value& element : *array) take(element);
}

void JsonFields::finish() {
  if (object_ != nullptr && object_->size() != taken_) fail("", "has an unknown field");
}

void JsonFields::fail(std::string_view key, std::string_view what) {
  if (!error_.empty()) return;
  error_ = where_;
  if (!key.empty() && !error_.empty()) error_ += '.';
  error_ += key;
  if (error_.empty()) error_ = "object";
  error_ += ' ';
  error_ += what;
}

}  // namespace claims::chat
