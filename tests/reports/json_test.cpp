#include "reports/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/reports/sample_result.h"

namespace claims::report {
namespace {

TEST(ResultJson, HoldsEveryFieldOfTheFormat) {
  const auto json = nlohmann::json::parse(result_json(sample_result()));
  EXPECT_EQ(json.at("format"), "claimstorm-result/1");
  EXPECT_EQ(json.at("verdict"), "fail");
  EXPECT_EQ(json.at("seed"), 7);
  EXPECT_EQ(json.at("counts").at("workflows_completed"), 9);
  EXPECT_EQ(json.at("violations").at("total"), 1);
  EXPECT_EQ(json.at("violations").at("secrecy"), 1);
  EXPECT_EQ(json.at("thresholds").at(1).at("ok"), false);
  EXPECT_EQ(json.at("requirements").at(1).at("status"), "pass");
  EXPECT_EQ(json.at("recovery").at(0).at("delivery_p99_ms"), 1'000);
  EXPECT_DOUBLE_EQ(json.at("recovery").at(0).at("max_s").get<double>(), 7.5);
  for (const char* key : {"scenario", "target", "users", "active_users", "duration_s", "load",
                          "workflows", "phases", "curves_ms", "errors", "defects", "latency_ms",
                          "lateness_ms", "resources", "series", "environment"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
}

TEST(ResultJson, AFigureWithTooFewSamplesIsNull) {
  const auto json = nlohmann::json::parse(result_json(sample_result()));
  const auto& delivery = json.at("latency_ms").at("delivery");
  EXPECT_TRUE(delivery.at("p99").is_null());
  EXPECT_DOUBLE_EQ(delivery.at("mean").get<double>(), 1.235);
  EXPECT_TRUE(json.at("thresholds").at(2).at("value").is_null());
}

TEST(ResultJson, RoundsToThreeDigitsButNotLowRatesToNothing) {
  RunResult result = sample_result();
  result.target_rate = 0.00032149;
  result.achieved_rate = 12.34567;
  const auto json = nlohmann::json::parse(result_json(result));
  EXPECT_DOUBLE_EQ(json.at("target_rate").get<double>(), 0.000321);
  EXPECT_DOUBLE_EQ(json.at("achieved_rate").get<double>(), 12.346);
}

TEST(ResultJson, HoldsServiceLevelAndSimulationWhenThereAre) {
  RunResult result = sample_result();
  EXPECT_TRUE(nlohmann::json::parse(result_json(result)).at("service").is_null());
  result.service = sample_service();
  result.simulation = sample_simulation();
  const auto json = nlohmann::json::parse(result_json(result));
  EXPECT_EQ(json.at("service").at("outages").at(2).at("grade"), 1);
  EXPECT_EQ(json.at("service").at("credits").at(1).at("percent"), 20);
  EXPECT_DOUBLE_EQ(json.at("service").at("availability_percent").get<double>(), 99.5);
  EXPECT_EQ(json.at("simulation").at("events"), 12'345'678);
}

TEST(ResultJson, BytesThatAreNoTextDoNotStopTheReport) {
  RunResult result = sample_result();
  result.stories[0].text.en = "broken \xff byte";
  EXPECT_TRUE(nlohmann::json::accept(result_json(result)));
}

}  // namespace
}  // namespace claims::report
