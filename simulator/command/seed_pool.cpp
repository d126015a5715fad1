#include "simulator/command/seed_pool.h"

#include <map>
#include <utility>

#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

constexpr std::chrono::milliseconds kShownEvery{1'000};
/// So much later at most a signal is noticed that came just before the wait.
constexpr std::chrono::milliseconds kWait{200};
/// Seeds that ended before one that takes long.
constexpr std::size_t kAheadMax = 10'000;

class Seeds {
 public:
  Seeds(const SeedPlan& plan, const std::function<SeedReport(std::uint64_t)>& play)
      : plan_(plan),
        pool_(plan.limits, [&play](std::uint64_t seed) { return write_seed_report(play(seed)); }) {
    totals_.seeds = plan.seeds;
  }

  SeedTotals play(const std::function<void(const SeedTotals&)>& shown) {
    const InterruptNotice notice;
    auto shown_at = read_clock().steady;
    while (!over()) {
      start_some();
      for (const TaskEnding& ending : pool_.wait(kWait)) {
        ended_.emplace(ending.task, report_of(ending, ending.task, plan_.limits));
      }
      count();
      totals_.interrupted = InterruptNotice::interrupted();
      const auto now = read_clock().steady;
      if (now - shown_at < kShownEvery) continue;
      shown_at = now;
      shown(totals_);
    }
    return std::move(totals_);
  }

 private:
  bool over() const {
    return totals_.interrupted || !totals_.trouble.empty() ||
           (totals_.failed > 0 && !plan_.keep_going) || totals_.played() == plan_.seeds.count();
  }

  void start_some() {
    while (pool_.has_room() && started_ < plan_.seeds.count() && ended_.size() < kAheadMax) {
      if (auto started = pool_.start(plan_.seeds.first + started_); !started) {
        totals_.trouble = started.error();
        return;
      }
      ++started_;
    }
  }

  /// Those whose turn it is.
  void count() {
    while (!over()) {
      const auto next = ended_.find(plan_.seeds.first + totals_.played());
      if (next == ended_.end()) return;
      add(std::move(next->second));
      ended_.erase(next);
    }
  }

  void add(SeedReport report) {
    totals_.events += report.events;
    totals_.virtual_time += report.virtual_time;
    totals_.cpu += report.cpu;
    if (report.failure()) {
      ++totals_.failed;
      if (totals_.failures.size() < SeedTotals::kFailuresToldMax) {
        totals_.failures.push_back(std::move(report));
      }
    } else if (report.kind == SeedReport::Kind::invalid) {
      ++totals_.invalid;
      if (!totals_.first_invalid) totals_.first_invalid = std::move(report);
    } else {
      ++totals_.passed;
    }
  }

  const SeedPlan& plan_;
  WorkerPool pool_;
  SeedTotals totals_;
  std::uint64_t started_ = 0;
  std::map<std::uint64_t, SeedReport> ended_;  // Before their turn.
};

}  // namespace

SeedTotals play_seeds(const SeedPlan& plan, const std::function<SeedReport(std::uint64_t)>& play,
                      const std::function<void(const SeedTotals&)>& shown) {
  return Seeds(plan, play).play(shown);
}

}  // namespace claims::storm
