#pragma once
// What the chat's records say, typed. Deciding and replaying fold the very same structs.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/chat/error.h"
#include "protocol/chat/event.h"
#include "protocol/chat/ids.h"

namespace claims::server {

/// An insurer's centre where adjusters work (보상센터).
struct Centre {
  std::string id, name, region;
  bool operator==(const Centre&) const = default;
};

struct InsurerEntry {
  std::string id, code, name;
  std::string greeting;  ///< Template of the greeting (text_template.h).
  std::vector<Centre> centres;
  bool operator==(const InsurerEntry&) const = default;
};

struct UserEntry {
  std::string id;
  chat::Role role{};
  std::string name;
  std::string insurer;  ///< Of insurers' and adjusters' users.
  std::string centre;   ///< Of adjusters.
  std::string region;   ///< Of garages.
  bool operator==(const UserEntry&) const = default;
};

struct ReceiptEntry {
  std::string receipt, insurer, plate, model, adjuster;
  bool operator==(const ReceiptEntry&) const = default;
};

struct ReadMoved {
  std::string user;
  chat::RoomId room{};
  chat::Seq seq = 0;
  bool operator==(const ReadMoved&) const = default;
};

struct CommandOutcome {
  std::string user;
  chat::CommandId id;
  std::uint64_t body_hash = 0;
  std::string reply;  ///< The whole reply, as it was sent.
  bool operator==(const CommandOutcome&) const = default;
};

struct BulkTarget {
  std::string garage, vehicle;
  bool operator==(const BulkTarget&) const = default;
};

/// A bulk message was accepted; what it brings about for each target follows on its own.
struct BulkOrder {
  std::string user;
  chat::CommandId id;
  std::vector<BulkTarget> targets;
  std::string text;
  bool operator==(const BulkOrder&) const = default;
};

/// What came of one target: the message's place, or why there is none.
struct BulkOutcome {
  std::string user;
  chat::CommandId id;  ///< Of the order.
  std::string garage;
  chat::RoomId room{};                     ///< 0: refused.
  chat::Seq seq = 0;                       ///< Of the message.
  std::optional<chat::ErrorCode> refusal;  ///< unknown_user, limit_reached, not_in_service.
  bool operator==(const BulkOutcome&) const = default;
};

/// An insurer takes an adjuster out of service; its rooms follow one by one.
struct HandOverOrder {
  std::string user;  ///< Of the insurer.
  chat::CommandId id;
  std::string adjuster, to;
  chat::Absence reason{};
  std::uint64_t rooms = 0;  ///< That the adjuster is in charge of now.
  bool operator==(const HandOverOrder&) const = default;
};

/// One room of such an order was seen to.
struct HandOverOutcome {
  std::string user;
  chat::CommandId id;  ///< Of the order.
  chat::RoomId room{};
  chat::Seq seq = 0;  ///< Of `handed_over`; 0: the room stayed as it was.
  bool operator==(const HandOverOutcome&) const = default;
};

/// An adjuster that was away is back.
struct AdjusterBack {
  std::string adjuster;
  bool operator==(const AdjusterBack&) const = default;
};

/// An insurer or a garage keeps this text ready; it replaces the owner's of the same name.
struct TemplateEntry {
  std::string owner;  ///< An insurer's id, or a garage's user id.
  std::string name, text;
  std::optional<chat::Role> role;  ///< Who may use it; nothing: everybody who sees the owner's.
  bool operator==(const TemplateEntry&) const = default;
};

struct TemplateRemoved {
  std::string owner, name;
  bool operator==(const TemplateRemoved&) const = default;
};

using TypedRecord = std::variant<InsurerEntry, UserEntry, ReceiptEntry, chat::Event, ReadMoved,
                                 CommandOutcome, BulkOrder, BulkOutcome, HandOverOrder,
                                 HandOverOutcome, AdjusterBack, TemplateEntry, TemplateRemoved>;

}  // namespace claims::server
