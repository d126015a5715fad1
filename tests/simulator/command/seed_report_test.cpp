#include "simulator/command/seed_report.h"

#include <gtest/gtest.h>

#include <csignal>

namespace claims::storm {
namespace {

Simulated simulated(report::Verdict verdict) {
  Simulated played;
  played.result.verdict = verdict;
  played.result.users = 30;
  played.result.counts.workflows_started = 12;
  played.trace_hash = "abc";
  played.events = 1'000;
  played.virtual_time = Microseconds(62'500'000);
  return played;
}

TEST(SeedReport, SurvivesThePipe) {
  Simulated played = simulated(report::Verdict::fail);
  played.result.stories = {{"delivery", {"하나가\n없다", "one is\nmissing"}}, {"unread", {}}};
  const SeedReport report = to_seed_report(17, played, Microseconds(2'500));
  EXPECT_EQ(report.sign, "delivery");
  const std::string line = write_seed_report(report);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto read = read_seed_report(line);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->seed, 17U);
  EXPECT_EQ(read->kind, SeedReport::Kind::failed);
  EXPECT_EQ(read->sign, "delivery");
  EXPECT_EQ(read->story.ko, "하나가\n없다");
  EXPECT_EQ(read->story.en, "one is\nmissing");
  EXPECT_EQ(read->trace_hash, "abc");
  EXPECT_EQ(read->events, 1'000U);
  EXPECT_EQ(read->users, 30U);
  EXPECT_EQ(read->workflows_started, 12U);
  EXPECT_EQ(read->virtual_time, Microseconds(62'500'000));
  EXPECT_EQ(read->cpu, Microseconds(2'500));
}

TEST(SeedReport, ALongStoryIsCutBetweenCharacters) {
  Simulated played = simulated(report::Verdict::fail);
  std::string story;
  for (int i = 0; i < 100'000; ++i) story += "가";
  played.result.stories = {{"delivery", {story, "x"}}};
  const std::string line = write_seed_report(to_seed_report(1, played, {}));
  EXPECT_LE(line.size(), WorkerPool::kAnswerBytesMax);
  const auto read = read_seed_report(line);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->story.ko.find("\xEF\xBF\xBD"), std::string::npos) << "half a character";
}

TEST(SeedReport, PartOfALineIsNone) {
  const std::string line =
      write_seed_report(to_seed_report(1, simulated(report::Verdict::pass), {}));
  ASSERT_TRUE(read_seed_report(line));
  for (std::size_t length = 0; length < line.size(); ++length) {
    EXPECT_FALSE(read_seed_report(line.substr(0, length)));
  }
  EXPECT_FALSE(read_seed_report(R"({"seed": 1})"));
}

TEST(SeedReport, TellsWhatIsWrong) {
  Simulated played = simulated(report::Verdict::fail);
  played.result.reasons = {{"늦음", "late"}};
  EXPECT_EQ(to_seed_report(1, played, {}).sign, "verdict");
  played.result.thresholds = {{.metric = "reply.p99_ms", .limit = "<= 1", .value = 1, .ok = true},
                              {.metric = "delivery.p99_ms", .limit = "<= 1", .value = 9}};
  EXPECT_EQ(to_seed_report(1, played, {}).sign, "threshold delivery.p99_ms");
  EXPECT_EQ(to_seed_report(1, played, {}).story.en, "late");
  EXPECT_TRUE(to_seed_report(1, played, {}).failure());
  played.broken = LocalText{"안 열림", "does not open"};
  EXPECT_EQ(to_seed_report(1, played, {}).kind, SeedReport::Kind::broken);
  EXPECT_EQ(to_seed_report(1, played, {}).story.en, "does not open");
  EXPECT_FALSE(to_seed_report(1, simulated(report::Verdict::invalid), {}).failure());
}

TEST(SeedReport, OfAWorkerThatGaveNone) {
  TaskEnding ending;
  ending.signal = SIGSEGV;
  ending.words = "stack";
  const SeedReport crash = report_of(ending, 9, {});
  EXPECT_EQ(crash.seed, 9U);
  EXPECT_EQ(crash.sign, "crash");
  EXPECT_EQ(crash.words, "stack");
  EXPECT_EQ(crash.story.en, "the program died of signal 11 (SIGSEGV)");
  EXPECT_TRUE(crash.failure());
  ending.kind = TaskEnding::Kind::out_of_time;
  EXPECT_EQ(report_of(ending, 9, {}).sign, "hang");
  ending.kind = TaskEnding::Kind::answered;
  ending.answer = "no report";
  EXPECT_EQ(report_of(ending, 9, {}).sign, "crash");
}

}  // namespace
}  // namespace claims::storm
