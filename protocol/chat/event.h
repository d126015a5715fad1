#pragma once
// Events: what happened in a room, as members see it, as it is logged, and as history returns it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/chat/ids.h"
#include "protocol/chat/negotiation.h"
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
  RoomKind kind{};
  std::string receipt, model;  ///< Empty in general rooms.
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
  std::string from_template;  ///< Empty: written by hand.
  bool operator==(const Message&) const = default;
};
struct Claim {
  std::string claim, text;
  bool operator==(const Claim&) const = default;
};
struct PreEstimate {
  std::string estimate;
  std::uint64_t amount = 0;  ///< Won.
  std::string text;
  bool operator==(const PreEstimate&) const = default;
};
/// The event's vehicle came into a general room.
struct VehicleAdded {
  std::string text;
  bool operator==(const VehicleAdded&) const = default;
};
/// A step of a fault negotiation, and what it has become by it.
struct Negotiated {
  NegotiationAction action{};
  std::optional<Side> by;      ///< Nothing: the server, after too many objections.
  std::optional<Ratio> ratio;  ///< initiator:counterpart; standing, sent or agreed.
  std::string reason;          ///< Of an objection its text, of an exemption its code.
  NegotiationState state{};
  std::optional<Side> turn;  ///< Who may answer.
  std::string text;
  bool operator==(const Negotiated&) const = default;
};
using EventBody =
    std::variant<Joined, Notice, Greeting, Message, Claim, PreEstimate, VehicleAdded, Negotiated>;
/// "joined", "notice", "greeting", "message", "claim", "pre_estimate", "vehicle_added",
/// "negotiation"
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

/// A member has read up to `seq`. On `evt` like an event, but no part of the room's sequence: sent
/// once to the sessions that are connected, without a cursor, and never again.
struct ReadReceipt {
  RoomId room{};
  Milliseconds at{0};
  Person user;
  Seq seq = 0;
};
/// {"type":"read","room":…,"at":…,"user":{"id":…,"name":…},"seq":…}
std::string read_receipt_json(const ReadReceipt& receipt);

/// Parses an event with either ending (or none of the two). Any order of fields; strict on types.
struct ParsedEvent {
  Event event;
  std::string cursor;
  std::int64_t unread_by = -1;
};
Result<ParsedEvent, std::string> parse_event(std::string_view json);

}  // namespace claims::chat
