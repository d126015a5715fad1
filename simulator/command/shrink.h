#pragma once
// shrink(): makes a failing scenario smaller for as long as it fails: shorter phases, fewer faults,
// fewer workflows, fewer users.
//
// Works on the document of an explicit scenario (explicit_scenario.h). Pure: whether something
// still fails is asked of an oracle.

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace claims::storm {

/// What fails, or might.
struct ShrinkAttempt {
  nlohmann::ordered_json scenario;
  std::uint64_t seed = 0;
};
/// Of these, in turn, the first that fails in the same way; nothing: none does, or there is no time
/// left. It may be asked of things that are no valid scenarios: those do not fail.
using FirstFailing = std::function<std::optional<std::size_t>(const std::vector<ShrinkAttempt>&)>;

struct ShrinkLimits {
  /// What fails no more may fail with one of so many other seeds, next after the first one.
  std::uint64_t other_seeds = 5;
  std::function<bool()> used_up = [] { return false; };
};

/// `failing` fails; so does what is returned, which is not larger in anything.
ShrinkAttempt shrink(const ShrinkAttempt& failing, const FirstFailing& first_failing,
                     const ShrinkLimits& limits = {});

}  // namespace claims::storm
