#include "simulator/actor/step_outcomes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

using testing::SizeIs;

TEST(StepOutcomes, AStepThatFailsOftenIsOneStoryWithItsCount) {
  const Step often, once;
  StepOutcomes outcomes;
  for (int i = 0; i < 500; ++i) outcomes.failed({&often, {"응답 없음", "no reply"}});
  outcomes.failed({&once, {"다른 응답", "another reply"}});
  ASSERT_THAT(outcomes.stories(), SizeIs(2));
  EXPECT_EQ(outcomes.stories()[0].text.en, "(first of 500) no reply");
  EXPECT_EQ(outcomes.stories()[1].text.en, "another reply");
  EXPECT_EQ(outcomes.failures(), 501U);
}

}  // namespace
}  // namespace claims::storm
