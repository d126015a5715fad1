// claimstorm simulate, as a user starts it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <sstream>
#include <string>
#include <vector>

#include "tests/acceptance/program.h"
#include "tests/effort.h"

namespace claims::acceptance {
namespace {

using testing::HasSubstr;

constexpr int kInvalid = 4;

TEST(Simulate, ControlCEndsALongSimulationAtOnceAndSaysSo) {
  const Folder folder;
  Program program("claimstorm", {"simulate", scenario_path("month-end.json"), "--set", "day=whole",
                                 "--seed", "1", "--out", folder.path("out")});
  ASSERT_TRUE(program.says("month-end: seed 1, ")) << program.output();
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), kInvalid) << program.output();
  EXPECT_THAT(program.output(), HasSubstr("ended by a signal before the simulation was over"));
}

/// What a document shows of one seed: the words after "claimstorm", and the lines of its output.
struct Shown {
  std::vector<std::string> arguments;
  std::vector<std::string> lines;
};

/// The blocks of a command that plays one seed, each with the block after it. What is shortened,
/// and what depends on the machine or the folder, is left out.
std::vector<Shown> shown_in(const std::string& document) {
  const std::string kCommand = "build/release/bin/claimstorm simulate ";
  std::istringstream text(read_file(std::string(CLAIMS_SOURCE_DIR "/") + document));
  std::vector<Shown> all;
  int fences_left = 0;  // Until the end of the output of all.back().
  for (std::string line; std::getline(text, line);) {
    if (fences_left > 0 && line.starts_with("```")) {
      --fences_left;
    } else if (fences_left == 1) {
      const bool varies = line.find("…") != std::string::npos || line.starts_with("  out/") ||
                          line.find(" CPU s") != std::string::npos;
      if (!varies) all.back().lines.push_back(line);
    } else if (line.starts_with(kCommand) && line.find(" --seed ") != std::string::npos &&
               line.find(" --trace ") == std::string::npos) {
      std::istringstream words(line.substr(line.find(' ') + 1));
      all.emplace_back();
      for (std::string word; words >> word;) all.back().arguments.push_back(word);
      fences_left = 3;
    }
  }
  return all;
}

TEST(Simulate, ComesToWhatTheDocumentsShow) {
  if (kSanitized) GTEST_SKIP() << "minutes, through nothing that others do not";
  std::size_t compared = 0;
  for (const char* document : {"README.md", "docs/simulation.md"}) {
    for (Shown& shown : shown_in(document)) {
      const Folder folder;
      shown.arguments.insert(shown.arguments.end(), {"--out", folder.path("out")});
      const std::string said = '\n' + run("claimstorm", shown.arguments, CLAIMS_SOURCE_DIR).output;
      for (const std::string& line : shown.lines) {
        EXPECT_THAT(said, HasSubstr('\n' + line + '\n')) << document;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 50U) << "blocks are found";
}

}  // namespace
}  // namespace claims::acceptance
