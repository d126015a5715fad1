#include "simulator/actor/player.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <cassert>
#include <utility>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

// Streams of the run's random source, far apart so that more users or workflows move nothing.
constexpr std::uint64_t kUserStreams = 1'000'000;
constexpr std::uint64_t kArrivalStreams = 2'000'000;  // 3'000'000 and on: player_arrivals.cpp.

/// Beyond the time that connecting at the scenario's rate takes.
constexpr Microseconds kConnectGrace{30'000'000};

Turn turn_at(const Now& now) {
  return {now, now.steady};
}

std::string_view text_at(const Value& value, std::string_view key) {
  const auto* object = value.if_object();
  const Value* found = object == nullptr ? nullptr : object->if_contains(key);
  if (found == nullptr || !found->is_string()) return {};
  return {found->get_string().data(), found->get_string().size()};
}

}  // namespace

Player::Player(const Scenario& scenario, const Population& population, Auditor& auditor,
               Recorder& recorder, std::uint64_t seed, std::uint64_t instance_ms)
    : scenario_(scenario),
      auditor_(auditor),
      recorder_(recorder),
      random_(seed),
      shared_{.auditor = auditor,
              .recorder = recorder,
              .handler = *this,
              .version = static_cast<mqtt::Version>(scenario.mqtt_version),
              .keep_alive_s = scenario.keep_alive_s,
              .instance = instance_ms},
      stage_{scenario, population, seed, users_, deadlines_, outcomes_, recorder},
      reading_(auditor, users_),
      armed_(population.connections()),
      in_dirty_(population.connections(), false) {
  assert(population.connections() <= limits::kUsersMax);
  stage_.run = instance_ms;
  stage_.active_users.resize(population.people.size());
  counts_.resize(scenario.workflows.size());
  for (const Insurer& insurer : population.insurers) {
    auditor.know_insurer(insurer.id, insurer.name);
  }
  for (const Person& person : population.people) {
    const bool works_for_one = person.role != chat::Role::garage;
    auditor.know_user(person.id, person.name, person.role,
                      works_for_one ? std::string_view(population.insurers[person.insurer].id)
                                    : std::string_view{});
  }
  for (std::uint32_t i = 0; i < population.connections(); ++i) {
    const ConnectionNumber number{i};
    const Person& person = stage_.person(population.user_of(number));
    const SessionNumber session = auditor.add_session(person.id);
    assert(static_cast<std::uint32_t>(session) == i);
    users_.push_back(std::make_unique<VirtualUser>(shared_, number, person,
                                                   population.device_of(number), session,
                                                   random_.split(kUserStreams + i)));
  }
  for (const Workflow& workflow : scenario.workflows) plans_.emplace_back(workflow);
  for (std::size_t i = 0; i < scenario.arrivals.size(); ++i) {
    add_arrival(scenario.arrivals[i], random_.split(kArrivalStreams + i));
  }
}

Player::~Player() = default;

void Player::start(const Now& now) {
  start_ = last_input_ = now.steady;
  enter(RunPhase::connecting, now.steady);
  recorder_.begin(now.steady);
  const auto pacing = static_cast<std::int64_t>(users_.size()) * 1'000'000 /
                      std::max<std::int64_t>(1, scenario_.connects_per_second);
  deadline_ = start_ + Microseconds(pacing) + kConnectGrace;
  tick(now);
}

void Player::opened(ConnectionNumber number, const Now& now) {
  const Turn turn = turn_at(now);
  user(number).opened(turn);
  settle();
}

void Player::open_failed(ConnectionNumber number, const Now& now, std::string_view why) {
  const Turn turn = turn_at(now);
  count_open_failure(why);
  user(number).open_failed(turn);
  move_on(turn);
  settle();
}

void Player::received(ConnectionNumber number, std::string_view bytes, const Turn& turn) {
  last_input_ = turn.handled;
  user(number).received(bytes, turn);
  resume_waiting(user(number), turn);
  if (phase_ == RunPhase::connecting || phase_ == RunPhase::reading || stage_.seed_used)
    move_on(turn);
  settle();
}

void Player::closed(ConnectionNumber number, const Now& now) {
  const Turn turn = turn_at(now);
  const bool greeting = user(number).state() == VirtualUser::State::greeting;
  if (greeting) count_open_failure("the connection was closed before CONNACK");
  user(number).closed(turn);
  if (greeting) move_on(turn);
  settle();
}

void Player::tick(const Now& now) {
  const Turn turn = turn_at(now);
  recorder_.advance(now.steady);
  connect_due(turn);
  fire_deadlines(turn);
  start_due_workflows(turn);
  move_on(turn);
  settle();
}

void Player::stop_early(const Now& now) {
  const Turn turn = turn_at(now);
  if (phase_ == RunPhase::connecting) {
    ended_early_ = true;
    finish(turn);
  } else if (phase_ == RunPhase::ramp || phase_ == RunPhase::hold) {
    ended_early_ = true;
    recorder_.end_holds(now.steady);
    end_hold(now.steady);
    begin_drain(turn);
  }
  settle();
}

void Player::server_ended(const Now& now) {
  if (phase_ == RunPhase::done) return;
  end_hold(now.steady);
  recorder_.end_holds(now.steady);
  end_run(End::finished, {}, turn_at(now));
  settle();
}

void Player::repeat_command(ConnectionNumber number, const Now& now) {
  if (phase_ == RunPhase::done) return;
  const Turn turn = turn_at(now);
  VirtualUser& first = user(number);
  const std::uint8_t devices = first.person().devices;
  const bool by_another = devices > 1 && repeats_++ % 2 == 0;
  if (by_another && first.last_command_answered()) {
    const auto next = static_cast<Device>((static_cast<unsigned>(first.device()) + 1) % devices);
    const UserNumber owner = stage_.population.user_of(number);
    stage_.user(owner, next).repeat_command_of(first, turn);
  } else {
    first.repeat_command(turn);
  }
  settle();
}

void Player::connect_due(const Turn& turn) {
  const std::int64_t rate = std::max<std::int64_t>(1, scenario_.connects_per_second);
  while (phase_ == RunPhase::connecting && next_connect_ < users_.size()) {
    const auto at =
        start_ + Microseconds(static_cast<std::int64_t>(next_connect_) * 1'000'000 / rate);
    if (at > turn.handled) return;
    users_[next_connect_++]->open(turn);
  }
}

void Player::fire_deadlines(const Turn& turn) {
  while (const auto due = deadlines_.take(turn.handled)) {
    if (due->kind == Deadlines::Kind::user) {
      if (armed_[due->index] != due->at) continue;
      armed_[due->index] = std::nullopt;
      users_[due->index]->tick(turn);
      resume_waiting(*users_[due->index], turn);
      arm(*users_[due->index]);
    } else if (WorkflowInstance* instance = find_instance(InstanceNumber{due->instance})) {
      instance->due(due->index, due->at, turn);
      reap(*instance, turn);
    }
  }
  deadlines_.drop_stale([&](const Deadlines::Due& due) { return is_meant(due); });
}

bool Player::is_meant(const Deadlines::Due& due) {
  if (due.kind == Deadlines::Kind::user) return armed_[due.index] == due.at;
  const WorkflowInstance* instance = find_instance(InstanceNumber{due.instance});
  return instance != nullptr && instance->expects(due.index, due.at);
}

WorkflowInstance* Player::find_instance(InstanceNumber number) {
  const auto found = open_.find(number);
  return found == open_.end() ? nullptr : found->second.get();
}

void Player::reap(WorkflowInstance& instance, const Turn& turn) {
  if (instance.state() == WorkflowInstance::State::open) return;
  WorkflowCounts& counts = counts_[static_cast<std::size_t>(&instance.plan() - plans_.data())];
  if (instance.state() == WorkflowInstance::State::completed) {
    ++completed_;
    ++counts.completed;
    recorder_.count_workflow_completed(turn.handled);
    recorder_.record_workflow(instance.plan().workflow().name,
                              {instance.arrival(), instance.first_sent(), instance.ended()});
  } else {
    ++failed_;
    ++counts.failed;
  }
  if (const auto place = places_.find(instance.number()); place != places_.end()) {
    // One that fails at once must not begin again as fast as it fails.
    const bool failed = instance.state() == WorkflowInstance::State::failed;
    const Microseconds rest = failed ? limits::kPauseAfterFailure : Microseconds{0};
    closed_[place->second.closed].schedule.ended(place->second.place,
                                                 turn.handled - phases_start_ + rest);
    places_.erase(place);
  }
  end_open_topics(instance);
  open_.erase(instance.number());
}

void Player::user_ready(VirtualUser& user, const Turn& turn) {
  ++connected_;
  ++ever_connected_;
  resume_waiting(user, turn);
}

void Player::user_lost(VirtualUser& user, const Turn&) {
  --connected_;
  if (!auditor_.may_have_retired(user.session())) ++connections_lost_;
}

void Player::user_put_off(VirtualUser&, std::string_view why, const Turn&) {
  count_open_failure(why);
}

void Player::count_open_failure(std::string_view why) {
  if (phase_ != RunPhase::connecting) return;
  ++open_failures_;
  last_failure_ = why;
}

void Player::user_refused(VirtualUser& user, std::string_view why, const Turn& turn) {
  if (end_ != End::finished) return;
  const bool retired = auditor_.may_have_retired(user.session());
  if (!retired && user.token_has_ended(turn.begin)) {
    // From here on nothing proves anything about the server.
    end_ = End::refused;
    end_reason_ = {fmt::format("사용자 {}의 토큰이 끝나 실행을 계속할 수 없음", user.person().id),
                   fmt::format("the token of user {} has ended, and so has the run with it",
                               user.person().id)};
    return;
  }
  if (phase_ != RunPhase::connecting) return;
  // Carried out by move_on(): a user's input must not end all users from within.
  end_ = End::refused;
  end_reason_ = {fmt::format("서버가 사용자 {}을(를) 받아들이지 않음: {}", user.person().id, why),
                 fmt::format("the server does not let user {} in: {}", user.person().id, why)};
}

void Player::user_replied(VirtualUser&, const RequestOwner& owner, const Value& reply,
                          const Turn& turn) {
  if (owner.kind == RequestOwner::Kind::history) {
    reading_.replied(owner.index, reply, turn);
  } else if (owner.kind == RequestOwner::Kind::step) {
    if (WorkflowInstance* instance = find_instance(owner.instance)) {
      instance->replied(owner.index, reply, turn);
      reap(*instance, turn);
    }
  }
}

void Player::user_unanswered(VirtualUser&, const RequestOwner& owner, const Turn& turn) {
  if (owner.kind == RequestOwner::Kind::history) {
    reading_.unanswered(owner.index, turn);
  } else if (owner.kind == RequestOwner::Kind::step) {
    if (WorkflowInstance* instance = find_instance(owner.instance)) {
      instance->unanswered(owner.index, turn);
      reap(*instance, turn);
    }
  }
}

void Player::user_event(VirtualUser& user, const Value& event, std::string_view payload,
                        const Turn& turn) {
  const auto room = chat::parse_room_id(text_at(event, "room"));
  Inbox& inbox = user.inbox();
  if (!room || inbox.empty()) return;
  const ComingEvent coming{
      event, payload, *room, text_at(event, "type"), user.device(), inbox.next_number()};
  bool taken = false;
  for (const RoleKey& key : inbox.bound(*room)) {
    if (WorkflowInstance* instance = find_instance(key.instance)) {
      taken = instance->event(key.role, coming, turn) || taken;
      reap(*instance, turn);
    }
  }
  if (!taken) offer(inbox, coming, turn);
}

void Player::user_open_answered(VirtualUser&, const RoleKey& owner, mqtt::ReasonCode reason,
                                const Turn& turn) {
  if (WorkflowInstance* instance = find_instance(owner.instance)) {
    instance->open_answered(owner.role, reason, turn);
    reap(*instance, turn);
  }
}

void Player::user_open_renewed(VirtualUser& user, InstanceNumber number, const Turn& turn) {
  if (WorkflowInstance* instance = find_instance(number)) {
    instance->open_renewed(stage_.population.user_of(user.connection()), turn);
    reap(*instance, turn);
  }
}

void Player::user_open_message(VirtualUser& user, InstanceNumber number, const OpenArrival& message,
                               const Turn& turn) {
  if (WorkflowInstance* instance = find_instance(number)) {
    instance->open_message(stage_.population.user_of(user.connection()), message, turn);
    reap(*instance, turn);
  }
}

/// Of a room that several workflows share, an event may concern one that does not know the room
/// yet.
void Player::offer(Inbox& inbox, const ComingEvent& event, const Turn& turn) {
  bool may_come = false;
  const std::vector<RoleKey> roles = inbox.unsettled();  // Whoever takes it may end, and leave.
  for (const RoleKey& key : roles) {
    WorkflowInstance* instance = find_instance(key.instance);
    if (instance == nullptr || inbox.is_bound(key, event.room)) continue;
    const bool taken = instance->offer(key.role, event, turn);
    may_come = may_come || instance->may_take_later(key.role, event);
    reap(*instance, turn);
    if (taken) return;
  }
  // A read receipt of a room that no role knows concerns nobody.
  if (!may_come || event.type == "read") return;
  inbox.keep({event.room, std::string(event.type), std::string(event.payload), turn.begin.steady,
              event.number, event.device});
}

void Player::resume_waiting(VirtualUser& user, const Turn& turn) {
  while (const auto key = user.next_waiting()) {
    if (WorkflowInstance* instance = find_instance(key->instance)) {
      instance->user_ready(key->role, turn);
      reap(*instance, turn);
    }
  }
}

void Player::settle() {
  for (VirtualUser* user : shared_.touched) {
    user->settled();
    arm(*user);
    const auto index = static_cast<std::size_t>(user->connection());
    if (in_dirty_[index]) continue;
    in_dirty_[index] = true;
    dirty_.push_back(user);
  }
  shared_.touched.clear();
}

void Player::arm(VirtualUser& user) {
  const auto due = user.next_deadline();
  auto& armed = armed_[static_cast<std::size_t>(user.connection())];
  if (!due || (armed && *armed <= *due)) return;
  armed = *due;
  deadlines_.add({*due, Deadlines::Kind::user, 0, static_cast<std::uint32_t>(user.connection())});
}

void Player::drain(std::vector<PlayerAction>& actions) {
  for (VirtualUser* user : dirty_) {
    in_dirty_[static_cast<std::size_t>(user->connection())] = false;
    VirtualUser::Output output = user->take_output();
    if (output.open) actions.emplace_back(OpenConnection{user->connection()});
    if (!output.bytes.empty()) {
      actions.emplace_back(SendBytes{user->connection(), std::move(output.bytes)});
    }
    if (output.close) actions.emplace_back(CloseConnection{user->connection()});
  }
  dirty_.clear();
  if (crash_ == Crash::due) {
    crash_ = Crash::happened;
    actions.emplace_back(CrashServer{});
  }
}

}  // namespace claims::storm
