#pragma once
// A scenario as it is played: loaded, checked, with all names resolved and all numbers integers.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/time.h"
#include "simulator/scenario/device.h"
#include "simulator/scenario/expression.h"

namespace claims::storm {

struct LocalText {
  std::string ko, en;
};

/// Where in a file something stands; for stories and error messages.
struct FilePlace {
  std::string file;
  int line = 0;
  std::string path;  ///< JSON pointer.
};

/// Publish a command or read, and wait for its reply (10 s).
/// A refusal that the contract calls "not well-formed" does not use up the command's `n`.
struct SendStep {
  Template body;  ///< The JSON object without `id`, which the player adds (n for commands, q<n> for
                  ///< reads).
  /// Set: a payload that is sent as this text is, in place of `body`; it must be refused as not
  /// well-formed. `type` is "raw" then.
  Expression raw;
  bool read = false;
  std::string type;                          ///< `type` of the body, a literal.
  std::vector<std::string> expected_errors;  ///< Empty: `ok` is expected; else one of these codes.
  /// A command that must be refused as not well-formed, and so will use up no `n`: its id is
  /// `<instance>.<n>` with an n far above the player's counter, which does not move.
  bool uncounted = false;
};
/// Wait for an event on the role's own `evt`, already received or still to come.
struct AwaitStep {
  struct Condition {
    std::vector<std::string> path;  ///< Into the event, e.g. {"body","receipt"}.
    Expression equals;
  };
  std::string type;  ///< `type` of the event, a literal.
  std::vector<Condition> conditions;
  Microseconds within{0};  ///< 0: the scenario's `await_timeout`.
};
struct ThinkStep {
  ThinkTime time;      ///< Divided by time_scale when it is played,
  bool scaled = true;  ///< if so: of a `pause`, by which something grows old, it is not.
};
struct AssertStep {
  Expression condition;
  LocalText says;  ///< What it means when it holds; told when it does not.
};

/// Something with open topics (docs/contract.md): those of the instance, so that no other's message
/// gets there.
struct OpenStep {
  enum class Kind : std::uint8_t {
    subscribe,     ///< Until SUBACK.
    unsubscribe,   ///< Until UNSUBACK.
    publish,       ///< Until PUBACK.
    receive,       ///< Until a message comes that fits, or one that has come already.
    receive_none,  ///< No such message within the time.
    away,          ///< The user's connection ends, and is there again after a while.
  } kind = Kind::subscribe;
  Expression topic;  ///< A name; for subscribing, unsubscribing and receiving a filter.
  Expression text;   ///< Of a publish; of a receive what it must be, unset: any.
  std::uint8_t qos = 1;
  bool retain = false, retain_as_published = false;
  std::uint8_t retain_handling = 0;  ///< 5.0: 0 always, 1 for a new subscription, 2 never.
  std::uint32_t expiry_s = 0;        ///< Of a publish, 5.0; 0: none.
  std::optional<bool> retained;      ///< Of a receive: whether it must say that it is retained.
  Microseconds within{0};  ///< Of receiving; 0: the scenario's `await_timeout`. Of `away`: for how
                           ///< long.
};

// Loops and branches are steps, too, of the role that plays what stands in them. The steps of one
// construct, nested ones included, follow each other in Workflow::steps; indices are into it.

/// Begins a loop. Its steps follow, up to its RoundEndStep.
struct RepeatStep {
  std::int64_t least = 1,
               most = 1;  ///< How many rounds: drawn between them, unless `times` is set.
  Expression times;       ///< From 0 to limits::kRoundsMax.
  Expression condition;   ///< Read before each round; false ends the loop. May be unset.
  std::string counter;    ///< Variable with the number of the round, from 1; may be empty.
  std::size_t end = 0;    ///< Its RoundEndStep.
};
struct RoundEndStep {
  std::size_t begin = 0;  ///< Its RepeatStep.
};
/// Plays one of its branches: drawn by weight; or the first of which the condition holds, or none.
struct ChooseStep {
  struct Branch {
    std::int64_t weight = 0;  ///< 0: by condition.
    Expression when;          ///< Unset with a weight, and in the branch "otherwise".
    std::size_t begin = 0;    ///< Its first step; each branch ends with a BranchEndStep.
  };
  std::vector<Branch> branches;
  std::size_t end = 0;  ///< One beyond the last branch's end.
};
struct BranchEndStep {
  std::size_t begin = 0;  ///< Its ChooseStep.
};

struct Step {
  std::size_t role = 0;  ///< Into Workflow::roles.
  std::variant<SendStep, AwaitStep, ThinkStep, AssertStep, RepeatStep, RoundEndStep, ChooseStep,
               BranchEndStep, OpenStep>
      action;
  /// Saved into the role's own variables when the step succeeds; may use `reply` or `event`.
  std::vector<std::pair<std::string, Expression>> save;
  std::vector<std::string> proves;  ///< Requirement clauses, "CPC-003/one-room".
  std::string name;                 ///< Short name for figures per step; defaults to type.
  FilePlace place;
  bool nested = false;     ///< In a loop or branch.
  bool in_branch = false;  ///< In a branch, so that a run in which it is never drawn lacks nothing.
  /// Of a send or an await: the user's device that sends, or gets the event. Nothing: the PC, but
  /// see PopulationSpec::others_send_permille.
  std::optional<Device> on;
  /// Into Workflow::steps, always less than this step's own index, of another role: this step waits
  /// until that one is done in this instance of the workflow (people telephoning, as it were), and
  /// its time counts from then if that is later than the end of the role's own step before.
  std::optional<std::size_t> after_step;
  /// Names saved by the role of `after_step` that this role takes over, with their values, when the
  /// wait is over (told on the telephone).
  std::vector<std::string> learns;
};

struct RoleSpec {
  std::string name;  ///< As in the file.
  chat::Role kind{};
  /// How the user is chosen: any (by weight); the core user of the insurer that the user of
  /// `relative_to` (an adjuster) works for; by weight, but none that plays a role before this one;
  /// such a one who also works for another insurer than the user of `relative_to`, or for the same.
  enum class Choice {
    by_weight,
    insurer_of,
    other_than,
    other_insurer_than,
    colleague_of
  } choice = Choice::by_weight;
  std::size_t relative_to = 0;  ///< Always less than this role's own index.
  /// A group: several users, each of whom plays the role's steps by itself, with variables of its
  /// own. How many is drawn for each instance. Not a group: 1.
  bool group = false;
  std::int64_t least = 1, most = 1;
  /// An adjuster who plays this role once, and no other role ever: somebody who goes away.
  bool set_aside = false;
};

struct Workflow {
  std::string name;
  LocalText title;
  /// In an order in which they can be chosen, not that of the file.
  std::vector<RoleSpec> roles;
  /// Evaluated in order when a workflow starts; seen by all its roles.
  std::vector<std::pair<std::string, Template>> let;
  /// In the order of the file. Each role plays its own in order; roles wait for each other only by
  /// `await` and `after`. A workflow is complete when every role has played its last step.
  std::vector<Step> steps;
  std::string file;
};

struct Phase {
  std::string name;
  bool hold = false;  ///< Samples and thresholds count in hold phases only.
  Microseconds length{0};
  std::int64_t from_permille = 1000, to_permille = 1000;  ///< Of the rate; linear between.
};

/// One of rate_milli, count and concurrent is more than 0.
struct ArrivalSpec {
  std::size_t workflow = 0;
  std::int64_t rate_milli = 0;  ///< Workflows per 1,000 s.
  std::int64_t count = 0;       ///< Exactly so many, evenly over the hold phases.
  /// Closed: so many are open at a time, of the phase's share; one that ends makes room for the
  /// next.
  std::int64_t concurrent = 0;
  Microseconds pause{0};  ///< Between the two; divided by time_scale when it is played.
};

struct ThresholdSpec {
  std::string metric;  ///< "delivery.p99_ms", "workflows.completed_percent", "violations.total", …
  std::string op;      ///< "<", "<=", ">=", ">", "=="
  std::int64_t limit_milli = 0;
  std::int64_t recovered_below_ms = 1'000;  ///< Of recovery.max_s: the delivery p99 to be under.
  std::vector<std::string> proves;
};

struct PopulationSpec {
  int insurers = 12, adjusters = 0, garages = 0;
  int set_aside = 0;  ///< Of the adjusters: those of roles that are set aside.
  /// Devices for 1,000 users, from 1,000 to 1,000 times limits::kDevicesPerUserMax: nobody has more
  /// than one more than another of the same role. An insurer's core system has one.
  std::int64_t adjuster_devices_permille = 1'000, garage_devices_permille = 1'000;
  /// Of the sends that name no device: so many a user with several makes on another than the PC.
  std::int64_t others_send_permille = 0;
};

/// One requirement of the catalogue (scenarios/requirements.json) with the clauses it splits into.
struct RequirementEntry {
  struct Clause {
    std::string clause;  ///< "one-room"; cited as "CPC-003/one-room".
    LocalText title;
  };
  std::string id;  ///< "CPC-003"
  LocalText title;
  std::vector<Clause> clauses;
};

/// What can go wrong. Where users are named, it happens to the connections of these.
enum class FaultKind : std::uint8_t {
  crash,    ///< The server is killed; what it had not synced is lost. Started again at the end.
  pause,    ///< The server stands still, and goes on at the end.
  refuse,   ///< The server's address refuses new connections.
  backlog,  ///< New connections are not accepted before the end.
  cut,      ///< Connections of users are reset; both ends are told.
  cut_after_publish,  ///< Each user's next PUBLISH gets through, its PUBACK does not: then as cut.
  takeover,           ///< The user's end is lost, the server's stays open: the user connects anew.
  half_open,    ///< All bytes vanish, neither end is told; at the end the user's end is reset.
  partition,    ///< Bytes of one or both directions are held back, and come at the end.
  clog,         ///< Few bytes a second get through.
  latency,      ///< Bytes take longer.
  slow_reader,  ///< The user does not read: its window fills up.
  repeat,       ///< The user sends its last command again, under the same id, after a while.
  disk_slow,    ///< A sync takes longer.
  disk_full,    ///< Nothing can be written.
  disk_fails,   ///< One sync fails, and what it should have kept may be lost.
  clock_jump,   ///< The server's wall clock is set forward or back.
  clock_drift,  ///< The server's wall clock goes too fast or too slowly.
};
inline constexpr std::size_t kFaultKinds = 18;

enum class Direction : std::uint8_t { both, to_server, to_user };

/// One entry of a fault plan. Pairs are ranges, drawn from for each time it happens.
struct FaultSpec {
  FaultKind kind{};
  FilePlace place;
  /// Once at `at`; or again and again within [from, until), with gaps of `every` from one beginning
  /// to the next, the first after `from`.
  std::optional<Microseconds> at;
  std::optional<std::int64_t> at_permille;  ///< Instead: this share of all phases together.
  std::pair<Microseconds, Microseconds> every{};
  Microseconds from{0};
  std::optional<Microseconds> until;  ///< Nothing: the end of the phases.
  std::pair<Microseconds, Microseconds> lasts{};
  /// One of these, for faults that happen to users' connections: those of named users, or a device
  /// ("gar-00001/phone"); thousandths of all connections; a number of them.
  std::vector<std::string> user_ids;
  std::int64_t users_permille = 0;
  std::pair<std::int64_t, std::int64_t> users{};
  Direction direction = Direction::both;
  std::pair<std::int64_t, std::int64_t> amount{};  ///< As in Fault.
};

struct FaultPlan {
  std::vector<FaultSpec> faults;
  /// After the phases the world heals; within so much time every workflow must end.
  Microseconds liveness{60'000'000};
  /// Beside those of the scenario, which then leave the latencies out: these are what the faults
  /// do. Of a scenario's own faults: its thresholds on the recovery.
  std::vector<ThresholdSpec> thresholds;
  LocalText title, description;  ///< Of a file of its own.
  bool empty() const { return faults.empty(); }
};

/// Since the scenario's first phase began.
struct TimeSpan {
  Microseconds begin{0}, end{0};
};

/// What a customer gets back for a month, by its availability (scenarios/service-levels.json).
struct CreditSchedule {
  /// Lower bounds belong to a band, upper ones do not: just at `below_milli` there is no credit of
  /// this band.
  struct Band {
    std::int64_t below_milli = 0;  ///< Thousandths of a percent: 99,900 is 99.9 %.
    std::int64_t credit_percent = 0;
  };
  std::string name;
  LocalText title;
  std::vector<Band> bands;  ///< Downwards; the credit of the last one that lies above counts.
};

struct ServiceSpec {
  bool redundant = false;             ///< Recovers within half an hour, not within one.
  std::vector<TimeSpan> maintenance;  ///< Announced: counts in neither. Ascending, apart.
};

struct Scenario {
  std::string name;
  LocalText title, description;
  std::string file;
  PopulationSpec population;
  std::vector<Workflow> workflows;
  std::vector<Phase> phases;
  std::vector<ArrivalSpec> arrivals;
  std::int64_t time_scale = 1;
  Microseconds await_timeout{30'000'000};
  Microseconds drain{30'000'000};
  std::int64_t connects_per_second = 500;
  std::uint16_t keep_alive_s = 300;
  int mqtt_version = 5;  ///< 4: 3.1.1.
  std::vector<ThresholdSpec> thresholds;
  FaultPlan faults;
  std::optional<ServiceSpec> service;  ///< Set: the report has the service level.
  /// Of the file that stands beside the scenario file; empty when there is none.
  std::vector<CreditSchedule> credit_schedules;
  /// Clauses that this scenario says it does not cover yet, with the reason.
  std::vector<std::pair<std::string, LocalText>> not_covered;
  /// The catalogue that stands beside the scenario file; empty when there is none.
  std::vector<RequirementEntry> requirements;
};

/// Whether there are steps with open topics: its server must have these on.
bool uses_open_topics(const Scenario& scenario);

}  // namespace claims::storm
