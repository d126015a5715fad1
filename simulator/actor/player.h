#pragma once
// Player: a running scenario. All its virtual users and workflows, from the first connection to the
// last page of the final reading.
//
// A state machine without socket, thread or clock: the shell (real or virtual world) feeds it what
// happened and when, carries out the actions it drains, and calls tick() at next_deadline(). The
// same inputs give the same actions, byte for byte.

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/time.h"
#include "simulator/actor/deadlines.h"
#include "simulator/actor/final_reading.h"
#include "simulator/actor/step_outcomes.h"
#include "simulator/actor/virtual_user.h"
#include "simulator/actor/workflow_instance.h"
#include "simulator/actor/workflow_plan.h"
#include "simulator/check/auditor.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/arrival_schedule.h"
#include "simulator/scenario/closed_schedule.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// Connect this device to the target; answer with opened() or open_failed(). A transport that
/// learns only with CONNECT whether there is a connection says both, in this order.
struct OpenConnection {
  ConnectionNumber connection{};
};
struct SendBytes {
  ConnectionNumber connection{};
  std::string bytes;
};
/// After the bytes before it. It is not answered by closed().
struct CloseConnection {
  ConnectionNumber connection{};
};
/// Kill the server as a power failure would, and start it again on what it had made durable. The
/// connections that this ends are answered by closed(), as ever.
struct CrashServer {};
using PlayerAction = std::variant<OpenConnection, SendBytes, CloseConnection, CrashServer>;

/// Something that a world did on purpose; steady times.
struct NotedFault {
  LocalText what;
  Microseconds begin{0}, end{0};
};
/// No client could get an answer; steady times.
struct Outage {
  Microseconds begin{0}, end{0};
};

enum class RunPhase : std::uint8_t { connecting, ramp, hold, drain, reading, done };
std::string_view to_string(RunPhase phase);

/// Where a run is.
struct Progress {
  RunPhase phase = RunPhase::connecting;
  std::string_view phase_name;                   ///< Of the scenario's phase in ramp and hold.
  Microseconds elapsed{0};                       ///< Since start().
  std::uint64_t users = 0;                       ///< People.
  std::uint64_t connections = 0, connected = 0;  ///< Their devices, and those that are connected.
  std::uint64_t started = 0, completed = 0, failed = 0, open = 0;
  std::uint64_t connections_lost = 0;
  std::uint64_t violations = 0;  ///< Of the checkers and the steps, so far.
  std::uint64_t rooms = 0, rooms_read = 0;
  std::optional<Microseconds> delivery_p99;  ///< Over the last seconds.
  Microseconds phase_left{0};                ///< Of ramp and hold; 0 elsewhere.
  std::uint64_t errors = 0;                  ///< Error replies so far.
  /// Workflows per 1,000 s: those that open arrivals started in the last closed second, and as the
  /// scenario has it now; and those that closed arrivals started. 0 outside ramp and hold.
  std::int64_t rate_milli = 0, target_milli = 0, closed_milli = 0;
};

/// How the workflows of one kind went.
struct WorkflowCounts {
  std::uint64_t started = 0, completed = 0, failed = 0;
  std::uint64_t open_in_hold = 0, closed_in_hold = 0;  ///< Started, by the kind of arrival.
};

/// A part of the run as it was played; since start().
struct PhasePlayed {
  RunPhase phase{};
  std::string name;  ///< Of the scenario's phase in ramp and hold.
  Microseconds begin{0}, end{0};
};

class Player final : private VirtualUserHandler {
 public:
  enum class End : std::uint8_t {
    finished,     ///< Also after stop_early().
    seed_used,    ///< The server knows a receipt of this seed already.
    refused,      ///< The server does not let the users in.
    unreachable,  ///< Not all users could connect.
  };

  /// `instance_ms`: the instance of the command ids, higher than that of every earlier run.
  Player(const Scenario& scenario, const Population& population, Auditor& auditor,
         Recorder& recorder, std::uint64_t seed, std::uint64_t instance_ms);
  ~Player() override;
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  /// The server crashes between the drain and the final reading, which then proves that what was
  /// acknowledged had been durable. Before start().
  void crash_before_reading() { crash_ = Crash::wanted; }
  /// Faults will happen while the scenario's phases are played. Nobody gives up on a reply or an
  /// event before `liveness` after the phases' end: a user without a reply connects anew and asks
  /// again. What is still open then is a violation. Before start().
  void expect_faults(Microseconds liveness);
  bool expects_faults() const { return liveness_.has_value(); }
  /// Each connection's first packet identifier, so that they begin anew soon. Before start().
  void start_packet_ids_at(std::uint16_t first) { shared_.first_packet_id = first; }

  /// Some users keep their MQTT sessions over their connections, and some have their replies at
  /// QoS 1; by the seed. Before start().
  void mix_sessions() { shared_.mix_sessions = true; }

  // Inputs. Those about a device that has no connection (any more) are ignored.
  void start(const Now& now);
  void opened(ConnectionNumber connection, const Now& now);
  void open_failed(ConnectionNumber connection, const Now& now, std::string_view why = {});
  void received(ConnectionNumber connection, std::string_view bytes, const Turn& turn);
  void closed(ConnectionNumber connection, const Now& now);
  void tick(const Now& now);
  /// No more arrivals; drains, reads the history and finishes as at the end.
  void stop_early(const Now& now);

  // What a world did.
  void note_fault(NotedFault fault) {
    const auto begins_before = [](Microseconds begin, const NotedFault& one) {
      return begin < one.begin;
    };
    faults_.insert(std::upper_bound(faults_.begin(), faults_.end(), fault.begin, begins_before),
                   std::move(fault));
  }
  void note_outage(const Outage& outage);
  /// The device sends its last command again, under the same id, if it is connected and has sent
  /// one. Of a user with several, every other time the next device does it, if the first one has
  /// got the reply: it gets the same.
  void repeat_command(ConnectionNumber connection, const Now& now);

  /// The server is gone for good: ends at once, as finished. What had still to come is nobody's
  /// violation.
  void server_ended(const Now& now);

  // Outputs.
  void drain(std::vector<PlayerAction>& actions);
  std::optional<Microseconds> next_deadline() const;  ///< Nothing: done.
  bool done() const { return phase_ == RunPhase::done; }
  RunPhase phase() const { return phase_; }
  /// Steady time of the beginning of the scenario's phases; nothing before.
  std::optional<Microseconds> phases_began() const;
  Microseconds phases_length() const;  ///< As the scenario has them, one after the other.
  Progress progress(const Now& now) const;

  // The end.
  End end() const { return end_; }
  /// Why, unless finished.
  const LocalText& end_reason() const { return end_reason_; }
  Microseconds began() const { return start_; }  ///< Steady time of start().
  bool ended_early() const { return ended_early_; }
  const Population& population() const { return stage_.population; }
  const StepOutcomes& steps() const { return outcomes_; }
  Microseconds held() const { return held_; }  ///< Length of the hold phases as played.
  const std::vector<WorkflowCounts>& workflows() const { return counts_; }  ///< As in the scenario.
  const std::vector<PhasePlayed>& phases() const { return played_; }  ///< The last ends at the end.
  /// By begin.
  const std::vector<NotedFault>& faults() const { return faults_; }
  const std::vector<Outage>& outages() const { return outages_; }
  std::uint64_t active_users() const;  ///< Took part in a step during a hold phase.

 private:
  struct Arrival {
    std::size_t workflow = 0;
    ArrivalSchedule schedule;
    std::optional<Microseconds> next;  // Since the first phase began.
  };

  /// Workflows that begin when others of their kind end.
  struct Closed {
    std::size_t workflow = 0;
    ClosedSchedule schedule;
  };
  /// The place of a workflow among those of its kind.
  struct ClosedPlace {
    std::size_t closed = 0;  // Into closed_.
    std::uint32_t place = 0;
  };

  void user_ready(VirtualUser& user, const Turn& turn) override;
  void user_lost(VirtualUser& user, const Turn& turn) override;
  void user_put_off(VirtualUser& user, std::string_view why, const Turn& turn) override;
  void user_refused(VirtualUser& user, std::string_view why, const Turn& turn) override;
  void user_replied(VirtualUser& user, const RequestOwner& owner, const Value& reply,
                    const Turn& turn) override;
  void user_unanswered(VirtualUser& user, const RequestOwner& owner, const Turn& turn) override;
  void user_event(VirtualUser& user, const Value& event, std::string_view payload,
                  const Turn& turn) override;

  void user_open_answered(VirtualUser& user, const RoleKey& owner, mqtt::ReasonCode reason,
                          const Turn& turn) override;
  void user_open_renewed(VirtualUser& user, InstanceNumber instance, const Turn& turn) override;
  void user_open_message(VirtualUser& user, InstanceNumber instance, const OpenArrival& message,
                         const Turn& turn) override;

  void offer(Inbox& inbox, const ComingEvent& event, const Turn& turn);
  void connect_due(const Turn& turn);
  void fire_deadlines(const Turn& turn);
  void start_due_workflows(const Turn& turn);
  void start_workflow(std::size_t workflow, Microseconds arrival, std::optional<ClosedPlace> place,
                      const Turn& turn);
  void count_open_failure(std::string_view why);
  void end_hold(Microseconds at);
  void enter(RunPhase phase, Microseconds at);
  void add_rates(const Now& now, Progress& progress) const;
  void move_on(const Turn& turn);
  void begin_phases(const Turn& turn);
  void begin_drain(const Turn& turn);
  bool drained(const Turn& turn) const;
  void end_drain(const Turn& turn);
  void end_patience(const Turn& turn);
  void let_go(const Turn& turn);
  bool all_settled_down() const;
  std::size_t in_service() const;  ///< Connections that nobody turned away.
  bool retired_are_gone() const;
  bool is_meant(const Deadlines::Due& due);
  bool in_hold(Microseconds at) const;
  void begin_reading(const Turn& turn);
  void finish(const Turn& turn);
  void end_run(End end, LocalText reason, const Turn& turn);
  void resume_waiting(VirtualUser& user, const Turn& turn);
  WorkflowInstance* find_instance(InstanceNumber number);
  void reap(WorkflowInstance& instance, const Turn& turn);
  void end_open_topics(const WorkflowInstance& instance);
  void settle();
  void arm(VirtualUser& user);
  Arrival* next_arrival();
  Closed* next_closed();
  void add_arrival(const ArrivalSpec& spec, Random random);
  VirtualUser& user(ConnectionNumber number) { return *users_[static_cast<std::size_t>(number)]; }

  const Scenario& scenario_;
  Auditor& auditor_;
  Recorder& recorder_;
  Random random_;
  UserShared shared_;
  std::vector<std::unique_ptr<VirtualUser>> users_;  // By ConnectionNumber.
  Deadlines deadlines_;
  StepOutcomes outcomes_;
  Stage stage_;
  FinalReading reading_;
  std::vector<WorkflowPlan> plans_;
  std::vector<Arrival> arrivals_;
  std::vector<Closed> closed_;
  std::map<InstanceNumber, ClosedPlace> places_;  // Of those that are open.
  std::map<InstanceNumber, std::unique_ptr<WorkflowInstance>> open_;
  std::uint64_t instances_ = 0;
  std::size_t set_aside_used_ = 0;  ///< Adjusters that were set aside, and play their role now.

  RunPhase phase_ = RunPhase::connecting;
  std::size_t scenario_phase_ = 0;
  Microseconds start_{0};
  Microseconds phases_start_{0}, phase_end_{0}, arrivals_end_{0};
  Microseconds deadline_{0};  // Of connecting, draining, reading.
  Microseconds check_at_{0};  // Next look at whether the drain is over.
  Microseconds last_input_{0};
  Microseconds held_{0};
  std::size_t next_connect_ = 0;
  std::uint64_t connected_ = 0, ever_connected_ = 0, open_failures_ = 0, connections_lost_ = 0;
  std::uint64_t completed_ = 0, failed_ = 0;
  std::uint64_t repeats_ = 0;           // Of commands of users with several devices.
  std::vector<WorkflowCounts> counts_;  // By workflow.
  std::vector<PhasePlayed> played_;
  std::vector<NotedFault> faults_;
  std::vector<Outage> outages_;
  std::optional<Microseconds> liveness_;  // Nothing: no faults are expected.
  std::size_t rooms_read_before_ = 0;
  enum class Crash : std::uint8_t { none, wanted, due, happened } crash_ = Crash::none;
  std::uint64_t lost_before_crash_ = 0;
  bool ended_early_ = false;
  End end_ = End::finished;
  LocalText end_reason_;
  std::string last_failure_;  // Why the last attempt to connect came to nothing.

  std::vector<std::optional<Microseconds>>
      armed_;  // By connection: its earliest entry in deadlines_.
  std::vector<bool> in_dirty_;
  std::vector<VirtualUser*> dirty_;  // With something to drain, in order.
};

}  // namespace claims::storm
