#pragma once
// Events: what happened in a room, as members see it, as it is logged, and as history returns it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

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

/// How somebody came into a room. Founders see it from its beginning, as do colleagues of the same
/// insurer (a handover) and successors; guests only from their joining on (CPC-004-4).
enum class Invitation : std::uint8_t { founder, colleague, guest, successor };
std::string_view to_string(Invitation as);
/// "colleague" or "guest": what a client may ask for.
std::optional<Invitation> parse_invitation(std::string_view text);

/// Why an adjuster's rooms are handed over: for a time, or for good.
enum class Absence : std::uint8_t { away, retired };
std::string_view to_string(Absence absence);
std::optional<Absence> parse_absence(std::string_view text);

struct Joined {
  Person user;
  Role role{};
  Seq from = 1;
  RoomKind kind{};
  std::string receipt, model;           ///< Empty in general rooms.
  Invitation as = Invitation::founder;  ///< On the wire unless founder.
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
/// What a picture shows: guide (안내), general (일반), manual (수기) (CPC-004-2).
enum class FileKind : std::uint8_t { general, guide, manual };
std::string_view to_string(FileKind kind);
std::optional<FileKind> parse_file_kind(std::string_view text);

/// A file that belongs to a message; its bytes do not go through the chat.
struct AttachedFile {
  std::string name;
  FileKind kind{};
  bool operator==(const AttachedFile&) const = default;
};
struct Message {
  std::string text;
  std::string from_template{};        ///< Empty: written by hand.
  std::vector<AttachedFile> files{};  ///< On the wire when there are some.
  /// A tombstone: what reads show in place of a message that was deleted. The rest is empty then.
  bool deleted = false;
  bool operator==(const Message&) const = default;
};
/// A message was deleted by its sender.
struct MessageDeleted {
  Seq of = 0;  ///< The message's own.
  std::string text;
  bool operator==(const MessageDeleted&) const = default;
};
/// A member left; the last event that it sees.
struct Left {
  Person user;
  Role role{};
  std::string text;
  bool operator==(const Left&) const = default;
};
/// Another adjuster is in charge.
struct HandedOver {
  Person from, to;
  std::string text;
  bool operator==(const HandedOver&) const = default;
};
struct RoomChanged {
  std::string title, text;
  bool operator==(const RoomChanged&) const = default;
};
/// The room's last event, for all its members.
struct RoomDeleted {
  std::string text;
  bool operator==(const RoomDeleted&) const = default;
};
struct FurtherEstimate {
  std::string estimate;
  std::uint64_t amount = 0;  ///< Won.
  std::string reason, text;
  bool operator==(const FurtherEstimate&) const = default;
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
    std::variant<Joined, Notice, Greeting, Message, Claim, PreEstimate, VehicleAdded, Negotiated,
                 MessageDeleted, Left, HandedOver, RoomChanged, RoomDeleted, FurtherEstimate>;
/// "joined", "notice", "greeting", "message", "claim", "pre_estimate", "vehicle_added",
/// "negotiation", "message_deleted", "left", "handed_over", "room_changed", "room_deleted",
/// "further_estimate"
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
