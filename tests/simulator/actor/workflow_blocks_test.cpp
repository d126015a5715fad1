// Loops and branches as they are played.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "simulator/actor/workflow_instance.h"
#include "tests/simulator/actor/theatre.h"
#include "tests/simulator/actor/written_scenario.h"

namespace claims::storm {
namespace {

using testing::Asked;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using testing::loaded;
using ::testing::SizeIs;
using testing::Theatre;
using testing::Written;

const std::string kHello = R"({"role": "garage", "send": {"type": "hello"}})";

/// Answers every command ok, with the number of commands so far as `n`.
void be_agreeable(Theatre& theatre) {
  theatre.on_command = [&theatre](const Asked& asked) {
    theatre.ok(asked, R"({"n":)" + std::to_string(theatre.asked.size()) + "}");
  };
}

/// The texts of the commands of one playing, in order.
std::vector<std::string> said(const std::string& steps, std::uint64_t seed = 1) {
  Theatre theatre(loaded(steps), seed);
  be_agreeable(theatre);
  theatre.play();
  EXPECT_TRUE(theatre.player.done());
  for (const StepFailure& failure : theatre.player.steps().stories()) {
    ADD_FAILURE() << failure.text.en;
  }
  EXPECT_EQ(theatre.player.progress(theatre.now()).completed, 1U);
  std::vector<std::string> texts;
  texts.reserve(theatre.asked.size());
  for (const Asked& asked : theatre.asked) texts.push_back(asked.text("text"));
  return texts;
}

std::string say(const std::string& text) {
  return R"({"send": {"type": "message.send", "text": ")" + text + R"("}})";
}

/// 40,000 of some 200 million, of which some classes have far fewer: a few would come twice.
TEST(WorkflowBlocks, NoPlateComesTwiceInARun) {
  Written written;
  std::string thousand = "0";
  for (int i = 1; i < 1'000; ++i) thousand += ", 0";
  written.let = R"({"thousand": [)" + thousand + "]}";
  written.steps = R"({"role": "garage", "repeat": {"times": 20}, "steps": [{"send": {"type": "ask",
      "plates": {"for_each": "x", "in": "thousand", "give": "${gen.plate}"}}}]})";
  written.arrivals = R"([{"workflow": "w", "count": 2}])";
  Theatre theatre(loaded(written));
  be_agreeable(theatre);
  theatre.play();
  std::set<std::string> plates;
  for (const Asked& asked : theatre.asked) {
    for (const Value& plate : asked.body.at("plates").as_array()) {
      EXPECT_TRUE(plates.emplace(plate.as_string().c_str()).second) << plate;
    }
  }
  EXPECT_THAT(plates, SizeIs(40'000));
}

std::string only_story(const std::string& steps) {
  Theatre theatre(loaded(steps));
  be_agreeable(theatre);
  theatre.play();
  const auto stories = theatre.player.steps().stories();
  EXPECT_THAT(stories, SizeIs(1));
  return stories.empty() ? "" : stories[0].text.en;
}

TEST(Repeat, PlaysItsStepsSoOftenAndCountsTheRounds) {
  EXPECT_THAT(said(R"({"role": "garage", "repeat": {"times": 3, "as": "i"}, "steps": [)" +
                   say("a${i}") + "," + say("b${i}") + R"(]}, {"role": "garage", "send":
                   {"type": "message.send", "text": "end"}})"),
              ElementsAre("a1", "b1", "a2", "b2", "a3", "b3", "end"));
}

TEST(Repeat, ARangeIsDrawnAndEveryNumberOfItComes) {
  std::map<std::size_t, int> seen;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    ++seen[said(R"({"role": "garage", "repeat": {"times": "2..4"}, "steps": [)" + say("x") + "]}",
                seed)
               .size()];
  }
  EXPECT_THAT(seen, ElementsAre(::testing::Pair(2U, Ge(5)), ::testing::Pair(3U, Ge(5)),
                                ::testing::Pair(4U, Ge(5))));
}

TEST(Repeat, TimesMayBeAnExpressionAndZeroPlaysNothing) {
  EXPECT_THAT(
      said(kHello +
           R"(, {"role": "garage", "repeat": {"times": "${reply.result.n - 1}"}, "steps": [)" +
           say("never") + R"(]}, {"role": "garage", "repeat": {"times": "${reply.result.n + 1}"},
                   "steps": [)" +
           say("twice") + "]}"),
      ElementsAre("", "twice", "twice"));
}

TEST(Repeat, TimesOutOfBoundsFailTheStepWithWhatCame) {
  EXPECT_THAT(
      only_story(
          kHello +
          R"(, {"role": "garage", "repeat": {"times": "${reply.result.n - 5}"}, "steps": [)" +
          say("never") + "]}"),
      HasSubstr("it would be repeated -4 times; allowed are 0 to 1000"));
}

TEST(Repeat, WhileIsReadBeforeEachRound) {
  EXPECT_THAT(said(kHello + R"(, {"role": "garage", "repeat": {"times": 10, "as": "i", "while":
                   "reply.result.n < 4"}, "steps": [)" +
                   say("r${i}") + "]}"),
              ElementsAre("", "r1", "r2", "r3"));
}

TEST(Repeat, LoopsNestAndEachCountsAnew) {
  EXPECT_THAT(said(R"({"role": "garage", "repeat": {"times": 2, "as": "i"}, "steps": [
                   {"repeat": {"times": 2, "as": "j"}, "steps": [)" +
                   say("${i}.${j}") + "]}," + say("r${i}") + "]}"),
              ElementsAre("1.1", "1.2", "r1", "2.1", "2.2", "r2"));
}

TEST(Repeat, LoopsThatDoNothingButTurnAreEnded) {
  const std::string turn = R"({"repeat": {"times": 1000}, "steps": [)";
  EXPECT_THAT(only_story(R"({"role": "garage", "repeat": {"times": 1000}, "steps": [)" + turn +
                         turn + R"({"think": "0ms"}]}]}]})"),
              HasSubstr("its loops do not end: a role plays at most 100000 steps"));
}

TEST(Repeat, AnAwaitTakesWhatCameInAnEarlierRound) {
  // Both events are there before the second round awaits its own.
  Theatre theatre(
      loaded(kHello + R"(, {"role": "garage", "repeat": {"times": 2, "as": "i"}, "steps": [
      {"await": {"type": "message", "body.text": "r${i}"}, "save": {"room": "${event.room}"}},
      {"think": "100ms"}]})"));
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, R"({"n":1})");
    for (const char* text : {"r2", "r1"}) {
      theatre.event(asked.user,
                    std::string(R"({"type":"message","room":"r7","seq":1,"body":{"text":")") +
                        text + R"("},"cursor":"c"})");
    }
  };
  theatre.play();
  EXPECT_EQ(theatre.player.steps().failures(), 0U);
  EXPECT_EQ(theatre.player.progress(theatre.now()).completed, 1U);
}

TEST(Repeat, OthersMayWaitForItsEnd) {
  EXPECT_THAT(
      said(
          R"({"role": "garage", "name": "calls", "repeat": {"times": 2}, "steps": [)" +
          say("ring") +
          R"(, {"think": "50ms"}]}, {"role": "adjuster", "after": {"role": "garage", "step": "calls"},
           "send": {"type": "message.send", "text": "answer"}})"),
      ElementsAre("ring", "ring", "answer"));
}

TEST(Choose, DrawsByWeight) {
  std::map<std::string, int> seen;
  const std::string steps = R"({"role": "garage", "choose": [{"weight": 3, "steps": [)" +
                            say("often") + R"(]}, {"weight": 1, "steps": [)" + say("seldom") +
                            "]}]}";
  constexpr int kPlays = 200;
  for (std::uint64_t seed = 1; seed <= kPlays; ++seed) ++seen[said(steps, seed).at(0)];
  EXPECT_NEAR(seen["often"], 150, 25);  // Four standard deviations.
  EXPECT_EQ(seen["often"] + seen["seldom"], kPlays);
}

TEST(Choose, TakesTheFirstBranchThatHolds) {
  const auto steps = [&](const std::string& rest) {
    return kHello + R"(, {"role": "garage", "choose": [
      {"when": "reply.result.n == 2", "steps": [)" +
           say("second") + R"(]},
      {"when": "reply.result.n < 5", "steps": [)" +
           say("small") + R"(]},
      {"when": "reply.result.n == 1", "steps": [)" +
           say("first") + "]}" + rest + R"(]},
      {"role": "garage", "send": {"type": "message.send", "text": "on"}})";
  };
  EXPECT_THAT(said(steps("")), ElementsAre("", "small", "on"));
  EXPECT_THAT(said(kHello + R"(, {"role": "garage", "choose": [{"when": "false", "steps": [)" +
                   say("no") + R"(]}, {"otherwise": true, "steps": [)" + say("else") + "]}]}"),
              ElementsAre("", "else"));
  EXPECT_THAT(said(kHello + R"(, {"role": "garage", "choose": [{"when": "false", "steps": [)" +
                   say("no") + "]}]}"),
              ElementsAre(""));
}

TEST(Choose, AStepInABranchThatIsNotDrawnIsNoMissingProof) {
  const std::string steps = R"({"role": "garage", "choose": [
      {"when": "false", "steps": [{"send": {"type": "a"}, "proves": ["CPC-003/one-room"]}]},
      {"otherwise": true, "steps": [{"send": {"type": "b"}, "proves": ["CPC-003/one-room"]}]}]})";
  Written written;
  written.steps = steps;
  written.requirements =
      R"({"format": "claimstorm-requirements/1", "requirements": [{"id": "CPC-003",
      "title": {"ko": "방", "en": "room"}, "clauses": [{"clause": "one-room", "title": {"ko": "하나", "en": "one"}}]}]})";
  const Scenario scenario = loaded(written);
  Theatre theatre(scenario);
  be_agreeable(theatre);
  theatre.play();
  std::vector<bool> in_branch;
  for (const Step& step : scenario.workflows.at(0).steps) {
    if (!step.proves.empty()) in_branch.push_back(step.in_branch);
  }
  EXPECT_THAT(in_branch, ElementsAre(true, true));
  EXPECT_EQ(theatre.player.steps().clauses().at("CPC-003/one-room").passed, 1U);
}

TEST(Blocks, TheSameSeedTakesTheSameTurns) {
  const std::string steps =
      R"({"role": "garage", "repeat": {"times": "2..9"}, "steps": [{"choose": [
      {"weight": 1, "steps": [)" +
      say("a") + R"(]}, {"weight": 1, "steps": [)" + say("b") + "]}]}]}";
  EXPECT_EQ(said(steps, 5), said(steps, 5));
  std::vector<std::vector<std::string>> all;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) all.push_back(said(steps, seed));
  EXPECT_THAT(all, Contains(::testing::Ne(all[0])));
}

}  // namespace
}  // namespace claims::storm
