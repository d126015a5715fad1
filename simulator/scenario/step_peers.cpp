// StepLoader: what passes between steps and roles: saved names, `after`, `learn`.

#include <fmt/format.h>

#include <algorithm>

#include "simulator/scenario/loading.h"
#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/step_loader.h"

namespace claims::storm {
namespace {

constexpr std::size_t kSavesMax = 50;

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

/// Whether a step may give that name to a value of its role.
bool StepLoader::may_name(std::string_view name, const Visible& visible) const {
  const bool is_let = std::any_of(workflow_.let.begin(), workflow_.let.end(),
                                  [&](const auto& let) { return let.first == name; });
  return is_variable_name(name) && !has(visible.roles, name) && !is_let;
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
    if (!may_name(name, visible)) {
      value.error(fmt::format("the name \"{}\"", name),
                  "a name in small letters, digits and '_' that is no role, no let and no word of "
                  "the language");
      continue;
    }
    Expression expression = load_value(value, visible);
    step.save.emplace_back(name, std::move(expression));
    auto& saved = known_[step.role].saved;
    if (!has(saved, name)) saved.push_back(name);
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
  bool nested = false;
  for (std::size_t i = 0; i < workflow_.steps.size(); ++i) {
    const Step& other = workflow_.steps[i];
    if (other.role != *role) continue;
    if (other.nested) {
      nested = nested || other.name == *name;
      continue;
    }
    names.push_back(other.name);
    if (names.back() == *name) found.push_back(i);
  }
  if (found.size() == 1) {
    step.after_step = found[0];
    if (const auto learn = cursor.optional("learn")) load_learn(*learn, step);
  } else if (found.empty() && nested) {
    member->error(fmt::format("\"{}\", which stands in a repeat or choose", *name),
                  "a step outside of them, or the repeat or choose as a whole: give it a \"name\"");
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
  if (workflow_.roles[teacher].group) {
    cursor.error(fmt::format("learn from {}, which is a group", workflow_.roles[teacher].name),
                 "names of a role that is one person");
  }
  std::vector<std::string> saved = saved_by_step_[*step.after_step];
  std::sort(saved.begin(), saved.end());
  for (const Cursor& element : *list) {
    const auto name = element.text();
    if (!name) continue;
    if (!has(saved, *name) && !workflow_.roles[teacher].group) {
      element.error(fmt::format("what {} has saved by then: {}", workflow_.roles[teacher].name,
                                saved.empty() ? "nothing" : allowed_names(*name, saved)));
    } else {
      step.learns.push_back(*name);
    }
    auto& own = known_[step.role].saved;
    if (!has(own, *name)) own.push_back(*name);
  }
}

Visible StepLoader::visible_to(std::size_t role) const {
  Visible visible = visible_roles(workflow_);
  const Known& known = known_[role];
  visible.variables.insert(visible.variables.end(), known.saved.begin(), known.saved.end());
  visible.self = workflow_.roles[role].name;
  visible.uncertain = known.uncertain;
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
