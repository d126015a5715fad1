#include "simulator/command/run_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

FaultPlan plan_of(const std::vector<FaultKind>& kinds) {
  FaultPlan plan;
  for (const FaultKind kind : kinds) {
    FaultSpec spec;
    spec.kind = kind;
    spec.place = {"faults.json", static_cast<int>(plan.faults.size()) + 1,
                  "/faults/" + std::to_string(plan.faults.size())};
    plan.faults.push_back(spec);
  }
  return plan;
}

TEST(RunClient, PahoHasFewerUsers) {
  EXPECT_TRUE(check_users(Client::paho, limits::kPahoUsersMax));
  const auto many = check_users(Client::paho, limits::kPahoUsersMax + 1);
  ASSERT_TRUE(many.has_error());
  EXPECT_THAT(many.error(), HasSubstr("501 users: allowed are at most 500 with --client paho"));
  EXPECT_TRUE(check_users(Client::own, limits::kPahoUsersMax + 1));
  const auto too_many = check_users(Client::own, limits::kUsersMax + 1);
  ASSERT_TRUE(too_many.has_error());
  EXPECT_THAT(too_many.error(), HasSubstr("in one process"));
}

TEST(RunClient, PahoCarriesOutWhatDoesNotHappenToSockets) {
  EXPECT_THAT(check_client_faults(Client::paho,
                                  plan_of({FaultKind::crash, FaultKind::pause, FaultKind::repeat})),
              IsEmpty());
  const FaultPlan sockets =
      plan_of({FaultKind::crash, FaultKind::cut, FaultKind::cut_after_publish, FaultKind::takeover,
               FaultKind::half_open, FaultKind::partition, FaultKind::slow_reader});
  const auto refused = check_client_faults(Client::paho, sockets);
  ASSERT_EQ(refused.size(), sockets.faults.size() - 1);
  EXPECT_THAT(to_string(refused[0]),
              HasSubstr("faults.json:2: /faults/1/fault: found \"cut\", allowed: crash, disk_full, "
                        "pause, repeat with --client paho"));
  EXPECT_THAT(check_client_faults(Client::own, sockets), IsEmpty());
}

TEST(RunClient, LeavesOutAsEverWhatNeedsTheVirtualWorld) {
  EXPECT_THAT(check_client_faults(Client::paho, plan_of({FaultKind::disk_full})), IsEmpty());
}

TEST(RunClient, PahoAsksForNoSubscriptionOptions) {
  Scenario scenario;
  Workflow& workflow = scenario.workflows.emplace_back();
  OpenStep plain;
  OpenStep with_options;
  with_options.retain_handling = 2;
  for (const OpenStep& open : {plain, with_options}) {
    Step& step = workflow.steps.emplace_back();
    step.action = open;
    step.place = {"w.json", static_cast<int>(workflow.steps.size()), "/steps/0"};
  }
  const auto refused = check_client_steps(Client::paho, scenario);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_THAT(to_string(refused[0]), HasSubstr("w.json:2: /steps/0/subscribe: found "
                                               "retain_handling or retain_as_published"));
  EXPECT_THAT(check_client_steps(Client::own, scenario), IsEmpty());
}

TEST(RunClient, HasANameForTheReport) {
  EXPECT_EQ(name_of(Client::own), "own");
  EXPECT_THAT(name_of(Client::paho), ::testing::MatchesRegex("Eclipse Paho C\\+\\+ 1\\.[0-9.]+"));
}

}  // namespace
}  // namespace claims::storm
