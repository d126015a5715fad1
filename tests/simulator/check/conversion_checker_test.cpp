#include "simulator/check/conversion_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(ConversionChecker, CountsForGarageAdjusterAndInsurer) {
  for (const bool right : {true, false}) {
    for (const std::string_view user : {"garage-1", "adjuster-1", "insurer-1"}) {
      ScriptedHistory history = opened_with_colleague();
      history.step("garage-1", "r1", "in_repair");
      history.further("garage-1", "r1", 100'000);
      history.step("garage-1", "r1", "repaired");
      history.convert("garage-1", "r1");
      history.drain();
      history.conversions(user, 0, 1, right ? 1 : 0);
      const Audit audit(history.finish());
      EXPECT_EQ(audit.count(Checker::conversions), right ? 0U : 1U) << user;
      if (right) continue;
      EXPECT_THAT(audit.en(), HasSubstr("must say claims 1 to 1, and say 0"));
    }
  }
}

TEST(ConversionChecker, CountsForWhoWasInCharge) {
  ScriptedHistory history = opened_with_colleague();
  history.pre_estimate("garage-1", "2024-1234567", 500'000);
  history.drain();
  history.hand_over("adjuster-1", "r1", "adjuster-3");
  history.step("garage-1", "r1", "in_repair");
  history.further("garage-1", "r1", 100'000);
  history.drain();
  history.conversions("adjuster-1", 1, 0, 0);
  history.conversions("adjuster-3", 0, 1, 0);
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

}  // namespace
}  // namespace claims::storm
