#pragma once
// ResultText: the `result` of a reply, field by field.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/chat/json_text.h"

namespace claims::server {

class ResultText {
 public:
  ResultText& add(std::string_view key, std::string_view text) {
    begin(key);
    chat::append_json_string(text, out_);
    return *this;
  }
  ResultText& add(std::string_view key, const char* text) {
    return add(key, std::string_view(text));
  }
  ResultText& add(std::string_view key, const std::string& text) {
    return add(key, std::string_view(text));
  }
  ResultText& add(std::string_view key, chat::RoomId room) {
    return add(key, std::string_view(to_string(room)));
  }
  ResultText& add(std::string_view key, std::uint64_t number) {
    begin(key);
    chat::append_json_number(number, out_);
    return *this;
  }
  ResultText& add(std::string_view key, std::same_as<bool> auto truth) {
    begin(key);
    out_ += truth ? "true" : "false";
    return *this;
  }
  ResultText& add(std::string_view key, const std::vector<std::string>& texts) {
    begin(key);
    out_ += '[';
    for (const std::string& text : texts) {
      if (out_.back() != '[') out_ += ',';
      chat::append_json_string(text, out_);
    }
    out_ += ']';
    return *this;
  }
  /// `json` is a value's text.
  ResultText& add_json(std::string_view key, std::string_view json) {
    begin(key);
    out_ += json;
    return *this;
  }
  /// The object, closed.
  std::string take() {
    if (out_.empty()) out_ += '{';
    out_ += '}';
    return std::move(out_);
  }

 private:
  /// Keys are the contract's: nothing in them to escape.
  void begin(std::string_view key) {
    out_ += out_.empty() ? "{\"" : ",\"";
    out_ += key;
    out_ += "\":";
  }

  std::string out_;
};

}  // namespace claims::server
