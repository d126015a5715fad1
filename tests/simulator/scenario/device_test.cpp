#include "simulator/scenario/device.h"

#include <gmock/gmock.h>

#include "simulator/scenario/load.h"
#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using testing::Draft;
using ::testing::ElementsAre;
using testing::errors_of;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Draft with_devices(const std::string& devices) {
  Draft draft;
  draft.population = R"({"insurers": 2, "adjusters": 4, "garages": 4, "devices": )" + devices + "}";
  return draft;
}

TEST(Device, APopulationSaysHowManyThereAre) {
  const testing::Folder folder;
  const auto scenario = load_scenario(folder.write(
      "s.json",
      with_devices(R"({"garage": "140 %", "adjuster": "162.5%", "others_send": "20 %"})").text()));
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->population.garage_devices_permille, 1'400);
  EXPECT_EQ(scenario->population.adjuster_devices_permille, 1'625);
  EXPECT_EQ(scenario->population.others_send_permille, 200);
}

TEST(Device, NobodyHasNoneOrMoreThanThree) {
  EXPECT_THAT(errors_of(with_devices(R"({"garage": "99 %", "adjuster": "301 %"})")),
              ElementsAre(StartsWith("s.json:4: /population/devices/garage: found \"99 %\", "
                                     "allowed: 100 % to 300 %"),
                          StartsWith("s.json:4: /population/devices/adjuster: found \"301 %\"")));
  EXPECT_THAT(errors_of(with_devices(R"({"others_send": "101 %", "insurer": "200 %"})")),
              ElementsAre(StartsWith("s.json:4: /population/devices/insurer: found the key"),
                          StartsWith("s.json:4: /population/devices/others_send: found \"101 %\", "
                                     "allowed: 0 % to 100 %")));
}

TEST(Device, TogetherTheyAreBounded) {
  Draft draft;
  draft.population =
      R"({"insurers": 2, "adjusters": 4, "garages": 9000, "devices": {"garage": "200 %"}})";
  EXPECT_THAT(errors_of(draft), ElementsAre(StartsWith("s.json:4: /population: found 18006 devices "
                                                       "of all users, allowed: at most 18000")));
}

TEST(Device, AStepIsOnADeviceThatEverybodyHas) {
  const std::string step =
      R"({"role": "garage", "on": "phone", "send": {"type": "intake.register", "receipt": "${receipt}"}})";
  Draft draft = with_devices(R"({"garage": "200 %"})");
  draft.steps = {step};
  EXPECT_THAT(errors_of(draft), IsEmpty());
  draft = with_devices(R"({"garage": "199.9 %"})");
  draft.steps = {step};
  EXPECT_THAT(errors_of(draft),
              ElementsAre(StartsWith("s.json:4: /population: found 199 % devices of the kind "
                                     "garage, allowed: at least 200 %, for the step "
                                     "\"intake.register\" on the phone")));
}

TEST(Device, StepsNameADeviceWhereTheySendOrAwait) {
  Draft draft = with_devices(R"({"garage": "300 %"})");
  draft.steps = {R"({"role": "garage", "on": "fax", "await": {"type": "greeting"}})",
                 R"({"role": "garage", "on": "phone", "think": "5s"})"};
  EXPECT_THAT(errors_of(draft),
              ElementsAre("s.json:14: /workflows/0/steps/0/on: found \"fax\", allowed: pc, phone, "
                          "tablet",
                          StartsWith("s.json:15: /workflows/0/steps/1/on: found the key \"on\", "
                                     "allowed: only on a send or an await")));
}

}  // namespace
}  // namespace claims::storm
