// WorkflowInstance's steps as they begin: what is sent, awaited, waited for, asserted.

#include <algorithm>
#include <utility>

#include "simulator/actor/json_member.h"
#include "simulator/actor/role_scope.h"
#include "simulator/actor/workflow_instance.h"
#include "simulator/limits.h"

namespace claims::storm {
namespace {

/// A read receipt: sent at most once, and lost with a connection.
constexpr std::string_view kReceipt = "read";

}  // namespace

WorkflowInstance::Played WorkflowInstance::begin(std::uint32_t role, const Turn& turn) {
  const Step& step = step_of(role);
  if (const auto* send = std::get_if<SendStep>(&step.action)) return begin_send(role, *send, turn);
  if (const auto* await = std::get_if<AwaitStep>(&step.action)) {
    return begin_await(role, *await, turn);
  }
  if (const auto* think = std::get_if<ThinkStep>(&step.action)) {
    return begin_think(role, *think, turn);
  }
  if (const auto* open = std::get_if<OpenStep>(&step.action)) return begin_open(role, *open, turn);
  return begin_assert(role, std::get<AssertStep>(step.action), turn);
}

WorkflowInstance::Played WorkflowInstance::begin_send(std::uint32_t index, const SendStep& send,
                                                      const Turn& turn) {
  RolePlay& role = roles_[index];
  VirtualUser& user = sender(index);
  role.since = turn.handled;
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

VirtualUser& WorkflowInstance::sender(std::uint32_t index) {
  RolePlay& role = roles_[index];
  const std::uint8_t devices = stage_.person(role.user).devices;
  std::optional<Device> on = step_of(index).on;
  if (!on && devices > 1 && !devices_.empty()) {
    if (!role.sends_on) {
      const auto others =
          static_cast<std::uint64_t>(stage_.scenario.population.others_send_permille);
      const bool another = devices_[index].below(1'000) < others;
      role.sends_on =
          another ? static_cast<Device>(1 + devices_[index].below(devices - 1U)) : Device::pc;
    }
    on = role.sends_on;
  }
  return stage_.user(role.user, on.value_or(Device::pc));
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
  role.wait = Wait::event;
  role.since = turn.handled;
  role.due = {};
  if (!stage_.patient || await.type == kReceipt) {
    set_deadline(index, std::max(role.base, turn.begin.steady) + within(await));
  }
  return Played::waits;
}

WorkflowInstance::Played WorkflowInstance::begin_think(std::uint32_t index, const ThinkStep& think,
                                                       const Turn& turn) {
  RolePlay& role = roles_[index];
  role.base += think.time.sample(think_[index]) / (think.scaled ? stage_.scenario.time_scale : 1);
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

Microseconds WorkflowInstance::within(const AwaitStep& await) const {
  return await.within.count() > 0 ? await.within : stage_.scenario.await_timeout;
}

/// Of a patient run only an await of a read receipt falls due.
void WorkflowInstance::await_due(std::uint32_t index, const Turn& turn) {
  RolePlay& role = roles_[index];
  const Microseconds allowed = within(std::get<AwaitStep>(step_of(index).action));
  if (!stage_.patient) return fail(index, story_of_await(index, allowed), turn);
  if (losses(role.user) == role.losses) {
    set_deadline(index, turn.handled + allowed);
    return;
  }
  // It may have gone with the connection, and comes never again: on without it, proving nothing.
  if (!step_of(index).save.empty() || plan_.keeps_result(index_of(index))) {
    return end(State::failed, turn);
  }
  role.base = std::max(role.base, turn.begin.steady);
  step_on(index);
  play(turn);
}

LocalText WorkflowInstance::story_of_await(std::uint32_t index, Microseconds waited) const {
  const RolePlay& role = roles_[index];
  AwaitReport report{
      .within = waited, .near_miss = role.near_miss, .others = {}, .dropped = role.dropped};
  for (const StoredEvent& event : role.events) report.others.push_back(event.type);
  return await_story(place_of(index), report);
}

void WorkflowInstance::end_patience(const Turn& turn) {
  if (state_ != State::open) return;
  std::optional<std::uint32_t> longest;
  for (std::uint32_t index = 0; index < roles_.size(); ++index) {
    const RolePlay& role = roles_[index];
    if (role.wait == Wait::time) return;
    bool owed = role.wait == Wait::connection || role.wait == Wait::reply ||
                role.wait == Wait::answer || role.wait == Wait::back;
    if (role.wait == Wait::message) owed = is_owed_message(index, turn.handled);
    if (role.wait == Wait::silence) return;
    if (role.wait == Wait::event) {
      owed = std::get<AwaitStep>(step_of(index).action).type != kReceipt;
    }
    if (owed && (!longest || role.since < roles_[*longest].since)) longest = index;
  }
  // One that goes on, only late, is not stuck.
  if (!longest || turn.handled - roles_[*longest].since < limits::kReplyTimeout) return;
  fail(*longest, story_of_wait(*longest, turn), turn);
}

LocalText WorkflowInstance::story_of_wait(std::uint32_t index, const Turn& turn) {
  const RolePlay& role = roles_[index];
  const Microseconds waited = turn.handled - role.since;
  if (role.wait == Wait::event) return story_of_await(index, waited);
  if (role.wait == Wait::message) return story_of_message(index, turn);
  if (std::holds_alternative<OpenStep>(step_of(index).action)) {
    const bool sent = role.wait == Wait::answer;
    return sent ? open_unanswered_story(place_of(index), waited)
                : open_unconnected_story(place_of(index), waited);
  }
  if (role.wait == Wait::reply) return unanswered_story(place_of(index), waited);
  return unconnected_story(place_of(index), waited);
}

}  // namespace claims::storm
