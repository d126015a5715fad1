#include "protocol/chat/topics.h"

namespace claims::chat {
namespace {

std::string topic(std::string_view user, std::string_view end) {
  constexpr std::string_view kBegin = "aos/v1/";
  std::string text;
  text.reserve(kBegin.size() + user.size() + end.size());
  text += kBegin;
  text += user;
  text += end;
  return text;
}

}  // namespace

std::string command_topic(std::string_view user) {
  return topic(user, "/cmd");
}
std::string event_topic(std::string_view user) {
  return topic(user, "/evt");
}
std::string reply_topic(std::string_view user) {
  return topic(user, "/reply");
}

}  // namespace claims::chat
