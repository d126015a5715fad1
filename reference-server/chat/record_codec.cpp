#include "reference-server/chat/record_codec.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "protocol/chat/json_fields.h"
#include "protocol/chat/json_text.h"

namespace claims::server {
namespace {

using boost::json::value;
using chat::JsonFields;

constexpr std::string_view kReplyKey = R"(,"reply":)";

void field(std::string_view begin, std::string_view text, std::string& out) {
  out += begin;
  chat::append_json_string(text, out);
}

std::string hex_of(std::uint64_t number) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; number >>= 4U) text[i] = kHex[number & 15U];
  return text;
}

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

struct Encoder {
  Record record;

  void operator()(const InsurerEntry& insurer) {
    std::string& out = begin(RecordKind::insurer);
    field(R"({"id":)", insurer.id, out);
    field(R"(,"code":)", insurer.code, out);
    field(R"(,"name":)", insurer.name, out);
    field(R"(,"greeting":)", insurer.greeting, out);
    out += R"(,"centres":[)";
    for (const Centre& centre : insurer.centres) {
      if (&centre != &insurer.centres.front()) out += ',';
      field(R"({"id":)", centre.id, out);
      field(R"(,"name":)", centre.name, out);
      field(R"(,"region":)", centre.region, out);
      out += '}';
    }
    out += "]}";
  }
  void operator()(const UserEntry& user) {
    std::string& out = begin(RecordKind::user);
    field(R"({"id":)", user.id, out);
    field(R"(,"role":)", to_string(user.role), out);
    field(R"(,"name":)", user.name, out);
    field(R"(,"insurer":)", user.insurer, out);
    field(R"(,"centre":)", user.centre, out);
    field(R"(,"region":)", user.region, out);
    out += '}';
  }
  void operator()(const ReceiptEntry& receipt) {
    std::string& out = begin(RecordKind::receipt);
    field(R"({"receipt":)", receipt.receipt, out);
    field(R"(,"insurer":)", receipt.insurer, out);
    field(R"(,"plate":)", receipt.plate, out);
    field(R"(,"model":)", receipt.model, out);
    field(R"(,"adjuster":)", receipt.adjuster, out);
    out += '}';
  }
  void operator()(const chat::Event& event) {
    std::string& out = begin(RecordKind::event);
    out.reserve(384);
    chat::write_event_open(event, out);
    out += '}';
    record.room = event.room;
    record.seq = event.seq;
  }
  void operator()(const ReadMoved& read) {
    std::string& out = begin(RecordKind::read);
    field(R"({"user":)", read.user, out);
    out += R"(,"room":")";
    out += to_string(read.room);
    out += R"(","seq":)";
    chat::append_json_number(read.seq, out);
    out += '}';
  }
  void operator()(const CommandOutcome& outcome) {
    std::string& out = begin(RecordKind::outcome);
    out.reserve(outcome.reply.size() + 112);
    field(R"({"user":)", outcome.user, out);
    field(R"(,"id":)", to_string(outcome.id), out);
    field(R"(,"hash":)", hex_of(outcome.body_hash), out);
    out += kReplyKey;
    out += outcome.reply;
    out += '}';
  }
  void operator()(const BulkOrder& order) {
    std::string& out = begin(RecordKind::bulk);
    field(R"({"user":)", order.user, out);
    field(R"(,"id":)", to_string(order.id), out);
    out += R"(,"targets":[)";
    for (const BulkTarget& target : order.targets) {
      if (&target != &order.targets.front()) out += ',';
      field(R"({"garage":)", target.garage, out);
      field(R"(,"vehicle":)", target.vehicle, out);
      out += '}';
    }
    field(R"(],"text":)", order.text, out);
    out += '}';
  }
  void operator()(const BulkOutcome& outcome) {
    std::string& out = begin(RecordKind::bulk_outcome);
    field(R"({"user":)", outcome.user, out);
    field(R"(,"id":)", to_string(outcome.id), out);
    field(R"(,"garage":)", outcome.garage, out);
    if (outcome.refusal) {
      field(R"(,"code":)", to_string(*outcome.refusal), out);
    } else {
      field(R"(,"room":)", to_string(outcome.room), out);
      out += R"(,"seq":)";
      chat::append_json_number(outcome.seq, out);
    }
    out += '}';
  }
  void operator()(const HandOverOrder& order) {
    std::string& out = begin(RecordKind::hand_over);
    field(R"({"user":)", order.user, out);
    field(R"(,"id":)", to_string(order.id), out);
    field(R"(,"adjuster":)", order.adjuster, out);
    field(R"(,"to":)", order.to, out);
    field(R"(,"reason":)", to_string(order.reason), out);
    out += R"(,"rooms":)";
    chat::append_json_number(order.rooms, out);
    out += '}';
  }
  void operator()(const HandOverOutcome& outcome) {
    std::string& out = begin(RecordKind::hand_over_outcome);
    field(R"({"user":)", outcome.user, out);
    field(R"(,"id":)", to_string(outcome.id), out);
    field(R"(,"room":)", to_string(outcome.room), out);
    out += R"(,"seq":)";
    chat::append_json_number(outcome.seq, out);
    out += '}';
  }
  void operator()(const AdjusterBack& back) {
    field(R"({"adjuster":)", back.adjuster, begin(RecordKind::adjuster_back));
    record.payload += '}';
  }

 private:
  std::string& begin(RecordKind kind) {
    record.kind = kind;
    return record.payload;
  }
};

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

Result<TypedRecord, std::string> decode_event(const Record& record) {
  auto parsed = chat::parse_event(record.payload);
  if (!parsed) return parsed.error();
  if (parsed->event.room != record.room || parsed->event.seq != record.seq) {
    return std::string("event is not of the record's room and seq");
  }
  return TypedRecord(std::move(parsed->event));
}

}  // namespace

Record encode_record(const TypedRecord& typed) {
  Encoder encoder;
  std::visit(encoder, typed);
  return std::move(encoder.record);
}

bool is_chat_record(RecordKind kind) {
  return (kind >= RecordKind::insurer && kind <= RecordKind::outcome) || kind >= RecordKind::bulk;
}

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
      default:
        error = "the record's kind is not the chat's";
    }
  });
  if (!read) return "record is no JSON: " + read.error();
  if (!error.empty()) return error;
  return typed;
}

}  // namespace claims::server
