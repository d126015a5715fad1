#include "simulator/measure/recorder.h"

#include <algorithm>
#include <cassert>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

constexpr Microseconds kSecond{1'000'000};
constexpr int kP50 = 5'000, kP99 = 9'900;

constexpr std::array<std::string_view, kFigures> kNames{
    "reply",   "error_reply", "delivery", "delivery_last_member", "catch_up", "workflow",
    "connect", "lateness",    "read_lag"};

std::size_t index_of(Figure figure) {
  return static_cast<std::size_t>(figure);
}

/// The entry of a name; once there are `most`, those of new names share one.
template <class Map>
typename Map::mapped_type& entry_of(Map& map, std::string_view name, std::size_t most) {
  auto found = map.find(name);
  if (found == map.end()) {
    const std::string_view kept = map.size() < most ? name : Recorder::kOthers;
    found = map.try_emplace(std::string(kept)).first;
  }
  return found->second;
}

/// Seconds of an entry of the series.
constexpr std::array<std::int64_t, 5> kSteps{1, 10, 60, 600, 3'600};

void keep_worst(std::optional<Microseconds>& of, const std::optional<Microseconds>& other) {
  if (other && (!of || *of < *other)) of = other;
}

/// `later` follows `into`.
void merge_into(SecondOfRun& into, const SecondOfRun& later) {
  into.seconds = later.second + later.seconds - into.second;
  into.commands += later.commands;
  into.replies += later.replies;
  into.errors += later.errors;
  into.deliveries += later.deliveries;
  into.workflows_started += later.workflows_started;
  into.workflows_completed += later.workflows_completed;
  into.workflows_closed += later.workflows_closed;
  into.connected = std::min(into.connected, later.connected);
  into.outstanding = std::max(into.outstanding, later.outstanding);
  keep_worst(into.reply_p99, later.reply_p99);
  keep_worst(into.reply_max, later.reply_max);
  keep_worst(into.delivery_p50, later.delivery_p50);
  keep_worst(into.delivery_p99, later.delivery_p99);
  keep_worst(into.delivery_max, later.delivery_max);
}

}  // namespace

std::string_view to_string(Figure figure) {
  return kNames[index_of(figure)];
}

void Recorder::begin(Microseconds start) {
  start_ = start;
}

void Recorder::hold(Microseconds from, Microseconds to) {
  holds_.emplace_back(from, to);
}

bool Recorder::in_hold(Microseconds instant) const {
  return std::any_of(holds_.begin(), holds_.end(), [&](const auto& phase) {
    return phase.first <= instant && instant < phase.second;
  });
}

void Recorder::end_holds(Microseconds at) {
  for (auto& [from, to] : holds_) to = std::min(to, at);
}

void Recorder::record(Figure figure, const Sample& sample) {
  assert(figure != Figure::lateness && figure != Figure::read_lag);
  if (figure == Figure::reply) {
    advance(sample.done);
    ++open_.replies;
    ++answered_in_it_;
    if (open_.outstanding > 0) --open_.outstanding;
    second_reply_.record(sample.done - sample.intended);
  } else if (figure == Figure::delivery) {
    advance(sample.done);
    second_delivery_.record(sample.done - sample.intended);
  }
  if (figure != Figure::connect && !in_hold(sample.intended)) return;
  corrected_[index_of(figure)].record(sample.done - sample.intended);
  uncorrected_[index_of(figure)].record(sample.done - sample.sent);
}

void Recorder::record_lateness(Microseconds intended, Microseconds sent, Microseconds held_until) {
  if (!in_hold(intended)) return;
  const Microseconds late = sent - std::max(intended, held_until);
  corrected_[index_of(Figure::lateness)].record(late);
  uncorrected_[index_of(Figure::lateness)].record(late);
}

void Recorder::record_read_lag(Microseconds begin, Microseconds handled,
                               std::optional<Microseconds> counts_from) {
  const bool meets_hold = std::any_of(holds_.begin(), holds_.end(), [&](const auto& phase) {
    return phase.first < phase.second && begin < phase.second && handled >= phase.first;
  });
  if (!meets_hold && !(counts_from && in_hold(*counts_from))) return;
  corrected_[index_of(Figure::read_lag)].record(handled - begin);
  uncorrected_[index_of(Figure::read_lag)].record(handled - begin);
}

void Recorder::record_step(std::string_view step, const Sample& sample) {
  if (!in_hold(sample.intended)) return;
  entry_of(steps_, step, limits::kStepFiguresMax).record(sample.done - sample.intended);
}

void Recorder::record_workflow(std::string_view workflow, const Sample& sample) {
  record(Figure::workflow, sample);
  if (!in_hold(sample.intended)) return;
  entry_of(workflows_, workflow, limits::kWorkflowsMax).record(sample.done - sample.intended);
}

void Recorder::record_error(std::string_view code, const Sample& sample,
                            std::string_view message_ko, std::string_view message_en) {
  ErrorFigures& error = entry_of(errors_, code, limits::kErrorCodesMax);
  const Microseconds took = std::max(Microseconds{0}, sample.done - sample.intended);
  if (error.count++ == 0) {
    error.example_ko = message_ko.substr(0, limits::kErrorExampleBytesMax);
    error.example_en = message_en.substr(0, limits::kErrorExampleBytesMax);
  }
  error.sum += took;
  error.max = std::max(error.max, took);
}

void Recorder::count_event(std::string_view type) {
  const auto found = std::find_if(events_.begin(), events_.end(),
                                  [&](const auto& event) { return event.first == type; });
  if (found != events_.end()) {
    ++found->second;
  } else if (events_.size() < limits::kEventTypesMax) {
    events_.emplace_back(type, 1);
  }
}

std::uint64_t Recorder::events_seen(std::string_view type) const {
  const auto found = std::find_if(events_.begin(), events_.end(),
                                  [&](const auto& event) { return event.first == type; });
  return found == events_.end() ? 0 : found->second;
}

std::optional<Microseconds> Recorder::recent_delivery_p99() const {
  Histogram recent;
  for (const Histogram& second : recent_delivery_) recent.merge(second);
  return recent.percentile_unguarded(kP99);
}

void Recorder::record_unanswered(const Sample& sample, Microseconds now, bool still_waits) {
  advance(now);
  add_unanswered(sample);
  if (still_waits) return;
  if (open_.outstanding > 0) --open_.outstanding;
  ++given_up_in_it_;
}

void Recorder::count_withdrawn(Microseconds now) {
  advance(now);
  if (open_.outstanding > 0) --open_.outstanding;
  ++given_up_in_it_;
}

void Recorder::add_unanswered(const Sample& sample) {
  second_reply_.record(sample.done - sample.intended);
  if (!in_hold(sample.intended)) return;
  corrected_[index_of(Figure::reply)].record(sample.done - sample.intended);
  uncorrected_[index_of(Figure::reply)].record(sample.done - sample.sent);
}

void Recorder::command_held(Microseconds now) {
  advance(now);
  ++held_;
}

void Recorder::held_command_sent(Microseconds now) {
  advance(now);
  assert(held_ > 0);
  --held_;
  ++released_in_it_;
}

void Recorder::held_command_given_up(const Sample& sample, Microseconds now) {
  held_command_sent(now);
  ++unsent_;
  add_unanswered(sample);
}

void Recorder::count_late_answer(Microseconds now, bool was_outstanding) {
  advance(now);
  ++open_.replies;
  if (was_outstanding && open_.outstanding > 0) --open_.outstanding;
  ++answered_in_it_;
}

void Recorder::count_command(Microseconds now) {
  advance(now);
  ++open_.commands;
  ++open_.outstanding;
}

void Recorder::count_error(Microseconds now) {
  advance(now);
  ++open_.errors;
}

void Recorder::count_delivery(Microseconds now) {
  advance(now);
  ++open_.deliveries;
}

void Recorder::count_workflow_started(bool closed, Microseconds now) {
  advance(now);
  ++open_.workflows_started;
  if (closed) ++open_.workflows_closed;
}

void Recorder::count_workflow_completed(Microseconds now) {
  advance(now);
  ++open_.workflows_completed;
}

void Recorder::connected(std::int64_t change, Microseconds now) {
  advance(now);
  open_.connected = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, static_cast<std::int64_t>(open_.connected) + change));
}

void Recorder::advance(Microseconds now) {
  while (start_ + (open_.second + 1) * kSecond <= now) close_second();
}

SecondOfRun Recorder::unclosed() const {
  SecondOfRun second = open_;
  second.reply_p99 = second_reply_.percentile(kP99);
  second.reply_max = second_reply_.max();
  second.delivery_p50 = second_delivery_.percentile(kP50);
  second.delivery_p99 = second_delivery_.percentile(kP99);
  second.delivery_max = second_delivery_.max();
  return second;
}

void Recorder::close_second() {
  // One that was there at the start and was neither answered nor given up was there throughout.
  const bool waited =
      outstanding_at_its_start_ > given_up_in_it_ || held_at_its_start_ > released_in_it_;
  if (answered_in_it_ == 0 && waited) ++outage_seconds_;
  last_second_ = unclosed();
  add_to_series(*last_second_);
  const auto p99 = slow_above_ ? second_delivery_.percentile_unguarded(kP99) : std::nullopt;
  if (p99 && *p99 >= *slow_above_) slow_seconds_.push_back({open_.second, *p99});

  SecondOfRun next;
  next.second = open_.second + 1;
  next.connected = open_.connected;
  next.outstanding = open_.outstanding;
  open_ = next;
  outstanding_at_its_start_ = open_.outstanding;
  given_up_in_it_ = 0;
  held_at_its_start_ = held_;
  released_in_it_ = 0;
  answered_in_it_ = 0;
  second_reply_.clear();
  std::swap(recent_delivery_[static_cast<std::size_t>(next.second) % kRecentSeconds],
            second_delivery_);
  second_delivery_.clear();
}

void Recorder::add_to_series(const SecondOfRun& second) {
  if (!seconds_.empty() && seconds_.back().second / step_ == second.second / step_) {
    merge_into(seconds_.back(), second);
    return;
  }
  if (seconds_.size() >= limits::kSeriesMax) coarsen();
  // Of the coarser series the last entry may not be full yet.
  if (!seconds_.empty() && seconds_.back().second / step_ == second.second / step_) {
    merge_into(seconds_.back(), second);
  } else {
    seconds_.push_back(second);
  }
}

void Recorder::coarsen() {
  const auto* next =
      std::find_if(kSteps.begin(), kSteps.end(), [&](std::int64_t step) { return step > step_; });
  step_ = next == kSteps.end() ? 2 * step_ : *next;
  std::vector<SecondOfRun> merged;
  for (const SecondOfRun& one : seconds_) {
    if (!merged.empty() && merged.back().second / step_ == one.second / step_) {
      merge_into(merged.back(), one);
    } else {
      merged.push_back(one);
    }
  }
  seconds_ = std::move(merged);
}

const Histogram& Recorder::corrected(Figure figure) const {
  return corrected_[index_of(figure)];
}

const Histogram& Recorder::uncorrected(Figure figure) const {
  return uncorrected_[index_of(figure)];
}

}  // namespace claims::storm
