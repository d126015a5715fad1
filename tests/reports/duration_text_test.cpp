#include "reports/duration_text.h"

#include <gtest/gtest.h>

namespace claims::report {
namespace {

struct Told {
  double seconds;
  const char *ko, *en;
};

TEST(DurationText, TellsLengthsInFewWords) {
  for (const Told& one : {Told{0, "0초", "0 s"},
                          {0.0004, "0초", "0 s"},
                          {1.5, "1.5초", "1.5 s"},
                          {59.9996, "1분", "1 min"},
                          {90.25, "1분 30.25초", "1 min 30.25 s"},
                          {2'700, "45분", "45 min"},
                          {3'599.9999, "1시간", "1 h"},
                          {4'300, "1시간 12분", "1 h 12 min"},
                          {86'400, "1일", "1 d"},
                          {2'584'800, "29일 22시간", "29 d 22 h"},
                          {-5, "0초", "0 s"}}) {
    EXPECT_EQ(duration_text(one.seconds).ko, one.ko);
    EXPECT_EQ(duration_text(one.seconds).en, one.en);
  }
}

TEST(DurationText, OfNonsenseIsStillAText) {
  EXPECT_FALSE(duration_text(1e300).en.empty());
}

}  // namespace
}  // namespace claims::report
