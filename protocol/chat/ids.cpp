#include "protocol/chat/ids.h"

#include <algorithm>

#include "protocol/limits.h"

namespace claims::chat {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/// Decimal in its one canonical form (no sign, no leading zero), 1 … kInstanceMax.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  if (text.empty() || !is_digit(text.front()) || text.front() == '0') return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value > limits::kInstanceMax) return std::nullopt;
  return value;
}

}  // namespace

std::string to_string(RoomId room) {
  return 'r' + std::to_string(static_cast<std::uint64_t>(room));
}

std::optional<RoomId> parse_room_id(std::string_view text) {
  if (text.empty() || text.front() != 'r') return std::nullopt;
  const auto number = parse_number(text.substr(1));
  if (!number) return std::nullopt;
  return RoomId{*number};
}

std::string to_string(CommandId id) {
  std::string text = std::to_string(id.instance);
  text += '.';
  text += std::to_string(id.n);
  return text;
}

std::optional<CommandId> parse_command_id(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto instance = parse_number(text.substr(0, dot));
  const auto n = parse_number(text.substr(dot + 1));
  if (!instance || !n) return std::nullopt;
  return CommandId{*instance, *n};
}

bool is_user_id(std::string_view text) {
  return !text.empty() && text.size() <= limits::kUserIdBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_receipt_number(std::string_view text) {
  return !text.empty() && text.size() <= limits::kReceiptBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_digit(c) || is_upper(c) || is_lower(c) || c == '-'; });
}

bool is_token_text(std::string_view text) {
  return !text.empty() && text.size() <= limits::kReadIdBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || is_upper(c) || is_lower(c) || c == '.' || c == '_' || c == '-';
         });
}

std::string_view to_string(RoomKind kind) {
  switch (kind) {
    case RoomKind::inbound:
      return "inbound";
    case RoomKind::general:
      return "general";
    case RoomKind::negotiation:
      return "negotiation";
  }
  return "";
}

std::optional<RoomKind> parse_room_kind(std::string_view text) {
  for (const RoomKind kind : {RoomKind::inbound, RoomKind::general, RoomKind::negotiation}) {
    if (text == to_string(kind)) return kind;
  }
  return std::nullopt;
}

std::string_view to_string(Role role) {
  switch (role) {
    case Role::insurer:
      return "insurer";
    case Role::adjuster:
      return "adjuster";
    case Role::garage:
      return "garage";
  }
  return "";
}

std::optional<Role> parse_role(std::string_view text) {
  for (const Role role : {Role::insurer, Role::adjuster, Role::garage}) {
    if (text == to_string(role)) return role;
  }
  return std::nullopt;
}

}  // namespace claims::chat
