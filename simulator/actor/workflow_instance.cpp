#include "simulator/actor/workflow_instance.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cassert>
#include <utility>

#include "simulator/actor/json_member.h"
#include "simulator/actor/person_value.h"
#include "simulator/actor/role_scope.h"
#include "simulator/limits.h"

namespace claims::storm {
namespace {

constexpr std::uint64_t kValuesStream = 1;
constexpr std::uint64_t kThinkStream = 16;  // And the following, one for each role.

/// Saved values outlive the turn; what they are copied from may live in the turn's memory.
Value keep(const Value& value) {
  return Value(value, boost::json::storage_ptr{});
}

std::string_view error_code(const Value& reply) {
  const Value* error = member(reply, "error");
  return error == nullptr ? std::string_view{} : text_member(*error, "code");
}

bool is_ok(const Value& reply) {
  const Value* ok = member(reply, "ok");
  return ok != nullptr && ok->is_bool() && ok->get_bool();
}

}  // namespace

WorkflowInstance::WorkflowInstance(Stage& stage, const WorkflowPlan& plan, InstanceNumber number,
                                   const std::vector<UserNumber>& cast, Microseconds arrival,
                                   Random random)
    : stage_(stage),
      plan_(plan),
      number_(number),
      arrival_(arrival),
      first_sent_(arrival),
      values_(random.split(kValuesStream)),
      roles_(cast.size()),
      done_(plan.workflow().steps.size()) {
  assert(cast.size() == plan.workflow().roles.size());
  for (std::uint32_t role = 0; role < cast.size(); ++role) {
    roles_[role].user = cast[role];
    roles_[role].base = arrival;
    people_.push_back(person_value(stage.population, cast[role]));
    think_.push_back(random.split(kThinkStream + role));
    stage.user(cast[role]).inbox().enter({number, role});
  }
}

WorkflowInstance::~WorkflowInstance() = default;

void WorkflowInstance::start(const Turn& turn) {
  for (const auto& [name, expression] : plan_.workflow().let) {
    RoleScope scope = this->scope(0, nullptr, nullptr);
    auto value = expression.evaluate(scope);
    if (!value) {
      fail(0, evaluation_story(place_of(0), value.error().what), turn);
      return;
    }
    let_.emplace_back(name, keep(*value));
  }
  play(turn);
}

void WorkflowInstance::play(const Turn& turn) {
  // A role that moves on may be what another waits for by `after`.
  for (bool moved = true; moved && state_ == State::open;) {
    moved = false;
    for (std::uint32_t role = 0; role < roles_.size() && state_ == State::open; ++role) {
      moved = play_role(role, turn) || moved;
    }
  }
  const auto over = [](const RolePlay& role) { return role.wait == Wait::over; };
  if (state_ == State::open && std::all_of(roles_.begin(), roles_.end(), over)) {
    end(State::completed, turn);
  }
}

bool WorkflowInstance::play_role(std::uint32_t index, const Turn& turn) {
  RolePlay& role = roles_[index];
  const auto& steps = plan_.role(index).steps;
  bool moved = false;
  while (state_ == State::open && (role.wait == Wait::nothing || role.wait == Wait::step)) {
    if (role.place == steps.size()) {
      role.wait = Wait::over;
      break;
    }
    if (!ready_to_begin(index)) break;
    if (begin(index, turn) == Played::waits) break;
    moved = true;
  }
  return moved;
}

bool WorkflowInstance::ready_to_begin(std::uint32_t index) {
  RolePlay& role = roles_[index];
  const Step& step = step_of(index);
  if (role.joined || !step.after_step) return true;
  const std::optional<Microseconds>& done = done_[*step.after_step];
  if (!done) {
    role.wait = Wait::step;
    return false;
  }
  role.base = std::max(role.base, *done);
  role.joined = true;
  learn(index, step);
  role.wait = Wait::nothing;
  return true;
}

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
    return Played::waits;
  }
  RoleScope scope = this->scope(index, nullptr, nullptr);
  auto body = send.body.expand(scope);
  if (!body || !body->is_object()) {
    const std::string what = body ? "the command is no object" : body.error().what;
    fail(index, evaluation_story(place_of(index), what), turn);
    return Played::waits;
  }
  if (const Value* room = member(*body, "room")) bind(index, *room);
  role.wait = Wait::reply;
  if (first_sent_ == arrival_) first_sent_ = turn.handled;
  user.send({.body = std::move(body->get_object()),
             .read = send.read,
             .uncounted = send.uncounted,
             .type = send.type,
             .step = plan_.figure_name(plan_.role(index).steps[role.place]),
             .intended = role.base,
             .held_until = role.held_until,
             .owner = {RequestOwner::Kind::step, number_, index}},
            turn);
  return Played::waits;
}

WorkflowInstance::Played WorkflowInstance::begin_await(std::uint32_t index, const AwaitStep& await,
                                                       const Turn& turn) {
  RolePlay& role = roles_[index];
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

void WorkflowInstance::replied(std::uint32_t index, const Value& reply, const Turn& turn) {
  RolePlay& role = roles_[index];
  if (state_ != State::open || role.wait != Wait::reply) return;
  const auto& send = std::get<SendStep>(step_of(index).action);
  const bool as_expected = send.expected_error.empty()
                               ? is_ok(reply)
                               : !is_ok(reply) && error_code(reply) == send.expected_error;
  if (!as_expected) {
    if (send.type == "receipt.register" && error_code(reply) == "receipt_exists" &&
        !stage_.seed_used) {
      stage_.seed_used = unexpected_reply_story(place_of(index), reply);
    }
    fail(index, unexpected_reply_story(place_of(index), reply), turn);
    return;
  }
  role.base = std::max(role.base, turn.begin.steady);
  finish_step(index, &reply, nullptr, turn);
  play(turn);
}

void WorkflowInstance::unanswered(std::uint32_t index, const Turn& turn) {
  if (state_ != State::open || roles_[index].wait != Wait::reply) return;
  fail(index, unanswered_story(place_of(index), limits::kReplyTimeout), turn);
}

void WorkflowInstance::event(std::uint32_t index, const Value& event, std::string_view payload,
                             const Turn& turn) {
  if (state_ != State::open) return;
  if (take(index, event, true, turn) || state_ != State::open) return;
  RolePlay& role = roles_[index];
  const std::string_view type = text_member(event, "type");
  // The present `await`, if it is for this type, has refused it.
  const std::size_t from = role.wait == Wait::event ? role.place + 1 : role.place;
  if (!plan_.awaits_from(index, type, from)) return;
  const auto room = chat::parse_room_id(text_member(event, "room"));
  store(index, {room.value_or(chat::RoomId{}), std::string(type), std::string(payload),
                turn.begin.steady});
}

bool WorkflowInstance::offer(std::uint32_t index, const Value& event, const Turn& turn) {
  return take(index, event, false, turn);
}

bool WorkflowInstance::take(std::uint32_t index, const Value& event, bool told, const Turn& turn) {
  RolePlay& role = roles_[index];
  if (state_ != State::open || role.wait != Wait::event) return false;
  const auto& await = std::get<AwaitStep>(step_of(index).action);
  if (!matches(index, await, event, told, turn)) return false;
  if (const Value* room = member(event, "room")) bind(index, *room);
  role.base = std::max(role.base, turn.begin.steady);
  finish_step(index, nullptr, &event, turn);
  play(turn);
  return true;
}

void WorkflowInstance::due(std::uint32_t index, Microseconds at, const Turn& turn) {
  RolePlay& role = roles_[index];
  if (state_ != State::open || role.due != at) return;
  if (role.wait == Wait::time) {
    finish_step(index, nullptr, nullptr, turn);
    play(turn);
  } else if (role.wait == Wait::event) {
    const auto& await = std::get<AwaitStep>(step_of(index).action);
    AwaitReport report{
        .within = await.within.count() > 0 ? await.within : stage_.scenario.await_timeout,
        .near_miss = role.near_miss,
        .others = {},
        .dropped = role.dropped};
    for (const StoredEvent& event : role.events) report.others.push_back(event.type);
    fail(index, await_story(place_of(index), report), turn);
  }
}

void WorkflowInstance::user_ready(std::uint32_t index, const Turn& turn) {
  RolePlay& role = roles_[index];
  if (state_ != State::open || role.wait != Wait::connection) return;
  role.wait = Wait::nothing;
  role.held_until = turn.begin.steady;
  play(turn);
}

void WorkflowInstance::finish_step(std::uint32_t index, const Value* reply, const Value* event,
                                   const Turn& turn) {
  RolePlay& role = roles_[index];
  const std::size_t number = plan_.role(index).steps[role.place];
  const Step& step = plan_.step(number);
  if (!save(index, step, reply, event, turn)) return;
  if (plan_.keeps_result(number)) {
    if (reply != nullptr) role.reply = keep(*reply);
    if (event != nullptr) role.event = keep(*event);
  }
  stage_.outcomes.passed(step);
  stage_.took_part(role.user);
  done_[number] = role.base;
  role.wait = Wait::nothing;
  role.joined = false;
  role.held_until = {};
  role.near_miss = {};
  ++role.place;
}

bool WorkflowInstance::save(std::uint32_t index, const Step& step, const Value* reply,
                            const Value* event, const Turn& turn) {
  for (const auto& [name, expression] : step.save) {
    RoleScope scope = this->scope(index, reply, event);
    auto value = expression.evaluate(scope);
    if (!value) {
      fail(index, evaluation_story(place_of(index), name + ": " + value.error().what), turn);
      return false;
    }
    set(index, name, *value);
  }
  return true;
}

void WorkflowInstance::learn(std::uint32_t index, const Step& step) {
  const auto& told = roles_[plan_.step(*step.after_step).role].variables;
  for (const std::string& name : step.learns) {
    const auto known = std::find_if(told.begin(), told.end(),
                                    [&](const auto& variable) { return variable.first == name; });
    if (known != told.end()) set(index, name, known->second);
  }
}

void WorkflowInstance::set(std::uint32_t index, std::string_view name, const Value& value) {
  auto& variables = roles_[index].variables;
  bind(index, value);
  const auto known = std::find_if(variables.begin(), variables.end(),
                                  [&](const auto& variable) { return variable.first == name; });
  if (known != variables.end()) {
    known->second = keep(value);
  } else {
    variables.emplace_back(name, keep(value));
  }
}

void WorkflowInstance::set_deadline(std::uint32_t index, Microseconds at) {
  roles_[index].due = at;
  stage_.deadlines.add({at, Deadlines::Kind::role, static_cast<std::uint64_t>(number_), index});
}

void WorkflowInstance::fail(std::uint32_t index, LocalText story, const Turn& turn) {
  if (state_ != State::open) return;
  stage_.outcomes.failed({&step_of(index), std::move(story)});
  end(State::failed, turn);
}

void WorkflowInstance::end(State state, const Turn& turn) {
  state_ = state;
  ended_ = turn.handled;
  for (std::uint32_t role = 0; role < roles_.size(); ++role) {
    stage_.user(roles_[role].user).inbox().leave({number_, role});
  }
}

const Step& WorkflowInstance::step_of(std::uint32_t index) const {
  const auto& steps = plan_.role(index).steps;
  assert(!steps.empty());
  return plan_.step(steps[std::min(roles_[index].place, steps.size() - 1)]);
}

StepPlace WorkflowInstance::place_of(std::uint32_t index) const {
  return {plan_.workflow(), step_of(index), stage_.person(roles_[index].user)};
}

}  // namespace claims::storm
