#include "simulator/scenario/step_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "protocol/chat/command.h"
#include "simulator/limits.h"
#include "simulator/scenario/contract_check.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/open_topic.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

constexpr std::size_t kErrorsMax = 20;
constexpr Microseconds kAwaitMax{3'600'000'000}, kPauseMax{3'600'000'000};

/// Commands that read and take no part in the counting of ids (docs/contract.md).
bool is_read(std::string_view type) {
  const auto& types = chat::request_types();
  return std::any_of(types.begin(), types.end(), [&](const chat::RequestType& known) {
    return known.is_read && known.name == type;
  });
}

/// `type` of a command or event: a text without expressions.
std::string load_type(const Cursor& cursor) {
  const auto member = cursor.required("type", "the type of the command or event");
  if (!member) return {};
  const auto type = member->text();
  if (!type) return {};
  if (type->empty() || type->size() > 64 || type->find("${") != std::string::npos) {
    member->error("a type of 1 to 64 bytes, without ${…}");
    return {};
  }
  return *type;
}

/// The codes of docs/contract.md for inputs that are not well-formed.
bool is_not_well_formed(std::string_view error) {
  constexpr std::array<std::string_view, 6> kCodes = {
      "too_large", "malformed_json", "missing_field", "unknown_field", "bad_field", "unknown_type"};
  return std::find(kCodes.begin(), kCodes.end(), error) != kCodes.end();
}

bool is_error_code(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> keys;
  for (;;) {
    const std::size_t dot = path.find('.');
    keys.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return keys;
    path.remove_prefix(dot + 1);
  }
}

void forbid(const Cursor& cursor, std::initializer_list<std::string_view> keys,
            std::string_view only_on) {
  for (const std::string_view key : keys) {
    if (const auto member = cursor.optional(key)) {
      member->error(fmt::format("the key \"{}\"", key), fmt::format("only on {}", only_on));
    }
  }
}

}  // namespace

StepLoader::StepLoader(Workflow& workflow, const std::vector<std::string>& clauses,
                       bool other_contract)
    : workflow_(workflow),
      clauses_(clauses),
      other_contract_(other_contract),
      known_(workflow.roles.size()) {}

void StepLoader::load(const Cursor& cursor) {
  if (!cursor.is_object() || !has_room(cursor)) return;
  cursor.allow_only({"role",        "name",    "note",    "send",         "send_raw",
                     "await",       "think",   "pause",   "assert",       "subscribe",
                     "unsubscribe", "publish", "receive", "receive_none", "away",
                     "repeat",      "choose",  "steps",   "expect",       "save",
                     "within",      "says",    "proves",  "after",        "on"});
  Step step;
  step.place = cursor.place();
  if (const auto note = cursor.optional("note")) note->text();
  const auto role = role_of(cursor);
  if (!role) return;
  step.role = *role;
  step.nested = block_.has_value();
  step.in_branch = block_ && block_->in_branch;
  if (const auto after = cursor.optional("after")) load_after(*after, step);
  if (!load_action(cursor, step)) return;
  if (const auto name = cursor.optional("name")) step.name = name->name().value_or("");
  if (std::holds_alternative<RepeatStep>(step.action)) return load_repeat(cursor, std::move(step));
  if (std::holds_alternative<ChooseStep>(step.action)) return load_choose(cursor, std::move(step));
  const bool can_prove = !std::holds_alternative<ThinkStep>(step.action);
  if (const auto proves = cursor.optional("proves"); proves && can_prove) {
    step.proves = load_clauses(*proves, clauses_);
  }
  add(std::move(step));
}

bool StepLoader::has_room(const Cursor& cursor) {
  if (workflow_.steps.size() < limits::kStepsMax) return true;
  if (!std::exchange(full_, true)) {
    cursor.error("one step more", fmt::format("{} steps in a workflow, with those in loops and "
                                              "branches and the ends of these",
                                              limits::kStepsMax));
  }
  return false;
}

void StepLoader::add(Step step) {
  saved_by_step_.push_back(known_[step.role].saved);
  workflow_.steps.push_back(std::move(step));
}

/// Who plays the step: as it says, or whoever plays the loop or branch that it stands in.
std::optional<std::size_t> StepLoader::role_of(const Cursor& cursor) const {
  if (!block_) return load_role(cursor);
  if (const auto member = cursor.optional("role")) {
    member->error("the key \"role\"",
                  fmt::format("none here: what stands in a repeat or choose is played by its role, "
                              "{}",
                              workflow_.roles[block_->role].name));
  }
  return block_->role;
}

std::optional<std::size_t> StepLoader::load_role(const Cursor& cursor) const {
  const auto member = cursor.required("role", "who plays the step");
  if (!member) return std::nullopt;
  const auto name = member->text();
  if (!name) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < workflow_.roles.size(); ++i) {
    if (workflow_.roles[i].name == *name) return i;
    names.push_back(workflow_.roles[i].name);
  }
  member->error(allowed_names(*name, names));
  return std::nullopt;
}

bool StepLoader::load_action(const Cursor& cursor, Step& step) {
  constexpr std::array<std::string_view, 14> kActions = {
      "send",        "send_raw", "await",   "think",        "pause", "assert", "subscribe",
      "unsubscribe", "publish",  "receive", "receive_none", "away",  "repeat", "choose"};
  std::vector<std::string> found;
  for (const std::string_view key : kActions) {
    if (cursor.optional(key)) found.emplace_back(key);
  }
  if (found.size() != 1) {
    cursor.error(found.empty() ? "a step without an action" : "a step with several actions",
                 "exactly one of send, send_raw, await, think, pause, assert, subscribe, "
                 "unsubscribe, publish, receive, receive_none, away, repeat, choose");
    return false;
  }
  const std::string& action = found[0];
  const Cursor value = *cursor.optional(action);
  const bool block = action == "repeat" || action == "choose";
  forbid_others(cursor, action);
  if (const auto on = cursor.optional("on")) load_on(*on, step);
  if (action == "send") load_send(value, cursor, step);
  if (action == "send_raw") load_send_raw(value, cursor, step);
  if (action == "await") load_await(value, cursor, step);
  if (action == "think") load_think(value, step);
  if (action == "pause") load_pause(value, step);
  if (action == "assert") load_assert(value, cursor, step);
  if (action == "repeat") step.action = RepeatStep{};
  if (action == "choose") step.action = ChooseStep{};
  if (block) step.name = action;
  if (const auto open = open_action(action)) {
    step.name = action;
    load_open(*open, value, cursor, step);
  }
  return true;
}

/// Keys that belong to other actions.
void StepLoader::forbid_others(const Cursor& cursor, const std::string& action) {
  const bool sends = action == "send" || action == "send_raw";
  const bool receives = action == "receive" || action == "receive_none";
  const bool passes = action == "think" || action == "pause" || action == "away";
  if (!sends) forbid(cursor, {"expect"}, "a send");
  if (action != "await" && !receives) forbid(cursor, {"within"}, "an await or a receive");
  if (action != "assert") forbid(cursor, {"says"}, "an assert");
  if (action != "repeat") forbid(cursor, {"steps"}, "a repeat");
  if (passes || action == "repeat" || action == "choose") {
    forbid(cursor, {"proves"}, "a send, an await, an assert or a step with open topics");
  }
  if (!sends && action != "await") forbid(cursor, {"save", "on"}, "a send or an await");
}

void StepLoader::load_on(const Cursor& cursor, Step& step) {
  const auto name = cursor.text();
  if (!name) return;
  step.on = parse_device(*name);
  if (!step.on) cursor.error(allowed_names(*name, {kDeviceNames.begin(), kDeviceNames.end()}));
}

void StepLoader::load_send(const Cursor& cursor, const Cursor& step_cursor, Step& step) {
  SendStep send;
  if (cursor.is_object()) {
    send.type = load_type(cursor);
    send.read = is_read(send.type);
    if (const auto id = cursor.optional("id")) {
      id->error("the key \"id\"", "none: the player numbers commands by itself");
    }
    send.body = load_template(cursor, visible_to(step.role));
  }
  load_expect(step_cursor, send);
  if (!other_contract_ && cursor.node().kind == JsonNode::Kind::object) {
    check_send(cursor, send.expected_errors.empty() ? std::string() : send.expected_errors[0]);
  }
  step.name = send.type;
  step.action = std::move(send);
  known_[step.role].reply = true;
  load_save(step_cursor, step);
}

void StepLoader::load_send_raw(const Cursor& cursor, const Cursor& step_cursor, Step& step) {
  SendStep send;
  send.type = "raw";
  if (cursor.text()) send.raw = load_value(cursor, visible_to(step.role));
  load_expect(step_cursor, send);
  if (!send.uncounted) {
    const auto expect = step_cursor.optional("expect");
    (expect ? *expect : step_cursor)
        .error("a send_raw that may be taken",
               R"("expect": {"error": "malformed_json"}: a refusal as not well-formed)");
  }
  step.name = send.type;
  step.action = std::move(send);
  known_[step.role].reply = true;
  load_save(step_cursor, step);
}

void StepLoader::load_expect(const Cursor& step_cursor, SendStep& send) {
  const auto expect = step_cursor.optional("expect");
  if (!expect || !expect->is_object()) return;
  expect->allow_only({"error"});
  const auto error = expect->required("error", "the code of the error that must come");
  if (!error) return;
  const bool several = error->node().kind == JsonNode::Kind::list;
  const auto listed = several ? error->list(1, kErrorsMax) : std::vector<Cursor>{*error};
  for (const Cursor& cursor : listed.value_or(std::vector<Cursor>{})) {
    const std::string code = cursor.text().value_or("");
    if (!is_error_code(code)) {
      cursor.error("an error code: illegal_step");
    } else if (!other_contract_) {
      check_error_code(cursor);
    }
    send.expected_errors.push_back(code);
  }
  const auto uncounted = std::count_if(send.expected_errors.begin(), send.expected_errors.end(),
                                       [](const auto& code) { return is_not_well_formed(code); });
  // What is not well-formed uses up no number of a command: the player has to know beforehand.
  send.uncounted = !send.read && uncounted > 0;
  if (uncounted > 0 && uncounted < static_cast<std::ptrdiff_t>(send.expected_errors.size())) {
    error->error("codes of commands that are not well-formed, and others",
                 "all of the one kind: too_large, malformed_json, missing_field, unknown_field, "
                 "bad_field, unknown_type; or none of these");
  }
}

void StepLoader::load_await(const Cursor& cursor, const Cursor& step_cursor, Step& step) {
  AwaitStep await;
  known_[step.role].event = true;  // Conditions may compare parts of the event itself.
  if (cursor.is_object()) {
    await.type = load_type(cursor);
    for (const auto& [key, value] : cursor.members()) {
      if (key == "type") continue;
      AwaitStep::Condition condition;
      condition.path = split_path(key);
      if (std::find(condition.path.begin(), condition.path.end(), "") != condition.path.end()) {
        value.error(fmt::format("the key \"{}\"", key), "a path into the event: body.receipt");
        continue;
      }
      condition.equals = load_value(value, visible_to(step.role));
      if (condition.equals) await.conditions.push_back(std::move(condition));
    }
  }
  if (const auto within = step_cursor.optional("within")) {
    await.within = load_duration(*within, Microseconds(1'000), kAwaitMax).value_or(Microseconds(0));
  }
  step.name = await.type;
  step.action = std::move(await);
  load_save(step_cursor, step);
  if (!other_contract_ && cursor.node().kind == JsonNode::Kind::object) {
    check_await(cursor, step_cursor, step);
  }
}

void StepLoader::load_think(const Cursor& cursor, Step& step) {
  ThinkStep think;
  step.name = "think";
  constexpr Microseconds kMost{366LL * 86'400'000'000};
  if (cursor.node().kind == JsonNode::Kind::text) {
    const auto time = parse_think_time(cursor.node().text);
    if (time) {
      think.time = *time;
    } else {
      cursor.error(time.error());
    }
  } else if (cursor.node().kind == JsonNode::Kind::object) {
    cursor.allow_only({"median", "p90", "most"});
    think.time.kind = ThinkTime::Kind::log_normal;
    const auto load = [&](std::string_view key, bool required) {
      const auto member = required ? cursor.required(key, "a duration") : cursor.optional(key);
      return member ? load_duration(*member, Microseconds(1), kMost) : std::nullopt;
    };
    think.time.first = load("median", true).value_or(Microseconds(1));
    think.time.second = load("p90", true).value_or(think.time.first);
    think.time.most = load("most", false).value_or(Microseconds(0));
    if (think.time.second < think.time.first) {
      cursor.optional("p90")->error("not less than the median");
    }
    if (think.time.most.count() > 0 && think.time.most < think.time.second) {
      cursor.optional("most")->error("not less than p90");
    }
  } else {
    cursor.error(R"("5s", "5s..20s" or {"median": "8m", "p90": "45m", "most": "2h"})");
  }
  step.action = think;
}

void StepLoader::load_pause(const Cursor& cursor, Step& step) {
  ThinkStep pause;
  pause.scaled = false;
  const auto length = load_duration(cursor, Microseconds(1'000), kPauseMax);
  pause.time.first = pause.time.second = length.value_or(Microseconds(1'000));
  step.name = "pause";
  step.action = pause;
}

void StepLoader::load_assert(const Cursor& cursor, const Cursor& step_cursor, Step& step) {
  AssertStep check;
  check.condition = load_condition(cursor, visible_to(step.role));
  if (check.condition && !check.condition.may_be_boolean()) {
    cursor.error("a condition: what is true or false, as seq == 5");
  }
  if (const auto says = step_cursor.required("says", R"({"ko", "en"}: what it means)")) {
    check.says = load_local_text(*says).value_or(LocalText{});
  }
  step.name = "assert";
  step.action = std::move(check);
}

}  // namespace claims::storm
