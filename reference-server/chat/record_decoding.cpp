// Records of the log, read back (record_codec.h).

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "protocol/chat/json_fields.h"
#include "reference-server/chat/record_codec.h"

namespace claims::server {
namespace {

using boost::json::value;
using chat::JsonFields;

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = c >= 'a' && c <= 'f';
    if (!digit && !letter) return std::nullopt;
    number = number << 4U | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return number;
}

InsurerEntry insurer_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  InsurerEntry insurer;
  insurer.id = fields.text("id");
  insurer.code = fields.text("code");
  insurer.name = fields.text("name");
  insurer.greeting = fields.text("greeting");
  fields.each("centres", [&](const value& element) {
    JsonFields centre(&element, "centres", error);
    Centre& added = insurer.centres.emplace_back();
    added.id = centre.text("id");
    added.name = centre.text("name");
    added.region = centre.text("region");
    centre.finish();
  });
  fields.finish();
  return insurer;
}

UserEntry user_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  UserEntry user;
  user.id = fields.text("id");
  const auto role = chat::parse_role(fields.text("role"));
  if (!role) fields.fail("role", "is no role");
  user.role = role.value_or(chat::Role{});
  user.name = fields.text("name");
  user.insurer = fields.text("insurer");
  user.centre = fields.text("centre");
  user.region = fields.text("region");
  fields.finish();
  return user;
}

ReceiptEntry receipt_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  ReceiptEntry receipt;
  receipt.receipt = fields.text("receipt");
  receipt.insurer = fields.text("insurer");
  receipt.plate = fields.text("plate");
  receipt.model = fields.text("model");
  receipt.adjuster = fields.text("adjuster");
  fields.finish();
  return receipt;
}

chat::CommandId command_id_of(JsonFields& fields) {
  const auto id = chat::parse_command_id(fields.text("id"));
  if (!id) fields.fail("id", "is no command id");
  return id.value_or(chat::CommandId{});
}

chat::RoomId room_of(JsonFields& fields) {
  const auto room = chat::parse_room_id(fields.text("room"));
  if (!room) fields.fail("room", "is no room id");
  return room.value_or(chat::RoomId{});
}

ReadMoved read_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  ReadMoved read;
  read.user = fields.text("user");
  read.room = room_of(fields);
  read.seq = fields.number("seq", 1);
  fields.finish();
  return read;
}

CommandOutcome outcome_of(const value& root, std::string_view payload, std::string& error) {
  JsonFields fields(&root, "", error);
  CommandOutcome outcome;
  outcome.user = fields.text("user");
  outcome.id = command_id_of(fields);
  const auto hash = parse_hex(fields.text("hash"));
  if (!hash) fields.fail("hash", "is no hash");
  outcome.body_hash = hash.value_or(0);
  fields.child("reply");
  fields.finish();
  // The reply is kept as its bytes. The fields before it hold no quotes, so the first match is it.
  const std::size_t at = payload.find(kReplyKey);
  if (error.empty() && at != std::string_view::npos) {
    const std::size_t begin = at + kReplyKey.size();
    outcome.reply = payload.substr(begin, payload.size() - begin - 1);
  } else if (error.empty()) {
    fields.fail("reply", "is not where it belongs");
  }
  return outcome;
}

BulkOrder bulk_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  BulkOrder order;
  order.user = fields.text("user");
  order.id = command_id_of(fields);
  fields.each("targets", [&](const value& element) {
    JsonFields target(&element, "targets", error);
    BulkTarget& added = order.targets.emplace_back();
    added.garage = target.text("garage");
    added.vehicle = target.text("vehicle");
    target.finish();
  });
  order.text = fields.text("text");
  fields.finish();
  return order;
}

BulkOutcome bulk_outcome_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  BulkOutcome outcome;
  outcome.user = fields.text("user");
  outcome.id = command_id_of(fields);
  outcome.garage = fields.text("garage");
  if (fields.has("code")) {
    const std::string code = fields.text("code");
    for (const auto refusal : {chat::ErrorCode::unknown_user, chat::ErrorCode::limit_reached,
                               chat::ErrorCode::not_in_service}) {
      if (code == to_string(refusal)) outcome.refusal = refusal;
    }
    if (!outcome.refusal) fields.fail("code", "is no code of a bulk message");
  } else {
    outcome.room = room_of(fields);
    outcome.seq = fields.number("seq", 1);
  }
  fields.finish();
  return outcome;
}

HandOverOrder hand_over_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  HandOverOrder order;
  order.user = fields.text("user");
  order.id = command_id_of(fields);
  order.adjuster = fields.text("adjuster");
  order.to = fields.text("to");
  const auto reason = chat::parse_absence(fields.text("reason"));
  if (!reason) fields.fail("reason", "is no reason to be absent");
  order.reason = reason.value_or(chat::Absence{});
  order.rooms = fields.number("rooms", 0);
  fields.finish();
  return order;
}

HandOverOutcome hand_over_outcome_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  HandOverOutcome outcome;
  outcome.user = fields.text("user");
  outcome.id = command_id_of(fields);
  outcome.room = room_of(fields);
  outcome.seq = fields.number("seq", 0);
  fields.finish();
  return outcome;
}

AdjusterBack adjuster_back_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  AdjusterBack back{fields.text("adjuster")};
  fields.finish();
  return back;
}

TemplateEntry template_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  TemplateEntry entry;
  entry.owner = fields.text("owner");
  entry.name = fields.text("name");
  if (const std::string role = fields.text("role"); !role.empty()) {
    entry.role = chat::parse_role(role);
    if (!entry.role) fields.fail("role", "is no role");
  }
  entry.text = fields.text("text");
  fields.finish();
  return entry;
}

TemplateRemoved removed_template_of(const value& root, std::string& error) {
  JsonFields fields(&root, "", error);
  TemplateRemoved removed;
  removed.owner = fields.text("owner");
  removed.name = fields.text("name");
  fields.finish();
  return removed;
}

Result<TypedRecord, std::string> decode_event(const Record& record) {
  auto parsed = chat::parse_event(record.payload);
  if (!parsed) return parsed.error();
  if (parsed->event.room != record.room || parsed->event.seq != record.seq) {
    return std::string("event is not of the record's room and seq");
  }
  return TypedRecord(std::move(parsed->event));
}

}  // namespace

Result<TypedRecord, std::string> decode_record(const Record& record) {
  if (record.kind == RecordKind::event) return decode_event(record);
  std::string error;
  TypedRecord typed;
  const auto read = chat::read_json(record.payload, [&](const value& root) {
    switch (record.kind) {
      case RecordKind::insurer:
        typed = insurer_of(root, error);
        break;
      case RecordKind::user:
        typed = user_of(root, error);
        break;
      case RecordKind::receipt:
        typed = receipt_of(root, error);
        break;
      case RecordKind::read:
        typed = read_of(root, error);
        break;
      case RecordKind::outcome:
        typed = outcome_of(root, record.payload, error);
        break;
      case RecordKind::bulk:
        typed = bulk_of(root, error);
        break;
      case RecordKind::bulk_outcome:
        typed = bulk_outcome_of(root, error);
        break;
      case RecordKind::hand_over:
        typed = hand_over_of(root, error);
        break;
      case RecordKind::hand_over_outcome:
        typed = hand_over_outcome_of(root, error);
        break;
      case RecordKind::adjuster_back:
        typed = adjuster_back_of(root, error);
        break;
      case RecordKind::template_set:
        typed = template_of(root, error);
        break;
      case RecordKind::template_removed:
        typed = removed_template_of(root, error);
        break;
      default:
        error = "the record's kind is not the chat's";
    }
  });
  if (!read) return "record is no JSON: " + read.error();
  if (!error.empty()) return error;
  return typed;
}

}  // namespace claims::server
