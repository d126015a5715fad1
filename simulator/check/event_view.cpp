#include "simulator/check/event_view.h"

#include <array>
#include <boost/json/value.hpp>
#include <cstddef>
#include <limits>

#include "simulator/check/event_body.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 14> kKinds{
    "joined",       "notice",        "greeting",     "message",         "claim",
    "pre_estimate", "vehicle_added", "negotiation",  "message_deleted", "left",
    "handed_over",  "room_changed",  "room_deleted", "further_estimate"};

}  // namespace

std::string_view to_string(EventKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<chat::Side> parse_side(std::string_view text) {
  for (const chat::Side side : {chat::Side::initiator, chat::Side::counterpart}) {
    if (chat::to_string(side) == text) return side;
  }
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const json::value& value) {
  if (const std::int64_t* number = value.if_int64()) return *number;
  const std::uint64_t* number = value.if_uint64();
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (number == nullptr || *number > kMost) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::optional<std::string_view> text_of(const json::value& value) {
  const json::string* text = value.if_string();
  if (text == nullptr) return std::nullopt;
  return std::string_view(text->data(), text->size());
}

std::optional<std::string> read_event(const json::object& event, EventEnd end, EventView& out) {
  Walk walk("");
  const json::value* body = nullptr;
  const json::value* sender = nullptr;
  std::string_view type, room;
  bool ended = end == EventEnd::nothing;
  for (const auto& field : event) {
    const std::string_view key(field.key().data(), field.key().size());
    if (key == "type") {
      walk.text(key, field.value(), type);
    } else if (key == "room") {
      walk.text(key, field.value(), room);
    } else if (key == "seq") {
      walk.seq(key, field.value(), out.seq);
    } else if (key == "at") {
      walk.number(key, field.value(), std::numeric_limits<std::int64_t>::min(), out.at_ms);
    } else if (key == "sender") {
      sender = &field.value();
    } else if (key == "vehicle") {
      if (!field.value().is_null()) walk.text(key, field.value(), out.vehicle);
    } else if (key == "cmd") {
      walk.text(key, field.value(), out.cmd);
    } else if (key == "body") {
      body = &field.value();
    } else if (key == "cursor" && end == EventEnd::cursor) {
      std::string_view cursor;
      walk.text(key, field.value(), cursor);
      ended = !cursor.empty();
    } else if (key == "unread_by" && end == EventEnd::unread_by) {
      walk.number(key, field.value(), 0, out.unread_by);
      ended = true;
    } else {
      walk.fail(key, "is an unknown field");
    }
  }
  const auto number = chat::parse_room_id(room);
  if (!number) walk.fail("room", "is no room id");
  if (out.seq == 0) walk.fail("seq", "is missing");
  if (!ended) walk.fail(end == EventEnd::cursor ? "cursor" : "unread_by", "is missing");
  if (sender == nullptr) walk.fail("sender", "is missing");
  if (body == nullptr) walk.fail("body", "is missing");
  std::size_t kind = 0;
  while (kind < kKinds.size() && kKinds[kind] != type) ++kind;
  if (kind == kKinds.size()) walk.fail("type", "is no type of event");
  if (auto problem = walk.take()) return problem;
  out.room = *number;
  out.kind = static_cast<EventKind>(kind);
  PersonView person;
  if (auto problem = read_person(*sender, "sender.", false, person)) return problem;
  out.sender_id = person.id;
  out.sender_name = person.name;
  return read_body(*body, out);
}

}  // namespace claims::storm::audit
