#include "protocol/chat/reply.h"

#include "protocol/chat/json_text.h"

namespace claims::chat {
namespace {

constexpr std::string_view kBegin = R"({"type":"reply","re":)";

std::string begin_reply(std::string_view re, std::size_t more) {
  std::string out;
  out.reserve(kBegin.size() + re.size() + more + 40);
  out += kBegin;
  if (re.empty()) {
    out += "null";
  } else {
    append_json_string(re, out);
  }
  return out;
}

}  // namespace

std::string ok_reply(std::string_view re, std::string_view result) {
  std::string out = begin_reply(re, result.size());
  out += R"(,"ok":true,"result":)";
  out += result;
  out += '}';
  return out;
}

std::string read_reply(std::string_view re, std::string_view result, std::string_view as_of) {
  std::string out = begin_reply(re, result.size() + as_of.size());
  out += R"(,"ok":true,"result":)";
  out += result;
  out += R"(,"as_of":)";
  out += as_of;
  out += '}';
  return out;
}

std::string error_reply(std::string_view re, const Error& error) {
  const std::string ko = message_ko(error);
  const std::string en = message_en(error);
  std::string out = begin_reply(re, ko.size() + en.size() + error.field.size() + 80);
  out += R"(,"ok":false,"error":{"code":")";
  out += to_string(error.code);
  out += R"(","message":{"ko":)";
  append_json_string(ko, out);
  out += R"(,"en":)";
  append_json_string(en, out);
  out += R"(},"field":)";
  if (error.field.empty()) {
    out += "null";
  } else {
    append_json_string(error.field, out);
  }
  out += "}}";
  return out;
}

}  // namespace claims::chat
