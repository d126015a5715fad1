#pragma once
// Events: what happened in a room, as members see it, as it is logged, and as history returns it.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/chat/ids.h"
#include "protocol/chat/repair.h"
#include "protocol/result.h"
#include "protocol/time.h"

namespace claims::chat {

struct Person {
  std::string id, name;
  bool operator==(const Person&) const = default;
};

struct Joined {
  Person user;
  Role role{};
  Seq from = 1;
  std::string kind, receipt, model;
  bool operator==(const Joined&) const = default;
};
struct Notice {
  RepairState state{};
  std::string text;
  bool operator==(const Notice&) const = default;
};
struct Greeting {
  std::string text;
  bool operator==(const Greeting&) const = default;
};
struct Message {
  std::string text;
  bool operator==(const Message&) const = default;
};
struct Claim {
  std::string claim, text;
  bool operator==(const Claim&) const = default;
};
using EventBody = std::variant<Joined, Notice, Greeting, Message, Claim>;
/// "joined", "notice", "greeting", "message", "claim"
std::string_view type_of(const EventBody& body);

struct Event {
  RoomId room{};
  Seq seq = 0;
  Milliseconds at{0};  ///< UTC; never less than the room's event before it.
  Person sender;
  std::string vehicle;  ///< Plate in its stored form.
  std::string cmd;      ///< "<user>:<command id>" of the command it came from.
  EventBody body;
  bool operator==(const Event&) const = default;
};

/// The event as a JSON object without its closing brace, fields in contract order, so that
/// `,"cursor":"…"}` (evt) or `,"unread_by":n}` (room.messages) or `}` (log) can follow.
void write_event_open(const Event& event, std::string& out);

/// Parses an event with either ending (or none of the two). Any order of fields; strict on types.
struct ParsedEvent {
  Event event;
  std::string cursor;
  std::int64_t unread_by = -1;
};
Result<ParsedEvent, std::string> parse_event(std::string_view json);

}  // namespace claims::chat
