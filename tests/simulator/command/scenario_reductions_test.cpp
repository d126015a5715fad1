#include "simulator/command/scenario_reductions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

ScenarioDocument document() {
  return ScenarioDocument::parse(R"({
    "population": {"insurers": 2, "adjusters": 8, "garages": 20},
    "workflows": [{"name": "a"}, {"name": "b"}],
    "arrivals": [{"workflow": "a", "rate": "2/s"}, {"workflow": "b", "count": 1}],
    "phases": [{"name": "r", "ramp": "10s", "from": "0 %", "to": "100 %"},
               {"name": "h", "hold": "60s"},
               {"name": "c", "curve": "30s", "points": [["0ms", "5 %"], ["30s", "60 %"]]}],
    "faults": [{"fault": "crash", "at": "70s", "lasts": "1s"},
               {"fault": "cut", "at": "5s", "users": ["gar-00002", "gar-00020"]},
               {"fault": "cut", "at": "6s", "users": ["gar-00020"]}]
  })");
}

TEST(ScenarioReductions, AWorkflowThatDoesNotArriveGoes) {
  ScenarioReductions reductions;
  const auto less = reductions.with_elements(document(), "arrivals", {1});
  ASSERT_TRUE(less);
  EXPECT_EQ((*less)["arrivals"].dump(), R"([{"workflow":"b","count":1}])");
  EXPECT_EQ((*less)["workflows"].dump(), R"([{"name":"b"}])");
  EXPECT_FALSE(reductions.with_elements(document(), "arrivals", {}));
}

TEST(ScenarioReductions, AMeasuredPhaseStays) {
  ScenarioReductions reductions;
  EXPECT_TRUE(reductions.with_elements(document(), "phases", {1}));
  EXPECT_TRUE(reductions.with_elements(document(), "phases", {2}));
  EXPECT_FALSE(reductions.with_elements(document(), "phases", {0}));
}

TEST(ScenarioReductions, AFaultAfterTheEndGoes) {
  ScenarioReductions reductions;
  EXPECT_EQ(length_of(document()), Microseconds(100'000'000));
  const auto less = reductions.with_elements(document(), "phases", {1});
  ASSERT_TRUE(less);
  EXPECT_EQ(length_of(*less), Microseconds(60'000'000));
  EXPECT_EQ((*less)["faults"].size(), 2U);
}

TEST(ScenarioReductions, AFaultOfNobodyGoes) {
  ScenarioReductions reductions;
  const auto all = reductions.with_less(document(), "/population/garages");
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front()["population"]["garages"], 1);
  EXPECT_EQ(all.front()["faults"].size(), 1U);
  EXPECT_EQ(all.back()["population"]["garages"], 19);
  ASSERT_EQ(all.back()["faults"].size(), 2U);
  EXPECT_EQ(all.back()["faults"][1]["users"].dump(), R"(["gar-00002"])");
}

TEST(ScenarioReductions, EachInsurerKeepsAnAdjuster) {
  ScenarioReductions reductions;
  EXPECT_EQ(
      reductions.with_less(document(), "/population/adjusters").front()["population"]["adjusters"],
      2);
  EXPECT_EQ(reductions.with_less(document(), "/population/insurers").size(), 1U);
}

TEST(ScenarioReductions, NumbersArePointedAt) {
  EXPECT_THAT(ScenarioReductions::numbers(document(), "phases"),
              testing::ElementsAre("/phases/0/ramp", "/phases/1/hold", "/phases/2/curve"));
  EXPECT_THAT(ScenarioReductions::numbers(document(), "arrivals"),
              testing::ElementsAre("/arrivals/0/rate", "/arrivals/1/count"));
  EXPECT_THAT(
      ScenarioReductions::numbers(document(), "population"),
      testing::ElementsAre("/population/garages", "/population/adjusters", "/population/insurers"));
}

TEST(ScenarioReductions, ACurveKeepsItsPointsUpToItsNewEnd) {
  ScenarioReductions reductions;
  ScenarioDocument curve = document();
  curve["phases"][2]["points"] = ScenarioDocument::parse(
      R"([["0ms", "5 %"], ["10s", "40 %"], ["20s", "20 %"], ["30s", "60 %"]])");
  const auto shorter = reductions.with_less(curve, "/phases/2/curve");
  EXPECT_EQ(shorter[3]["phases"][2]["curve"], "15s");
  EXPECT_EQ(shorter[3]["phases"][2]["points"].dump(),
            R"([["0ms","5 %"],["10s","40 %"],["15s","20 %"]])");
}

TEST(ScenarioReductions, AnArrivalAloneIsCounted) {
  ScenarioReductions reductions;
  const auto counted = reductions.counted(document());
  ASSERT_EQ(counted.size(), 4U) << "of the one that has a rate";
  EXPECT_EQ(counted[0]["arrivals"].dump(), R"([{"workflow":"a","count":1}])");
  EXPECT_EQ(counted[3]["arrivals"].dump(), R"([{"workflow":"a","count":8}])");
  EXPECT_EQ(counted[0]["workflows"].dump(), R"([{"name":"a"}])");
}

TEST(ScenarioReductions, TheWholeCourseTakesLessTime) {
  ScenarioReductions reductions;
  const auto sooner = reductions.sooner(document());
  ASSERT_EQ(sooner.size(), 5U);
  EXPECT_EQ(length_of(sooner[2]), Microseconds(50'000'000));
  EXPECT_EQ(sooner[2]["faults"][0]["at"], "35s");
  EXPECT_EQ(sooner[2]["faults"][0]["lasts"], "1s");
  EXPECT_EQ(sooner[2]["faults"][1]["at"], "2500ms");
}

TEST(ScenarioReductions, ABeginningWithoutFaultsCanBeLeftOut) {
  ScenarioReductions reductions;
  const auto later = reductions.begun_later(document());
  ASSERT_EQ(later.size(), 6U);
  EXPECT_EQ(length_of(later[0]), Microseconds(95'000'000));
  EXPECT_EQ(later[0]["phases"][0]["ramp"], "5s");
  EXPECT_EQ(later[0]["faults"][0]["at"], "65s");
  EXPECT_EQ(later[0]["faults"][1]["at"], "0ms");
  ScenarioDocument none = document();
  none["faults"] = ScenarioDocument::array();
  EXPECT_TRUE(reductions.begun_later(none).empty());
}

TEST(ScenarioReductions, AFaultCanHappenToFewerUsers) {
  ScenarioReductions reductions;
  const auto less = reductions.with_users(document(), 1, {1});
  ASSERT_TRUE(less);
  EXPECT_EQ((*less)["faults"][1]["users"].dump(), R"(["gar-00020"])");
  EXPECT_FALSE(reductions.with_users(document(), 1, {}));
  EXPECT_FALSE(reductions.with_users(document(), 0, {0})) << "a crash happens to nobody";
}

TEST(ScenarioReductions, QuantitiesStayInTheirUnits) {
  ScenarioReductions reductions;
  const auto rates = reductions.with_less(document(), "/arrivals/0/rate");
  EXPECT_EQ(rates.front()["arrivals"][0]["rate"], "0.1/s");
  EXPECT_EQ(rates.back()["arrivals"][0]["rate"], "1.7/s");
  EXPECT_TRUE(reductions.with_less(document(), "/arrivals/1/count").empty());
  const auto curves = reductions.with_less(document(), "/phases/2/curve");
  EXPECT_EQ(curves[2]["phases"][2]["curve"], "7500ms");
  EXPECT_EQ(curves[2]["phases"][2]["points"].dump(), R"([["0ms","5 %"],["7500ms","60 %"]])");
}

}  // namespace
}  // namespace claims::storm
