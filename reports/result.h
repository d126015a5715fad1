#pragma once
// The result of a run: what result.json holds and every report is drawn from. Plain data.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claims::report {

enum class Verdict { pass, fail, invalid };
std::string_view to_string(Verdict verdict);

struct Text {
  std::string ko, en;
};

/// Milliseconds; nothing where there are too few samples.
struct Latency {
  std::uint64_t count = 0;
  std::optional<double> mean, p50, p90, p95, p99, p999, max;
};

/// A percentile curve, for pictures: also where fewer than 10 samples lie beyond a point.
struct CurvePoint {
  double percent = 0;  ///< 0 … 100, ascending.
  double ms = 0;
};
struct Curve {
  std::vector<CurvePoint> corrected, uncorrected;
};

struct Counts {
  std::uint64_t commands = 0, acknowledged = 0, error_replies = 0, timeouts = 0;
  std::uint64_t unsent = 0;  ///< Due, and never sent for want of a connection.
  std::uint64_t connections_lost = 0;
  std::uint64_t deliveries_expected = 0, deliveries = 0;
  std::uint64_t workflows_started = 0, workflows_completed = 0;
};

struct Threshold {
  std::string metric, limit;  ///< limit with its operator: "<= 1000"
  std::optional<double> value;
  bool ok = false;
  bool too_few_samples = false;  ///< Makes the run invalid.
};

enum class ClauseStatus { pass, fail, partial, not_covered };
std::string_view to_string(ClauseStatus status);
struct Requirement {
  std::string id;      ///< "CPC-003"
  std::string clause;  ///< "one-room"; empty: the ID as a whole.
  ClauseStatus status = ClauseStatus::not_covered;
  Text title;
  Text evidence;
};

/// A second of the run, or a few in a long one: then counts are sums, levels those of the last one,
/// times those of the worst.
struct Second {
  std::int64_t second = 0;   ///< Since the run's start.
  std::int64_t seconds = 1;  ///< How many.
  std::uint64_t commands = 0, replies = 0, errors = 0, deliveries = 0, workflows_started = 0,
                workflows_completed = 0, connected = 0, outstanding = 0;
  /// Nothing without samples; percentiles also with fewer than 10 samples beyond them.
  std::optional<double> reply_p99_ms, reply_max_ms, delivery_p50_ms, delivery_p99_ms,
      delivery_max_ms;
  std::optional<double> machine_cpu_percent;  ///< 100: all cores.
  std::optional<double> server_cpu_percent, harness_cpu_percent, server_rss_mb, harness_rss_mb;
};

/// One kind of workflow. Rates are per second of the hold phases, counts of the whole run. Target
/// and achieved rate are of the open arrivals alone: closed ones have no rate to reach.
struct WorkflowFigures {
  std::string name;
  Text title;
  double target_rate = 0, achieved_rate = 0;
  double closed_at_a_time = 0;  ///< How many closed arrivals keep open, on the mean; 0: none.
  double closed_rate = 0;       ///< Those that they began.
  std::uint64_t started = 0, completed = 0, failed = 0;
  Latency latency_ms;  ///< From the arrival to completion, of those that arrived in a hold.
};

/// A part of the run as it was played; seconds since its start.
struct PlayedPhase {
  std::string name;  ///< As in the scenario; empty: it has none.
  std::string kind;  ///< connecting, ramp, hold, drain, reading, …
  double begin_s = 0, end_s = 0;
};

/// The error replies of one code over the whole run, also those outside the hold phases.
struct ErrorReplies {
  std::string code;
  std::uint64_t count = 0;
  double mean_ms = 0, max_ms = 0;
  Text message;  ///< An example.
};

/// One kind of work, beside the whole country's (estimates, workflows per second).
struct CountryLoad {
  std::string kind;
  Text title;
  double target_rate = 0;    ///< Of the open arrivals.
  double achieved_rate = 0;  ///< Of all arrivals.
  double mean_rate = 0;      ///< The country's, over a working day.
  double peak_rate = 0;      ///< The country's, in the month-end peak hour.
};

/// Where the load comes from.
struct LoadDerivation {
  std::uint64_t insurers = 0, adjusters = 0, garages = 0;
  std::vector<CountryLoad> country;  ///< Empty: no figures of the country beside the scenario.
  Text basis;                        ///< What the country's figures come from.
};

/// A defect of an earlier system, which must not come again. Never `partial`.
struct Defect {
  std::string id;
  Text title;
  ClauseStatus status = ClauseStatus::not_covered;
  Text evidence;
};

struct ProcessUse {
  std::optional<double> cpu_percent_mean, cpu_percent_max;  ///< 100: one core.
  std::optional<double> cpu_seconds, rss_mb_max, cpu_us_per_delivery;
  std::optional<double> run_delay_seconds;  ///< All its threads, ready to run, waiting for a core.
};

/// The machine that the harness ran on, and an embedded server with it.
struct MachineUse {
  std::optional<double> cpu_percent_mean, cpu_percent_max;  ///< 100: all cores.
  std::optional<double> memory_mb_total, memory_percent_max;
};

/// A time in which no client got an answer; seconds since the first phase began.
struct ServiceOutage {
  double begin_s = 0, end_s = 0;
  double counted_s = 0;    ///< Without announced maintenance.
  std::int64_t grade = 4;  ///< 4, the lightest, to 1.
};

/// What a schedule gives back for the availability, in percent of the month's price.
struct ServiceCredit {
  std::string schedule;
  Text title;
  std::int64_t percent = 0;
};

/// Of the scenario's phases as played: a month, or as much of one.
struct ServiceLevel {
  double period_s = 0;       ///< Without maintenance.
  double maintenance_s = 0;  ///< Announced.
  double outage_s = 0;
  double availability_percent = 100;  ///< Three digits, cut off: what is shown as 99.9 has it.
  std::uint64_t outage_count = 0;
  std::vector<ServiceOutage> outages;  ///< At most limits::kOutagesMax, the first.
  std::vector<ServiceCredit> credits;
  std::string architecture;  ///< "single" or "redundant".
  double mean_to_recover_s = 0, longest_s = 0, recovery_goal_s = 0;
  bool goal_met = true;
};

/// How a run in virtual time was played. Nothing of the machine: the same run gives the same
/// result everywhere.
struct Simulation {
  std::string trace_hash;
  double virtual_s = 0;
  std::uint64_t events = 0;
};

/// How long after a fault, at most, deliveries were slow.
struct Recovery {
  std::int64_t delivery_p99_ms = 0;  ///< Recovered: not above this any more.
  double max_s = 0;
};

struct Story {
  std::string checker;
  Text text;
};

struct RunResult {
  static constexpr const char* kFormat = "claimstorm-result/1";
  std::string scenario, scenario_file, target, started_at;  ///< started_at: ISO 8601 UTC
  Text title;
  std::uint64_t seed = 0;
  Verdict verdict = Verdict::invalid;
  std::vector<Text> reasons;  ///< Why the verdict is not pass; empty with pass.
  bool ended_early = false;
  std::vector<Text> faults;        ///< Injected on purpose, in order.
  std::vector<Recovery> recovery;  ///< One of each limit that a threshold of the faults sets.
  std::uint64_t users = 0;         ///< People.
  std::uint64_t connections = 0;   ///< Their devices, each with one; 0: not known.
  std::uint64_t active_users = 0;  ///< Took part in a step during a hold phase.
  double duration_s = 0;           ///< Of the hold phases as played.
  double target_rate = 0, achieved_rate = 0;     ///< Open arrivals per second in hold, on the mean.
  double closed_at_a_time = 0, closed_rate = 0;  ///< As of WorkflowFigures, of all of them.
  std::int64_t time_scale = 1;
  Counts counts;
  std::map<std::string, std::uint64_t> violations;  ///< One per checker, without the total.
  std::uint64_t violations_total = 0;
  std::vector<Story> stories;
  std::map<std::string, Latency> latency_ms, latency_uncorrected_ms;  ///< By figure.
  std::map<std::string, Latency> steps_ms;  ///< By "workflow/step", corrected.
  std::map<std::string, Curve> curves_ms;   ///< By figure.
  std::vector<WorkflowFigures> workflows;
  std::vector<PlayedPhase> phases;
  LoadDerivation load;
  std::vector<ErrorReplies> errors;
  Latency lateness_ms, read_lag_ms;
  std::uint64_t outage_seconds = 0;
  std::vector<Threshold> thresholds;
  std::vector<Requirement> requirements;
  std::vector<Defect> defects;
  std::optional<ServiceLevel> service;
  std::optional<Simulation> simulation;  ///< Nothing: of the real world.
  std::vector<Second> series;
  ProcessUse server, harness;
  MachineUse machine;
  std::map<std::string, std::string> environment;  ///< client, cores, memory, …, version
  std::string repeat_command;
};

}  // namespace claims::report
