// The load scenarios that ship: what they put on, and when.

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "tests/simulator/scenario/shipped_scenario.h"

namespace claims::storm {
namespace {

using testing::shipped;
using ::testing::SizeIs;

/// Workflows per 1,000 s at 100 %, by name.
std::map<std::string, std::int64_t> rates_of(const Scenario& scenario) {
  std::map<std::string, std::int64_t> rates;
  for (const ArrivalSpec& arrival : scenario.arrivals) {
    rates[scenario.workflows.at(arrival.workflow).name] += arrival.rate_milli;
  }
  return rates;
}

std::int64_t sum_of(const std::map<std::string, std::int64_t>& rates) {
  std::int64_t sum = 0;
  for (const auto& [name, rate] : rates) sum += rate;
  return sum;
}

/// The country's month-end peak hour, in thousandths of a workflow per second.
const std::map<std::string, std::int64_t> kPeak{{"inbound", 800}, {"pre-estimate", 800},
                                                {"claim", 1'800}, {"general", 1'000},
                                                {"bulk", 300},    {"negotiation", 400}};

/// Everything has the same multiple of its peak, to a thousandth per second.
void expect_in_proportion(const std::map<std::string, std::int64_t>& rates, double times) {
  for (const auto& [name, peak] : kPeak) {
    ASSERT_TRUE(rates.contains(name)) << name;
    EXPECT_NEAR(static_cast<double>(rates.at(name)), static_cast<double>(peak) * times, 1) << name;
  }
}

const ThresholdSpec* threshold_of(const Scenario& scenario, const std::string& metric) {
  for (const ThresholdSpec& threshold : scenario.thresholds) {
    if (threshold.metric == metric) return &threshold;
  }
  ADD_FAILURE() << "no threshold on " << metric;
  return nullptr;
}

/// Of all that users send, in thousandths; what stands in loops and branches counts once.
double refused_share(const Scenario& scenario, const std::map<std::string, std::int64_t>& rates) {
  double sent = 0;
  double refused = 0;
  for (const Workflow& workflow : scenario.workflows) {
    const auto rate = static_cast<double>(rates.at(workflow.name));
    for (const Step& step : workflow.steps) {
      const auto* send = std::get_if<SendStep>(&step.action);
      if (send == nullptr) continue;
      sent += rate;
      if (!send->expected_errors.empty()) refused += rate;
    }
  }
  return 1'000 * refused / sent;
}

TEST(LoadFiles, MixedIsEveryWorkflowInTheProportionsOfThePeakHour) {
  const Scenario scenario = shipped("mixed.json");
  EXPECT_EQ(scenario.population.adjusters, 2'000);
  EXPECT_EQ(scenario.population.garages, 2'000);
  const auto rates = rates_of(scenario);
  EXPECT_THAT(rates, SizeIs(21));
  EXPECT_EQ(sum_of(rates), 50'000);
  expect_in_proportion(rates, 50.0 / 7.85);
  EXPECT_GT(refused_share(scenario, rates), 80);
  EXPECT_LT(refused_share(scenario, rates), 120) << "about 10 % of the input must be refused";
  ASSERT_THAT(scenario.phases, SizeIs(2));
  EXPECT_FALSE(scenario.phases[0].hold);
  EXPECT_TRUE(scenario.phases[1].hold);
  EXPECT_EQ(scenario.phases[1].length.count(), 60'000'000);
  EXPECT_EQ(threshold_of(scenario, "delivery.p99_ms")->limit_milli, 100'000);
  EXPECT_EQ(threshold_of(scenario, "error_reply.max_ms")->limit_milli, 1'000'000);
  EXPECT_EQ(threshold_of(scenario, "workflows.completed_percent")->limit_milli, 100'000);

  const Scenario small = shipped("mixed.json", {{"scale", "ci"}});
  EXPECT_LE(small.population.adjusters + small.population.garages, 30);
  EXPECT_EQ(sum_of(rates_of(small)), 1'000);
  EXPECT_THAT(rates_of(small), SizeIs(21));
}

TEST(LoadFiles, MonthEndIsTheCountrysDayAndItsMultiples) {
  const Scenario scenario = shipped("month-end.json");
  EXPECT_EQ(scenario.population.adjusters, 6'000);
  EXPECT_EQ(scenario.population.garages, 5'500);
  expect_in_proportion(rates_of(scenario), 1);
  for (const auto& [scale, times] : std::map<std::string, int>{{"x1", 1}, {"x3", 3}, {"x20", 20}}) {
    const Scenario scaled = shipped("month-end.json", {{"scale", scale}});
    EXPECT_EQ(sum_of(rates_of(scaled)), 5'100 * times) << scale;
    expect_in_proportion(rates_of(scaled), times);
  }
}

/// The share of the peak at a time of the day, in thousandths.
std::int64_t share_at(const Scenario& scenario, double day) {
  Microseconds whole{0};
  for (const Phase& phase : scenario.phases) whole += phase.length;
  auto at = Microseconds(static_cast<std::int64_t>(static_cast<double>(whole.count()) * day));
  for (const Phase& phase : scenario.phases) {
    EXPECT_TRUE(phase.hold) << "a curve is measured";
    if (at < phase.length) {
      return phase.from_permille +
             (phase.to_permille - phase.from_permille) * at.count() / phase.length.count();
    }
    at -= phase.length;
  }
  return 0;
}

TEST(LoadFiles, MonthEndFollowsTheDaysCurveInTenMinutesOrInAWholeDay) {
  const Scenario whole = shipped("month-end.json", {{"day", "whole"}});
  EXPECT_EQ(whole.time_scale, 1);
  const Scenario brief = shipped("month-end.json");
  for (const Scenario* scenario : {&brief, &whole}) {
    const auto at_hour = [&](double hour) { return share_at(*scenario, hour / 24); };
    for (const double busy : {10.5, 11.5, 14.5, 16.5}) EXPECT_EQ(at_hour(busy), 1'000) << busy;
    EXPECT_LT(at_hour(12.5), 400) << "noon";
    EXPECT_LT(at_hour(3), 50) << "night";
    EXPECT_GT(at_hour(9), 400);
    EXPECT_LT(at_hour(21), 200);
  }
  Microseconds length{0};
  for (const Phase& phase : brief.phases) length += phase.length;
  EXPECT_EQ(length.count(), 600'000'000);
}

/// The longest pause of a workflow, as it is played.
Microseconds longest_thinking(const Workflow& workflow, std::int64_t time_scale) {
  Microseconds longest{0};
  for (const Step& step : workflow.steps) {
    const auto* think = std::get_if<ThinkStep>(&step.action);
    if (think == nullptr) continue;
    const ThinkTime& time = think->time;
    longest = std::max(
        {longest, time.kind == ThinkTime::Kind::log_normal ? time.most : time.second, time.first});
  }
  return longest / time_scale;
}

TEST(LoadFiles, NobodyGivesUpWaitingForOneWhoThinks) {
  const std::vector<std::pair<std::string, std::vector<Setting>>> all{
      {"inbound.json", {}},
      {"smoke.json", {}},
      {"mixed.json", {}},
      {"mixed.json", {{"scale", "ci"}}},
      {"mixed.json", {{"scale", "large"}}},
      {"mixed.json", {{"mqtt", "3.1.1"}}},
      {"bulk.json", {}},
      {"negotiation.json", {}},
      {"month-end.json", {}},
      {"month-end.json", {{"day", "whole"}}}};
  for (const auto& [name, settings] : all) {
    const Scenario scenario = shipped(name, settings);
    for (const Workflow& workflow : scenario.workflows) {
      EXPECT_LT(longest_thinking(workflow, scenario.time_scale).count(),
                scenario.await_timeout.count())
          << name << " " << workflow.name << (settings.empty() ? "" : " " + settings[0].value);
    }
  }
}

TEST(LoadFiles, BulkAndNegotiationAreTheirWorkflowsAlone) {
  const Scenario bulk = shipped("bulk.json");
  EXPECT_EQ(rates_of(bulk), (std::map<std::string, std::int64_t>{{"bulk", 10'000}}));
  const RoleSpec* group = nullptr;
  for (const RoleSpec& role : bulk.workflows.at(0).roles) group = role.group ? &role : group;
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->kind, chat::Role::garage);
  EXPECT_EQ(group->least, 3);
  EXPECT_EQ(group->most, 10);
  EXPECT_EQ(threshold_of(bulk, "violations.bulk_once_per_garage")->limit_milli, 0);

  const Scenario negotiation = shipped("negotiation.json");
  EXPECT_EQ(rates_of(negotiation), (std::map<std::string, std::int64_t>{{"negotiation", 20'000}}));
  bool of_two_insurers = false;
  for (const RoleSpec& role : negotiation.workflows.at(0).roles) {
    of_two_insurers = of_two_insurers || role.choice == RoleSpec::Choice::other_insurer_than;
  }
  EXPECT_TRUE(of_two_insurers);
  EXPECT_EQ(threshold_of(negotiation, "violations.legal_negotiation_steps")->limit_milli, 0);
  EXPECT_EQ(threshold_of(negotiation, "violations.same_end")->limit_milli, 0);
}

}  // namespace
}  // namespace claims::storm
