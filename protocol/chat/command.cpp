#include "protocol/chat/command.h"

#include <cstdint>
#include <utility>

#include "protocol/chat/request_bodies.h"
#include "protocol/chat/request_fields.h"
#include "protocol/chat/request_rules.h"
#include "protocol/chat/request_values.h"

namespace claims::chat {
namespace {

using Kind = FieldValue::Kind;

std::string names_of(std::uint64_t bits) {
  std::string names;
  for (std::size_t i = 0; i < kFieldNames; ++i) {
    if (!holds(bits, static_cast<FieldName>(i))) continue;
    if (!names.empty()) names += ", ";
    names += to_string(static_cast<FieldName>(i));
  }
  return names;
}

std::optional<Error> check_presence(const RequestRule& rule, const RequestFields& fields) {
  const std::uint64_t known =
      rule.required | rule.optional | field_mask({FieldName::type, FieldName::id});
  if (fields.has_unknown) {
    return Error{ErrorCode::unknown_field, fields.unknown, "", names_of(known)};
  }
  if ((fields.present & ~known) == 0 && (rule.required & ~fields.present) == 0) return std::nullopt;
  for (std::size_t i = 0; i < kFieldNames; ++i) {
    const auto name = static_cast<FieldName>(i);
    const bool present = fields[name].kind != Kind::absent;
    if (present && !holds(known, name)) {
      return Error{ErrorCode::unknown_field, std::string(to_string(name)), "", names_of(known)};
    }
    if (!present && holds(rule.required, name)) {
      return Error{ErrorCode::missing_field, std::string(to_string(name)), "", names_of(known)};
    }
  }
  return std::nullopt;
}

/// A message says something: in its text, by a template, or by its files.
void narrow_message(const RequestFields& fields, RequestRule& rule) {
  constexpr std::uint64_t kInstead = field_mask({FieldName::message_template, FieldName::files});
  if ((fields.present & kInstead) == 0) rule.required |= field_mask({FieldName::text});
}

Error bad_id(const FieldValue& value, bool is_read) {
  return Error{value.kind == Kind::absent ? ErrorCode::missing_field : ErrorCode::bad_field, "id",
               found_in(value),
               is_read ? "[A-Za-z0-9._-]{1,64}" : "\"<instance>.<n>\", 1–9007199254740992"};
}

}  // namespace

Result<Request, RequestError> parse_request(std::string_view json) {
  RequestFields fields;
  if (auto error = scan_request_fields(json, fields)) return RequestError{{}, std::move(*error)};

  const FieldValue& id_value = fields[FieldName::id];
  const bool id_readable = id_value.kind == Kind::string && is_token_text(id_value.text);
  const std::string re = id_readable ? id_value.text : std::string();

  const auto kind = find_kind(fields[FieldName::type]);
  if (!kind) return RequestError{re, kind.error()};
  RequestRule rule = rule_of(*kind);
  if (*kind == RequestKind::message_send) narrow_message(fields, rule);

  const auto command_id = id_readable ? parse_command_id(re) : std::nullopt;
  if (!id_readable || (!rule.is_read && !command_id)) {
    return RequestError{re, bad_id(id_value, rule.is_read)};
  }
  if (auto error = check_presence(rule, fields)) return RequestError{re, std::move(*error)};
  if (*kind == RequestKind::negotiation_act) {
    // Of a wrong action nothing can be said but that; its value is judged below.
    const FieldValue& value = fields[FieldName::action];
    const auto action =
        value.kind == Kind::string ? parse_negotiation_action(value.text) : std::nullopt;
    const bool known = action && *action != NegotiationAction::open;
    auto error = known ? check_presence(rule_of(*action), fields) : std::nullopt;
    if (error) return RequestError{re, std::move(*error)};
  }

  RequestValues values(fields);
  Request request = rule.is_read
                        ? Request(Read{re, read_body(*kind, fields, values)})
                        : Request(Command{*command_id, command_body(*kind, fields, values)});
  if (auto error = values.take_error()) return RequestError{re, std::move(*error)};
  return request;
}

}  // namespace claims::chat
