// WorkflowInstance's steps as they begin: what is sent, awaited, waited for, asserted.

#include <algorithm>
#include <utility>

#include "simulator/actor/json_member.h"
#include "simulator/actor/role_scope.h"
#include "simulator/actor/workflow_instance.h"

namespace claims::storm {

WorkflowInstance::Played WorkflowInstance::begin(std::uint32_t role, const Turn& turn) {
  const Step& step = step_of(role);
  if (const auto* send = std::get_if<SendStep>(&step.action)) return begin_send(role, *send, turn);
  if (const auto* await = std::get_if<AwaitStep>(&step.action)) {
    return begin_await(role, *await, turn);
  }
  if (const auto* think = std::get_if<ThinkStep>(&step.action)) {
    return begin_think(role, *think, turn);
  }
  return begin_assert(role, std::get<AssertStep>(step.action), turn);
}

WorkflowInstance::Played WorkflowInstance::begin_send(std::uint32_t index, const SendStep& send,
                                                      const Turn& turn) {
  RolePlay& role = roles_[index];
  VirtualUser& user = stage_.user(role.user);
  if (!user.can_send()) {
    role.wait = Wait::connection;
    user.wait_to_send({number_, index});
    stage_.recorder.command_held(turn.handled);
    return Played::waits;
  }
  RoleScope scope = this->scope(index, nullptr, nullptr);
  auto content = send.raw ? send.raw.evaluate(scope) : send.body.expand(scope);
  const bool fits = content && (send.raw ? content->is_string() : content->is_object());
  if (!fits) {
    const std::string wrong = send.raw ? "what is sent raw is no text" : "the command is no object";
    fail(index, evaluation_story(place_of(index), content ? wrong : content.error().what), turn);
    return Played::waits;
  }
  NewRequest request{.body = {},
                     .read = send.read,
                     .uncounted = send.uncounted,
                     .type = send.type,
                     .step = plan_.figure_name(index_of(index)),
                     .intended = role.base,
                     .held_until = role.held_until,
                     .owner = {RequestOwner::Kind::step, number_, index}};
  if (send.raw) {
    request.raw = std::string(content->get_string());
  } else {
    if (const Value* room = member(*content, "room")) bind(index, *room);
    request.body = std::move(content->get_object());
  }
  role.wait = Wait::reply;
  if (!first_sent_) first_sent_ = turn.handled;
  user.send(std::move(request), turn);
  return Played::waits;
}

WorkflowInstance::Played WorkflowInstance::begin_await(std::uint32_t index, const AwaitStep& await,
                                                       const Turn& turn) {
  RolePlay& role = roles_[index];
  bind_awaited(index, await, turn);
  if (state_ != State::open) return Played::waits;
  Value event;
  if (auto stored = take_stored(index, await, event, turn)) {
    bind(index, stored->room);
    role.base = std::max(role.base, stored->begin);
    finish_step(index, nullptr, &event, turn);
    return Played::done;
  }
  if (state_ != State::open) return Played::waits;
  const Microseconds within =
      await.within.count() > 0 ? await.within : stage_.scenario.await_timeout;
  role.wait = Wait::event;
  set_deadline(index, std::max(role.base, turn.begin.steady) + within);
  return Played::waits;
}

WorkflowInstance::Played WorkflowInstance::begin_think(std::uint32_t index, const ThinkStep& think,
                                                       const Turn& turn) {
  RolePlay& role = roles_[index];
  role.base += think.time.sample(think_[index]) / stage_.scenario.time_scale;
  if (role.base <= turn.begin.steady) {
    finish_step(index, nullptr, nullptr, turn);
    return Played::done;
  }
  role.wait = Wait::time;
  set_deadline(index, role.base);
  return Played::waits;
}

WorkflowInstance::Played WorkflowInstance::begin_assert(std::uint32_t index,
                                                        const AssertStep& check, const Turn& turn) {
  RoleScope scope = this->scope(index, nullptr, nullptr);
  auto holds = check.condition.evaluate(scope);
  if (!holds) {
    fail(index, evaluation_story(place_of(index), holds.error().what), turn);
    return Played::waits;
  }
  if (!holds->is_bool() || !holds->get_bool()) {
    std::vector<std::string> values;
    for (const std::string& name : check.condition.names()) {
      const Value* value = scope.find(name);
      values.push_back(name + " = " + (value == nullptr ? "?" : brief(*value)));
    }
    fail(index, assert_story(place_of(index), check, values), turn);
    return Played::waits;
  }
  finish_step(index, nullptr, nullptr, turn);
  return Played::done;
}

}  // namespace claims::storm
