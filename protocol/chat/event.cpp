#include "protocol/chat/event.h"

#include <array>

#include "protocol/chat/json_fields.h"
#include "protocol/chat/json_text.h"

namespace claims::chat {
namespace {

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
    field(R"(,"kind":)", body.kind);
    field(R"(,"receipt":)", body.receipt);
    field(R"(,"model":)", body.model);
  }
  void operator()(const Notice& body) const {
    field(R"({"state":)", to_string(body.state));
    field(R"(,"text":)", body.text);
  }
  void operator()(const Greeting& body) const { field(R"({"text":)", body.text); }
  void operator()(const Message& body) const { field(R"({"text":)", body.text); }
  void operator()(const Claim& body) const {
    field(R"({"claim":)", body.claim);
    field(R"(,"text":)", body.text);
  }
};

EventBody parse_body(std::string_view type, const boost::json::value* value, std::string& error) {
  JsonFields fields(value, "body", error);
  EventBody body;
  if (type == "joined") {
    Joined joined;
    JsonFields user(fields.child("user"), "body.user", error);
    joined.user.id = user.text("id");
    joined.user.name = user.text("name");
    const auto role = parse_role(user.text("role"));
    if (!role) user.fail("role", "is no role");
    joined.role = role.value_or(Role::garage);
    user.finish();
    joined.from = fields.number("from", 1);
    joined.kind = fields.text("kind");
    joined.receipt = fields.text("receipt");
    joined.model = fields.text("model");
    body = std::move(joined);
  } else if (type == "notice") {
    const auto state = parse_repair_state(fields.text("state"));
    if (!state) fields.fail("state", "is no repair state");
    body = Notice{state.value_or(RepairState::in), fields.text("text")};
  } else if (type == "greeting") {
    body = Greeting{fields.text("text")};
  } else if (type == "message") {
    body = Message{fields.text("text")};
  } else if (type == "claim") {
    Claim claim;
    claim.claim = fields.text("claim");
    claim.text = fields.text("text");
    body = std::move(claim);
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
      "joined", "notice", "greeting", "message", "claim"};
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
