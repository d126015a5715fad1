#include "protocol/chat/event.h"

#include <array>

#include "protocol/chat/json_text.h"

namespace claims::chat {
namespace {

constexpr std::string_view kSystem = "system";  // `by` of what nobody did.

struct BodyWriter {
  std::string& out;

  void field(std::string_view begin, std::string_view value) const {
    out += begin;
    append_json_string(value, out);
  }
  void operator()(const Joined& body) const {
    field(R"({"user":{"id":)", body.user.id);
    field(R"(,"name":)", body.user.name);
    field(R"(,"role":)", to_string(body.role));
    out += R"(},"from":)";
    append_json_number(body.from, out);
    field(R"(,"kind":)", to_string(body.kind));
    field(R"(,"receipt":)", body.receipt);
    field(R"(,"model":)", body.model);
    if (body.as != Invitation::founder) field(R"(,"as":)", to_string(body.as));
  }
  void operator()(const Notice& body) const {
    field(R"({"state":)", to_string(body.state));
    field(R"(,"text":)", body.text);
  }
  void operator()(const Greeting& body) const { field(R"({"text":)", body.text); }
  void operator()(const Message& body) const {
    if (body.deleted) {
      out += R"({"deleted":true)";
      return;
    }
    field(R"({"text":)", body.text);
    if (!body.from_template.empty()) field(R"(,"template":)", body.from_template);
    if (body.files.empty()) return;
    out += R"(,"files":[)";
    for (const AttachedFile& file : body.files) {
      if (&file != &body.files.front()) out += ',';
      field(R"({"name":)", file.name);
      field(R"(,"kind":)", to_string(file.kind));
      out += '}';
    }
    out += ']';
  }
  void operator()(const MessageDeleted& body) const {
    out += R"({"of":)";
    append_json_number(body.of, out);
    field(R"(,"text":)", body.text);
  }
  void operator()(const Left& body) const {
    field(R"({"user":{"id":)", body.user.id);
    field(R"(,"name":)", body.user.name);
    field(R"(,"role":)", to_string(body.role));
    field(R"(},"text":)", body.text);
  }
  void operator()(const HandedOver& body) const {
    field(R"({"from":{"id":)", body.from.id);
    field(R"(,"name":)", body.from.name);
    field(R"(},"to":{"id":)", body.to.id);
    field(R"(,"name":)", body.to.name);
    field(R"(},"text":)", body.text);
  }
  void operator()(const RoomChanged& body) const {
    field(R"({"title":)", body.title);
    field(R"(,"text":)", body.text);
  }
  void operator()(const RoomDeleted& body) const { field(R"({"text":)", body.text); }
  void operator()(const FurtherEstimate& body) const {
    field(R"({"estimate":)", body.estimate);
    out += R"(,"amount":)";
    append_json_number(body.amount, out);
    field(R"(,"reason":)", body.reason);
    field(R"(,"text":)", body.text);
  }
  void operator()(const Claim& body) const {
    field(R"({"claim":)", body.claim);
    field(R"(,"text":)", body.text);
  }
  void operator()(const PreEstimate& body) const {
    field(R"({"estimate":)", body.estimate);
    out += R"(,"amount":)";
    append_json_number(body.amount, out);
    field(R"(,"text":)", body.text);
  }
  void operator()(const VehicleAdded& body) const { field(R"({"text":)", body.text); }
  void operator()(const Negotiated& body) const {
    field(R"({"action":)", to_string(body.action));
    field(R"(,"by":)", body.by ? to_string(*body.by) : kSystem);
    field(R"(,"ratio":)", body.ratio ? to_string(*body.ratio) : std::string());
    field(R"(,"reason":)", body.reason);
    field(R"(,"state":)", to_string(body.state));
    field(R"(,"turn":)", body.turn ? to_string(*body.turn) : std::string_view{});
    field(R"(,"text":)", body.text);
  }
};

/// The value whose name is `text`, of those given.
template <class Value, std::size_t N>
std::optional<Value> named(std::string_view text, const std::array<Value, N>& values) {
  for (const Value value : values) {
    if (text == to_string(value)) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Invitation as) {
  constexpr std::array<std::string_view, 4> kNames{"founder", "colleague", "guest", "successor"};
  return kNames[static_cast<std::size_t>(as)];
}
std::optional<Invitation> parse_invitation(std::string_view text) {
  return named(text, std::array{Invitation::colleague, Invitation::guest});
}

std::string_view to_string(Absence absence) {
  return absence == Absence::away ? "away" : "retired";
}
std::optional<Absence> parse_absence(std::string_view text) {
  return named(text, std::array{Absence::away, Absence::retired});
}

std::string_view to_string(FileKind kind) {
  constexpr std::array<std::string_view, 3> kNames{"general", "guide", "manual"};
  return kNames[static_cast<std::size_t>(kind)];
}
std::optional<FileKind> parse_file_kind(std::string_view text) {
  return named(text, std::array{FileKind::general, FileKind::guide, FileKind::manual});
}

std::string_view type_of(const EventBody& body) {
  constexpr std::array<std::string_view, std::variant_size_v<EventBody>> kTypes{
      "joined",       "notice",        "greeting",     "message",         "claim",
      "pre_estimate", "vehicle_added", "negotiation",  "message_deleted", "left",
      "handed_over",  "room_changed",  "room_deleted", "further_estimate"};
  return kTypes[body.index()];
}

void write_event_open(const Event& event, std::string& out) {
  out += R"({"type":")";
  out += type_of(event.body);
  out += R"(","room":"r)";
  append_json_number(static_cast<std::uint64_t>(event.room), out);
  out += R"(","seq":)";
  append_json_number(event.seq, out);
  out += R"(,"at":)";
  append_json_number(std::int64_t{event.at.count()}, out);
  out += R"(,"sender":{"id":)";
  append_json_string(event.sender.id, out);
  out += R"(,"name":)";
  append_json_string(event.sender.name, out);
  out += R"(},"vehicle":)";
  append_json_string(event.vehicle, out);
  out += R"(,"cmd":)";
  append_json_string(event.cmd, out);
  out += R"(,"body":)";
  std::visit(BodyWriter{out}, event.body);
  out += '}';
}

std::string read_receipt_json(const ReadReceipt& receipt) {
  std::string out = R"({"type":"read","room":")";
  out += to_string(receipt.room);
  out += R"(","at":)";
  append_json_number(std::int64_t{receipt.at.count()}, out);
  out += R"(,"user":{"id":)";
  append_json_string(receipt.user.id, out);
  out += R"(,"name":)";
  append_json_string(receipt.user.name, out);
  out += R"(},"seq":)";
  append_json_number(receipt.seq, out);
  out += '}';
  return out;
}

}  // namespace claims::chat
