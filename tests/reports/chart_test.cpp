#include "reports/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace claims::report::chart {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> out;
  out.reserve(ticks.size());
  for (const Tick& tick : ticks) out.push_back(tick.label);
  return out;
}

TEST(RoundTicks, AreRoundAndReachTheMaximum) {
  EXPECT_THAT(labels(round_ticks(59.2, 4)), ElementsAre("0", "20", "40", "60"));
  EXPECT_THAT(labels(round_ticks(1, 4)), ElementsAre("0.00", "0.25", "0.50", "0.75", "1.00"));
  EXPECT_THAT(labels(round_ticks(0.03, 3)), ElementsAre("0.00", "0.01", "0.02", "0.03"));
  EXPECT_THAT(labels(round_ticks(23'207, 5)),
              ElementsAre("0", "5,000", "10,000", "15,000", "20,000", "25,000"));
  EXPECT_THAT(labels(round_ticks(100, 5)), ElementsAre("0", "20", "40", "60", "80", "100"));
}

TEST(RoundTicks, OfNothingAreThoseOfOne) {
  for (const double most : {0.0, -3.0, std::numeric_limits<double>::infinity(),
                            std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(round_ticks(most, 4).back().at, 1);
  }
}

TEST(RoundTicks, AreFewForEverySize) {
  for (double most = 1e-3; most < 1e12; most *= 3.7) {
    const auto ticks = round_ticks(most, 5);
    EXPECT_GE(ticks.back().at, most * (1 - 1e-9));
    EXPECT_GE(ticks.size(), 3U) << most;
    EXPECT_LE(ticks.size(), 7U) << most;
  }
}

TEST(TimeTicks, ChangeTheirUnit) {
  EXPECT_THAT(labels(time_ticks(52, 6)), ElementsAre("0", "10", "20", "30", "40", "50"));
  EXPECT_EQ(time_unit(899).en, "s");
  const auto minutes = time_ticks(3'600, 6);
  EXPECT_THAT(labels(minutes), ElementsAre("0", "10", "20", "30", "40", "50", "60"));
  EXPECT_EQ(minutes.back().at, 3'600);
  EXPECT_EQ(time_unit(3'600).en, "min");
  EXPECT_EQ(labels(time_ticks(86'400, 12)).back(), "24");
  EXPECT_EQ(time_unit(86'400).ko, "시간");
  EXPECT_LE(time_ticks(1e9, 12).size(), 1'000U);
}

Chart chart_of(std::vector<Point> points) {
  Chart chart;
  chart.id = "it";
  chart.title = {"제목 <1>", "title <1>"};
  chart.x_axis = {"초", "s"};
  chart.y_axis = {"건", "n"};
  chart.x_most = 10;
  chart.x_ticks = chart.x_ticks_narrow = time_ticks(10, 5);
  chart.lines = {{{"선", "line"}, "l1", std::move(points)}};
  return chart;
}

TEST(DrawnChart, WithoutAPointIsASentence) {
  for (const auto& chart : {chart_of({}), chart_of({{1, std::nullopt}, {2, std::nullopt}})}) {
    const std::string html = draw(chart);
    EXPECT_THAT(html, HasSubstr("There are no samples to draw."));
    EXPECT_THAT(html, Not(HasSubstr("<svg")));
  }
}

TEST(DrawnChart, OnePointIsADot) {
  const std::string html = draw(chart_of({{5, 3.0}}));
  EXPECT_THAT(html, HasSubstr("<circle class=\"dot l1\""));
  EXPECT_THAT(html, Not(HasSubstr("d=\"M285")));
}

TEST(DrawnChart, AGapBreaksTheLine) {
  const std::string html = draw(chart_of(
      {{0, 1.0}, {1, 2.0}, {2, std::nullopt}, {3, 2.0}, {4, 0.0}, {5, std::nullopt}, {6, 1.0}}));
  // x from 58 to 488, y from 206 up to 24 at 2.
  EXPECT_THAT(html, HasSubstr("d=\"M58.0 115.0L101.0 24.0M187.0 24.0L230.0 206.0\""));
  EXPECT_THAT(html, HasSubstr("cx=\"316.0\" cy=\"115.0\""));
}

TEST(DrawnChart, StaysInItsFrame) {
  Chart chart = chart_of({{-5, -7.0}, {500, 1.0}});
  chart.bands = {{-3, 400, {"유지", "hold"}, true}};
  const std::string html = draw(chart);
  EXPECT_THAT(html, HasSubstr("d=\"M58.0 206.0L488.0 24.0\""));
  EXPECT_THAT(html, HasSubstr("x=\"58.0\" y=\"24.0\" width=\"430.0\""));
}

TEST(DrawnChart, HasATitleInBothLanguagesAndAName) {
  const std::string html = draw(chart_of({{0, 1.0}, {1, 2.0}}));
  EXPECT_THAT(html, HasSubstr("role=\"img\" aria-labelledby=\"it-title\""));
  EXPECT_THAT(html, HasSubstr("<title lang=\"ko\">제목 &lt;1&gt;</title>"));
  EXPECT_THAT(html, HasSubstr("<title lang=\"en\">title &lt;1&gt;</title>"));
  EXPECT_THAT(html, HasSubstr("class=\"chart wide\""));
  EXPECT_THAT(html, HasSubstr("class=\"chart narrow\""));
}

}  // namespace
}  // namespace claims::report::chart
