#include "simulator/actor/workflow_plan.h"

#include <algorithm>

namespace claims::storm {
namespace {

template <class Source>
bool reads_name(const Source& source, std::string_view name) {
  const std::vector<std::string> names = source.names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether a step reads `name` before it gets a reply or event of its own.
bool needs_before(const Step& step, std::string_view name) {
  if (const auto* send = std::get_if<SendStep>(&step.action)) return reads_name(send->body, name);
  if (const auto* await = std::get_if<AwaitStep>(&step.action)) {
    return std::any_of(await->conditions.begin(), await->conditions.end(),
                       [&](const auto& condition) { return reads_name(condition.equals, name); });
  }
  if (const auto* check = std::get_if<AssertStep>(&step.action)) {
    if (reads_name(check->condition, name)) return true;
  }
  return false;
}

bool saves_from(const Step& step, std::string_view name) {
  return std::any_of(step.save.begin(), step.save.end(),
                     [&](const auto& save) { return reads_name(save.second, name); });
}

// A send gives a new `reply`, an await a new `event`.
bool replaces(const Step& step, std::string_view name) {
  return name == "reply" ? std::holds_alternative<SendStep>(step.action)
                         : std::holds_alternative<AwaitStep>(step.action);
}

}  // namespace

WorkflowPlan::WorkflowPlan(const Workflow& workflow)
    : workflow_(&workflow),
      roles_(workflow.roles.size()),
      keeps_result_(workflow.steps.size(), false) {
  for (std::size_t index = 0; index < workflow.steps.size(); ++index) {
    const Step& step = workflow.steps[index];
    figure_names_.push_back(workflow.name + "/" + step.name);
    RolePlan& role = roles_[step.role];
    if (const auto* await = std::get_if<AwaitStep>(&step.action)) {
      role.last_await[await->type] = role.steps.size();
    }
    role.steps.push_back(index);
  }
  for (const RolePlan& role : roles_) {
    for (std::size_t place = 0; place < role.steps.size(); ++place) {
      const Step& step = workflow.steps[role.steps[place]];
      const bool send = std::holds_alternative<SendStep>(step.action);
      if (!send && !std::holds_alternative<AwaitStep>(step.action)) continue;
      const std::string_view name = send ? "reply" : "event";
      for (std::size_t later = place + 1; later < role.steps.size(); ++later) {
        const Step& reader = workflow.steps[role.steps[later]];
        const bool replaced = replaces(reader, name);
        if (needs_before(reader, name) || (!replaced && saves_from(reader, name))) {
          keeps_result_[role.steps[place]] = true;
        }
        if (replaced) break;
      }
    }
  }
}

bool WorkflowPlan::awaits_from(std::size_t role, std::string_view type, std::size_t place) const {
  const auto& last = roles_[role].last_await;
  const auto found = last.find(type);
  return found != last.end() && found->second >= place;
}

}  // namespace claims::storm
