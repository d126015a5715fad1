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
  const auto reads = [&](const Expression& expression) { return reads_name(expression, name); };
  if (const auto* send = std::get_if<SendStep>(&step.action)) {
    return reads(send->raw) || reads_name(send->body, name);
  }
  if (const auto* await = std::get_if<AwaitStep>(&step.action)) {
    return std::any_of(await->conditions.begin(), await->conditions.end(),
                       [&](const auto& condition) { return reads(condition.equals); });
  }
  if (const auto* check = std::get_if<AssertStep>(&step.action)) return reads(check->condition);
  if (const auto* repeat = std::get_if<RepeatStep>(&step.action)) {
    return reads(repeat->times) || reads(repeat->condition);
  }
  if (const auto* choose = std::get_if<ChooseStep>(&step.action)) {
    return std::any_of(choose->branches.begin(), choose->branches.end(),
                       [&](const auto& branch) { return reads(branch.when); });
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

/// Which steps may be played right after one, whatever is drawn and holds.
std::vector<std::size_t> successors(const Workflow& workflow, std::size_t index) {
  const auto& action = workflow.steps[index].action;
  if (const auto* repeat = std::get_if<RepeatStep>(&action)) return {index + 1, repeat->end + 1};
  // Back to the loop's beginning, which reads its condition again; `times` is read no more, but
  // keeping a value too long does no harm.
  if (const auto* round = std::get_if<RoundEndStep>(&action)) return {round->begin};
  if (const auto* branch = std::get_if<BranchEndStep>(&action)) {
    return {std::get<ChooseStep>(workflow.steps[branch->begin].action).end};
  }
  std::vector<std::size_t> next;
  if (const auto* choose = std::get_if<ChooseStep>(&action)) {
    for (const ChooseStep::Branch& branch : choose->branches) next.push_back(branch.begin);
    next.push_back(choose->end);
    return next;
  }
  // What a role does next stands further down, with steps of other roles in between.
  return {index + 1};
}

/// The first step of the role from there on.
std::size_t next_of_role(const Workflow& workflow, std::size_t index, std::size_t role) {
  while (index < workflow.steps.size() && workflow.steps[index].role != role) ++index;
  return index;
}

/// Whether the `reply` or `event` of a step is read by one that may come later.
bool is_read_later(const Workflow& workflow, std::size_t origin) {
  const std::size_t role = workflow.steps[origin].role;
  const bool send = std::holds_alternative<SendStep>(workflow.steps[origin].action);
  const std::string_view name = send ? "reply" : "event";
  std::vector<bool> seen(workflow.steps.size(), false);
  std::vector<std::size_t> open = successors(workflow, origin);
  while (!open.empty()) {
    const std::size_t index = next_of_role(workflow, open.back(), role);
    open.pop_back();
    if (index == workflow.steps.size() || seen[index]) continue;
    seen[index] = true;
    const Step& reader = workflow.steps[index];
    if (needs_before(reader, name)) return true;
    if (replaces(reader, name)) continue;
    if (saves_from(reader, name)) return true;
    for (const std::size_t next : successors(workflow, index)) open.push_back(next);
  }
  return false;
}

bool has_from(const std::map<std::string, std::size_t, std::less<>>& last, std::string_view type,
              std::size_t place) {
  const auto found = last.find(type);
  return found != last.end() && found->second >= place;
}

}  // namespace

bool names_its_room(const AwaitStep& await) {
  return std::any_of(await.conditions.begin(), await.conditions.end(), [](const auto& condition) {
    return condition.path.size() == 1 && condition.path[0] == "room";
  });
}

WorkflowPlan::WorkflowPlan(const Workflow& workflow)
    : workflow_(&workflow),
      roles_(workflow.roles.size()),
      keeps_result_(workflow.steps.size(), false) {
  std::vector<std::size_t> loop_ends(workflow.roles.size(), 0);  // Of the outermost loop, by place.
  for (std::size_t index = 0; index < workflow.steps.size(); ++index) {
    const Step& step = workflow.steps[index];
    figure_names_.push_back(workflow.name + "/" + step.name);
    RolePlan& role = roles_[step.role];
    const std::size_t place = role.steps.size();
    std::size_t& loop_end = loop_ends[step.role];
    if (const auto* repeat = std::get_if<RepeatStep>(&step.action)) {
      loop_end = std::max(loop_end, place + repeat->end - index);
    } else if (const auto* await = std::get_if<AwaitStep>(&step.action)) {
      role.last_await[await->type] = std::max(place, loop_end);
      if (!names_its_room(*await)) {
        role.last_await_anywhere[await->type] = std::max(place, loop_end);
      }
    }
    role.steps.push_back(index);
    const bool gives_result = std::holds_alternative<SendStep>(step.action) ||
                              std::holds_alternative<AwaitStep>(step.action);
    keeps_result_[index] = gives_result && is_read_later(workflow, index);
  }
}

bool WorkflowPlan::awaits_from(std::size_t role, std::string_view type, std::size_t place) const {
  return has_from(roles_[role].last_await, type, place);
}

bool WorkflowPlan::awaits_anywhere_from(std::size_t role, std::string_view type,
                                        std::size_t place) const {
  return has_from(roles_[role].last_await_anywhere, type, place);
}

}  // namespace claims::storm
