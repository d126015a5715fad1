#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "reports/json.h"
#include "reports/limits.h"
#include "tests/reports/sample_result.h"

namespace claims::report {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::vector<std::string> errors_of(const std::string& text) {
  const ParsedResult parsed = parse_result_json(text);
  const auto* errors = std::get_if<std::vector<std::string>>(&parsed);
  return errors == nullptr ? std::vector<std::string>{} : *errors;
}

/// The sample's text with one part of it changed.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = result_json(sample_result());
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ResultReader, WhatIsReadIsWrittenTheSame) {
  RunResult simulated = sample_result();
  simulated.service = sample_service();
  simulated.simulation = sample_simulation();
  for (const RunResult& result : {sample_result(), RunResult{}, simulated}) {
    const std::string text = result_json(result);
    const ParsedResult parsed = parse_result_json(text);
    ASSERT_TRUE(std::holds_alternative<RunResult>(parsed)) << errors_of(text)[0];
    EXPECT_EQ(result_json(std::get<RunResult>(parsed)), text);
  }
}

TEST(ResultReader, ReadsWhatWasWrittenBeforeMembersWereAdded) {
  std::string text = result_json(RunResult{});
  for (const char* line : {"  \"active_users\": 0,\n", "  \"workflows\": [],\n",
                           "  \"errors\": [],\n", "  \"recovery\": [],\n", "  \"defects\": [],\n",
                           "  \"service\": null,\n", "  \"simulation\": null,\n"}) {
    const auto at = text.find(line);
    ASSERT_NE(at, std::string::npos) << line;
    text.erase(at, std::string(line).size());
  }
  EXPECT_THAT(errors_of(text), testing::IsEmpty());
}

TEST(ResultReader, PassesOverMembersOfLaterVersions) {
  EXPECT_THAT(errors_of(changed("\"seed\": 7", "\"seed\": 7, \"moon\": {\"phase\": 1}")),
              testing::IsEmpty());
}

TEST(ResultReader, TellsWhatWhereAndWhatIsAllowed) {
  EXPECT_THAT(errors_of(changed("\"seed\": 7", "\"seed\": -7")),
              ElementsAre(AllOf(HasSubstr("/seed: found -7, allowed: "), HasSubstr("2^64"))));
  EXPECT_THAT(errors_of(changed("\"verdict\": \"fail\"", "\"verdict\": \"good\"")),
              ElementsAre("/verdict: found \"good\", allowed: pass, fail, invalid"));
  EXPECT_THAT(errors_of(changed("\"checker\": \"secrecy\"", "\"checker\": [1]")),
              ElementsAre("/stories/0/checker: found a list, allowed: a text"));
  EXPECT_THAT(errors_of(changed("\"total\": 1,", "")),
              ElementsAre("/violations: found nothing, allowed: the member \"total\""));
  EXPECT_THAT(errors_of(changed("\"duration_s\": 60.0", "\"duration_s\": 1e300")),
              ElementsAre(HasSubstr("/duration_s: found 1e+300")));
}

TEST(ResultReader, ChecksTheServiceLevelToo) {
  RunResult result = sample_result();
  result.service = sample_service();
  std::string text = result_json(result);
  const std::string grade = "\"grade\": 3";
  text.replace(text.find(grade), grade.size(), "\"grade\": true");
  EXPECT_THAT(errors_of(text),
              ElementsAre(HasSubstr("/service/outages/1/grade: found true, allowed: a whole")));
}

TEST(ResultReader, TellsAllErrorsUpToABound) {
  const auto errors = errors_of(R"({"format": "claimstorm-result/1"})");
  EXPECT_THAT(errors, SizeIs(limits::kErrorsToldMax));
  EXPECT_THAT(errors[0], HasSubstr("the member \"scenario\""));
}

TEST(ResultReader, ABrokenFileIsToldWithItsLine) {
  EXPECT_THAT(errors_of("{\n\"format\": \n oops}"),
              ElementsAre(HasSubstr("line 3: found no JSON")));
  EXPECT_THAT(errors_of(""), ElementsAre(HasSubstr("line 1")));
  EXPECT_THAT(errors_of("[]"), ElementsAre(HasSubstr("/format: found null")));
  EXPECT_THAT(errors_of(R"({"format": "claimstorm-scenario/1"})"),
              ElementsAre("/format: found \"claimstorm-scenario/1\", allowed: "
                          "\"claimstorm-result/1\""));
}

TEST(ResultReader, DeepAndWideInputIsRefused) {
  EXPECT_THAT(errors_of(std::string(1'000'000, '[')), ElementsAre(HasSubstr("no JSON")));
  const std::string deep = std::string(1'000, '[') + std::string(1'000, ']');
  EXPECT_THAT(errors_of(deep), ElementsAre(HasSubstr("more levels than 16")));
  std::string wide = "\"reasons\": [0";
  for (std::size_t i = 0; i < limits::kElementsMax; ++i) wide += ",0";
  EXPECT_THAT(errors_of(changed("\"reasons\": [", wide + ",")),
              ElementsAre(HasSubstr("/reasons: found 10002 elements, allowed: at most 10000")));
}

}  // namespace
}  // namespace claims::report
