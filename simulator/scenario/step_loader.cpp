#include "simulator/scenario/step_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "protocol/chat/command.h"
#include "simulator/scenario/contract_check.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

constexpr std::size_t kSavesMax = 50;
constexpr Microseconds kAwaitMax{3'600'000'000};

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

void forbid(const Cursor& cursor, std::string_view key, std::string_view only_on) {
  if (const auto member = cursor.optional(key)) {
    member->error(fmt::format("the key \"{}\"", key), fmt::format("only on {}", only_on));
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
  if (!cursor.is_object()) return;
  cursor.allow_only({"role", "name", "note", "send", "await", "think", "assert", "expect", "save",
                     "within", "says", "proves", "after"});
  Step step;
  step.place = cursor.place();
  if (const auto note = cursor.optional("note")) note->text();
  const auto role = load_role(cursor);
  if (!role) return;
  step.role = *role;
  if (const auto after = cursor.optional("after")) load_after(*after, step);
  if (!load_action(cursor, step)) return;
  if (const auto name = cursor.optional("name")) step.name = name->name().value_or("");
  const bool can_prove = !std::holds_alternative<ThinkStep>(step.action);
  if (const auto proves = cursor.optional("proves"); proves && can_prove) {
    step.proves = load_clauses(*proves, clauses_);
  }
  workflow_.steps.push_back(std::move(step));
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
  std::vector<std::string> found;
  for (const std::string key : {"send", "await", "think", "assert"}) {
    if (cursor.optional(key)) found.push_back(key);
  }
  if (found.size() != 1) {
    cursor.error(found.empty() ? "a step without an action" : "a step with several actions",
                 "exactly one of send, await, think, assert");
    return false;
  }
  const Cursor action = *cursor.optional(found[0]);
  if (found[0] != "send") forbid(cursor, "expect", "a send");
  if (found[0] != "await") forbid(cursor, "within", "an await");
  if (found[0] != "assert") forbid(cursor, "says", "an assert");
  if (found[0] == "think") forbid(cursor, "proves", "a send, an await or an assert");
  if (found[0] == "think" || found[0] == "assert") forbid(cursor, "save", "a send or an await");
  if (found[0] == "send") load_send(action, cursor, step);
  if (found[0] == "await") load_await(action, cursor, step);
  if (found[0] == "think") load_think(action, step);
  if (found[0] == "assert") load_assert(action, cursor, step);
  return true;
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
  if (const auto expect = step_cursor.optional("expect"); expect && expect->is_object()) {
    expect->allow_only({"error"});
    if (const auto error = expect->required("error", "the code of the error that must come")) {
      send.expected_error = error->text().value_or("");
      if (!is_error_code(send.expected_error)) {
        error->error("an error code: illegal_step");
      } else if (!other_contract_) {
        check_error_code(*error);
      }
    }
  }
  if (!other_contract_ && cursor.node().kind == JsonNode::Kind::object)
    check_send(cursor, send.expected_error);
  // What is not well-formed uses up no number of a command.
  send.uncounted = !send.read && is_not_well_formed(send.expected_error);
  step.name = send.type;
  step.action = std::move(send);
  known_[step.role].reply = true;
  load_save(step_cursor, step);
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

void StepLoader::load_save(const Cursor& cursor, Step& step) {
  const auto save = cursor.optional("save");
  if (!save || !save->is_object()) return;
  if (save->members().size() > kSavesMax) {
    save->error(fmt::format("at most {} names", kSavesMax));
    return;
  }
  for (const auto& [name, value] : save->members()) {
    const Visible visible = visible_to(step.role);
    const auto is_taken = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    const bool is_let =
        std::any_of(workflow_.let.begin(), workflow_.let.end(),
                    [&, &name = name](const auto& let) { return let.first == name; });
    if (!is_variable_name(name) || is_taken(visible.roles) || is_let) {
      value.error(fmt::format("the name \"{}\"", name),
                  "a name in small letters, digits and '_' that is no role, no let and no word of "
                  "the language");
      continue;
    }
    Expression expression = load_value(value, visible);
    step.save.emplace_back(name, std::move(expression));
    auto& saved = known_[step.role].saved;
    if (!is_taken(saved)) saved.push_back(name);
  }
}

void StepLoader::load_after(const Cursor& cursor, Step& step) {
  if (!cursor.is_object()) return;
  cursor.allow_only({"role", "step", "learn"});
  const auto role = load_role(cursor);
  const auto member = cursor.required("step", "the name of a step above");
  if (!role || !member) return;
  const auto name = member->text();
  if (!name) return;
  if (*role == step.role) {
    cursor.optional("role")->error("another role: its own steps are in order anyway");
    return;
  }
  std::vector<std::string> names;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < workflow_.steps.size(); ++i) {
    if (workflow_.steps[i].role != *role) continue;
    names.push_back(workflow_.steps[i].name);
    if (names.back() == *name) found.push_back(i);
  }
  if (found.size() == 1) {
    step.after_step = found[0];
    if (const auto learn = cursor.optional("learn")) load_learn(*learn, step);
  } else if (found.empty()) {
    member->error(names.empty()
                      ? fmt::format("a step above, and {} has none", workflow_.roles[*role].name)
                      : fmt::format("a step of {} above: {}", workflow_.roles[*role].name,
                                    allowed_names(*name, names)));
  } else {
    member->error(fmt::format("{} steps of that name", found.size()),
                  "one that is alone with its name: give it a \"name\"");
  }
}

void StepLoader::load_learn(const Cursor& cursor, Step& step) {
  const auto list = cursor.list(1, kSavesMax);
  if (!list) return;
  // What that role has saved up to and with that step.
  const std::size_t teacher = workflow_.steps[*step.after_step].role;
  std::vector<std::string> saved;
  for (std::size_t i = 0; i <= *step.after_step; ++i) {
    if (workflow_.steps[i].role != teacher) continue;
    for (const auto& [name, expression] : workflow_.steps[i].save) saved.push_back(name);
    saved.insert(saved.end(), workflow_.steps[i].learns.begin(), workflow_.steps[i].learns.end());
  }
  std::sort(saved.begin(), saved.end());
  saved.erase(std::unique(saved.begin(), saved.end()), saved.end());
  for (const Cursor& element : *list) {
    const auto name = element.text();
    if (!name) continue;
    if (std::find(saved.begin(), saved.end(), *name) == saved.end()) {
      element.error(fmt::format("what {} has saved by then: {}", workflow_.roles[teacher].name,
                                saved.empty() ? "nothing" : allowed_names(*name, saved)));
    } else {
      step.learns.push_back(*name);
    }
    auto& own = known_[step.role].saved;
    if (std::find(own.begin(), own.end(), *name) == own.end()) own.push_back(*name);
  }
}

Visible StepLoader::visible_to(std::size_t role) const {
  Visible visible;
  for (const RoleSpec& spec : workflow_.roles) visible.roles.push_back(spec.name);
  for (const auto& [name, expression] : workflow_.let) visible.variables.push_back(name);
  const Known& known = known_[role];
  visible.variables.insert(visible.variables.end(), known.saved.begin(), known.saved.end());
  visible.self = workflow_.roles[role].name;
  visible.reply = known.reply;
  visible.event = known.event;
  for (std::size_t other = 0; other < known_.size(); ++other) {
    if (other == role) continue;
    for (const std::string& name : known_[other].saved) {
      visible.of_others.emplace_back(name, workflow_.roles[other].name);
    }
  }
  return visible;
}

}  // namespace claims::storm
