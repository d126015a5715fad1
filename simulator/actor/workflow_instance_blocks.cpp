// WorkflowInstance's loops and branches: which step of a role comes next.

#include <algorithm>
#include <cassert>

#include "simulator/actor/role_scope.h"
#include "simulator/actor/workflow_instance.h"
#include "simulator/limits.h"

namespace claims::storm {

/// True when the role's present step was part of a loop or choice; it has been played then, or the
/// instance has failed.
bool WorkflowInstance::begin_block(std::uint32_t index, const Turn& turn) {
  const Step& step = step_of(index);
  if (const auto* repeat = std::get_if<RepeatStep>(&step.action)) {
    return begin_repeat(index, *repeat, turn);
  }
  if (const auto* round = std::get_if<RoundEndStep>(&step.action)) {
    return begin_round(index, round->begin, turn);
  }
  if (const auto* choose = std::get_if<ChooseStep>(&step.action)) {
    return begin_choose(index, *choose, turn);
  }
  if (const auto* branch = std::get_if<BranchEndStep>(&step.action)) {
    const auto& choose = std::get<ChooseStep>(plan_.step(branch->begin).action);
    end_block(index, branch->begin, choose.end);
    return true;
  }
  return false;
}

bool WorkflowInstance::begin_repeat(std::uint32_t index, const RepeatStep& repeat,
                                    const Turn& turn) {
  const auto times = draw_times(index, repeat, turn);
  if (!times) return true;
  roles_[index].rounds.push_back({*times, 0});
  return begin_round(index, index_of(index), turn);
}

/// The next round of the loop that begins at `begin`, or what follows the loop.
bool WorkflowInstance::begin_round(std::uint32_t index, std::size_t begin, const Turn& turn) {
  RolePlay& role = roles_[index];
  const auto& repeat = std::get<RepeatStep>(plan_.step(begin).action);
  Rounds& rounds = role.rounds.back();
  bool another = ++rounds.number <= rounds.times;
  if (another && !repeat.counter.empty()) set(index, repeat.counter, rounds.number);
  if (another && repeat.condition) {
    const auto held = holds(index, repeat.condition, turn);
    if (!held) return true;
    another = *held;
  }
  if (another) {
    jump(index, begin + 1);
    return true;
  }
  role.rounds.pop_back();
  if (role.rounds.empty()) role.rounds = {};
  end_block(index, begin, repeat.end + 1);
  return true;
}

bool WorkflowInstance::begin_choose(std::uint32_t index, const ChooseStep& choose,
                                    const Turn& turn) {
  const std::size_t begin = index_of(index);
  std::uint64_t whole = 0;
  for (const ChooseStep::Branch& branch : choose.branches) {
    whole += static_cast<std::uint64_t>(branch.weight);
  }
  std::uint64_t drawn = whole > 0 ? think_[index].below(whole) : 0;
  for (const ChooseStep::Branch& branch : choose.branches) {
    const auto weight = static_cast<std::uint64_t>(branch.weight);
    bool chosen = weight > 0 ? drawn < weight : true;
    if (weight == 0 && branch.when) {
      const auto held = holds(index, branch.when, turn);
      if (!held) return true;
      chosen = *held;
    }
    if (chosen) {
      jump(index, branch.begin);
      return true;
    }
    drawn -= weight;
  }
  end_block(index, begin, choose.end);
  return true;
}

std::optional<std::int64_t> WorkflowInstance::draw_times(std::uint32_t index,
                                                         const RepeatStep& repeat,
                                                         const Turn& turn) {
  if (!repeat.times) {
    const auto range = static_cast<std::uint64_t>(repeat.most - repeat.least);
    return repeat.least + static_cast<std::int64_t>(think_[index].below(range + 1));
  }
  RoleScope scope = this->scope(index, nullptr, nullptr);
  auto times = repeat.times.evaluate(scope);
  if (times && times->is_int64() && times->get_int64() >= 0 &&
      times->get_int64() <= limits::kRoundsMax) {
    return times->get_int64();
  }
  fail(index,
       times ? times_story(place_of(index), *times)
             : evaluation_story(place_of(index), times.error().what),
       turn);
  return std::nullopt;
}

std::optional<bool> WorkflowInstance::holds(std::uint32_t index, const Expression& condition,
                                            const Turn& turn) {
  RoleScope scope = this->scope(index, nullptr, nullptr);
  auto value = condition.evaluate(scope);
  if (value && value->is_bool()) return value->get_bool();
  fail(index,
       evaluation_story(place_of(index), value ? condition.source() + ": " + brief(*value) +
                                                     " where true or false is needed"
                                               : value.error().what),
       turn);
  return std::nullopt;
}

void WorkflowInstance::jump(std::uint32_t index, std::size_t step) {
  // Steps of one construct follow each other in the workflow as in the role.
  RolePlay& role = roles_[index];
  role.place = role.place + step - index_of(index);
  role.wait = Wait::nothing;
  role.joined = false;
}

/// The loop or choice that began at `block` is over; it counts as done from now.
void WorkflowInstance::end_block(std::uint32_t index, std::size_t block, std::size_t next) {
  note_done(index, block);
  jump(index, next);
}

}  // namespace claims::storm
