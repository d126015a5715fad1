// claimstorm and claimchatd as their users start them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/acceptance/program.h"
#include "tests/effort.h"

namespace claims::acceptance {
namespace {

using nlohmann::json;
using testing::AnyOf;
using testing::HasSubstr;

constexpr int kPass = 0, kFailed = 1, kUsage = 2, kUnreachable = 3, kInvalid = 4;

/// Pass, or a machine too busy to prove anything: never a violation.
void expect_no_violation(const Ended& ended, const json& result) {
  EXPECT_THAT(ended.exit_code, AnyOf(kPass, kInvalid)) << ended.output;
  EXPECT_EQ(result.at("violations").at("total"), 0) << ended.output;
}

TEST(Run, SmokeComesToAResultThatHoldsEveryFieldPromised) {
  const Folder folder;
  const Ended ended = run("claimstorm", {"run", scenario_path("smoke.json"), "--embedded", "--seed",
                                         "1", "--out", folder.path("out")});
  const json result = json::parse(folder.read("out/result.json"));
  expect_no_violation(ended, result);
  EXPECT_EQ(result.at("format"), "claimstorm-result/1");
  EXPECT_EQ(result.at("seed"), 1);
  const json& counts = result.at("counts");
  EXPECT_GT(counts.at("workflows_started"), 0);
  EXPECT_EQ(counts.at("workflows_completed"), counts.at("workflows_started"));
  EXPECT_GT(counts.at("deliveries"), 0);
  EXPECT_EQ(counts.at("deliveries"), counts.at("deliveries_expected"));
  EXPECT_EQ(counts.at("acknowledged"), counts.at("commands"));
  for (const char* figure : {"reply", "delivery", "delivery_last_member", "error_reply"}) {
    const json& latency = result.at("latency_ms").at(figure);
    for (const char* field : {"count", "mean", "p50", "p90", "p95", "p99", "p999", "max"}) {
      EXPECT_TRUE(latency.contains(field)) << figure << " " << field;
    }
  }
  EXPECT_GT(result.at("latency_ms").at("delivery").at("max"), 0.0);
  EXPECT_FALSE(result.at("series").empty());
  EXPECT_GT(result.at("resources").at("server").at("rss_mb_max"), 1.0);
  EXPECT_GT(result.at("active_users"), 0);
  EXPECT_EQ(result.at("workflows").at(0).at("started"), counts.at("workflows_started"));
  EXPECT_EQ(result.at("load").at("country").at(0).at("kind"), "inbound");
  EXPECT_EQ(result.at("defects").at(0).at("status"), "pass") << result.at("defects").dump();
  EXPECT_EQ(result.at("phases").at(0).at("kind"), "connecting");
  EXPECT_GT(result.at("resources").at("machine").at("cpu_percent_max"), 0.0);
  EXPECT_THAT(folder.read("out/junit.xml"), HasSubstr("<testsuite name=\"checkers\""));
  EXPECT_THAT(ended.output, HasSubstr("verdict: "));
  EXPECT_THAT(ended.output, HasSubstr(folder.path("out") + "/report.html"));

  const std::string page = folder.read("out/report.html");
  const Ended again =
      run("claimstorm", {"report", folder.path("out/result.json"), "--out", folder.path("again")});
  EXPECT_EQ(again.exit_code, kPass) << again.output;
  EXPECT_EQ(folder.read("again/report.html"), page) << "drawn again, it is the same";
}

TEST(Run, AcceptAShowsEveryClauseWithItsEvidence) {
  const Folder folder;
  const Ended ended = run("claimstorm", {"accept", "a", "--seed", "2", "--out", folder.path("out")},
                          CLAIMS_SOURCE_DIR);
  const json result = json::parse(folder.read("out/result.json"));
  expect_no_violation(ended, result);
  int passed = 0;
  for (const json& one : result.at("requirements")) {
    EXPECT_NE(one.at("status"), "fail") << one.dump();
    if (one.at("status") == "pass") {
      EXPECT_NE(one.at("evidence").at("en"), "") << one.dump();
      ++passed;
    }
  }
  EXPECT_GE(passed, 20);
  EXPECT_THAT(ended.output, HasSubstr("CPC-003/"));
  EXPECT_THAT(ended.output, HasSubstr("not covered"));
}

class AcceptAll : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Clients, AcceptAll, testing::Values("own", "paho"),
                         [](const auto& its) { return std::string(its.param); });

/// Answers are due within a second in it, which a busy machine may stand still for: three attempts,
/// while no checker finds anything. With a sanitizer there is more time between workflows.
Ended accept_all(const Folder& folder, const std::string& client) {
  const std::string hold = kSanitized ? "phases.0.hold=20s" : "phases.0.hold=5s";
  Ended ended;
  for (int attempt = 0; attempt < 3; ++attempt) {
    ended = run("claimstorm",
                {"accept", "all", "--client", client, "--seed", "2", "--set", hold, "--out",
                 folder.path("out")},
                CLAIMS_SOURCE_DIR);
    const json result = json::parse(folder.read("out/result.json"));
    const json& violations = result.at("violations");
    if (result.at("verdict") != "fail" || violations.at("total") != violations.at("steps")) break;
  }
  return ended;
}

TEST_P(AcceptAll, HasAVerdictForEveryClauseOfEveryRequirement) {
  const Folder folder;
  const std::string client = GetParam();
  const Ended ended = accept_all(folder, client);
  const json result = json::parse(folder.read("out/result.json"));
  expect_no_violation(ended, result);
  std::map<std::string, std::string> status;
  for (const json& one : result.at("requirements")) {
    const std::string clause = one.at("clause");
    if (!clause.empty()) status[one.at("id").get<std::string>() + "/" + clause] = one.at("status");
  }
  EXPECT_GE(status.size(), 126U);
  for (const auto& [clause, verdict] : status) {
    EXPECT_THAT(verdict, AnyOf("pass", "not_covered")) << clause;
    EXPECT_THAT(ended.output, HasSubstr(clause)) << "the table has it";
  }
  for (const char* clause :
       {"CPC-003/one-room", "CPC-002-1/bulk", "CPC-002-1/bulk-apart", "CPC-004-1/vehicle-filter",
        "CPC-004-7/read-receipts", "Alp-001/transitions", "Alp-001/end-state",
        "CPC-002-2/negotiation-hidden", "PER-001/error-within-second", "SER-002/roles"}) {
    EXPECT_EQ(status[clause], "pass") << clause;
  }
  const json scenario = json::parse(std::ifstream(scenario_path("acceptance-all.json")));
  EXPECT_EQ(result.at("workflows").size(), scenario.at("workflows").size());
  EXPECT_THAT(result.at("environment").at("client").get<std::string>(),
              HasSubstr(client == "own" ? "own" : "Paho"));
  EXPECT_EQ(
      result.at("repeat_command").get<std::string>().find("--client paho") != std::string::npos,
      client == "paho");
}

TEST(Run, AllWorkflowsTogetherPassOnASmallScale) {
  const Folder folder;
  // Enough of them that every kind comes, all within seconds.
  const Ended ended =
      run("claimstorm",
          {"run", scenario_path("mixed.json"), "--set", "scale=ci", "--set", "time_scale=300000",
           "--rate", "100", "--duration", "6s", "--seed", "7", "--out", folder.path("out")});
  const json result = json::parse(folder.read("out/result.json"));
  expect_no_violation(ended, result);
  for (const json& workflow : result.at("workflows")) {
    EXPECT_GT(workflow.at("completed"), 0) << workflow.dump();
    EXPECT_EQ(workflow.at("failed"), 0) << workflow.dump();
  }
  EXPECT_FALSE(result.at("errors").empty()) << "malformed input was answered";
}

/// Runs a copy of an acceptance scenario in which one expected error is another.
void expect_a_story_of(const std::string& scenario, const std::string& workflow,
                       const std::string& right, const std::string& wrong) {
  const Folder folder;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scenario_path(""))) {
    if (!entry.is_regular_file()) continue;
    const auto file = std::filesystem::relative(entry.path(), scenario_path(""));
    folder.write(file.string(), read_file(entry.path().string()));
  }
  const std::string file = "workflows/" + workflow;
  std::string steps = folder.read(file);
  const auto place = steps.find(right);
  ASSERT_NE(place, std::string::npos);
  steps.replace(place, right.size(), wrong);
  folder.write(file, steps);

  const Ended ended = run("claimstorm", {"run", folder.path(scenario), "--seed", "3", "--duration",
                                         "3s", "--out", folder.path("out")});
  EXPECT_EQ(ended.exit_code, kFailed) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("verdict: fail"));
  EXPECT_THAT(ended.output, HasSubstr(workflow + ":"));
  EXPECT_THAT(ended.output, HasSubstr(wrong));
  EXPECT_THAT(ended.output, HasSubstr(right));
  const json result = json::parse(folder.read("out/result.json"));
  EXPECT_EQ(result.at("verdict"), "fail");
  EXPECT_FALSE(result.at("stories").empty());
}

TEST(Run, ABrokenExpectationFailsWithAStory) {
  expect_a_story_of("acceptance-a.json", "accept-a-repair.json", "illegal_step", "unknown_room");
}

TEST(Run, ABrokenExpectationOfANegotiationFailsWithAStory) {
  expect_a_story_of("acceptance-negotiation.json", "accept-n-exemption.json", "illegal_action",
                    "unknown_room");
}

TEST(Run, ControlCEndsEarlyAndStillWritesTheResult) {
  const Folder folder;
  Program program("claimstorm", {"run", scenario_path("smoke.json"), "--duration", "100s", "--seed",
                                 "4", "--out", folder.path("out")});
  ASSERT_TRUE(program.says("started")) << program.output();
  program.signal(SIGINT);
  EXPECT_TRUE(program.says("ending: no new workflows, draining")) << program.output();
  EXPECT_EQ(program.wait(), kInvalid) << program.output();
  const json result = json::parse(folder.read("out/result.json"));
  EXPECT_EQ(result.at("verdict"), "invalid");
  EXPECT_EQ(result.at("ended_early"), true);
  EXPECT_EQ(result.at("violations").at("total"), 0) << program.output();
}

TEST(Run, ControlCEndsPahoEarlyAndStillWritesTheResult) {
  const Folder folder;
  Program program("claimstorm", {"run", scenario_path("smoke.json"), "--client", "paho",
                                 "--duration", "100s", "--seed", "4", "--out", folder.path("out")});
  ASSERT_TRUE(program.says("started")) << program.output();
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), kInvalid) << program.output();
  const json result = json::parse(folder.read("out/result.json"));
  EXPECT_EQ(result.at("ended_early"), true);
  EXPECT_EQ(result.at("violations").at("total"), 0) << program.output();
}

TEST(Run, ControlCAtTheVeryStartEndsWithADocumentedCode) {
  const Folder folder;
  Program program("claimstorm", {"run", scenario_path("smoke.json"), "--embedded", "--seed", "4",
                                 "--out", folder.path("out")});
  while (!std::filesystem::exists(folder.path("out/claimchatd-data"))) std::this_thread::yield();
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), kInvalid) << program.output();
}

TEST(Run, AServerThatEndsByItselfEndsTheRunAndIsTheFirstReason) {
  const Folder folder;
  Program program("claimstorm", {"run", scenario_path("smoke.json"), "--duration", "100s", "--seed",
                                 "4", "--out", folder.path("out")});
  ASSERT_TRUE(program.says("started")) << program.output();
  program.signal_child(SIGKILL);
  EXPECT_EQ(program.wait(), kFailed) << program.output();
  const json result = json::parse(folder.read("out/result.json"));
  EXPECT_EQ(result.at("verdict"), "fail");
  EXPECT_THAT(result.at("reasons").at(0).at("en").get<std::string>(),
              testing::MatchesRegex("claimchatd ended at [0-9.]+ s: signal 9(.|\n)*"));
  EXPECT_EQ(result.at("violations").at("total"), 0) << program.output();
}

TEST(Run, AfterKill9TheHistoryHoldsEverythingAcknowledged) {
  const Folder folder;
  const Ended ended = run("claimstorm", {"run", scenario_path("smoke.json"), "--crash", "--seed",
                                         "5", "--out", folder.path("out")});
  const json result = json::parse(folder.read("out/result.json"));
  expect_no_violation(ended, result);
  EXPECT_THAT(ended.output, HasSubstr("kill -9"));
  // The log of the server tells of two starts, the second on what the first had written.
  const std::string log = folder.read("out/claimchatd.log");
  const auto second = log.find("folded", log.find("folded 0 blocks") + 1);
  ASSERT_NE(second, std::string::npos) << log;
  EXPECT_NE(log.compare(second, 15, "folded 0 blocks"), 0) << log;
}

/// A server of one's own, with a population that claimstorm wrote.
class TargetTest : public testing::Test {
 protected:
  TargetTest() {
    const Ended written =
        run("claimstorm", {"population", "--insurers", "12", "--adjusters", "20", "--garages", "20",
                           "--seed", "1", "--out", folder.path("people")});
    EXPECT_EQ(written.exit_code, kPass) << written.output;
  }
  std::unique_ptr<Program> start_server() const {
    return std::make_unique<Program>(
        "claimchatd",
        std::vector<std::string>{"--listen", "mqtt://127.0.0.1:0", "--data", folder.path("data"),
                                 "--directory", folder.path("people/directory.json"), "--token-key",
                                 folder.path("people/token.key")});
  }
  static std::string url_of(Program& server) {
    EXPECT_TRUE(server.says("claimchatd ready ")) << server.output();
    EXPECT_TRUE(server.says("\n"));
    const std::string& text = server.output();
    const auto begin = text.find("mqtt://", text.find("claimchatd ready "));
    return text.substr(begin, text.find_first_of(" \n", begin) - begin);
  }
  Ended play(const std::string& url, const std::string& seed) const {
    return run("claimstorm", {"run", scenario_path("smoke.json"), "--target", url, "--population",
                              folder.path("people"), "--duration", "2s", "--seed", seed, "--out",
                              folder.path("out-" + seed)});
  }
  Folder folder;
};

TEST_F(TargetTest, AServerThatRunsAlreadyIsPlayedAgainstTwiceWithTwoSeeds) {
  const auto server = start_server();
  const std::string url = url_of(*server);
  for (const char* seed : {"11", "12"}) {
    const Ended ended = play(url, seed);
    expect_no_violation(ended,
                        json::parse(folder.read(std::string("out-") + seed + "/result.json")));
  }
  const Ended again = play(url, "11");
  EXPECT_EQ(again.exit_code, kUsage) << again.output;
  EXPECT_THAT(again.output, HasSubstr("another seed"));
  server->signal(SIGTERM);
  EXPECT_EQ(server->wait(), 0) << server->output();
}

TEST_F(TargetTest, ATargetThatIsNotThereIsSaidSo) {
  const Ended ended = play("mqtt://127.0.0.1:1", "1");
  EXPECT_EQ(ended.exit_code, kUnreachable) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("127.0.0.1:1"));
}

TEST(Run, WithoutAnybodyToReadItsWordsItStillEndsInItsResult) {
  const Folder folder;
  const std::string claimstorm = std::string(CLAIMS_BIN_DIR) + "/claimstorm run " +
                                 scenario_path("smoke.json") + " --duration 2s --seed 6 --out ";
  for (const std::string& line :
       {"(" + claimstorm + folder.path("out") + "; echo $? > " + folder.path("code") +
            ") 2>&1 | true; while ! test -s " + folder.path("code") + "; do :; done",
        claimstorm + folder.path("out") + " <&- >&- 2>&-; echo $? > " + folder.path("code")}) {
    ASSERT_EQ(std::system(line.c_str()), 0);
    const int code = std::stoi(folder.read("code"));
    expect_no_violation({code, line}, json::parse(folder.read("out/result.json")));
    std::filesystem::remove(folder.path("code"));
    std::filesystem::remove(folder.path("out/result.json"));
  }
}

TEST(Usage, ARunThatDoesNotStartLeavesNoResultOfAnother) {
  const Folder folder;
  for (const char* seed : {"1", "none"}) {
    folder.write("out/result.json", R"({"format": "claimstorm-result/1", "verdict": "pass"})");
    folder.write("out/junit.xml", R"(<testsuites name="claimstorm smoke"/>)");
    const Ended ended = run(
        "claimstorm", {"run", "no-such-file.json", "--seed", seed, "--out", folder.path("out")});
    EXPECT_EQ(ended.exit_code, kUsage);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path("out"))) << ended.output;
  }
}

TEST(Usage, WhatPahoCannotDoIsSaidBeforeAnythingBegins) {
  const Folder folder;
  const Ended many = run("claimstorm", {"run", scenario_path("mixed.json"), "--client", "paho",
                                        "--out", folder.path("out")});
  EXPECT_EQ(many.exit_code, kUsage);
  EXPECT_THAT(many.output, HasSubstr("allowed are at most 500 with --client paho"));
  const Ended faults =
      run("claimstorm", {"run", scenario_path("mixed.json"), "--set", "scale=ci", "--client",
                         "paho", "--faults", scenario_path("faults/real.json")});
  EXPECT_EQ(faults.exit_code, kUsage);
  EXPECT_THAT(faults.output, HasSubstr("real.json:13: /faults/3/fault: found \"cut\""));
  const Ended unknown =
      run("claimstorm", {"accept", "a", "--client", "mosquitto"}, CLAIMS_SOURCE_DIR);
  EXPECT_EQ(unknown.exit_code, kUsage);
  EXPECT_THAT(unknown.output, HasSubstr("allowed are own and paho"));
}

TEST(Usage, BadOptionsAreAllToldAtOnce) {
  const Ended ended = run("claimstorm", {"run", scenario_path("smoke.json"), "--rate", "fast",
                                         "--duration", "long", "--seed", "-1"});
  EXPECT_EQ(ended.exit_code, kUsage);
  for (const char* option : {"--rate", "--duration", "--seed"}) {
    EXPECT_THAT(ended.output, HasSubstr(option));
  }
  EXPECT_EQ(run("claimstorm", {}).exit_code, kUsage);
  const Ended misspelt = run("claimstorm", {"rum", "scenarios/smoke.json"});
  EXPECT_EQ(misspelt.exit_code, kUsage);
  EXPECT_THAT(misspelt.output,
              HasSubstr("no command \"rum\"; allowed: run, accept, simulate, shrink, report, "
                        "validate, population (did you mean run?)"));
  EXPECT_EQ(run("claimstorm", {"run", "no-such-file.json"}).exit_code, kUsage);
  EXPECT_EQ(run("claimstorm", {"accept", "z"}, CLAIMS_SOURCE_DIR).exit_code, kUsage);
  for (const char* command :
       {"run", "accept", "simulate", "shrink", "report", "validate", "population"}) {
    const Ended help = run("claimstorm", {command, "--help"});
    EXPECT_EQ(help.exit_code, kPass);
    EXPECT_THAT(help.output, HasSubstr("Example")) << command;
  }
}

TEST(Validate, TellsEveryErrorWithFileLineAndPath) {
  const Folder folder;
  folder.write("bad.json", R"({
  "format": "claimstorm-scenario/1",
  "name": "bad",
  "populaton": {"insurers": 1},
  "time_scale": -5,
  "workflows": []
}
)");
  const Ended ended = run("claimstorm", {"validate", folder.path("bad.json")});
  EXPECT_EQ(ended.exit_code, kUsage);
  EXPECT_THAT(ended.output, HasSubstr("bad.json:4"));
  EXPECT_THAT(ended.output, HasSubstr("population")) << "did you mean";
  EXPECT_THAT(ended.output, HasSubstr("bad.json:5"));
  EXPECT_THAT(ended.output, HasSubstr("/time_scale"));
}

}  // namespace
}  // namespace claims::acceptance
