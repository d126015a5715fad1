#include "protocol/chat/command.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "protocol/chat/request_fields.h"
#include "protocol/chat/request_values.h"
#include "protocol/limits.h"

namespace claims::chat {
namespace {

using Kind = FieldValue::Kind;

constexpr std::uint32_t mask(std::initializer_list<FieldName> names) {
  std::uint32_t bits = 0;
  for (const FieldName name : names) bits |= 1U << static_cast<unsigned>(name);
  return bits;
}
constexpr bool holds(std::uint32_t bits, FieldName name) {
  return ((bits >> static_cast<unsigned>(name)) & 1U) != 0;
}

enum class Type : std::uint8_t {
  receipt_register,
  intake_register,
  pre_estimate_write,
  general_open,
  message_send,
  room_read,
  repair_step,
  claim_convert,
  bulk_send,
  negotiation_open,
  negotiation_act,
  room_messages,
  room_reads,
  unread_counts,
  bulk_outcomes,
  negotiation_status,
  sync,
};

struct TypeRule {
  std::string_view name;
  std::uint32_t required;  ///< Beside `type` and `id`.
  std::uint32_t optional;
  bool is_read;
};

using enum FieldName;
/// In the order of Type and of docs/contract.md.
constexpr std::array kTypes{
    TypeRule{"receipt.register", mask({receipt, plate, model, adjuster}), 0, false},
    TypeRule{"intake.register", mask({receipt}), 0, false},
    TypeRule{"pre_estimate.write", mask({receipt, amount}), 0, false},
    TypeRule{"general.open", mask({adjuster, vehicles}), 0, false},
    TypeRule{"message.send", mask({room, text}), mask({vehicle, message_template}), false},
    TypeRule{"room.read", mask({room, seq}), 0, false},
    TypeRule{"repair.step", mask({room, step}), 0, false},
    TypeRule{"claim.convert", mask({room}), 0, false},
    TypeRule{"bulk.send", mask({targets, text}), 0, false},
    TypeRule{"negotiation.open", mask({receipt, counterpart, ratio}), 0, false},
    TypeRule{"negotiation.act", mask({room, action}), mask({ratio, reason}), false},
    TypeRule{"room.messages", mask({room}), mask({after, limit, vehicle}), true},
    TypeRule{"room.reads", mask({room}), 0, true},
    TypeRule{"unread.counts", 0, mask({room}), true},
    TypeRule{"bulk.outcomes", mask({bulk}), 0, true},
    TypeRule{"negotiation.status", mask({room}), 0, true},
    TypeRule{"sync", 0, mask({cursor}), true},
};

std::string names_of(std::uint32_t bits) {
  std::string names;
  for (std::size_t i = 0; i < kFieldNames; ++i) {
    if (!holds(bits, static_cast<FieldName>(i))) continue;
    if (!names.empty()) names += ", ";
    names += to_string(static_cast<FieldName>(i));
  }
  return names;
}

std::string type_names() {
  std::string names;
  for (const TypeRule& rule : kTypes) {
    if (!names.empty()) names += ", ";
    names += rule.name;
  }
  return names;
}

/// What each action takes beside `room` and `action`: a ratio of an objection may be missing, since
/// the state decides whether there must be one.
TypeRule rule_of(NegotiationAction action) {
  TypeRule rule = kTypes[static_cast<std::size_t>(Type::negotiation_act)];
  rule.optional = action == NegotiationAction::object ? mask({ratio}) : 0;
  if (action == NegotiationAction::object || action == NegotiationAction::send_exemption) {
    rule.required |= mask({reason});
  }
  if (action == NegotiationAction::send_prior_agreement) rule.required |= mask({ratio});
  return rule;
}

CommandBody negotiation_body(const RequestFields& fields, RequestValues& values) {
  ActNegotiation body;
  body.room = values.room_id();
  body.action = values.negotiation_action();
  if (fields[FieldName::ratio].kind != Kind::absent) body.ratio = values.ratio();
  if (body.action == NegotiationAction::send_exemption) {
    body.exemption = values.exemption_reason();
  } else if (body.action == NegotiationAction::object) {
    body.reason = values.text_of(FieldName::reason, limits::kReasonCharactersMax, false);
  }
  return body;
}

CommandBody command_body(Type type, const RequestFields& fields, RequestValues& values) {
  switch (type) {
    case Type::receipt_register: {
      RegisterReceipt body;
      body.receipt = values.receipt_number();
      body.plate = values.plate_of(FieldName::plate);
      body.model = values.text_of(FieldName::model, limits::kNameCharactersMax, true);
      body.adjuster = values.user(FieldName::adjuster);
      return body;
    }
    case Type::intake_register:
      return RegisterIntake{values.receipt_number()};
    case Type::pre_estimate_write: {
      std::string number = values.receipt_number();
      return WritePreEstimate{std::move(number),
                              values.number(FieldName::amount, 1, limits::kAmountMax, 1)};
    }
    case Type::general_open: {
      std::string adjuster = values.user(FieldName::adjuster);
      return OpenGeneral{std::move(adjuster), values.vehicles()};
    }
    case Type::message_send: {
      SendMessage body;
      body.room = values.room_id();
      body.text = values.text_of(FieldName::text, limits::kTextCharactersMax, false);
      body.vehicle = values.plate_of(FieldName::vehicle);
      body.from_template = values.template_name();
      return body;
    }
    case Type::room_read: {
      const RoomId room = values.room_id();
      return MarkRead{room, values.number(FieldName::seq, 1, limits::kInstanceMax, 1)};
    }
    case Type::repair_step: {
      const RoomId room = values.room_id();
      return StepRepair{room, values.repair_step()};
    }
    case Type::bulk_send: {
      auto targets = values.targets();
      return SendBulk{std::move(targets),
                      values.text_of(FieldName::text, limits::kTextCharactersMax, false)};
    }
    case Type::negotiation_open: {
      OpenNegotiation body;
      body.receipt = values.receipt_number();
      body.counterpart = values.user(FieldName::counterpart);
      body.ratio = values.ratio();
      return body;
    }
    case Type::negotiation_act:
      return negotiation_body(fields, values);
    default:
      return ConvertClaim{values.room_id()};
  }
}

ReadBody read_body(Type type, const RequestFields& fields, RequestValues& values) {
  switch (type) {
    case Type::room_messages: {
      ListMessages body;
      body.room = values.room_id();
      body.after = values.number(FieldName::after, 0, limits::kInstanceMax, 0);
      body.limit = values.number(FieldName::limit, 1, limits::kPageRowsMax, body.limit);
      body.vehicle = values.plate_of(FieldName::vehicle);
      return body;
    }
    case Type::room_reads:
      return ListReads{values.room_id()};
    case Type::unread_counts: {
      CountUnread body;
      if (fields[FieldName::room].kind != Kind::absent) body.room = values.room_id();
      return body;
    }
    case Type::bulk_outcomes:
      return ListBulkOutcomes{values.bulk_id()};
    case Type::negotiation_status:
      return ShowNegotiation{values.room_id()};
    default: {
      Sync body;
      if (fields[FieldName::cursor].kind != Kind::absent) body.cursor = values.cursor_text();
      return body;
    }
  }
}

std::optional<Error> check_presence(const TypeRule& rule, const RequestFields& fields) {
  const std::uint32_t known = rule.required | rule.optional | mask({type, id});
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

/// The rule of the request's `type`.
Result<Type, Error> find_type(const FieldValue& value) {
  if (value.kind == Kind::absent) return Error{ErrorCode::missing_field, "type", "", type_names()};
  if (value.kind != Kind::string) {
    return Error{ErrorCode::bad_field, "type", found_in(value), type_names()};
  }
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    if (value.text == kTypes[i].name) return static_cast<Type>(i);
  }
  return Error{ErrorCode::unknown_type, "type", found_in(value), type_names()};
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

  const auto type = find_type(fields[FieldName::type]);
  if (!type) return RequestError{re, type.error()};
  const TypeRule& rule = kTypes[static_cast<std::size_t>(*type)];

  const auto command_id = id_readable ? parse_command_id(re) : std::nullopt;
  if (!id_readable || (!rule.is_read && !command_id)) {
    return RequestError{re, bad_id(id_value, rule.is_read)};
  }
  if (auto error = check_presence(rule, fields)) return RequestError{re, std::move(*error)};
  if (*type == Type::negotiation_act) {
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
                        ? Request(Read{re, read_body(*type, fields, values)})
                        : Request(Command{*command_id, command_body(*type, fields, values)});
  if (auto error = values.take_error()) return RequestError{re, std::move(*error)};
  return request;
}

const std::vector<RequestType>& request_types() {
  static const std::vector<RequestType> kRequestTypes = [] {
    std::vector<RequestType> types;
    for (const TypeRule& rule : kTypes) {
      RequestType& type = types.emplace_back(RequestType{rule.name, rule.is_read, {}, {}});
      for (std::size_t i = 0; i < kFieldNames; ++i) {
        const auto name = static_cast<FieldName>(i);
        if (holds(rule.required, name)) type.required.push_back(to_string(name));
        if (holds(rule.optional, name)) type.optional.push_back(to_string(name));
      }
    }
    return types;
  }();
  return kRequestTypes;
}

}  // namespace claims::chat
