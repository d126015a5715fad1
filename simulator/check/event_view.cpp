#include "simulator/check/event_view.h"

#include <array>
#include <boost/json/value.hpp>
#include <cstddef>
#include <limits>

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 8> kKinds{"joined",        "notice",     "greeting",
                                                 "message",       "claim",      "pre_estimate",
                                                 "vehicle_added", "negotiation"};

using Problem = std::optional<std::string>;

/// Walks an object once; remembers the first thing that is wrong with it.
class Walk {
 public:
  explicit Walk(std::string_view where) : where_(where) {}

  void text(std::string_view key, const json::value& value, std::string_view& out) {
    const auto text = text_of(value);
    if (!text) return fail(key, "is no string");
    out = *text;
  }
  void number(std::string_view key, const json::value& value, std::int64_t least,
              std::int64_t& out) {
    const auto number = integer_of(value);
    if (!number || *number < least) return fail(key, "is no integer in its range");
    out = *number;
  }
  void seq(std::string_view key, const json::value& value, chat::Seq& out) {
    std::int64_t number = 0;
    this->number(key, value, 1, number);
    out = static_cast<chat::Seq>(number);
  }
  void fail(std::string_view key, std::string_view what) {
    if (problem_) return;
    problem_ = std::string(where_);
    problem_->append(key);
    problem_->append(" ");
    problem_->append(what);
  }
  Problem take() { return std::move(problem_); }

 private:
  std::string_view where_;
  Problem problem_;
};

std::string_view view(json::string_view text) {
  return {text.data(), text.size()};
}

Problem read_person(const json::value& value, std::string_view where, EventView& out,
                    bool with_role) {
  const json::object* person = value.if_object();
  if (person == nullptr) return std::string(where) + " is no object";
  Walk walk(where);
  std::string_view id, name, role;
  for (const auto& field : *person) {
    const std::string_view key = view(field.key());
    if (key == "id") {
      walk.text(key, field.value(), id);
    } else if (key == "name") {
      walk.text(key, field.value(), name);
    } else if (key == "role" && with_role) {
      walk.text(key, field.value(), role);
      const auto parsed = chat::parse_role(role);
      if (!parsed) walk.fail(key, "is no role");
      out.role = parsed.value_or(chat::Role::garage);
    } else {
      walk.fail(key, "is an unknown field");
    }
  }
  if (id.empty()) walk.fail("id", "is missing");
  if (with_role && role.empty()) walk.fail("role", "is missing");
  (with_role ? out.user_id : out.sender_id) = id;
  (with_role ? out.user_name : out.sender_name) = name;
  return walk.take();
}

void read_state(Walk& walk, const json::value& value, EventView& out) {
  std::string_view name;
  walk.text("state", value, name);
  const auto state = chat::parse_repair_state(name);
  if (!state) walk.fail("state", "is no repair state");
  out.state = state.value_or(chat::RepairState::in);
}

void read_side(Walk& walk, std::string_view key, const json::value& value, std::string_view nobody,
               std::optional<chat::Side>& out) {
  std::string_view name;
  walk.text(key, value, name);
  out = parse_side(name);
  if (!out && name != nobody) walk.fail(key, "is no side");
}

/// A field of a negotiation's body.
void read_negotiation(Walk& walk, std::string_view key, const json::value& value,
                      NegotiationView& out) {
  std::string_view text;
  if (key == "action") {
    walk.text(key, value, text);
    const auto action = chat::parse_negotiation_action(text);
    if (!action) walk.fail(key, "is no action");
    out.action = action.value_or(chat::NegotiationAction::open);
  } else if (key == "by") {
    read_side(walk, key, value, "system", out.by);
  } else if (key == "ratio") {
    walk.text(key, value, text);
    out.ratio = chat::parse_ratio(text);
    if (!out.ratio && !text.empty()) walk.fail(key, "is no ratio");
  } else if (key == "reason") {
    walk.text(key, value, out.reason);
  } else if (key == "state") {
    walk.text(key, value, text);
    const auto state = chat::parse_negotiation_state(text);
    if (!state) walk.fail(key, "is no state of a negotiation");
    out.state = state.value_or(chat::NegotiationState::discussing);
  } else if (key == "turn") {
    read_side(walk, key, value, "", out.turn);
  } else {
    walk.fail(key, "is an unknown field");
  }
}

Problem read_body(const json::value& value, EventView& out) {
  const json::object* body = value.if_object();
  if (body == nullptr) return "body is no object";
  Walk walk("body.");
  const EventKind kind = out.kind;
  const bool joined = kind == EventKind::joined;
  std::size_t fields = 0;
  for (const auto& field : *body) {
    const std::string_view key = view(field.key());
    ++fields;
    if (key == "text" && !joined) {
      walk.text(key, field.value(), out.text);
    } else if (key == "state" && kind == EventKind::notice) {
      read_state(walk, field.value(), out);
    } else if (key == "template" && kind == EventKind::message) {
      walk.text(key, field.value(), out.from_template);
      if (out.from_template.empty()) walk.fail(key, "is empty");
      --fields;  // Only where one was given.
    } else if (key == "estimate" && kind == EventKind::pre_estimate) {
      walk.text(key, field.value(), out.estimate);
    } else if (key == "amount" && kind == EventKind::pre_estimate) {
      walk.number(key, field.value(), 1, out.amount);
    } else if (kind == EventKind::negotiation) {
      read_negotiation(walk, key, field.value(), out.negotiation);
    } else if (key == "claim" && kind == EventKind::claim) {
      walk.text(key, field.value(), out.claim);
    } else if (key == "user" && joined) {
      if (auto problem = read_person(field.value(), "body.user.", out, true)) return problem;
    } else if (key == "from" && joined) {
      walk.seq(key, field.value(), out.from);
    } else if (key == "kind" && joined) {
      walk.text(key, field.value(), out.room_kind);
    } else if (key == "receipt" && joined) {
      walk.text(key, field.value(), out.receipt);
    } else if (key == "model" && joined) {
      walk.text(key, field.value(), out.model);
    } else {
      walk.fail(key, "is an unknown field");
    }
  }
  constexpr std::array<std::size_t, 8> kFields{5, 2, 1, 1, 2, 3, 1, 7};  // By kind.
  if (fields < kFields[static_cast<std::size_t>(kind)]) walk.fail("", "lacks a field");
  return walk.take();
}

}  // namespace

std::string_view to_string(EventKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<chat::Side> parse_side(std::string_view text) {
  for (const chat::Side side : {chat::Side::initiator, chat::Side::counterpart}) {
    if (chat::to_string(side) == text) return side;
  }
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const json::value& value) {
  if (const std::int64_t* number = value.if_int64()) return *number;
  const std::uint64_t* number = value.if_uint64();
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (number == nullptr || *number > kMost) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::optional<std::string_view> text_of(const json::value& value) {
  const json::string* text = value.if_string();
  if (text == nullptr) return std::nullopt;
  return std::string_view(text->data(), text->size());
}

std::optional<std::string> read_event(const json::object& event, EventEnd end, EventView& out) {
  Walk walk("");
  const json::value* body = nullptr;
  const json::value* sender = nullptr;
  std::string_view type, room;
  bool ended = false;
  for (const auto& field : event) {
    const std::string_view key = view(field.key());
    if (key == "type") {
      walk.text(key, field.value(), type);
    } else if (key == "room") {
      walk.text(key, field.value(), room);
    } else if (key == "seq") {
      walk.seq(key, field.value(), out.seq);
    } else if (key == "at") {
      walk.number(key, field.value(), std::numeric_limits<std::int64_t>::min(), out.at_ms);
    } else if (key == "sender") {
      sender = &field.value();
    } else if (key == "vehicle") {
      if (!field.value().is_null()) walk.text(key, field.value(), out.vehicle);
    } else if (key == "cmd") {
      walk.text(key, field.value(), out.cmd);
    } else if (key == "body") {
      body = &field.value();
    } else if (key == "cursor" && end == EventEnd::cursor) {
      std::string_view cursor;
      walk.text(key, field.value(), cursor);
      ended = !cursor.empty();
    } else if (key == "unread_by" && end == EventEnd::unread_by) {
      walk.number(key, field.value(), 0, out.unread_by);
      ended = true;
    } else {
      walk.fail(key, "is an unknown field");
    }
  }
  const auto number = chat::parse_room_id(room);
  if (!number) walk.fail("room", "is no room id");
  if (out.seq == 0) walk.fail("seq", "is missing");
  if (!ended) walk.fail(end == EventEnd::cursor ? "cursor" : "unread_by", "is missing");
  if (sender == nullptr) walk.fail("sender", "is missing");
  if (body == nullptr) walk.fail("body", "is missing");
  std::size_t kind = 0;
  while (kind < kKinds.size() && kKinds[kind] != type) ++kind;
  if (kind == kKinds.size()) walk.fail("type", "is no type of event");
  if (auto problem = walk.take()) return problem;
  out.room = *number;
  out.kind = static_cast<EventKind>(kind);
  if (auto problem = read_person(*sender, "sender.", out, false)) return problem;
  return read_body(*body, out);
}

}  // namespace claims::storm::audit
