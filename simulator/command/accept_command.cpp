#include "simulator/command/accept_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "reports/console.h"
#include "reports/files.h"
#include "simulator/command/command.h"
#include "simulator/command/output.h"
#include "simulator/command/run_command.h"

namespace claims::storm {
namespace {

namespace fs = std::filesystem;
using report::ClauseStatus;

constexpr std::string_view kPrefix = "acceptance-", kSuffix = ".json";

/// Beside the working directory, and beside the build tree of this program.
std::vector<fs::path> scenario_folders() {
  std::vector<fs::path> folders{"scenarios"};
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  fs::path folder = program.parent_path();
  constexpr int kLevelsUp = 3;  // build/<preset>/bin
  for (int i = 0; i < kLevelsUp && !error; ++i) folder = folder.parent_path();
  if (!error) folders.push_back(folder / "scenarios");
  return folders;
}

std::string known_names() {
  std::vector<std::string> names;
  for (const fs::path& folder : scenario_folders()) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      const std::string file = entry.path().filename().string();
      if (!file.starts_with(kPrefix) || !file.ends_with(kSuffix)) continue;
      names.push_back(file.substr(kPrefix.size(), file.size() - kPrefix.size() - kSuffix.size()));
    }
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names.empty() ? "none found; start it where scenarios/ is"
                       : fmt::format("{}", fmt::join(names, ", "));
}

std::string totals(const report::RunResult& result, const report::ConsoleStyle& style) {
  const auto count = [&](ClauseStatus status) {
    return std::ranges::count_if(result.requirements, [&](const report::Requirement& one) {
      return !one.clause.empty() && one.status == status;
    });
  };
  return fmt::format(fmt::runtime(style.korean ? "조항: 적합 {}, 부적합 {}, 미검증 {}\n"
                                               : "clauses: {} pass, {} fail, {} not covered\n"),
                     count(ClauseStatus::pass), count(ClauseStatus::fail),
                     count(ClauseStatus::not_covered));
}

}  // namespace

Result<std::string, std::string> find_acceptance_scenario(const std::string& name) {
  for (const fs::path& folder : scenario_folders()) {
    const fs::path file = folder / fmt::format("{}{}{}", kPrefix, name, kSuffix);
    std::error_code error;
    if (fs::is_regular_file(file, error)) return {boost::system::in_place_value, file.string()};
  }
  return {boost::system::in_place_error,
          fmt::format("no acceptance scenario \"{}\"; allowed: {}", name, known_names())};
}

int run_accept_command(const RunOptions& options) {
  const RunOutcome outcome = play_scenario(options);
  if (outcome.result) {
    const report::ConsoleStyle style = console_style(STDOUT_FILENO);
    say(stdout, "\n{}\n{}", report::requirement_table(*outcome.result, style),
        totals(*outcome.result, style));
    say(stdout, "{}", report::console_summary(*outcome.result, style));
  }
  return print_ending(outcome);
}

void add_accept_command(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "accept", "Play an acceptance scenario and show the requirement clauses with their evidence");
  auto words = std::make_shared<RunWords>();
  auto name = std::make_shared<std::string>("all");
  command->add_option("SCENARIO", *name,
                      "Which one: a (inbound), b (bulk), negotiation, all (default)");
  add_target_options(*command, *words);
  command->footer(
      "Examples:\n"
      "  claimstorm accept\n"
      "  claimstorm accept a --seed 7 --out out/acceptance\n"
      "  claimstorm accept all --client paho\n"
      "  claimstorm accept all --target mqtt://10.0.0.5:1883 --population pop\n"
      "Exit codes: 0 pass, 1 fail, 2 bad usage or file, 3 target not reachable, 4 invalid");
  command->callback([words, name, &chosen] {
    chosen = [words, name] {
      const auto file = find_acceptance_scenario(*name);
      words->file = file ? *file : "";
      auto options = parse_run_options(*words);
      if (options) options->accept = *name;
      if ((!file || !options) && !words->out.empty()) report::remove_result_files(words->out);
      if (!file) say(stderr, "{}\n", file.error());
      if (!options) {
        for (const std::string& error : options.error()) say(stderr, "{}\n", error);
      }
      return file && options ? run_accept_command(*options) : to_int(ExitCode::usage);
    };
  });
}

}  // namespace claims::storm
