#include "simulator/command/report_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <variant>
#include <vector>

#include "reports/files.h"
#include "simulator/command/command.h"
#include "simulator/command/output.h"

namespace claims::storm {

int run_report_command(const std::string& result_file, const std::string& folder) {
  const report::ParsedResult read = report::read_result_file(result_file);
  if (const auto* errors = std::get_if<std::vector<std::string>>(&read)) {
    for (const std::string& error : *errors) say(stderr, "{}\n", error);
    return to_int(ExitCode::usage);
  }
  std::string out = folder;
  if (out.empty()) out = std::filesystem::path(result_file).parent_path().string();
  if (out.empty()) out = ".";
  if (const auto failed = report::write_report_files(std::get<report::RunResult>(read), out)) {
    say(stderr, "--out \"{}\": {}; allowed is a folder that can be written\n", out, *failed);
    return to_int(ExitCode::usage);
  }
  say(stdout, "{}/report.html, junit.xml\n", out);
  return to_int(ExitCode::pass);
}

void add_report_command(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command =
      app.add_subcommand("report", "Draw the report of a run again from its result.json");
  struct Words {
    std::string file, out;
  };
  auto words = std::make_shared<Words>();
  command->add_option("RESULT", words->file, "A result.json that a run wrote")->required();
  command->add_option("--out", words->out,
                      "Folder for report.html and junit.xml (default: beside the result)");
  command->footer(
      "Examples:\n"
      "  claimstorm report out/latest/result.json\n"
      "  claimstorm report old/result.json --out out/again\n"
      "Exit codes: 0 the report is written, 2 bad usage or file");
  command->callback([words, &chosen] {
    chosen = [words] { return run_report_command(words->file, words->out); };
  });
}

}  // namespace claims::storm
