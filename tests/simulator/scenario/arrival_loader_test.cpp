// How rates are divided, and arrivals and phases as a scenario gives them.

#include "simulator/scenario/arrival_loader.h"

#include <gmock/gmock.h>

#include <numeric>

#include "simulator/scenario/arrival_schedule.h"
#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using ::testing::Contains;
using testing::Draft;
using ::testing::ElementsAre;
using testing::errors_of;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

/// A draft of three workflows.
Draft three() {
  Draft draft;
  draft.workflows = "[";
  for (const char* name : {"a", "b", "c"}) {
    draft.workflows +=
        std::string(draft.workflows.size() > 1 ? ", " : "") + R"({"name": ")" + name +
        R"(", "title": {"ko": "가", "en": "a"}, "roles": {"garage": {"is": "garage"}}, "steps": [{"role": "garage", "think": "1s"}]})";
  }
  draft.workflows += "]";
  return draft;
}
Scenario loaded(const Draft& draft) {
  const Folder folder;
  auto scenario = load_scenario(folder.write("s.json", draft.text()));
  if (scenario) return std::move(*scenario);
  for (const FileError& error : scenario.error()) ADD_FAILURE() << to_string(error);
  return {};
}
std::vector<std::string> arrival_errors(const std::string& arrivals) {
  Draft draft = three();
  draft.arrivals = arrivals;
  return errors_of(draft);
}
std::vector<std::string> phase_errors(const std::string& phases) {
  Draft draft;
  draft.phases = phases;
  return errors_of(draft);
}

TEST(DivideByWeight, PartsSumToTheWhole) {
  EXPECT_THAT(divide_by_weight(50'000, {40, 9, 14}), ElementsAre(31'746, 7'143, 11'111));
  EXPECT_THAT(divide_by_weight(10, {1, 1, 1}), ElementsAre(4, 3, 3));
  EXPECT_THAT(divide_by_weight(2, {1, 1, 1}), ElementsAre(1, 1, 0));
  EXPECT_THAT(divide_by_weight(7, {0, 5}), ElementsAre(0, 7));
  Random random(1);
  for (int i = 0; i < 1'000; ++i) {
    std::vector<std::int64_t> weights(1 + random.below(20));
    for (auto& weight : weights)
      weight = 1 + static_cast<std::int64_t>(random.below(1'000'000'000));
    const auto total = static_cast<std::int64_t>(random.below(1'000'000'001));
    const auto parts = divide_by_weight(total, weights);
    ASSERT_EQ(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), total);
    const auto sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    for (std::size_t k = 0; k < parts.size(); ++k) {
      ASSERT_NEAR(
          static_cast<double>(parts[k]),
          static_cast<double>(total) * static_cast<double>(weights[k]) / static_cast<double>(sum),
          1.0);
    }
  }
}

TEST(Arrivals, AMixDividesItsRateAndEntriesAdd) {
  Draft draft = three();
  draft.arrivals =
      R"([{"rate": "50/s", "mix": {"a": 40, "b": 9, "c": 14.0}}, {"workflow": "a", "count": 3},
                       {"workflow": "b", "concurrent": 20, "pause": "1.5s"}])";
  const Scenario scenario = loaded(draft);
  ASSERT_THAT(scenario.arrivals, SizeIs(5));
  EXPECT_EQ(scenario.arrivals[0].rate_milli, 31'746);
  EXPECT_EQ(scenario.arrivals[1].rate_milli, 7'143);
  EXPECT_EQ(scenario.arrivals[2].rate_milli, 11'111);
  EXPECT_EQ(scenario.arrivals[2].workflow, 2U);
  EXPECT_EQ(scenario.arrivals[3].count, 3);
  EXPECT_EQ(scenario.arrivals[4].concurrent, 20);
  EXPECT_EQ(scenario.arrivals[4].pause.count(), 1'500'000);
}

TEST(Arrivals, ErrorsAreTold) {
  EXPECT_THAT(arrival_errors(R"([{"rate": "50/s", "mix": {"a": 1, "b": 1, "d": 1}}])"),
              ElementsAre("s.json:5: /arrivals/0/mix/d: found \"d\", allowed: a, b, c",
                          HasSubstr("found no arrival of the workflow \"c\"")));
  EXPECT_THAT(arrival_errors(R"([{"mix": {"a": 1, "b": "2", "c": 0}}])"),
              ElementsAre(HasSubstr("/arrivals/0/rate: found nothing"),
                          HasSubstr("/mix/b: found \"2\", allowed: a weight"),
                          HasSubstr("/mix/c: found 0, allowed: a weight from 0.001")));
  EXPECT_THAT(
      arrival_errors(R"([{"rate": "0.001/s", "mix": {"a": 1, "b": 1, "c": 1}}])"),
      ElementsAre(HasSubstr("a share of the rate of at least 0.001/s"), HasSubstr("/mix/c: ")));
  EXPECT_THAT(
      arrival_errors(R"([{"rate": "1/s", "mix": {"a": 1, "b": 1, "c": 1}, "workflow": "a"}])"),
      ElementsAre(HasSubstr(
          "/arrivals/0/workflow: found the key \"workflow\", allowed: none beside a mix")));
  const std::string rest = R"(, {"rate": "1/s", "mix": {"a": 1, "b": 1, "c": 1}}])";
  EXPECT_THAT(arrival_errors(R"([{"workflow": "a", "count": 1, "concurrent": 2})" + rest),
              ElementsAre(HasSubstr("found an arrival with count and concurrent")));
  EXPECT_THAT(
      arrival_errors(R"([{"workflow": "a", "count": 1, "pause": "1s"})" + rest),
      ElementsAre(HasSubstr("/pause: found the key \"pause\", allowed: only with concurrent")));
  EXPECT_THAT(arrival_errors(R"([{"workflow": "a", "concurrent": 18001})" + rest),
              ElementsAre(HasSubstr("an integer from 1 to 18000")));
  Draft draft;
  draft.arrivals = R"([{"workflow": "w", "concurrent": 9001}])";
  draft.phases = R"([{"hold": "1s"}, {"spike": "1s", "at": "200 %"}])";
  EXPECT_THAT(errors_of(draft),
              ElementsAre(HasSubstr("found 9001 at 200 % in a phase, allowed: at most 18000")));
}

TEST(Arrivals, OfAWorkflowThatDidNotLoadTellThatThereIsNone) {
  Draft draft;
  draft.workflows = R"(["not-there.json"])";
  EXPECT_THAT(errors_of(draft),
              Contains(HasSubstr("found \"w\", allowed: nothing (there is none)")));
  draft.workflows = R"([{"name": "no name!", "title": {"ko": "가", "en": "a"},
    "roles": {"garage": {"is": "garage"}}, "steps": [{"role": "garage", "think": "1s"}]}])";
  const auto errors = errors_of(draft);
  EXPECT_THAT(errors, Contains(HasSubstr("found \"w\", allowed: nothing (there is none)")));
  EXPECT_THAT(errors, Not(Contains(HasSubstr("no arrival of the workflow"))));
}

TEST(Phases, ASpikeIsMeasuredAtItsShare) {
  Draft draft;
  draft.phases =
      R"([{"ramp": "1s", "from": "0 %", "to": "100 %"}, {"hold": "5s"}, {"spike": "10s", "at": "300 %"}])";
  const Scenario scenario = loaded(draft);
  ASSERT_THAT(scenario.phases, SizeIs(3));
  EXPECT_TRUE(scenario.phases[2].hold);
  EXPECT_EQ(scenario.phases[2].name, "spike");
  EXPECT_EQ(scenario.phases[2].from_permille, 3'000);
  EXPECT_EQ(scenario.phases[2].to_permille, 3'000);
}

TEST(Phases, ACurveIsLinearBetweenItsPoints) {
  Draft draft;
  draft.phases =
      R"([{"curve": "24h", "name": "day", "points": [["06:00", "0 %"], ["12:00", "100 %"], ["18h", "100 %"]]}])";
  draft.arrivals = R"([{"workflow": "w", "rate": "1/s"}])";
  const Scenario scenario = loaded(draft);
  ASSERT_THAT(scenario.phases, SizeIs(4));
  Microseconds whole{0};
  for (const Phase& phase : scenario.phases) {
    EXPECT_TRUE(phase.hold);
    EXPECT_EQ(phase.name, "day");
    EXPECT_EQ(phase.length, Microseconds(6LL * 3'600'000'000));
    whole += phase.length;
  }
  EXPECT_EQ(whole, Microseconds(24LL * 3'600'000'000));
  ArrivalSchedule schedule(scenario.phases, scenario.arrivals[0], Random(1));
  std::array<double, 24> by_hour{};
  std::vector<std::int64_t> first;
  while (const auto at = schedule.next()) {
    by_hour.at(static_cast<std::size_t>(at->count() / 3'600'000'000)) += 1;
    if (first.size() < 3) first.push_back(at->count());
  }
  EXPECT_EQ(by_hour[5], 0);
  EXPECT_NEAR(by_hour[6], 300, 70);  // A mean of 1/12 of 3,600.
  EXPECT_NEAR(by_hour[11], 3'300, 230);
  EXPECT_NEAR(by_hour[15], 3'600, 240);
  EXPECT_NEAR(by_hour[23], 3'600, 240);
  ArrivalSchedule again(scenario.phases, scenario.arrivals[0], Random(1));
  for (const auto at : first) EXPECT_EQ(again.next()->count(), at);
}

TEST(Phases, ACurveCanBePlayedManyTimes) {
  Draft draft;
  draft.phases =
      R"([{"curve": "24h", "times": 30, "points": [["12:00", "0 %"], ["24h", "100 %"]]}])";
  const Scenario scenario = loaded(draft);
  ASSERT_THAT(scenario.phases, SizeIs(60));
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(scenario.phases[i].length, Microseconds(12LL * 3'600'000'000));
    EXPECT_EQ(scenario.phases[i].to_permille, i % 2 == 0 ? 0 : 1'000);
  }
}

TEST(Phases, ErrorsAreTold) {
  EXPECT_THAT(phase_errors(R"([{"hold": "1s", "times": 2}])"),
              ElementsAre(HasSubstr("/times: found the key \"times\", allowed: only on a curve")));
  EXPECT_THAT(phase_errors(R"([{"curve": "7d", "times": 53, "points": [["00:00", "1 %"]]}])"),
              ElementsAre(HasSubstr("found phases of 371d in all, allowed: at most 366d")));
  EXPECT_THAT(phase_errors(R"([{"spike": "1s"}])"),
              ElementsAre(HasSubstr("/phases/0/at: found nothing")));
  EXPECT_THAT(phase_errors(R"([{"spike": "1s", "hold": "1s", "at": "5 %"}])"),
              ElementsAre(HasSubstr("found a phase with hold and spike, allowed: one of")));
  EXPECT_THAT(
      phase_errors(R"([{"hold": "1s", "points": []}])"),
      ElementsAre(HasSubstr("/points: found the key \"points\", allowed: only on a curve")));
  EXPECT_THAT(
      phase_errors(R"([{"ramp": "1s", "from": "0 %", "to": "9 %", "at": "1 %"}, {"hold": "1s"}])"),
      ElementsAre(HasSubstr("only on a hold or spike")));
  EXPECT_THAT(phase_errors(R"([{"curve": "1h"}])"),
              ElementsAre(HasSubstr("/phases/0/points: found nothing")));
  EXPECT_THAT(phase_errors(R"([{"curve": "1h", "points": []}])"),
              ElementsAre(HasSubstr("1 to 100 elements")));
  EXPECT_THAT(phase_errors(R"([{"curve": "1h", "points": [["00:00", "1 %"], ["00:00", "2 %"]]}])"),
              ElementsAre(HasSubstr(
                  "/points/1/0: found \"00:00\", allowed: a time after that of the point before")));
  EXPECT_THAT(phase_errors(R"([{"curve": "1h", "points": [["01:01", "1 %"]]}])"),
              ElementsAre(HasSubstr("a time up to the curve's end, 1h")));
  EXPECT_THAT(phase_errors(R"([{"curve": "1h", "points": [["1:1", "1 %"]]}])"),
              ElementsAre(HasSubstr("found \"1:1\", allowed: a time within the curve: 09:30")));
  EXPECT_THAT(phase_errors(R"([{"curve": "1h", "points": [["00:00"]]}])"),
              ElementsAre(HasSubstr("a list of 1 element, allowed: 2 elements")));
}

}  // namespace
}  // namespace claims::storm
