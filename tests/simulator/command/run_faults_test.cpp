#include "simulator/command/run_faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

std::vector<Fault> faults(const std::vector<FaultKind>& kinds) {
  std::vector<Fault> all;
  all.reserve(kinds.size());
  for (const FaultKind kind : kinds) all.push_back({.kind = kind, .connections = {}});
  return all;
}

TEST(RunFaults, LeaveOutWhatNeedsTheVirtualWorldAndSayHowOften) {
  const RunFaults split = split_for_real_world(
      faults({FaultKind::disk_slow, FaultKind::crash, FaultKind::latency, FaultKind::disk_slow}),
      true);
  ASSERT_EQ(split.carried_out.size(), 1U);
  EXPECT_EQ(split.carried_out[0].kind, FaultKind::crash);
  ASSERT_EQ(split.left_out.size(), 2U);
  EXPECT_THAT(split.left_out[0].en, HasSubstr("latency (once), possible only in the virtual"));
  EXPECT_THAT(split.left_out[1].en, HasSubstr("disk_slow (2 times)"));
  EXPECT_THAT(split.left_out[1].ko, HasSubstr("disk_slow(2번)"));
}

TEST(RunFaults, DoNothingToAForeignServersProcess) {
  const RunFaults split =
      split_for_real_world(faults({FaultKind::crash, FaultKind::disk_full, FaultKind::cut}), false);
  ASSERT_EQ(split.carried_out.size(), 1U);
  EXPECT_EQ(split.carried_out[0].kind, FaultKind::cut);
  ASSERT_EQ(split.left_out.size(), 2U);
  EXPECT_THAT(split.left_out[0].en, HasSubstr("crash (once), possible only with a server of its"));
  EXPECT_THAT(split.left_out[1].en, HasSubstr("disk_full (once), possible only with a server of"));
}

}  // namespace
}  // namespace claims::storm
