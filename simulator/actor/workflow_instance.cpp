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
constexpr std::uint64_t kThinkStream = 16;          // And the following, one for each role.
constexpr std::uint64_t kDeviceStream = 1'000'000;  // The same.

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
                                   const std::vector<CastMember>& cast, Microseconds arrival,
                                   Random random)
    : stage_(stage),
      plan_(plan),
      number_(number),
      arrival_(arrival),
      values_(random.split(kValuesStream)),
      roles_(cast.size()),
      done_(plan.workflow().steps.size()) {
  const auto& roles = plan.workflow().roles;
  members_.resize(roles.size(), 0);
  for (const RoleSpec& role : roles) {
    people_.push_back(role.group ? Value(boost::json::array()) : Value());
  }
  for (std::uint32_t index = 0; index < cast.size(); ++index) {
    const auto [role, member, user] = cast[index];
    roles_[index].user = user;
    roles_[index].role = role;
    roles_[index].member = member;
    roles_[index].base = arrival;
    roles_[index].losses = losses(user);
    ++members_[role];
    Value person = person_value(stage.population, user);
    Random think = random.split(kThinkStream + role);
    if (roles[role].group) {
      people_[role].get_array().push_back(std::move(person));
      think = think.split(member);
    } else {
      people_[role] = std::move(person);
    }
    think_.push_back(think);
    if (stage.scenario.population.others_send_permille > 0) {
      devices_.push_back(random.split(kDeviceStream + role).split(member));
    }
    for (const Device device : plan.role(role).awaits_on) {
      inbox(index, device).enter({number, index});
    }
  }
}

WorkflowInstance::~WorkflowInstance() = default;

void WorkflowInstance::start(const Turn& turn) {
  for (const auto& [name, given] : plan_.workflow().let) {
    RoleScope scope = this->scope(0, nullptr, nullptr);
    auto value = given.expand(scope);
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
  const auto& steps = plan_of(index).steps;
  bool moved = false;
  while (state_ == State::open && (role.wait == Wait::nothing || role.wait == Wait::step)) {
    if (role.place == steps.size()) {
      role.wait = Wait::over;
      break;
    }
    if (!ready_to_begin(index)) break;
    if (role.played++ == limits::kStepsPlayedMax) {
      fail(index, endless_story(place_of(index)), turn);
      break;
    }
    if (!begin_block(index, turn) && begin(index, turn) == Played::waits) break;
    moved = true;
  }
  settle(index);
  return moved;
}

bool WorkflowInstance::ready_to_begin(std::uint32_t index) {
  RolePlay& role = roles_[index];
  const Step& step = step_of(index);
  if (role.joined || !step.after_step) return true;
  const Done& done = done_[*step.after_step];
  if (done.members < members_[plan_.step(*step.after_step).role]) {
    role.wait = Wait::step;
    return false;
  }
  role.base = std::max(role.base, done.at);
  role.joined = true;
  learn(index, step);
  role.wait = Wait::nothing;
  return true;
}

void WorkflowInstance::replied(std::uint32_t index, const Value& reply, const Turn& turn) {
  RolePlay& role = roles_[index];
  if (state_ != State::open || role.wait != Wait::reply) return;
  const auto& send = std::get<SendStep>(step_of(index).action);
  const auto& errors = send.expected_errors;
  const bool as_expected = errors.empty()
                               ? is_ok(reply)
                               : !is_ok(reply) && std::find(errors.begin(), errors.end(),
                                                            error_code(reply)) != errors.end();
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

void WorkflowInstance::due(std::uint32_t index, Microseconds at, const Turn& turn) {
  RolePlay& role = roles_[index];
  if (state_ != State::open || role.due != at) return;
  if (role.wait == Wait::time) {
    finish_step(index, nullptr, nullptr, turn);
    play(turn);
  } else if (role.wait == Wait::event) {
    await_due(index, turn);
  } else {
    open_due(index, turn);
  }
}

bool WorkflowInstance::expects(std::uint32_t index, Microseconds deadline) const {
  const RolePlay& role = roles_[index];
  const bool timed = role.wait == Wait::time || role.wait == Wait::event ||
                     role.wait == Wait::answer || role.wait == Wait::message ||
                     role.wait == Wait::silence;
  return state_ == State::open && role.due == deadline && timed;
}

void WorkflowInstance::user_ready(std::uint32_t index, const Turn& turn) {
  RolePlay& role = roles_[index];
  if (role.wait == Wait::back) return open_renewed(role.user, turn);
  if (state_ != State::open || role.wait != Wait::connection) return;
  role.wait = Wait::nothing;
  role.held_until = turn.begin.steady;
  stage_.recorder.held_command_sent(turn.handled);
  play(turn);
}

void WorkflowInstance::finish_step(std::uint32_t index, const Value* reply, const Value* event,
                                   const Turn& turn) {
  RolePlay& role = roles_[index];
  const std::size_t number = index_of(index);
  const Step& step = plan_.step(number);
  if (!save(index, step, reply, event, turn)) return;
  if (plan_.keeps_result(number)) {
    if (reply != nullptr) role.reply = keep(*reply);
    if (event != nullptr) role.event = keep(*event);
  }
  stage_.outcomes.passed(step);
  stage_.took_part(role.user);
  step_on(index);
}

void WorkflowInstance::step_on(std::uint32_t index) {
  RolePlay& role = roles_[index];
  note_done(index, index_of(index));
  role.wait = Wait::nothing;
  role.joined = false;
  role.held_until = {};
  role.sends_on.reset();
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
  // Of no group, so that there is exactly one.
  const auto teacher = std::find_if(roles_.begin(), roles_.end(), [&](const RolePlay& play) {
    return play.role == plan_.step(*step.after_step).role;
  });
  const auto& told = teacher->variables;
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

void WorkflowInstance::abandon(const Turn& turn) {
  for (RolePlay& role : roles_) {
    if (role.wait != Wait::connection) continue;
    role.wait = Wait::nothing;
    const Microseconds due = std::min(role.base, turn.handled);
    stage_.recorder.held_command_given_up({due, due, due + limits::kReplyTimeout}, turn.handled);
  }
  for (std::uint32_t role = 0; role < roles_.size(); ++role) {
    for (const Device device : plan_.role(roles_[role].role).awaits_on) {
      inbox(role, device).leave({number_, role});
    }
    if (plan_.uses_open_topics()) pc(role).leave_open_topics(number_, turn);
  }
}

void WorkflowInstance::end(State state, const Turn& turn) {
  abandon(turn);
  state_ = state;
  ended_ = turn.handled;
}

void WorkflowInstance::note_done(std::uint32_t index, std::size_t step) {
  if (plan_.step(step).nested) return;
  Done& done = done_[step];
  done.at = std::max(done.at, roles_[index].base);
  ++done.members;
}

Inbox& WorkflowInstance::inbox(std::uint32_t index, Device device) {
  return stage_.user(roles_[index].user, device).inbox();
}

std::uint64_t WorkflowInstance::losses(UserNumber user) const {
  std::uint64_t losses = 0;
  for (std::uint8_t i = 0; i < stage_.person(user).devices; ++i) {
    losses += stage_.user(user, static_cast<Device>(i)).losses();
  }
  return losses;
}

const WorkflowPlan::RolePlan& WorkflowInstance::plan_of(std::uint32_t index) const {
  return plan_.role(roles_[index].role);
}

const Value& WorkflowInstance::self_of(std::uint32_t index) const {
  const Value& people = people_[roles_[index].role];
  return people.is_array() ? people.get_array()[roles_[index].member] : people;
}

std::size_t WorkflowInstance::index_of(std::uint32_t index) const {
  const auto& steps = plan_of(index).steps;
  assert(!steps.empty());
  return steps[std::min(roles_[index].place, steps.size() - 1)];
}

const Step& WorkflowInstance::step_of(std::uint32_t index) const {
  return plan_.step(index_of(index));
}

StepPlace WorkflowInstance::place_of(std::uint32_t index) const {
  return {plan_.workflow(), step_of(index), stage_.person(roles_[index].user)};
}

}  // namespace claims::storm
