#pragma once
// EventView: an event as it came, read from its JSON by the contract's shape, without a copy.

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/chat/event.h"
#include "protocol/chat/ids.h"
#include "protocol/chat/negotiation.h"
#include "protocol/chat/repair.h"

namespace claims::storm::audit {

enum class EventKind : std::uint8_t {
  joined,
  notice,
  greeting,
  message,
  claim,
  pre_estimate,
  vehicle_added,
  negotiation,
  message_deleted,
  left,
  handed_over,
  room_changed,
  room_deleted,
  further_estimate,
};
std::string_view to_string(EventKind kind);

/// What stands at an event's end: `cursor` in deliveries, `unread_by` in room.messages, nothing in
/// history.list.
enum class EventEnd : std::uint8_t { cursor, unread_by, nothing };

/// What a negotiation event says of the step and of what the negotiation has become by it.
struct NegotiationView {
  chat::NegotiationAction action{};
  std::optional<chat::Side> by;  ///< Nothing: the server.
  std::optional<chat::Ratio> ratio;
  std::string_view reason;
  chat::NegotiationState state{};
  std::optional<chat::Side> turn;
};

/// Views into the object that it was read from. A field that its kind does not have stays empty.
/// `vehicle` and names may be empty: that they are there is another checker's matter.
struct EventView {
  EventKind kind{};
  chat::RoomId room{};
  chat::Seq seq = 0;
  std::int64_t at_ms = 0;
  std::string_view sender_id, sender_name, vehicle, cmd;
  std::string_view text, user_id, user_name, room_kind, receipt, model, claim;
  chat::Role role{};
  chat::Seq from = 0;
  chat::RepairState state{};
  std::int64_t unread_by = 0;
  std::string_view from_template;
  std::string_view estimate;
  std::int64_t amount = 0;
  NegotiationView negotiation;
  chat::Invitation as{};                      ///< Of who joined.
  std::string_view to_id, to_name;            ///< In charge now; `user_id` was before.
  std::string_view title, reason;             ///< Of the room; of a further estimate.
  chat::Seq of = 0;                           ///< Of the message that was deleted.
  bool deleted = false;                       ///< A tombstone: the message has nothing else.
  const boost::json::array* files = nullptr;  ///< Of a message that has some: name and kind.
};

/// What is wrong with its shape, or nothing and `view` is filled.
std::optional<std::string> read_event(const boost::json::object& event, EventEnd end,
                                      EventView& view);

/// "initiator", "counterpart".
std::optional<chat::Side> parse_side(std::string_view text);

/// An integer of either sign, as Boost.JSON may hold it.
std::optional<std::int64_t> integer_of(const boost::json::value& value);
/// The text of a string value.
std::optional<std::string_view> text_of(const boost::json::value& value);

}  // namespace claims::storm::audit
