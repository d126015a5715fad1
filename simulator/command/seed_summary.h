#pragma once
// What a person reads of simulations: the figures of one, and the summary of many.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "reports/console.h"
#include "simulator/command/seed_pool.h"
#include "simulator/command/seed_report.h"

namespace claims::storm {

/// The trace hash, and how fast virtual time went.
std::string simulation_figures(const SeedReport& report, const report::ConsoleStyle& style = {});

/// The end of what a program said before it died, line by line, safe on a terminal.
std::string last_words_text(std::string_view words);

/// "120 of 1000 seeds  1 failed  2.5 virtual h"
std::string seed_progress(const SeedTotals& totals, const report::ConsoleStyle& style = {});

/// Each failing seed with its first story and the one command that replays it, then the totals.
std::string seed_summary(const SeedTotals& totals,
                         const std::function<std::string(std::uint64_t seed)>& replay,
                         const report::ConsoleStyle& style = {});

}  // namespace claims::storm
