#pragma once
// Recorder: every timed figure of a run, corrected (from the intended time) beside uncorrected
// (from the actual send), in total, per step and per second.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/time.h"
#include "simulator/measure/histogram.h"

namespace claims::storm {

enum class Figure : std::uint8_t {
  reply,                 ///< Command or read to its reply, ok or not, time-outs at their value.
  error_reply,           ///< Of these, the refusals and errors.
  delivery,              ///< Command to an event at a session connected since then.
  delivery_last_member,  ///< To the last member other than the sender.
  catch_up,              ///< Events that came after a reconnect.
  workflow,              ///< From arrival to completion.
  connect,               ///< Opening a connection to SUBACK.
  lateness,              ///< Intended to actual send: the generator's own fault.
  read_lag,              ///< Beginning of the loop turn to handling: the generator's own fault.
};
inline constexpr std::size_t kFigures = 9;
std::string_view to_string(Figure figure);

struct Sample {
  Microseconds intended{0};  ///< Steady time that it counts from.
  Microseconds sent{0};      ///< Steady time of the actual send.
  Microseconds done{0};      ///< Steady time of the end.
};

struct SecondOfRun {
  std::int64_t second = 0;  ///< Since the run's start.
  std::uint64_t commands = 0, replies = 0, errors = 0, deliveries = 0;
  std::uint64_t workflows_started = 0, workflows_completed = 0, connected = 0;
  std::uint64_t workflows_closed = 0;  ///< Of those started: by closed arrivals.
  std::uint64_t outstanding = 0;       ///< Commands without an answer at the second's end.
  /// How many seconds it stands for, from `second` on: counts are sums; `connected`, `outstanding`
  /// and times are those of the worst.
  std::int64_t seconds = 1;
  /// Nothing in a second without samples, or with fewer than 10 beyond a percentile.
  std::optional<Microseconds> reply_p99, reply_max, delivery_p50, delivery_p99, delivery_max;
};

/// A second in which deliveries were slow.
struct SlowSecond {
  std::int64_t second = 0;
  Microseconds delivery_p99{0};  ///< Also of few samples.
};

/// The error replies of one code, whenever they came; times are corrected.
struct ErrorFigures {
  std::uint64_t count = 0;
  Microseconds sum{0}, max{0};
  std::string example_ko, example_en;  ///< The message of the first.
};

/// One thread. Corrected is `done - intended`, uncorrected `done - sent`. Samples whose intended
/// time lies outside the hold phases go into the time series only (`connect` is always kept). The
/// generator's own faults are taken of the same samples, so that none counts in a latency whose
/// lateness does not.
class Recorder {
 public:
  static constexpr std::string_view kOthers = "others";

  void begin(Microseconds start);                 ///< Second 0 of the time series.
  void hold(Microseconds from, Microseconds to);  ///< May be called for several phases.
  /// The hold phases end at `at`, those that begin later never were: the run was ended early.
  void end_holds(Microseconds at);
  /// Neither lateness nor read_lag.
  void record(Figure figure, const Sample& sample);
  /// A request's, when its intended time lies in a hold. While it waited for a connection or the
  /// window, until `held_until`, the generator was not late.
  void record_lateness(Microseconds intended, Microseconds sent, Microseconds held_until = {});
  /// A reading's, from the beginning of its loop turn, when any of that time lies in a hold, or
  /// when it ended a sample whose intended time, `counts_from`, does.
  void record_read_lag(Microseconds begin, Microseconds handled,
                       std::optional<Microseconds> counts_from = {});
  /// Also under a name, "inbound/message.send". Of names beyond limits::kStepFiguresMax the samples
  /// are counted together, under kOthers.
  void record_step(std::string_view step, const Sample& sample);
  /// A workflow of that name from its arrival to its completion.
  void record_workflow(std::string_view workflow, const Sample& sample);
  /// A reply that was an error, with its messages; also outside the hold phases. Beyond
  /// limits::kErrorCodesMax codes they are counted under kOthers.
  void record_error(std::string_view code, const Sample& sample, std::string_view message_ko,
                    std::string_view message_en);
  /// A delivery of that type of event was checked.
  void count_event(std::string_view type);
  /// No answer within the time-out, or the connection was lost: a sample of `reply` that is no
  /// answer. `still_waits`: it stays outstanding, since its client goes on asking.
  void record_unanswered(const Sample& sample, Microseconds now, bool still_waits = false);
  /// An answer after the time-out's sample was taken: no sample of its own, but the server did
  /// answer.
  void count_late_answer(Microseconds now, bool was_outstanding = false);
  /// It will not be answered, by nobody's fault: no sample.
  void count_withdrawn(Microseconds now);
  void count_command(Microseconds now);
  /// A command is due and cannot be sent: its user has no connection, or the window is full. It is
  /// outstanding until it is sent or given up.
  void command_held(Microseconds now);
  void held_command_sent(Microseconds now);
  /// It was never sent: a sample of `reply` like one that was not answered.
  void held_command_given_up(const Sample& sample, Microseconds now);
  void count_error(Microseconds now);
  void count_delivery(Microseconds now);
  void count_workflow_started(bool closed, Microseconds now);
  void count_workflow_completed(Microseconds now);
  void connected(std::int64_t change, Microseconds now);
  /// Closes seconds up to `now`.
  void advance(Microseconds now);

  const Histogram& corrected(Figure figure) const;
  const Histogram& uncorrected(Figure figure) const;
  const std::map<std::string, Histogram, std::less<>>& steps() const { return steps_; }
  const std::map<std::string, Histogram, std::less<>>& workflows() const { return workflows_; }
  const std::map<std::string, ErrorFigures, std::less<>>& errors() const { return errors_; }
  /// How often events of that type were delivered and checked.
  std::uint64_t events_seen(std::string_view type) const;
  /// p99 of `delivery` over the last closed seconds, up to five; also with few samples. For the
  /// live view.
  std::optional<Microseconds> recent_delivery_p99() const;
  /// The time series. A long run's is coarser: once it has limits::kSeriesMax entries, they are
  /// merged to the next of 10 s, 60 s, 10 min, 1 h.
  const std::vector<SecondOfRun>& seconds() const { return seconds_; }
  /// The last closed second by itself.
  const std::optional<SecondOfRun>& last_second() const { return last_second_; }
  /// From now on keeps the seconds whose delivery p99 is not below that.
  void keep_slow_seconds(Microseconds above) { slow_above_ = above; }
  const std::vector<SlowSecond>& slow_seconds() const { return slow_seconds_; }
  /// The second that is still open, with the figures that it has so far.
  SecondOfRun unclosed() const;
  /// Closed seconds throughout which a command was outstanding and in which none was answered.
  std::uint64_t outage_seconds() const { return outage_seconds_; }
  /// Commands that were due and never sent.
  std::uint64_t unsent() const { return unsent_; }

 private:
  static constexpr std::size_t kRecentSeconds = 5;

  bool in_hold(Microseconds instant) const;
  void add_unanswered(const Sample& sample);
  void close_second();
  void add_to_series(const SecondOfRun& second);
  void coarsen();

  std::array<Histogram, kFigures> corrected_, uncorrected_;
  std::map<std::string, Histogram, std::less<>> steps_, workflows_;
  std::map<std::string, ErrorFigures, std::less<>> errors_;
  std::vector<std::pair<std::string, std::uint64_t>> events_;  // Few types: faster than a map.
  std::vector<SecondOfRun> seconds_;
  std::int64_t step_ = 1;  // Seconds of an entry.
  std::optional<SecondOfRun> last_second_;
  std::optional<Microseconds> slow_above_;
  std::vector<SlowSecond> slow_seconds_;
  Histogram second_reply_, second_delivery_;
  std::array<Histogram, kRecentSeconds> recent_delivery_;  // By second % kRecentSeconds.
  std::vector<std::pair<Microseconds, Microseconds>> holds_;
  Microseconds start_{0};
  SecondOfRun open_;
  std::uint64_t outstanding_at_its_start_ = 0, given_up_in_it_ = 0, answered_in_it_ = 0;
  std::uint64_t held_ = 0, held_at_its_start_ = 0, released_in_it_ = 0;
  std::uint64_t outage_seconds_ = 0, unsent_ = 0;
};

}  // namespace claims::storm
