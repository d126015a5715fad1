#include "protocol/chat/event.h"

#include <array>

#include "protocol/chat/json_fields.h"
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
  }
  void operator()(const Notice& body) const {
    field(R"({"state":)", to_string(body.state));
    field(R"(,"text":)", body.text);
  }
  void operator()(const Greeting& body) const { field(R"({"text":)", body.text); }
  void operator()(const Message& body) const {
    field(R"({"text":)", body.text);
    if (!body.from_template.empty()) field(R"(,"template":)", body.from_template);
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

Joined parse_joined(JsonFields& fields, std::string& error) {
  Joined joined;
  JsonFields user(fields.child("user"), "body.user", error);
  joined.user.id = user.text("id");
  joined.user.name = user.text("name");
  const auto role = parse_role(user.text("role"));
  if (!role) user.fail("role", "is no role");
  joined.role = role.value_or(Role::garage);
  user.finish();
  joined.from = fields.number("from", 1);
  const auto kind = parse_room_kind(fields.text("kind"));
  if (!kind) fields.fail("kind", "is no kind of room");
  joined.kind = kind.value_or(RoomKind::inbound);
  joined.receipt = fields.text("receipt");
  joined.model = fields.text("model");
  return joined;
}

std::optional<Side> parse_side(JsonFields& fields, std::string_view key, std::string_view nobody) {
  const std::string text = fields.text(key);
  for (const Side side : {Side::initiator, Side::counterpart}) {
    if (text == to_string(side)) return side;
  }
  if (text != nobody) fields.fail(key, "is no side");
  return std::nullopt;
}

Negotiated parse_negotiated(JsonFields& fields) {
  Negotiated body;
  const auto action = parse_negotiation_action(fields.text("action"));
  if (!action) fields.fail("action", "is no action");
  body.action = action.value_or(NegotiationAction::open);
  body.by = parse_side(fields, "by", kSystem);
  const std::string ratio = fields.text("ratio");
  body.ratio = parse_ratio(ratio);
  if (!body.ratio && !ratio.empty()) fields.fail("ratio", "is no ratio");
  body.reason = fields.text("reason");
  const auto state = parse_negotiation_state(fields.text("state"));
  if (!state) fields.fail("state", "is no state of a negotiation");
  body.state = state.value_or(NegotiationState::discussing);
  body.turn = parse_side(fields, "turn", "");
  body.text = fields.text("text");
  return body;
}

EventBody parse_body(std::string_view type, const boost::json::value* value, std::string& error) {
  JsonFields fields(value, "body", error);
  EventBody body;
  if (type == "joined") {
    body = parse_joined(fields, error);
  } else if (type == "notice") {
    const auto state = parse_repair_state(fields.text("state"));
    if (!state) fields.fail("state", "is no repair state");
    body = Notice{state.value_or(RepairState::in), fields.text("text")};
  } else if (type == "greeting") {
    body = Greeting{fields.text("text")};
  } else if (type == "message") {
    Message message;
    message.text = fields.text("text");
    if (fields.has("template")) message.from_template = fields.text("template");
    body = std::move(message);
  } else if (type == "claim") {
    Claim claim;
    claim.claim = fields.text("claim");
    claim.text = fields.text("text");
    body = std::move(claim);
  } else if (type == "pre_estimate") {
    PreEstimate estimate;
    estimate.estimate = fields.text("estimate");
    estimate.amount = fields.number("amount", 1);
    estimate.text = fields.text("text");
    body = std::move(estimate);
  } else if (type == "vehicle_added") {
    body = VehicleAdded{fields.text("text")};
  } else if (type == "negotiation") {
    body = parse_negotiated(fields);
  } else if (error.empty()) {
    error = "type is no event type";
  }
  fields.finish();
  return body;
}

ParsedEvent parse_fields(const boost::json::value& root, std::string& error) {
  ParsedEvent parsed;
  Event& event = parsed.event;
  JsonFields fields(&root, "", error);
  const std::string type = fields.text("type");
  const auto room = parse_room_id(fields.text("room"));
  if (!room) fields.fail("room", "is no room id");
  event.room = room.value_or(RoomId{});
  event.seq = fields.number("seq", 1);
  event.at = Milliseconds(static_cast<std::int64_t>(fields.number("at", 0)));
  JsonFields sender(fields.child("sender"), "sender", error);
  event.sender.id = sender.text("id");
  event.sender.name = sender.text("name");
  sender.finish();
  event.vehicle = fields.text("vehicle");
  event.cmd = fields.text("cmd");
  event.body = parse_body(type, fields.child("body"), error);
  if (fields.has("cursor")) parsed.cursor = fields.text("cursor");
  if (fields.has("unread_by")) {
    parsed.unread_by = static_cast<std::int64_t>(fields.number("unread_by", 0));
  }
  fields.finish();
  return parsed;
}

}  // namespace

std::string_view type_of(const EventBody& body) {
  constexpr std::array<std::string_view, std::variant_size_v<EventBody>> kTypes{
      "joined", "notice",       "greeting",      "message",
      "claim",  "pre_estimate", "vehicle_added", "negotiation"};
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

Result<ParsedEvent, std::string> parse_event(std::string_view text) {
  std::string error;
  ParsedEvent parsed;
  const auto read =
      read_json(text, [&](const boost::json::value& root) { parsed = parse_fields(root, error); });
  if (!read) return "event is no JSON: " + read.error();
  if (!error.empty()) return error;
  return parsed;
}

}  // namespace claims::chat
