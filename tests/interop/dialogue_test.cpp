// Every normative statement of MQTT 3.1.1 and 5.0: a dialogue that proves it against claimchatd, or
// the reason why none can.

#include "tests/interop/dialogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace claims::interop {
namespace {

const std::string kFolder = CLAIMS_SOURCE_DIR "/tests/interop/dialogues";

std::string path_of(const std::string& file) {
  return (std::filesystem::path(kFolder) / (file + ".dialogues")).string();
}

std::vector<std::string> dialogue_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".dialogues") files.push_back(entry.path().stem());
  }
  std::ranges::sort(files);
  return files;
}

class Dialogues : public testing::TestWithParam<std::tuple<std::string, mqtt::Version>> {};
INSTANTIATE_TEST_SUITE_P(
    Files, Dialogues,
    testing::Combine(testing::ValuesIn(dialogue_files()),
                     testing::Values(mqtt::Version::v3_1_1, mqtt::Version::v5_0)),
    [](const auto& info) {
      std::string name = std::get<0>(info.param);
      std::ranges::replace(name, '-', '_');
      return name + (std::get<1>(info.param) == mqtt::Version::v5_0 ? "_v5_0" : "_v3_1_1");
    });

TEST_P(Dialogues, GoAsTheStandardSays) {
  const auto& [file, version] = GetParam();
  std::size_t played = 0;
  for (const Dialogue& dialogue : read_dialogues(path_of(file))) {
    EXPECT_TRUE(dialogue.speaks(mqtt::Version::v3_1_1) || dialogue.speaks(mqtt::Version::v5_0))
        << dialogue.title << " proves nothing";
    if (!dialogue.speaks(version)) continue;
    ++played;
    const auto hears = [&](const DialogueStep& step) {
      return step.in(version) && (step.verb == "<" || step.verb == "has");
    };
    EXPECT_TRUE(std::ranges::any_of(dialogue.steps, hears)) << dialogue.title;
    const std::string difference = play(dialogue, version);
    EXPECT_TRUE(difference.empty()) << difference;
  }
  if (played == 0) GTEST_SKIP() << "nothing of this version";
}

/// The statements of one version: number to the reason why no dialogue proves it, or nothing.
std::map<std::string, std::string> read_statements(const std::string& path) {
  std::map<std::string, std::string> statements;
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string number, reason;
    words >> number;
    std::getline(words >> std::ws, reason);
    EXPECT_TRUE(statements.emplace("MQTT-" + number, reason).second) << line << ": twice";
  }
  return statements;
}

class Statements : public testing::TestWithParam<mqtt::Version> {};
INSTANTIATE_TEST_SUITE_P(Versions, Statements,
                         testing::Values(mqtt::Version::v3_1_1, mqtt::Version::v5_0),
                         [](const auto& info) {
                           return info.param == mqtt::Version::v5_0 ? "v5_0" : "v3_1_1";
                         });

TEST_P(Statements, AreProvedOrHaveAReason) {
  const bool v5 = GetParam() == mqtt::Version::v5_0;
  const auto statements =
      read_statements(kFolder + (v5 ? "/statements-5.0.txt" : "/statements-3.1.1.txt"));
  std::set<std::string> proved;
  for (const std::string& file : dialogue_files()) {
    for (const Dialogue& one : read_dialogues(path_of(file))) {
      proved.insert((v5 ? one.proves_v5 : one.proves_v3).begin(),
                    (v5 ? one.proves_v5 : one.proves_v3).end());
    }
  }
  for (const auto& [number, reason] : statements) {
    if (reason.empty()) {
      EXPECT_TRUE(proved.contains(number)) << number << " has no dialogue and no reason";
    } else {
      EXPECT_FALSE(proved.contains(number)) << number << " has both: a dialogue, and " << reason;
    }
  }
  for (const std::string& number : proved) {
    EXPECT_TRUE(statements.contains(number)) << number << " is no statement of this version";
  }
  // So many has the standard (its appendix B).
  EXPECT_EQ(statements.size(), v5 ? 251U : 141U);
}

}  // namespace
}  // namespace claims::interop
