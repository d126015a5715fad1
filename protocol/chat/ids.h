#pragma once
// Identifiers of the chat contract (docs/contract.md).

#include <charconv>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace claims::chat {

/// A room; `r<number>` on the wire. Numbers start at 1.
enum class RoomId : std::uint64_t {};
std::string to_string(RoomId room);
std::optional<RoomId> parse_room_id(std::string_view text);

/// The place of an event in its room: 1, 2, 3 … without a gap. 0: before the first.
using Seq = std::uint64_t;

/// `<instance>.<n>`: the idempotency key of a command, unique per user.
struct CommandId {
  std::uint64_t instance = 0;  ///< Rises with each start of the client.
  std::uint64_t n = 0;         ///< 1, 2, 3 … within the instance.
  auto operator<=>(const CommandId&) const = default;
};
std::string to_string(CommandId id);
std::optional<CommandId> parse_command_id(std::string_view text);

/// [a-z0-9-]{1,32}
bool is_user_id(std::string_view text);
/// [0-9A-Za-z-]{1,32}
bool is_receipt_number(std::string_view text);
/// [A-Za-z0-9._-]{1,64}; ids of reads, client ids.
bool is_token_text(std::string_view text);

/// What a room is for: one vehicle's repair (입고업무), general work of a garage and an adjuster
/// (일반업무), fault negotiation of two insurers (과실협의).
enum class RoomKind : std::uint8_t { inbound, general, negotiation };
std::string_view to_string(RoomKind kind);
std::optional<RoomKind> parse_room_kind(std::string_view text);

enum class Role : std::uint8_t { insurer, adjuster, garage };
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);

}  // namespace claims::chat
