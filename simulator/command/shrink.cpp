#include "simulator/command/shrink.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "simulator/command/delta_debugging.h"
#include "simulator/command/scenario_reductions.h"

namespace claims::storm {
namespace {

class Shrinking {
 public:
  Shrinking(const ShrinkAttempt& failing, const FirstFailing& first_failing,
            const ShrinkLimits& limits)
      : best_(failing), first_seed_(failing.seed), first_failing_(first_failing), limits_(limits) {}

  ShrinkAttempt run() {
    bool less = true;
    while (less && !limits_.used_up()) {
      less = false;
      // What makes every later attempt cheaper comes first. Another seed is another run: where
      // the seed's own run has a good chance to fail still, no other is asked.
      less = list("phases", Seeds::same) || less;
      less = numbers("phases", Seeds::same) || less;
      less = list("faults", Seeds::same) || less;
      if (attempt(reductions_.counted(best_.scenario), Seeds::any)) less = true;
      less = list("arrivals", Seeds::any) || less;
      // Faults at the end kept the phases long; with few of them, they can come earlier.
      less = course() || less;
      less = users_of_faults() || less;
      less = numbers("arrivals", Seeds::any) || less;
      less = numbers("population", Seeds::any) || less;
      less = list("thresholds", Seeds::same) || less;
    }
    return std::move(best_);
  }

 private:
  enum class Seeds { same, any };

  /// The first of them that fails becomes the best.
  std::optional<std::size_t> attempt(const std::vector<ScenarioDocument>& smaller, Seeds seeds) {
    if (const auto found = ask(smaller, {best_.seed})) return found;
    if (seeds == Seeds::same) return std::nullopt;
    std::vector<std::uint64_t> others;
    for (std::uint64_t i = 0; i <= limits_.other_seeds; ++i) {
      if (first_seed_ + i != best_.seed) others.push_back(first_seed_ + i);
    }
    return ask(smaller, others);
  }

  std::optional<std::size_t> ask(const std::vector<ScenarioDocument>& smaller,
                                 const std::vector<std::uint64_t>& seeds) {
    if (limits_.used_up()) return std::nullopt;
    std::vector<ShrinkAttempt> attempts;
    std::vector<std::size_t> whose;
    for (std::size_t i = 0; i < smaller.size(); ++i) {
      const std::size_t digest = std::hash<std::string>()(smaller[i].dump());
      for (const std::uint64_t seed : seeds) {
        // Once is enough: the same attempt gives the same answer.
        if (!asked_.emplace(digest, seed).second) continue;
        attempts.push_back({smaller[i], seed});
        whose.push_back(i);
      }
    }
    if (attempts.empty()) return std::nullopt;
    const auto found = first_failing_(attempts);
    if (!found) return std::nullopt;
    best_ = std::move(attempts[*found]);
    return whose[*found];
  }

  bool list(const std::string& key, Seeds seeds) {
    if (!best_.scenario.contains(key) || best_.scenario[key].empty()) return false;
    const ScenarioDocument whole = best_.scenario;
    const std::size_t before = whole[key].size();
    minimized(before, seeds,
              [&](const Subset& kept) { return reductions_.with_elements(whole, key, kept); });
    return best_.scenario[key].size() < before;
  }

  /// `with(kept)`: the scenario with these of `count` elements, or nothing when it is none.
  template <class With>
  Subset minimized(std::size_t count, Seeds seeds, const With& with) {
    return minimize(count, [&](const std::vector<Subset>& subsets) -> std::optional<std::size_t> {
      std::vector<ScenarioDocument> smaller;
      std::vector<std::size_t> whose;
      for (std::size_t i = 0; i < subsets.size(); ++i) {
        auto document = with(subsets[i]);
        if (!document) continue;
        smaller.push_back(std::move(*document));
        whose.push_back(i);
      }
      const auto found = attempt(smaller, seeds);
      if (!found) return std::nullopt;
      return whose[*found];
    });
  }

  bool course() {
    bool less = false;
    while (attempt(reductions_.begun_later(best_.scenario), Seeds::any)) less = true;
    while (attempt(reductions_.sooner(best_.scenario), Seeds::any)) less = true;
    return less;
  }

  bool users_of_faults() {
    bool less = false;
    if (!best_.scenario.contains("faults")) return false;
    for (std::size_t fault = 0; fault < best_.scenario["faults"].size(); ++fault) {
      const ScenarioDocument whole = best_.scenario;
      const ScenarioDocument users = whole["faults"][fault].value("users", ScenarioDocument());
      if (!users.is_array() || users.size() < 2) continue;
      less = minimized(
                 users.size(), Seeds::same,
                 [&](const Subset& kept) {
                   return reductions_.with_users(whole, fault, kept);
                 }).size() < users.size() ||
             less;
    }
    return less;
  }

  bool numbers(std::string_view part, Seeds seeds) {
    bool less = false;
    for (const std::string& pointer : ScenarioReductions::numbers(best_.scenario, part)) {
      while (attempt(reductions_.with_less(best_.scenario, pointer), seeds)) less = true;
    }
    return less;
  }

  ShrinkAttempt best_;
  const std::uint64_t first_seed_;
  const FirstFailing& first_failing_;
  const ShrinkLimits& limits_;
  ScenarioReductions reductions_;
  std::set<std::pair<std::size_t, std::uint64_t>> asked_;
};

}  // namespace

ShrinkAttempt shrink(const ShrinkAttempt& failing, const FirstFailing& first_failing,
                     const ShrinkLimits& limits) {
  return Shrinking(failing, first_failing, limits).run();
}

}  // namespace claims::storm
