#include "simulator/command/shrink_summary.h"

#include <fmt/format.h>

#include <string_view>

#include "reports/terminal_text.h"
#include "simulator/command/quantity_text.h"
#include "simulator/command/seed_summary.h"

namespace claims::storm {
namespace {

constexpr std::size_t kNameColumns = 22, kNumberColumns = 10;

std::string row(std::string_view name, std::string_view before, std::string_view after) {
  return "  " + report::padded(name, kNameColumns) + report::padded_left(before, kNumberColumns) +
         report::padded_left(after, kNumberColumns) + "\n";
}

std::string seconds(Microseconds length) {
  return write_thousandths(length.count() / 1'000);
}

}  // namespace

ScenarioSize size_of(const ScenarioDocument& document, const SeedReport& report) {
  ScenarioSize size;
  const PopulationSpec usual;
  const ScenarioDocument& population = document["population"];
  size.users = population.value("insurers", static_cast<std::uint64_t>(usual.insurers)) +
               population.value("adjusters", std::uint64_t{0}) +
               population.value("garages", std::uint64_t{0});
  size.workflows_started = report.workflows_started;
  size.faults = document.contains("faults") ? document["faults"].size() : 0;
  size.length = length_of(document);
  return size;
}

std::string shrink_progress(std::uint64_t attempts, std::uint64_t kept,
                            const report::ConsoleStyle& style) {
  return fmt::format(
      fmt::runtime(style.korean ? "줄이는 중: {}번 시도, {}번 작아짐"
                                : "shrinking: {} attempts, {} of them smaller and failing"),
      attempts, kept);
}

std::string shrink_summary(const ShrinkOutcome& outcome, const report::ConsoleStyle& style) {
  const bool korean = style.korean;
  const ScenarioSize &before = outcome.before, &after = outcome.after;
  const auto add = [&](std::string_view ko, std::string_view en, std::uint64_t from,
                       std::uint64_t to) {
    return row(korean ? ko : en, fmt::format("{}", from), fmt::format("{}", to));
  };
  std::string text = row("", korean ? "전" : "before", korean ? "후" : "after");
  text += add("사용자", "users", before.users, after.users);
  const std::string_view workflows = korean ? "시작한 업무" : "workflows started";
  // A run that crashed tells no figures.
  const auto started = [](const ScenarioSize& size) {
    return size.workflows_started > 0 ? fmt::format("{}", size.workflows_started) : "?";
  };
  text += row(workflows, started(before), started(after));
  text += add("장애", "faults", before.faults, after.faults);
  text += row(korean ? "초" : "seconds", seconds(before.length), seconds(after.length));
  text += fmt::format(
      fmt::runtime(korean ? "{}번 시도. 여전히 실패: {}\n" : "{} attempts; it still fails: {}\n"),
      outcome.attempts, outcome.failure.sign);
  if (outcome.used_up) {
    text += korean ? "시간이 다 되었거나 중단됨: 더 작아질 수 있음 (--budget)\n"
                   : "the time was used up, or it was ended: it could become smaller (--budget)\n";
  }
  const report::Text& story = outcome.failure.story;
  text += fmt::format("  {}\n", korean ? story.ko : story.en);
  return text + last_words_text(outcome.failure.words) +
         fmt::format("  {}\n  {}\n", outcome.file, outcome.replay);
}

}  // namespace claims::storm
