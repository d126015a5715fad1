// Inputs that no client would send, played by a scenario against the production Node.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/actor/run_figures.h"
#include "tests/simulator/actor/node_stage.h"
#include "tests/simulator/actor/written_scenario.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::NodeStage;
using testing::Written;

constexpr Microseconds kTwoMinutes{120'000'000};

Written intake(const std::string& more) {
  Written written;
  written.roles =
      R"({"adjuster": {"is": "adjuster"}, "insurer": {"is": "insurer", "of": "adjuster"},
                      "garage": {"is": "garage"}})";
  written.let = R"({"receipt": "${gen.receipt}"})";
  written.steps =
      R"({"role": "insurer", "send": {"type": "receipt.register", "receipt": "${receipt}",
      "plate": "${gen.plate}", "model": "${gen.model}", "adjuster": "${adjuster.id}"}},
      {"role": "garage", "after": {"role": "insurer", "step": "receipt.register"},
       "send": {"type": "intake.register", "receipt": "${receipt}"}, "save": {"room": "${reply.result.room}"}},
      )" +
      more;
  return written;
}

report::RunResult played(const Written& written) {
  NodeStage stage(testing::loaded(written), 1);
  EXPECT_TRUE(stage.play(kTwoMinutes));
  return run_figures(stage.scenario, stage.player, stage.auditor, stage.recorder, stage.now());
}

std::vector<std::string> stories(const report::RunResult& result) {
  std::vector<std::string> texts;
  texts.reserve(result.stories.size());
  for (const report::Story& story : result.stories)
    texts.push_back(story.checker + ": " + story.text.en);
  return texts;
}

TEST(MalformedInput, IsRefusedAndDisturbsNothing) {
  const auto result = played(intake(R"(
      {"role": "garage", "send_raw": "{\"type\":\"message.send\"", "expect": {"error": "malformed_json"},
       "save": {"error": "${reply.error}", "re": "${reply.re}"}},
      {"role": "garage", "assert": "re == null and size(error.message.ko) > 0", "says": {"ko": "가", "en": "a"}},
      {"role": "garage", "send_raw": "[1, 2]", "expect": {"error": ["malformed_json", "bad_field"]}},
      {"role": "garage", "send_raw": "", "expect": {"error": ["malformed_json", "bad_field"]}},
      {"role": "garage", "send_raw": "{\"type\":5,\"id\":\"x1\"}", "expect": {"error": ["bad_field", "malformed_json"]}},
      {"role": "garage", "send_raw": "{\"type\":\"message.send\",\"text\":\"${repeat('x', 70000)}\"}",
       "expect": {"error": "too_large"}},
      {"role": "garage", "send": {"type": "message.send", "room": "${room}", "text": "${repeat('x', 70000)}"},
       "expect": {"error": "too_large"}},
      {"role": "garage", "send": {"type": "message.send", "room": "${room}", "text": ["no", "text"]},
       "expect": {"error": "bad_field"}},
      {"role": "garage", "send": {"type": "message.send", "room": "${room}", "text": "여전히 됩니다"}})"));
  EXPECT_THAT(stories(result), IsEmpty());
  EXPECT_EQ(result.counts.workflows_completed, 1U);
  EXPECT_EQ(result.counts.error_replies, 7U);
}

TEST(MalformedInput, TheWrongCodeFailsTheStep) {
  const auto result = played(intake(
      R"({"role": "garage", "send_raw": "{", "expect": {"error": ["too_large", "missing_field"]}})"));
  ASSERT_EQ(result.stories.size(), 1U);
  EXPECT_THAT(
      result.stories[0].text.en,
      HasSubstr("expected 'raw' to be refused with 'too_large' or 'missing_field'; the error "
                "'malformed_json'"));
}

}  // namespace
}  // namespace claims::storm
