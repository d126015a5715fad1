#include "reference-server/chat/record_codec.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "protocol/chat/json_text.h"

namespace claims::server {
namespace {

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

  void operator()(const TemplateEntry& entry) {
    std::string& out = begin(RecordKind::template_set);
    field(R"({"owner":)", entry.owner, out);
    field(R"(,"name":)", entry.name, out);
    field(R"(,"role":)", entry.role ? to_string(*entry.role) : std::string_view(), out);
    field(R"(,"text":)", entry.text, out);
    out += '}';
  }
  void operator()(const TemplateRemoved& removed) {
    std::string& out = begin(RecordKind::template_removed);
    field(R"({"owner":)", removed.owner, out);
    field(R"(,"name":)", removed.name, out);
    out += '}';
  }

 private:
  std::string& begin(RecordKind kind) {
    record.kind = kind;
    return record.payload;
  }
};

}  // namespace

Record encode_record(const TypedRecord& typed) {
  Encoder encoder;
  std::visit(encoder, typed);
  return std::move(encoder.record);
}

bool is_chat_record(RecordKind kind) {
  return (kind >= RecordKind::insurer && kind <= RecordKind::outcome) || kind >= RecordKind::bulk;
}

}  // namespace claims::server
