#pragma once
// What each type of request takes: the table behind the parser and the error messages.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "protocol/chat/error.h"
#include "protocol/chat/negotiation.h"
#include "protocol/chat/request_fields.h"
#include "protocol/result.h"

namespace claims::chat {

/// In the order of docs/contract.md.
enum class RequestKind : std::uint8_t {
  receipt_register,
  intake_register,
  intake_by_plate,
  intake_cancel,
  pre_estimate_write,
  estimate_further,
  general_open,
  message_send,
  message_delete,
  room_read,
  room_change,
  room_delete,
  room_invite,
  room_leave,
  room_hand_over,
  adjuster_hand_over,
  adjuster_back,
  repair_step,
  claim_convert,
  bulk_send,
  negotiation_open,
  negotiation_act,
  template_set,
  template_delete,
  room_list,
  room_show,
  room_messages,
  room_reads,
  invite_candidates,
  message_search,
  history_list,
  unread_counts,
  bulk_outcomes,
  negotiation_status,
  templates_list,
  conversions_count,
  sync,
};
inline constexpr std::size_t kRequestKinds = static_cast<std::size_t>(RequestKind::sync) + 1;

/// A set of fields, a bit for each.
constexpr std::uint64_t field_mask(std::initializer_list<FieldName> names) {
  std::uint64_t bits = 0;
  for (const FieldName name : names) bits |= std::uint64_t{1} << static_cast<unsigned>(name);
  return bits;
}
constexpr bool holds(std::uint64_t bits, FieldName name) {
  return ((bits >> static_cast<unsigned>(name)) & 1U) != 0;
}

struct RequestRule {
  std::string_view name;
  std::uint64_t required;  ///< Beside `type` and `id`.
  std::uint64_t optional;
  bool is_read;
};
const RequestRule& rule_of(RequestKind kind);
/// The same of `negotiation.act`, narrowed to what the action takes.
RequestRule rule_of(NegotiationAction action);

/// The kind that `type` names, or the error that names them all.
Result<RequestKind, Error> find_kind(const FieldValue& type);

}  // namespace claims::chat
