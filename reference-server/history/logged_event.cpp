#include "reference-server/history/logged_event.h"

#include <variant>

#include "protocol/chat/event.h"

namespace claims::server {
namespace {

constexpr std::string_view kMessage = R"({"type":"message",)";
constexpr std::string_view kMessageDeleted = R"({"type":"message_deleted",)";

/// The event when it is of this type. Others are not parsed: the log has more of them.
template <class Body>
std::optional<Body> body_of(std::string_view event, std::string_view begin) {
  if (!event.starts_with(begin)) return std::nullopt;
  auto parsed = chat::parse_event(event);
  if (!parsed) return std::nullopt;
  auto* body = std::get_if<Body>(&parsed->event.body);
  return body == nullptr ? std::nullopt : std::optional(std::move(*body));
}

}  // namespace

std::string_view vehicle_of(std::string_view event) {
  // Within a string of the JSON text a quote has a backslash before it, so the first match is the
  // field itself, behind the sender's object. Plates hold nothing that is escaped.
  constexpr std::string_view kKey = R"(},"vehicle":")";
  const std::size_t at = event.find(kKey);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + kKey.size();
  return event.substr(begin, event.find('"', begin) - begin);
}

bool is_message(std::string_view event) {
  return event.starts_with(kMessage);
}

std::optional<std::string> message_text_of(std::string_view event) {
  auto message = body_of<chat::Message>(event, kMessage);
  if (!message || message->text.empty()) return std::nullopt;
  return std::move(message->text);
}

std::optional<chat::Seq> deleted_by(std::string_view event) {
  const auto deleted = body_of<chat::MessageDeleted>(event, kMessageDeleted);
  return deleted ? std::optional(deleted->of) : std::nullopt;
}

std::string tombstone_of(std::string_view event) {
  // The first match is the field itself, behind the command's id (see vehicle_of).
  constexpr std::string_view kKey = R"(","body":)";
  std::string shown(event.substr(0, event.find(kKey)));
  shown += kKey;
  shown += R"({"deleted":true}})";
  return shown;
}

}  // namespace claims::server
