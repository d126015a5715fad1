// claimstorm run --faults: what goes wrong over real connections, and what is said of the rest.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/acceptance/program.h"

namespace claims::acceptance {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr int kPass = 0, kUsage = 2, kInvalid = 4;

std::string fault_file(const std::string& faults) {
  return R"({"format": "claimstorm-faults/1", "title": {"ko": "장애", "en": "faults"}, "faults": [)" +
         faults + "]}";
}

Ended run_smoke(const Folder& folder, const std::string& faults,
                const std::vector<std::string>& more) {
  folder.write("faults.json", fault_file(faults));
  std::vector<std::string> words = {"run",      scenario_path("smoke.json"),
                                    "--faults", folder.path("faults.json"),
                                    "--out",    folder.path("out")};
  words.insert(words.end(), more.begin(), more.end());
  return run("claimstorm", words);
}

TEST(RunFaults, ACrashAndCutsLoseNothingAndTheImpossibleIsSaid) {
  const Folder folder;
  const Ended ended = run_smoke(folder,
                                R"({"fault": "crash", "at": "1s", "lasts": "300ms"},
                                   {"fault": "pause", "at": "2s", "lasts": "200ms"},
                                   {"fault": "cut", "every": "500ms", "users": "all"},
                                   {"fault": "disk_slow", "at": "1s", "lasts": "1s", "adds": "9ms"})",
                                {"--duration", "4s", "--seed", "21"});
  EXPECT_THAT(ended.exit_code, AnyOf(kPass, kInvalid)) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("not carried out: disk_slow (once), possible only in the "
                                      "virtual world"));
  const json result = json::parse(folder.read("out/result.json"));
  EXPECT_EQ(result.at("violations").at("total"), 0) << ended.output;
  EXPECT_EQ(result.at("counts").at("workflows_completed"),
            result.at("counts").at("workflows_started"));
  EXPECT_GT(result.at("counts").at("connections_lost"), 60) << "all 40 and more, again and again";
  EXPECT_THAT(result.at("faults").at(0).at("en").get<std::string>(), HasSubstr("disk_slow"));
  EXPECT_THAT(result.at("repeat_command").get<std::string>(), HasSubstr("--faults "));
  // The log of the server tells of two starts, the second on what the first had written.
  const std::string log = folder.read("out/claimchatd.log");
  const auto second = log.find("folded", log.find("folded 0 blocks") + 1);
  ASSERT_NE(second, std::string::npos) << log;
  EXPECT_NE(log.compare(second, 15, "folded 0 blocks"), 0) << log;
}

TEST(RunFaults, ThreeKillsInOneRunLoseNothing) {
  const Folder folder;
  const Ended ended =
      run("claimstorm", {"run", scenario_path("smoke.json"), "--faults",
                         scenario_path("faults/kill-three-times.json"), "--duration", "12s",
                         "--seed", "24", "--out", folder.path("out")});
  EXPECT_THAT(ended.exit_code, AnyOf(kPass, kInvalid)) << ended.output;
  const json result = json::parse(folder.read("out/result.json"));
  EXPECT_EQ(result.at("violations").at("total"), 0) << ended.output;
  EXPECT_EQ(result.at("counts").at("workflows_completed"),
            result.at("counts").at("workflows_started"));
  EXPECT_GT(result.at("counts").at("connections_lost"), 2 * 52) << "nearly everybody, each time";
  EXPECT_EQ(result.at("faults").size(), 3U);
  EXPECT_EQ(result.at("service").at("outages").size(), 3U) << ended.output;
  EXPECT_EQ(result.at("recovery").size(), 1U);
  EXPECT_THAT(ended.output, HasSubstr("recovery.max_s"));
  EXPECT_THAT(folder.read("out/report.html"), HasSubstr("recovery.max_s"));
}

TEST(RunFaults, AFullDiskIsAnOutageThatTheServerSaysAndEndsByItself) {
  const Folder folder;
  const Ended ended = run_smoke(folder, R"({"fault": "disk_full", "at": "25 %", "lasts": "2s"})",
                                {"--duration", "8s", "--seed", "25"});
  EXPECT_THAT(ended.exit_code, AnyOf(kPass, kInvalid)) << ended.output;
  const json result = json::parse(folder.read("out/result.json"));
  EXPECT_EQ(result.at("violations").at("total"), 0) << ended.output;
  EXPECT_EQ(result.at("counts").at("workflows_completed"),
            result.at("counts").at("workflows_started"));
  EXPECT_GE(result.at("counts").at("connections_lost"), 52);
  ASSERT_EQ(result.at("faults").size(), 2U) << ended.output;
  EXPECT_THAT(result.at("faults").at(0).at("en").get<std::string>(),
              HasSubstr("at 2.000 s for 2.000 s: the disk was full"));
  EXPECT_THAT(result.at("faults").at(1).at("en").get<std::string>(),
              AllOf(HasSubstr("/healthz said 503 Service Unavailable: "),
                    HasSubstr("\"status\":\"unavailable\""), HasSubstr("disk I/O error")));
  EXPECT_EQ(result.at("service").at("outages").size(), 1U) << ended.output;
  EXPECT_THAT(folder.read("out/report.html"), HasSubstr("/healthz"));
  // One process served all of it.
  const std::string log = folder.read("out/claimchatd.log");
  EXPECT_EQ(log.find("stopping"), log.rfind("stopping")) << log;
  EXPECT_THAT(log, HasSubstr("available again: folded")) << log;
}

TEST(RunFaults, ControlCWhileTheServerIsDownStillEndsInOrder) {
  const Folder folder;
  folder.write("faults.json", fault_file(R"({"fault": "crash", "at": "100ms", "lasts": "1h"},
                                            {"fault": "pause", "at": "0s", "lasts": "1h"})"));
  Program program("claimstorm",
                  {"run", scenario_path("smoke.json"), "--duration", "100s", "--seed", "22",
                   "--faults", folder.path("faults.json"), "--out", folder.path("out")});
  ASSERT_TRUE(program.says("connections lost")) << program.output();
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), kInvalid) << program.output();
  const json result = json::parse(folder.read("out/result.json"));
  EXPECT_EQ(result.at("ended_early"), true);
  EXPECT_EQ(result.at("violations").at("total"), 0) << program.output();
}

TEST(RunFaults, AFileThatIsWrongOrNamesStrangersIsNotPlayed) {
  const Folder folder;
  const Ended wrong = run_smoke(folder, R"({"fault": "crash", "at": "1s"})", {});
  EXPECT_EQ(wrong.exit_code, kUsage);
  EXPECT_THAT(wrong.output, HasSubstr("faults.json:1: /faults/0/lasts: found nothing"));
  const Ended stranger =
      run_smoke(folder, R"({"fault": "cut", "at": "1s", "users": ["nobody"]})", {"--seed", "1"});
  EXPECT_EQ(stranger.exit_code, kUsage);
  EXPECT_THAT(stranger.output, HasSubstr("/faults/0/users/0: found \"nobody\""));
  const Ended validated = run("claimstorm", {"validate", folder.path("faults.json"),
                                             scenario_path("faults/everything.json")});
  EXPECT_EQ(validated.exit_code, kPass) << validated.output;
}

TEST(RunFaults, AForeignServersProcessIsLeftAlone) {
  const Folder folder;
  const Ended written =
      run("claimstorm", {"population", "--insurers", "12", "--adjusters", "20", "--garages", "20",
                         "--seed", "1", "--out", folder.path("people")});
  ASSERT_EQ(written.exit_code, kPass) << written.output;
  Program server("claimchatd", {"--listen", "mqtt://127.0.0.1:0", "--data", folder.path("data"),
                                "--directory", folder.path("people/directory.json"), "--token-key",
                                folder.path("people/token.key")});
  ASSERT_TRUE(server.says("claimchatd ready ")) << server.output();
  ASSERT_TRUE(server.says("\n"));
  const std::string& text = server.output();
  const auto begin = text.find("mqtt://", text.find("claimchatd ready "));
  const std::string url = text.substr(begin, text.find_first_of(" \n", begin) - begin);
  const Ended ended = run_smoke(
      folder,
      R"({"fault": "crash", "at": "500ms", "lasts": "300ms"},
                                   {"fault": "cut", "at": "1s", "users": "all"})",
      {"--target", url, "--population", folder.path("people"), "--duration", "2s", "--seed", "23"});
  EXPECT_THAT(ended.exit_code, AnyOf(kPass, kInvalid)) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("not carried out: crash (once), possible only with a "
                                      "server of its own (--embedded)"));
  const json result = json::parse(folder.read("out/result.json"));
  EXPECT_GE(result.at("counts").at("connections_lost"), 52);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0) << server.output();
  EXPECT_THAT(server.output(), Not(HasSubstr("signal")));
}

}  // namespace
}  // namespace claims::acceptance
