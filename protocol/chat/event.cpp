#include "protocol/chat/event.h"

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cstddef>

#include "protocol/chat/json_text.h"
#include "protocol/limits.h"

namespace claims::chat {
namespace {

namespace json = boost::json;

void append_number(std::uint64_t value, std::string& out) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

void append_signed(std::int64_t value, std::string& out) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

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
    append_number(body.from, out);
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

/// Takes fields out of one JSON object, each with its type; remembers the first that is wrong.
class Fields {
 public:
  Fields(const json::value* value, std::string where, std::string& error)
      : object_(value != nullptr ? value->if_object() : nullptr),
        where_(std::move(where)),
        error_(error) {
    if (object_ == nullptr) fail("", "is no object");
  }

  std::string text(std::string_view key) {
    const json::value* value = take(key);
    if (value == nullptr) return {};
    const json::string* text = value->if_string();
    if (text == nullptr) return fail(key, "is no string"), std::string{};
    return std::string(text->data(), text->size());
  }

  std::uint64_t number(std::string_view key, std::uint64_t least) {
    const json::value* value = take(key);
    if (value == nullptr) return 0;
    const std::int64_t* number = value->if_int64();
    if (number == nullptr || *number < 0 || static_cast<std::uint64_t>(*number) < least) {
      return fail(key, "is no integer in its range"), 0U;
    }
    return static_cast<std::uint64_t>(*number);
  }

  const json::value* object(std::string_view key) { return take(key); }
  bool has(std::string_view key) const {
    return object_ != nullptr && object_->contains(json::string_view(key.data(), key.size()));
  }
  /// All fields must have been taken by now.
  void finish() {
    if (object_ != nullptr && object_->size() != taken_) fail("", "has an unknown field");
  }
  void fail(std::string_view key, std::string_view what) {
    if (!error_.empty()) return;
    error_ = where_;
    if (!key.empty() && !error_.empty()) error_ += '.';
    error_ += key;
    if (error_.empty()) error_ = "event";
    error_ += ' ';
    error_ += what;
  }

 private:
  const json::value* take(std::string_view key) {
    if (object_ == nullptr) return nullptr;
    const json::value* value = object_->if_contains(json::string_view(key.data(), key.size()));
    if (value == nullptr) {
      fail(key, "is missing");
    } else {
      ++taken_;
    }
    return value;
  }

  const json::object* object_;
  std::string where_;
  std::string& error_;
  std::size_t taken_ = 0;
};

EventBody parse_body(std::string_view type, const json::value* value, std::string& error) {
  Fields fields(value, "body", error);
  EventBody body;
  if (type == "joined") {
    Joined joined;
    Fields user(fields.object("user"), "body.user", error);
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
  append_number(static_cast<std::uint64_t>(event.room), out);
  out += R"(","seq":)";
  append_number(event.seq, out);
  out += R"(,"at":)";
  append_signed(event.at.count(), out);
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
  std::array<unsigned char, 8192> buffer;
  std::array<unsigned char, 2048> temporary;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  json::parser parser({}, options, temporary.data(), temporary.size());
  parser.reset(&memory);
  boost::system::error_code failed;
  parser.write(text.data(), text.size(), failed);
  if (failed) return "event is no JSON: " + failed.message();
  const json::value root = parser.release();

  std::string error;
  ParsedEvent parsed;
  Event& event = parsed.event;
  Fields fields(&root, "", error);
  const std::string type = fields.text("type");
  const auto room = parse_room_id(fields.text("room"));
  if (!room) fields.fail("room", "is no room id");
  event.room = room.value_or(RoomId{});
  event.seq = fields.number("seq", 1);
  event.at = Milliseconds(static_cast<std::int64_t>(fields.number("at", 0)));
  Fields sender(fields.object("sender"), "sender", error);
  event.sender.id = sender.text("id");
  event.sender.name = sender.text("name");
  sender.finish();
  event.vehicle = fields.text("vehicle");
  event.cmd = fields.text("cmd");
  event.body = parse_body(type, fields.object("body"), error);
  if (fields.has("cursor")) parsed.cursor = fields.text("cursor");
  if (fields.has("unread_by")) {
    parsed.unread_by = static_cast<std::int64_t>(fields.number("unread_by", 0));
  }
  fields.finish();
  if (!error.empty()) return error;
  return parsed;
}

}  // namespace claims::chat
