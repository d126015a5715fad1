#include "simulator/actor/workflow_plan.h"

#include <algorithm>
#include <set>

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
  if (const auto* open = std::get_if<OpenStep>(&step.action)) {
    return reads(open->topic) || reads(open->text);
  }
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

/// The room that it sends to or awaits in; unset: none, or any.
Expression room_of(const Step& step) {
  if (const auto* send = std::get_if<SendStep>(&step.action)) return send->body.member("room");
  if (const auto* await = std::get_if<AwaitStep>(&step.action)) return room_of(*await);
  return {};
}

/// What a role calls its rooms, and the names that it saves or is told. A name's value is bound
/// when it is set.
struct RoomNames {
  RoomNames(const Workflow& workflow, std::size_t role) {
    for (const Step& step : workflow.steps) {
      if (step.role != role) continue;
      for (const std::string& name : room_of(step).names()) rooms.insert(name);
      for (const auto& [name, expression] : step.save) set.insert(name);
      set.insert(step.learns.begin(), step.learns.end());
    }
  }

  /// Whether a room that the role did not know may be named in that step, or is awaited in it.
  bool may_be_new(const Step& step) const {
    const auto is_room = [&](const std::string& name) { return rooms.contains(name); };
    if (std::any_of(step.learns.begin(), step.learns.end(), is_room)) return true;
    for (const auto& [name, expression] : step.save) {
      if (is_room(name)) return true;
    }
    if (const auto* await = std::get_if<AwaitStep>(&step.action); await && !room_of(*await)) {
      return true;
    }
    const Expression room = room_of(step);
    if (!room) return false;
    const std::vector<std::string> paths = room.paths();
    return paths.size() != 1 || !set.contains(paths[0]);
  }

  std::set<std::string, std::less<>> rooms, set;
};

}  // namespace

Expression room_of(const AwaitStep& await) {
  for (const AwaitStep::Condition& condition : await.conditions) {
    if (condition.path.size() == 1 && condition.path[0] == "room") return condition.equals;
  }
  return {};
}

WorkflowPlan::WorkflowPlan(const Workflow& workflow)
    : workflow_(&workflow),
      roles_(workflow.roles.size()),
      keeps_result_(workflow.steps.size(), false) {
  std::vector<std::size_t> loop_ends(workflow.roles.size(), 0);  // Of the outermost loop, by place.
  std::vector<RoomNames> names;
  for (std::size_t role = 0; role < workflow.roles.size(); ++role)
    names.emplace_back(workflow, role);
  for (std::size_t index = 0; index < workflow.steps.size(); ++index) {
    const Step& step = workflow.steps[index];
    figure_names_.push_back(workflow.name + "/" + step.name);
    RolePlan& role = roles_[step.role];
    const std::size_t place = role.steps.size();
    std::size_t& loop_end = loop_ends[step.role];
    if (const auto* repeat = std::get_if<RepeatStep>(&step.action)) {
      loop_end = std::max(loop_end, place + repeat->end - index);
    } else if (const auto* await = std::get_if<AwaitStep>(&step.action)) {
      const Device device = step.on.value_or(Device::pc);
      role.last_await[{device, await->type}] = std::max(place, loop_end);
      auto& on = role.awaits_on;
      if (std::find(on.begin(), on.end(), device) == on.end()) on.push_back(device);
    }
    if (names[step.role].may_be_new(step)) role.last_new_room = std::max(place, loop_end);
    role.steps.push_back(index);
    uses_open_topics_ = uses_open_topics_ || std::holds_alternative<OpenStep>(step.action);
    const bool gives_result = std::holds_alternative<SendStep>(step.action) ||
                              std::holds_alternative<AwaitStep>(step.action);
    keeps_result_[index] = gives_result && is_read_later(workflow, index);
  }
}

bool WorkflowPlan::awaits_from(std::size_t role, const Awaited& event, std::size_t place) const {
  const auto& last = roles_[role].last_await;
  const auto found = last.find(event);
  return found != last.end() && found->second >= place;
}

bool WorkflowPlan::names_rooms_from(std::size_t role, std::size_t place) const {
  const auto& last = roles_[role].last_new_room;
  return last && *last >= place;
}

}  // namespace claims::storm
