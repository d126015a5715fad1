#include "protocol/chat/repair.h"

#include <gtest/gtest.h>

namespace claims::chat {
namespace {

constexpr RepairState kStates[] = {RepairState::in, RepairState::in_repair, RepairState::repaired,
                                   RepairState::out, RepairState::cancelled};

TEST(Repair, StepsGoForwardAndACancelledIntakeMayBeRegisteredAgain) {
  int legal = 0;
  for (const RepairState from : kStates) {
    for (const RepairState to : kStates) legal += is_legal_step(from, to) ? 1 : 0;
  }
  EXPECT_EQ(legal, 5);
  EXPECT_TRUE(is_legal_step(RepairState::in, RepairState::in_repair));
  EXPECT_TRUE(is_legal_step(RepairState::in_repair, RepairState::repaired));
  EXPECT_TRUE(is_legal_step(RepairState::repaired, RepairState::out));
  EXPECT_TRUE(is_legal_step(RepairState::in, RepairState::cancelled));
  EXPECT_TRUE(is_legal_step(RepairState::cancelled, RepairState::in));
}

TEST(Repair, AClaimNeedsTheRepairDone) {
  EXPECT_FALSE(may_convert_claim(RepairState::in));
  EXPECT_FALSE(may_convert_claim(RepairState::in_repair));
  EXPECT_FALSE(may_convert_claim(RepairState::cancelled));
  EXPECT_TRUE(may_convert_claim(RepairState::repaired));
  EXPECT_TRUE(may_convert_claim(RepairState::out));
}

TEST(Repair, NamesAreRead) {
  for (const RepairState state : kStates) EXPECT_EQ(parse_repair_state(to_string(state)), state);
  EXPECT_FALSE(parse_repair_state("done"));
}

}  // namespace
}  // namespace claims::chat
