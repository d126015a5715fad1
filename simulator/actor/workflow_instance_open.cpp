// WorkflowInstance's steps with open topics.

#include <algorithm>
#include <utility>

#include "simulator/actor/role_scope.h"
#include "simulator/actor/workflow_instance.h"
#include "simulator/check/open_filter.h"
#include "simulator/limits.h"
#include "simulator/scenario/open_topic.h"

namespace claims::storm {
namespace {

using Kind = OpenStep::Kind;

}  // namespace

bool WorkflowInstance::AwaitedMessage::fits(std::string_view topic, std::string_view content,
                                            bool is_retained) const {
  return open_filter_covers(filter, topic) && (!text || *text == content) &&
         (!retained || *retained == is_retained);
}

WorkflowInstance::Played WorkflowInstance::begin_open(std::uint32_t index, const OpenStep& open,
                                                      const Turn& turn) {
  RolePlay& role = roles_[index];
  VirtualUser& user = pc(index);
  role.since = turn.handled;
  const bool receives = open.kind == Kind::receive || open.kind == Kind::receive_none;
  if (!receives && !user.can_send()) {
    role.wait = Wait::connection;
    user.wait_to_send({number_, index});
    stage_.recorder.command_held(turn.handled);
    return Played::waits;
  }
  if (open.kind == Kind::away) {
    role.wait = Wait::back;
    user.wait_to_send({number_, index});
    user.go_away(open.within, turn);
    return Played::waits;
  }
  auto topic = open_topic(index, open, turn);
  if (!topic) return Played::waits;
  if (receives) {
    role.awaited = {.filter = std::move(*topic), .text = {}, .retained = open.retained};
    return begin_receive(index, open, turn);
  }
  auto text = open.text ? open_text(index, open.text, turn) : std::string();
  if (!text) return Played::waits;
  return ask_open(index, open, std::move(*topic), std::move(*text), turn);
}

WorkflowInstance::Played WorkflowInstance::ask_open(std::uint32_t index, const OpenStep& open,
                                                    std::string topic, std::string text,
                                                    const Turn& turn) {
  RolePlay& role = roles_[index];
  VirtualUser& user = pc(index);
  if (open_steps_++ == limits::kOpenStepsPlayedMax) {
    fail(index, open_steps_story(place_of(index)), turn);
    return Played::waits;
  }
  if (!first_sent_) first_sent_ = turn.handled;
  if (open.kind == Kind::subscribe) role.listens = true;
  const bool answered = open.kind != Kind::publish || open.qos > 0;
  OpenRequest request{.kind = open.kind,
                      .owner = {number_, index},
                      .topic = std::move(topic),
                      .text = std::move(text),
                      .qos = open.qos,
                      .retain_handling = open.retain_handling,
                      .retain = open.retain,
                      .retain_as_published = open.retain_as_published,
                      .expiry_s = open.expiry_s,
                      .step = plan_.figure_name(index_of(index)),
                      .intended = role.base,
                      .held_until = role.held_until};
  if (const auto reason = user.forbidden(request)) {
    fail(index, open_refused_story(place_of(index), *reason), turn);
    return Played::waits;
  }
  role.wait = Wait::answer;
  user.ask_open(std::move(request), turn);
  if (!answered) {
    finish_step(index, nullptr, nullptr, turn);
    return Played::done;
  }
  // Patient users ask again instead.
  role.due = {};
  if (!stage_.patient) set_deadline(index, turn.handled + limits::kReplyTimeout);
  return Played::waits;
}

std::optional<std::string> WorkflowInstance::open_text(std::uint32_t index,
                                                       const Expression& source, const Turn& turn) {
  RoleScope scope = this->scope(index, nullptr, nullptr);
  auto value = source.evaluate(scope);
  if (value && value->is_string() && value->get_string().size() <= limits::kOpenTextBytesMax) {
    return std::string(value->get_string());
  }
  if (!value) {
    fail(index, evaluation_story(place_of(index), value.error().what), turn);
    return std::nullopt;
  }
  const std::string found = source.source() + ": " + brief(*value);
  const std::string most = std::to_string(limits::kOpenTextBytesMax);
  const LocalText what{found + " (허용: 많아야 " + most + "바이트인 글)",
                       found + " where a text of at most " + most + " bytes is needed"};
  fail(index, evaluation_story(place_of(index), what), turn);
  return std::nullopt;
}

/// As on the wire.
std::optional<std::string> WorkflowInstance::open_topic(std::uint32_t index, const OpenStep& open,
                                                        const Turn& turn) {
  const auto topic = open_text(index, open.topic, turn);
  if (!topic) return std::nullopt;
  if (const auto allowed = open_topic_problem(*topic, open.kind != Kind::publish)) {
    const std::string found = brief(Value(*topic));
    const LocalText what{found + ", 허용: " + allowed->ko, found + ", allowed: " + allowed->en};
    fail(index, evaluation_story(place_of(index), what), turn);
    return std::nullopt;
  }
  return open_topic_of(stage_.run, static_cast<std::uint64_t>(number_), *topic);
}

WorkflowInstance::Played WorkflowInstance::begin_receive(std::uint32_t index, const OpenStep& open,
                                                         const Turn& turn) {
  RolePlay& role = roles_[index];
  if (open.text) {
    role.awaited.text = open_text(index, open.text, turn);
    if (!role.awaited.text) return Played::waits;
  }
  const auto came = std::ranges::find_if(role.messages, [&](const StoredMessage& one) {
    return role.awaited.fits(one.topic, one.text, one.retained);
  });
  const bool there = came != role.messages.end();
  if (there && open.kind == Kind::receive_none) {
    fail(index, open_surplus_story(place_of(index), open_topic_name(came->topic), came->text),
         turn);
    return Played::waits;
  }
  if (there) {
    role.base = std::max(role.base, came->begin);
    role.messages.erase(came);
    finish_step(index, nullptr, nullptr, turn);
    return Played::done;
  }
  role.wait = open.kind == Kind::receive ? Wait::message : Wait::silence;
  const Microseconds within = open.within.count() > 0 ? open.within : stage_.scenario.await_timeout;
  set_deadline(index, std::max(role.base, turn.begin.steady) + within);
  return Played::waits;
}

void WorkflowInstance::open_answered(std::uint32_t index, mqtt::ReasonCode reason,
                                     const Turn& turn) {
  RolePlay& role = roles_[index];
  if (state_ != State::open || role.wait != Wait::answer) return;
  if (static_cast<unsigned>(reason) >= 0x80) {
    return fail(index, open_refused_story(place_of(index), reason), turn);
  }
  role.base = std::max(role.base, turn.begin.steady);
  finish_step(index, nullptr, nullptr, turn);
  play(turn);
}

/// Whoever was away is back.
void WorkflowInstance::open_renewed(UserNumber user, const Turn& turn) {
  for (std::uint32_t index = 0; index < roles_.size() && state_ == State::open; ++index) {
    RolePlay& role = roles_[index];
    if (role.user != user || role.wait != Wait::back) continue;
    if (!pc(index).ready() || pc(index).renews(number_)) continue;
    role.base = std::max(role.base, turn.begin.steady);
    finish_step(index, nullptr, nullptr, turn);
    play(turn);
  }
}

void WorkflowInstance::open_message(UserNumber user, const OpenArrival& message, const Turn& turn) {
  for (std::uint32_t index = 0; index < roles_.size() && state_ == State::open; ++index) {
    if (roles_[index].user != user || !roles_[index].listens) continue;
    if (take_message(index, message, turn) || state_ != State::open) continue;
    auto& stored = roles_[index].messages;
    if (stored.size() == limits::kUnmatchedEventsPerRole) stored.erase(stored.begin());
    stored.push_back({std::string(message.topic), std::string(message.text), message.retained,
                      turn.begin.steady});
  }
}

bool WorkflowInstance::take_message(std::uint32_t index, const OpenArrival& message,
                                    const Turn& turn) {
  RolePlay& role = roles_[index];
  if (role.wait != Wait::message && role.wait != Wait::silence) return false;
  if (!role.awaited.fits(message.topic, message.text, message.retained)) return false;
  if (role.wait == Wait::silence) {
    fail(index, open_surplus_story(place_of(index), open_topic_name(message.topic), message.text),
         turn);
    return true;
  }
  role.base = std::max(role.base, turn.begin.steady);
  finish_step(index, nullptr, nullptr, turn);
  play(turn);
  return true;
}

void WorkflowInstance::open_due(std::uint32_t index, const Turn& turn) {
  RolePlay& role = roles_[index];
  if (role.wait == Wait::message) return message_due(index, turn);
  if (role.wait == Wait::answer) {
    return fail(index, open_unanswered_story(place_of(index), limits::kReplyTimeout), turn);
  }
  if (role.wait != Wait::silence) return;
  role.base = std::max(role.base, turn.begin.steady);
  finish_step(index, nullptr, nullptr, turn);
  play(turn);
}

/// What may have gone with a connection or with the server's memory comes never again: on without
/// it, proving nothing. What cannot have gone is waited for where faults are expected; a connection
/// that is dead meanwhile shows by its sign of life not coming.
void WorkflowInstance::message_due(std::uint32_t index, const Turn& turn) {
  RolePlay& role = roles_[index];
  const auto& open = std::get<OpenStep>(step_of(index).action);
  const bool owed = is_owed_message(index, turn.handled);
  const bool may_be_gone = stage_.patient || losses(role.user) != role.losses;
  if (owed ? !stage_.patient : !may_be_gone) {
    return fail(index, story_of_message(index, turn), turn);
  }
  if (owed) {
    pc(index).probe(turn);
    set_deadline(index, turn.handled + (open.within.count() > 0 ? open.within
                                                                : stage_.scenario.await_timeout));
    return;
  }
  role.base = std::max(role.base, turn.begin.steady);
  step_on(index);
  play(turn);
}

bool WorkflowInstance::is_owed_message(std::uint32_t index, Microseconds at) const {
  const AwaitedMessage& awaited = roles_[index].awaited;
  return pc(index).is_owed(number_, awaited.filter, awaited.text, at);
}

LocalText WorkflowInstance::story_of_message(std::uint32_t index, const Turn& turn) {
  const RolePlay& role = roles_[index];
  const AwaitedMessage& awaited = role.awaited;
  pc(index).open_message_missed(number_, awaited.filter, awaited.text, turn.handled);
  std::string what(open_topic_name(awaited.filter));
  if (awaited.text) what += " " + brief(Value(*awaited.text));
  return open_message_story(place_of(index), what, turn.handled - role.since);
}

}  // namespace claims::storm
