#pragma once
// Refusals and errors: what went wrong, where, and what is allowed, in Korean and English.

#include <string>
#include <string_view>

namespace claims::chat {

/// In the order of docs/contract.md.
enum class ErrorCode {
  too_large,
  malformed_json,
  missing_field,
  unknown_field,
  bad_field,
  unknown_type,
  id_too_old,
  id_reused,
  id_gap,
  unknown_instance,
  not_permitted,
  unknown_user,
  foreign_adjuster,
  receipt_exists,
  unknown_receipt,
  receipt_in_use,
  unknown_room,
  unknown_vehicle,
  bad_seq,
  bad_cursor,
  bad_value,
  illegal_step,
  already_converted,
  already_estimated,
  wrong_kind,
  same_insurer,
  negotiation_exists,
  illegal_action,
  bad_ratio,
  unknown_bulk,
  unknown_plate,
  own_colleague,
  already_member,
  must_stay,
  not_in_service,
  already_deleted,
  unknown_template,
  limit_reached,
};
std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code{};
  std::string field;    ///< Empty: no field in particular.
  std::string found;    ///< What was there, shortened; may be empty.
  std::string allowed;  ///< What would be right, language-neutral; may be empty.
};
/// What a client sent, fit for `found`: at most 40 characters, nothing unprintable, valid UTF-8.
std::string excerpt(std::string_view text);

std::string message_ko(const Error& error);
std::string message_en(const Error& error);

}  // namespace claims::chat
