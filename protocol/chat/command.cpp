#include "protocol/chat/command.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "protocol/chat/request_fields.h"
#include "protocol/chat/text.h"
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
  message_send,
  room_read,
  repair_step,
  claim_convert,
  room_messages,
  unread_counts,
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
    TypeRule{"message.send", mask({room, text}), mask({vehicle}), false},
    TypeRule{"room.read", mask({room, seq}), 0, false},
    TypeRule{"repair.step", mask({room, step}), 0, false},
    TypeRule{"claim.convert", mask({room}), 0, false},
    TypeRule{"room.messages", mask({room}), mask({after, limit}), true},
    TypeRule{"unread.counts", 0, mask({room}), true},
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

std::string found_in(const FieldValue& value) {
  switch (value.kind) {
    case Kind::absent:
      return {};
    case Kind::string:
      return '"' + excerpt(value.text) + '"';
    case Kind::integer:
      return std::to_string(value.integer);
    case Kind::other:
      return value.text;
  }
  return {};
}

/// Takes values out of the fields; the first that is not allowed stays as the error.
class Values {
 public:
  explicit Values(RequestFields& fields) : fields_(fields) {}

  std::optional<Error> take_error() { return std::move(error_); }

  std::string receipt_number() {
    return matching(FieldName::receipt, is_receipt_number, "[0-9A-Za-z-]{1,32}");
  }
  std::string user(FieldName name) { return matching(name, is_user_id, "[a-z0-9-]{1,32}"); }

  std::string plate_of(FieldName name) {
    const FieldValue& value = fields_[name];
    if (value.kind == Kind::absent) return {};
    auto plate = value.kind == Kind::string ? normalise_plate(value.text) : std::nullopt;
    if (!plate) return refuse(name, "12가3456, 123가4567, 서울32바1234, VIN"), std::string{};
    return std::move(*plate);
  }

  /// NFC text of 1 … `most` characters; `one_line` refuses line breaks and tabs too.
  std::string text_of(FieldName name, std::size_t most, bool one_line) {
    const FieldValue& value = fields_[name];
    if (value.kind == Kind::string) {
      auto text = normalise_text(value.text);
      const bool fits = text && !text->empty() && count_characters(*text) <= most;
      const bool breaks = fits && text->find_first_of("\n\t") != std::string::npos;
      if (fits && (!one_line || !breaks)) return std::move(*text);
    }
    std::string allowed = "1–" + std::to_string(most) + " characters (UTF-8";
    allowed += one_line ? ", one line)" : ", \\n, \\t)";
    refuse(name, std::move(allowed));
    return {};
  }

  RoomId room_id() {
    const FieldValue& value = fields_[FieldName::room];
    const auto room = value.kind == Kind::string ? parse_room_id(value.text) : std::nullopt;
    if (!room) refuse(FieldName::room, "\"r<number>\"");
    return room.value_or(RoomId{});
  }

  std::uint64_t number(FieldName name, std::uint64_t least, std::uint64_t most,
                       std::uint64_t otherwise) {
    const FieldValue& value = fields_[name];
    if (value.kind == Kind::absent) return otherwise;
    if (value.kind == Kind::integer && value.integer >= 0) {
      const auto number = static_cast<std::uint64_t>(value.integer);
      if (number >= least && number <= most) return number;
    }
    refuse(name, std::to_string(least) + "–" + std::to_string(most));
    return otherwise;
  }

  RepairState repair_step() {
    const FieldValue& value = fields_[FieldName::step];
    const auto state = value.kind == Kind::string ? parse_repair_state(value.text) : std::nullopt;
    if (!state || *state == RepairState::in) refuse(FieldName::step, "in_repair, repaired, out");
    return state.value_or(RepairState::in);
  }

  std::string cursor_text() {
    return matching(
        FieldName::cursor,
        [](std::string_view text) {
          if (text.empty() || text.size() > limits::kReadIdBytesMax) return false;
          return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
        },
        "the \"cursor\" of an event");
  }

 private:
  template <class Rule>
  std::string matching(FieldName name, Rule rule, const char* allowed) {
    FieldValue& value = fields_[name];
    if (value.kind == Kind::string && rule(value.text)) return std::move(value.text);
    refuse(name, allowed);
    return {};
  }
  void refuse(FieldName name, std::string allowed) {
    if (error_) return;
    error_ = Error{ErrorCode::bad_field, std::string(to_string(name)), found_in(fields_[name]),
                   std::move(allowed)};
  }

  RequestFields& fields_;
  std::optional<Error> error_;
};

CommandBody command_body(Type type, Values& values) {
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
    case Type::message_send: {
      SendMessage body;
      body.room = values.room_id();
      body.text = values.text_of(FieldName::text, limits::kTextCharactersMax, false);
      body.vehicle = values.plate_of(FieldName::vehicle);
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
    default:
      return ConvertClaim{values.room_id()};
  }
}

ReadBody read_body(Type type, const RequestFields& fields, Values& values) {
  switch (type) {
    case Type::room_messages: {
      ListMessages body;
      body.room = values.room_id();
      body.after = values.number(FieldName::after, 0, limits::kInstanceMax, 0);
      body.limit = values.number(FieldName::limit, 1, limits::kPageRowsMax, body.limit);
      return body;
    }
    case Type::unread_counts: {
      CountUnread body;
      if (fields[FieldName::room].kind != Kind::absent) body.room = values.room_id();
      return body;
    }
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

  Values values(fields);
  Request request = rule.is_read ? Request(Read{re, read_body(*type, fields, values)})
                                 : Request(Command{*command_id, command_body(*type, values)});
  if (auto error = values.take_error()) return RequestError{re, std::move(*error)};
  return request;
}

}  // namespace claims::chat
