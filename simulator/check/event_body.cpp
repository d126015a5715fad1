#include "simulator/check/event_body.h"

#include <array>
#include <boost/json/array.hpp>
#include <cstddef>

namespace claims::storm::audit {
namespace {

namespace json = boost::json;
using Problem = std::optional<std::string>;

/// How many fields a body of that kind has at least.
constexpr std::array<std::size_t, 14> kFields{5, 2, 1, 1, 2, 3, 1, 7, 2, 2, 3, 2, 1, 4};

std::string_view view(json::string_view text) {
  return {text.data(), text.size()};
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

/// A field of a message's body. It has its text, or is a tombstone; the rest is there where it was
/// given.
bool read_message(Walk& walk, std::string_view key, const json::value& value, EventView& out) {
  if (key == "template") {
    walk.text(key, value, out.from_template);
    if (out.from_template.empty()) walk.fail(key, "is empty");
    return false;
  }
  if (key == "deleted") {
    out.deleted = value.is_bool() && value.get_bool();
    if (!out.deleted) walk.fail(key, "is not true");
    return true;
  }
  if (key != "files") return walk.fail(key, "is an unknown field"), true;
  out.files = value.if_array();
  if (out.files == nullptr || out.files->empty())
    return walk.fail(key, "is no list of files"), false;
  for (const json::value& entry : *out.files) {
    const json::object* file = entry.if_object();
    const json::value* name = file == nullptr ? nullptr : file->if_contains("name");
    const json::value* kind = file == nullptr ? nullptr : file->if_contains("kind");
    const bool right = name != nullptr && kind != nullptr && file->size() == 2 &&
                       !text_of(*name).value_or("").empty() &&
                       chat::parse_file_kind(text_of(*kind).value_or("")).has_value();
    if (!right) walk.fail(key, "has an entry that is not name and kind");
  }
  return false;
}

void read_joined(Walk& walk, std::string_view key, const json::value& value, EventView& out,
                 std::size_t& fields) {
  if (key == "from") return walk.seq(key, value, out.from);
  if (key == "kind") return walk.text(key, value, out.room_kind);
  if (key == "receipt") return walk.text(key, value, out.receipt);
  if (key == "model") return walk.text(key, value, out.model);
  if (key != "as") return walk.fail(key, "is an unknown field");
  --fields;  // Founders have none.
  std::string_view as;
  walk.text(key, value, as);
  for (const auto one :
       {chat::Invitation::colleague, chat::Invitation::guest, chat::Invitation::successor}) {
    if (chat::to_string(one) == as) out.as = one;
  }
  if (out.as == chat::Invitation::founder) walk.fail(key, "is no way to join");
}

/// Fields of kinds that have few of them.
void read_other(Walk& walk, std::string_view key, const json::value& value, EventView& out) {
  const EventKind kind = out.kind;
  const bool further = kind == EventKind::further_estimate;
  if (key == "state" && kind == EventKind::notice) return read_state(walk, value, out);
  if (kind == EventKind::pre_estimate || further) {
    if (key == "estimate") return walk.text(key, value, out.estimate);
    if (key == "amount") return walk.number(key, value, 1, out.amount);
    if (key == "reason" && further) return walk.text(key, value, out.reason);
  }
  if (key == "claim" && kind == EventKind::claim) return walk.text(key, value, out.claim);
  if (key == "of" && kind == EventKind::message_deleted) return walk.seq(key, value, out.of);
  if (key == "title" && kind == EventKind::room_changed) return walk.text(key, value, out.title);
  walk.fail(key, "is an unknown field");
}

/// Whether `key` is one of the persons that such a body names; then it is read.
bool is_person(std::string_view key, const json::value& value, EventView& out, Problem& problem) {
  const bool with_role = out.kind == EventKind::joined || out.kind == EventKind::left;
  const bool handed_over = out.kind == EventKind::handed_over;
  const bool user = with_role && key == "user";
  const bool from = handed_over && key == "from";
  if (!user && !from && !(handed_over && key == "to")) return false;
  PersonView person;
  problem = read_person(value, "body." + std::string(key) + ".", with_role, person);
  (key == "to" ? out.to_id : out.user_id) = person.id;
  (key == "to" ? out.to_name : out.user_name) = person.name;
  if (person.role) out.role = *person.role;
  return true;
}

}  // namespace

Problem read_person(const json::value& value, std::string_view where, bool with_role,
                    PersonView& out) {
  const json::object* person = value.if_object();
  if (person == nullptr) return std::string(where) + " is no object";
  Walk walk(where);
  std::string_view role;
  for (const auto& field : *person) {
    const std::string_view key = view(field.key());
    if (key == "id") {
      walk.text(key, field.value(), out.id);
    } else if (key == "name") {
      walk.text(key, field.value(), out.name);
    } else if (key == "role" && with_role) {
      walk.text(key, field.value(), role);
      out.role = chat::parse_role(role);
      if (!out.role) walk.fail(key, "is no role");
    } else {
      walk.fail(key, "is an unknown field");
    }
  }
  if (out.id.empty()) walk.fail("id", "is missing");
  if (with_role && role.empty()) walk.fail("role", "is missing");
  return walk.take();
}

Problem read_body(const json::value& value, EventView& out) {
  const json::object* body = value.if_object();
  if (body == nullptr) return "body is no object";
  Walk walk("body.");
  std::size_t fields = 0;
  for (const auto& field : *body) {
    const std::string_view key = view(field.key());
    ++fields;
    Problem problem;
    if (is_person(key, field.value(), out, problem)) {
      if (problem) return problem;
    } else if (key == "text" && out.kind != EventKind::joined) {
      walk.text(key, field.value(), out.text);
    } else if (out.kind == EventKind::joined) {
      read_joined(walk, key, field.value(), out, fields);
    } else if (out.kind == EventKind::message) {
      if (!read_message(walk, key, field.value(), out)) --fields;
    } else if (out.kind == EventKind::negotiation) {
      read_negotiation(walk, key, field.value(), out.negotiation);
    } else {
      read_other(walk, key, field.value(), out);
    }
  }
  const std::size_t due = kFields[static_cast<std::size_t>(out.kind)];
  if (fields < due) walk.fail("", "lacks a field");
  if (out.deleted && body->size() > 1) walk.fail("", "is a tombstone and has a content");
  return walk.take();
}

}  // namespace claims::storm::audit
