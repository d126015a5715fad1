// Events as they are read back.

#include <utility>

#include "protocol/chat/event.h"
#include "protocol/chat/json_fields.h"

namespace claims::chat {
namespace {

constexpr std::string_view kSystem = "system";  // `by` of what nobody did.

void parse_member(JsonFields& fields, Person& person, Role& role, std::string& error) {
  JsonFields user(fields.child("user"), "body.user", error);
  person.id = user.text("id");
  person.name = user.text("name");
  const auto found = parse_role(user.text("role"));
  if (!found) user.fail("role", "is no role");
  role = found.value_or(Role::garage);
  user.finish();
}

Joined parse_joined(JsonFields& fields, std::string& error) {
  Joined joined;
  parse_member(fields, joined.user, joined.role, error);
  joined.from = fields.number("from", 1);
  const auto kind = parse_room_kind(fields.text("kind"));
  if (!kind) fields.fail("kind", "is no kind of room");
  joined.kind = kind.value_or(RoomKind::inbound);
  joined.receipt = fields.text("receipt");
  joined.model = fields.text("model");
  if (!fields.has("as")) return joined;
  const std::string as = fields.text("as");
  joined.as = as == to_string(Invitation::successor)
                  ? Invitation::successor
                  : parse_invitation(as).value_or(Invitation::founder);
  if (joined.as == Invitation::founder) fields.fail("as", "is no kind of invitation");
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

Person parse_person(const boost::json::value* value, std::string where, std::string& error) {
  JsonFields fields(value, std::move(where), error);
  Person person;
  person.id = fields.text("id");
  person.name = fields.text("name");
  fields.finish();
  return person;
}

Message parse_message(JsonFields& fields, std::string& error) {
  Message message;
  if (fields.has("deleted")) {
    message.deleted = fields.flag("deleted");
    if (!message.deleted) fields.fail("deleted", "is not true");
    return message;
  }
  message.text = fields.text("text");
  if (fields.has("template")) message.from_template = fields.text("template");
  if (!fields.has("files")) return message;
  fields.each("files", [&](const boost::json::value& element) {
    JsonFields file(&element, "body.files", error);
    AttachedFile& added = message.files.emplace_back();
    added.name = file.text("name");
    const auto kind = parse_file_kind(file.text("kind"));
    if (!kind) file.fail("kind", "is no kind of file");
    added.kind = kind.value_or(FileKind::general);
    file.finish();
  });
  return message;
}

Left parse_left(JsonFields& fields, std::string& error) {
  Left left;
  parse_member(fields, left.user, left.role, error);
  left.text = fields.text("text");
  return left;
}

HandedOver parse_handed_over(JsonFields& fields, std::string& error) {
  HandedOver body;
  body.from = parse_person(fields.child("from"), "body.from", error);
  body.to = parse_person(fields.child("to"), "body.to", error);
  body.text = fields.text("text");
  return body;
}

Notice parse_notice(JsonFields& fields) {
  const auto state = parse_repair_state(fields.text("state"));
  if (!state) fields.fail("state", "is no repair state");
  return {state.value_or(RepairState::in), fields.text("text")};
}

Claim parse_claim(JsonFields& fields) {
  Claim claim;
  claim.claim = fields.text("claim");
  claim.text = fields.text("text");
  return claim;
}

PreEstimate parse_pre_estimate(JsonFields& fields) {
  PreEstimate estimate;
  estimate.estimate = fields.text("estimate");
  estimate.amount = fields.number("amount", 1);
  estimate.text = fields.text("text");
  return estimate;
}

FurtherEstimate parse_further_estimate(JsonFields& fields) {
  FurtherEstimate estimate;
  estimate.estimate = fields.text("estimate");
  estimate.amount = fields.number("amount", 1);
  estimate.reason = fields.text("reason");
  estimate.text = fields.text("text");
  return estimate;
}

RoomChanged parse_room_changed(JsonFields& fields) {
  RoomChanged changed;
  changed.title = fields.text("title");
  changed.text = fields.text("text");
  return changed;
}

MessageDeleted parse_message_deleted(JsonFields& fields) {
  MessageDeleted deleted;
  deleted.of = fields.number("of", 1);
  deleted.text = fields.text("text");
  return deleted;
}

std::optional<EventBody> body_of(std::string_view type, JsonFields& fields, std::string& error) {
  if (type == "joined") return parse_joined(fields, error);
  if (type == "notice") return parse_notice(fields);
  if (type == "greeting") return Greeting{fields.text("text")};
  if (type == "message") return parse_message(fields, error);
  if (type == "claim") return parse_claim(fields);
  if (type == "pre_estimate") return parse_pre_estimate(fields);
  if (type == "vehicle_added") return VehicleAdded{fields.text("text")};
  if (type == "negotiation") return parse_negotiated(fields);
  if (type == "message_deleted") return parse_message_deleted(fields);
  if (type == "left") return parse_left(fields, error);
  if (type == "handed_over") return parse_handed_over(fields, error);
  if (type == "room_changed") return parse_room_changed(fields);
  if (type == "room_deleted") return RoomDeleted{fields.text("text")};
  if (type == "further_estimate") return parse_further_estimate(fields);
  return std::nullopt;
}

EventBody parse_body(std::string_view type, const boost::json::value* value, std::string& error) {
  JsonFields fields(value, "body", error);
  auto body = body_of(type, fields, error);
  if (!body && error.empty()) error = "type is no event type";
  fields.finish();
  return std::move(body).value_or(EventBody{});
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
  event.sender = parse_person(fields.child("sender"), "sender", error);
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
