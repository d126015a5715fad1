#include "reports/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/sample_result.h"

namespace claims::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ConsoleSummary, TellsVerdictReasonAndStory) {
  const std::string text = console_summary(sample_result());
  EXPECT_THAT(text, HasSubstr("verdict: fail"));
  EXPECT_THAT(text, HasSubstr("because: 1 violation"));
  EXPECT_THAT(text, HasSubstr("[secrecy] saw a <message> of a foreign room"));
  EXPECT_THAT(text, HasSubstr("MISSED"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(ConsoleSummary, SpeaksKoreanWhenAsked) {
  const std::string text = console_summary(sample_result(), {.colour = true, .korean = true});
  EXPECT_THAT(text, HasSubstr("위반 1건"));
  EXPECT_THAT(text, HasSubstr("\x1b[1;31m"));
}

TEST(RequirementTable, KoreanStatusKeepsItsColumns) {
  const std::string text = requirement_table(sample_result(), {.colour = false, .korean = true});
  EXPECT_THAT(text, HasSubstr("적합        방 하나"));  // 4 columns and 8 blanks.
  EXPECT_THAT(text, HasSubstr("부적합      차단"));     // 6 columns and 6 blanks.
  EXPECT_THAT(text, HasSubstr("미검증      검색"));
}

}  // namespace
}  // namespace claims::report
