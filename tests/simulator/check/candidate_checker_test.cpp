#include "simulator/check/candidate_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_history.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(CandidateChecker, AcceptsWhoMayBeInvited) {
  ScriptedHistory history = opened_with_colleague();
  history.candidates("adjuster-1", "r1", "colleague", {"adjuster-3"});
  history.candidates("garage-1", "r1", "guest", {"adjuster-2", "garage-2"});
  history.drain();
  history.invite("adjuster-1", "r1", "adjuster-3", "colleague");
  history.drain();
  history.candidates("adjuster-1", "r1", "colleague", {});
  EXPECT_EQ(Audit(history.finish()).total(), 0U);
}

TEST(CandidateChecker, TellsStaffOfAnotherInsurerAmongTheColleagues) {
  ScriptedHistory history = opened_with_colleague();
  history.candidates("adjuster-1", "r1", "colleague", {"adjuster-2", "adjuster-3"});
  const Audit audit(history.finish());
  EXPECT_EQ(audit.count(Checker::invite_candidates), 1U);
  EXPECT_THAT(audit.en(), HasSubstr("adjuster-2 (이담당) (of ins-2) must not be there"));
}

TEST(CandidateChecker, TellsAColleagueWhoIsMissing) {
  ScriptedHistory history = opened_with_colleague();
  history.candidates("adjuster-1", "r1", "colleague", {});
  EXPECT_THAT(Audit(history.finish()).en(), HasSubstr("adjuster-3 (박동료) (of ins-1) is missing"));
}

TEST(CandidateChecker, TellsAMemberAmongThem) {
  ScriptedHistory history = opened_with_colleague();
  history.candidates("adjuster-1", "r1", "colleague", {"adjuster-1", "adjuster-3"});
  EXPECT_EQ(Audit(history.finish()).count(Checker::invite_candidates), 1U);
}

TEST(CandidateChecker, TellsOneWhoIsAway) {
  ScriptedHistory history = opened_with_colleague();
  history.add_user("adjuster-4", "최부재", chat::Role::adjuster, "ins-1");
  history.hand_over_all("insurer-1", "adjuster-4", "adjuster-3", {});
  history.drain();
  history.candidates("adjuster-1", "r1", "colleague", {"adjuster-3", "adjuster-4"});
  EXPECT_EQ(Audit(history.finish()).count(Checker::invite_candidates), 1U);
}

}  // namespace
}  // namespace claims::storm
