#pragma once
// WorkflowInstance: one workflow being played by its cast, step by step.
//
// A state machine: replies, events, deadlines and connections go in; commands leave through the
// virtual users, deadlines through Deadlines. Times are taken as docs/checking.md defines them:
// the first step counts from the scheduled arrival, a later one from the beginning of the loop turn
// that read what it waited for, plus its think time.

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "protocol/chat/ids.h"
#include "simulator/actor/cast.h"
#include "simulator/actor/deadlines.h"
#include "simulator/actor/inbox.h"
#include "simulator/actor/open_client.h"
#include "simulator/actor/step_outcomes.h"
#include "simulator/actor/step_story.h"
#include "simulator/actor/virtual_user.h"
#include "simulator/actor/workflow_plan.h"
#include "simulator/check/auditor.h"
#include "simulator/limits.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// What instances act on; everything in it outlives them.
struct Stage {
  const Scenario& scenario;
  const Population& population;
  std::uint64_t seed;
  std::vector<std::unique_ptr<VirtualUser>>& users;  ///< By ConnectionNumber.
  Deadlines& deadlines;
  StepOutcomes& outcomes;
  Recorder& recorder;
  /// Receipts generated so far: their numbers never repeat within a run.
  std::uint64_t receipts = 0;
  /// Generated so far, as many as limits::kPlatesRememberedMax: none of them comes again.
  std::unordered_set<std::string> plates{};
  /// Told once the server answers that a receipt of this seed is known already.
  std::optional<LocalText> seed_used{};
  bool patient = false;              ///< Faults are expected: no await fails by its time.
  bool holding = false;              ///< A hold phase is being played.
  std::vector<bool> active_users{};  ///< By UserNumber: did a step while one was.
  std::uint64_t run = 0;  ///< The instance of its command ids: what its topics begin with.

  void took_part(UserNumber number) {
    if (holding) active_users[static_cast<std::size_t>(number)] = true;
  }
  bool is_new_plate(std::string_view plate) {
    return plates.size() >= limits::kPlatesRememberedMax || plates.emplace(plate).second;
  }
  VirtualUser& user(UserNumber number, Device device = Device::pc) {
    return *users[static_cast<std::size_t>(population.connection(number, device))];
  }
  const Person& person(UserNumber number) const {
    return population.people[static_cast<std::size_t>(number)];
  }
};

/// An event as it comes to a user. Lives in the loop turn.
struct ComingEvent {
  const Value& value;
  std::string_view payload;
  chat::RoomId room{};
  std::string_view type;
  Device device = Device::pc;  ///< That it came to.
  std::uint64_t number = 0;    ///< Of the inbox.
};

class WorkflowInstance {
 public:
  enum class State : std::uint8_t { open, completed, failed };

  /// `cast`: as choose_cast() gives it; a `role` of the inputs below is a place in it. `random`
  /// belongs to this instance alone.
  WorkflowInstance(Stage& stage, const WorkflowPlan& plan, InstanceNumber number,
                   const std::vector<CastMember>& cast, Microseconds arrival, Random random);
  ~WorkflowInstance();
  WorkflowInstance(const WorkflowInstance&) = delete;
  WorkflowInstance& operator=(const WorkflowInstance&) = delete;

  void start(const Turn& turn);
  void replied(std::uint32_t role, const Value& reply, const Turn& turn);
  void unanswered(std::uint32_t role, const Turn& turn);
  /// An event of a room that the role is bound to: taken now, kept for a later `await`, or nothing
  /// to this role. True when its present `await` took it.
  bool event(std::uint32_t role, const ComingEvent& event, const Turn& turn);
  /// An event of a room that the role is not bound to. True when its present `await` took it.
  bool offer(std::uint32_t role, const ComingEvent& event, const Turn& turn);
  /// Whether an event, which was offered in vain, may be taken later by the role: by another
  /// `await` of any room, or once the role has named the room.
  bool may_take_later(std::uint32_t role, const ComingEvent& event) const;
  /// The server's answer to what the role asked of open topics.
  void open_answered(std::uint32_t role, mqtt::ReasonCode reason, const Turn& turn);
  /// The user's subscriptions stand again on a new connection.
  void open_renewed(UserNumber user, const Turn& turn);
  /// A message of one of the instance's open topics came to the user.
  void open_message(UserNumber user, const OpenArrival& message, const Turn& turn);
  /// A deadline that was set for the role; outdated ones are ignored.
  void due(std::uint32_t role, Microseconds at, const Turn& turn);
  bool expects(std::uint32_t role, Microseconds deadline) const;
  /// The role's user is connected (again).
  void user_ready(std::uint32_t role, const Turn& turn);
  /// Patience ends: whoever has waited for the server all along fails. One that thinks owes
  /// nothing, nor do those that may wait for it.
  void end_patience(const Turn& turn);
  /// The run ends while it is open: what was due and could not be sent never is.
  void abandon(const Turn& turn);

  State state() const { return state_; }
  InstanceNumber number() const { return number_; }
  const WorkflowPlan& plan() const { return plan_; }
  Microseconds arrival() const { return arrival_; }
  Microseconds first_sent() const {
    return first_sent_.value_or(arrival_);
  }  ///< `arrival` while nothing was sent.
  Microseconds ended() const { return ended_; }

 private:
  class RoleScope;
  enum class Wait : std::uint8_t {
    nothing,
    step,
    time,
    connection,
    reply,
    event,
    answer,   // Of the server, about open topics.
    message,  // Of an open topic.
    silence,  // That none comes.
    back,     // Of the user's connection, which it ended itself.
    over
  };
  enum class Played : std::uint8_t { waits, done };  // Of one step.
  /// A step, for `after`: by how many it is done, and when the last was.
  struct Done {
    Microseconds at{0};
    std::uint32_t members = 0;
  };
  /// A message of an open topic that came before it was waited for.
  struct StoredMessage {
    std::string topic, text;
    bool retained = false;
    Microseconds begin{0};
  };
  /// Which ones are waited for.
  struct AwaitedMessage {
    std::string filter;
    std::optional<std::string> text;
    std::optional<bool> retained;
    bool fits(std::string_view topic, std::string_view content, bool is_retained) const;
  };
  /// Of a loop being played.
  struct Rounds {
    std::int64_t times = 0, number = 0;
  };

  /// A role as one user plays it; a group is played by several.
  struct RolePlay {
    UserNumber user{};
    std::uint32_t role = 0;    // Into Workflow::roles.
    std::uint32_t member = 0;  // Of a group, from 0.
    std::size_t place = 0;     // Into RolePlan::steps.
    Wait wait = Wait::nothing;
    bool joined = false;         // The present step's `after` is fulfilled.
    bool settled = false;        // It comes to no further room.
    Microseconds base{0};        // What the present step counts from.
    Microseconds held_until{0};  // Until then the present step waited for its connection.
    Microseconds due{0};
    Microseconds since{0};           // When it began to wait.
    std::uint64_t losses = 0;        // Of its user's connections, when the workflow began.
    std::optional<Device> sends_on;  // Drawn for the present step.
    std::vector<std::pair<std::string_view, Value>> variables;
    std::vector<StoredEvent> events;
    std::uint64_t dropped = 0;
    std::uint32_t played = 0;    // Steps.
    std::vector<Rounds> rounds;  // Innermost last.
    Value reply, event;          // Kept where a later step reads them.
    LocalText near_miss;
    bool listens = false;  // To an open topic; from its first subscribe on.
    std::vector<StoredMessage> messages;
    AwaitedMessage awaited;
  };

  void play(const Turn& turn);
  bool play_role(std::uint32_t role, const Turn& turn);
  bool ready_to_begin(std::uint32_t role);
  Played begin(std::uint32_t role, const Turn& turn);
  Played begin_send(std::uint32_t role, const SendStep& send, const Turn& turn);
  Played begin_await(std::uint32_t role, const AwaitStep& await, const Turn& turn);
  Played begin_think(std::uint32_t role, const ThinkStep& think, const Turn& turn);
  Played begin_assert(std::uint32_t role, const AssertStep& check, const Turn& turn);
  // Open topics, workflow_instance_open.cpp.
  Played begin_open(std::uint32_t role, const OpenStep& open, const Turn& turn);
  Played begin_receive(std::uint32_t role, const OpenStep& open, const Turn& turn);
  Played ask_open(std::uint32_t role, const OpenStep& open, std::string topic, std::string text,
                  const Turn& turn);
  std::optional<std::string> open_text(std::uint32_t role, const Expression& source,
                                       const Turn& turn);
  std::optional<std::string> open_topic(std::uint32_t role, const OpenStep& open, const Turn& turn);
  bool take_message(std::uint32_t role, const OpenArrival& message, const Turn& turn);
  void open_due(std::uint32_t role, const Turn& turn);
  void message_due(std::uint32_t role, const Turn& turn);
  bool is_owed_message(std::uint32_t role, Microseconds at) const;
  LocalText story_of_message(std::uint32_t role, const Turn& turn);
  VirtualUser& pc(std::uint32_t role) const { return stage_.user(roles_[role].user); }
  // Loops and branches.
  bool begin_block(std::uint32_t role, const Turn& turn);
  bool begin_repeat(std::uint32_t role, const RepeatStep& repeat, const Turn& turn);
  bool begin_round(std::uint32_t role, std::size_t repeat, const Turn& turn);
  bool begin_choose(std::uint32_t role, const ChooseStep& choose, const Turn& turn);
  std::optional<std::int64_t> draw_times(std::uint32_t role, const RepeatStep& repeat,
                                         const Turn& turn);
  std::optional<bool> holds(std::uint32_t role, const Expression& condition, const Turn& turn);
  /// The next step of the role is that one, of the same loop or choice or right after it.
  void jump(std::uint32_t role, std::size_t step);
  void end_block(std::uint32_t role, std::size_t block, std::size_t next);
  void finish_step(std::uint32_t role, const Value* reply, const Value* event, const Turn& turn);
  void step_on(std::uint32_t role);
  /// The device that the role's present step is played on.
  VirtualUser& sender(std::uint32_t role);
  Inbox& inbox(std::uint32_t role, Device device);
  std::uint64_t losses(UserNumber user) const;
  Microseconds within(const AwaitStep& await) const;
  void await_due(std::uint32_t role, const Turn& turn);
  LocalText story_of_await(std::uint32_t role, Microseconds waited) const;
  LocalText story_of_wait(std::uint32_t role, const Turn& turn);
  void learn(std::uint32_t role, const Step& step);
  /// `name` lives in the workflow.
  void set(std::uint32_t role, std::string_view name, const Value& value);
  bool save(std::uint32_t role, const Step& step, const Value* reply, const Value* event,
            const Turn& turn);

  RoleScope scope(std::uint32_t role, const Value* reply, const Value* event);
  /// `told`: why it does not match is worth telling, since the event is of a room of this role.
  bool matches(std::uint32_t role, const AwaitStep& await, const Value& event, bool told,
               const Turn& turn);
  bool take(std::uint32_t role, const ComingEvent& event, bool told, const Turn& turn);
  /// Binds the role to the room that it awaits an event in.
  void bind_awaited(std::uint32_t role, const AwaitStep& await, const Turn& turn);
  void settle(std::uint32_t role);
  std::size_t next_await(std::uint32_t role) const;
  std::optional<StoredEvent> take_stored(std::uint32_t role, const AwaitStep& await, Value& event,
                                         const Turn& turn);
  void store(std::uint32_t role, StoredEvent event);
  void bind(std::uint32_t role, const Value& value);
  void bind(std::uint32_t role, chat::RoomId room);

  void set_deadline(std::uint32_t role, Microseconds at);
  void fail(std::uint32_t role, LocalText story, const Turn& turn);
  void end(State state, const Turn& turn);
  const WorkflowPlan::RolePlan& plan_of(std::uint32_t role) const;
  const Value& self_of(std::uint32_t role) const;
  void note_done(std::uint32_t role, std::size_t step);
  const Step& step_of(std::uint32_t role) const;
  std::size_t index_of(std::uint32_t role) const;  ///< Of its present step, into Workflow::steps.
  StepPlace place_of(std::uint32_t role) const;

  Stage& stage_;
  const WorkflowPlan& plan_;
  InstanceNumber number_;
  Microseconds arrival_, ended_{0};
  std::optional<Microseconds> first_sent_;
  State state_ = State::open;
  Random values_;              // Generators.
  std::vector<Random> think_;  // By role, so that one role's steps do not move another's times and
                               // branches.
  std::vector<Random> devices_;  // The same; empty where nobody sends on another than the PC.
  std::vector<RolePlay> roles_;  // By place in the cast; so is `role` in the functions above.
  std::vector<Value> people_;  // By role: {id, name, role, …} for expressions; a group's in a list.
  std::vector<std::uint32_t> members_;  // By role: how many play it.
  std::vector<std::pair<std::string_view, Value>> let_;
  std::uint32_t open_steps_ = 0;  // That asked the server for something.
  std::vector<Done> done_;        // By step, of those that stand in no loop or branch.
};

}  // namespace claims::storm
