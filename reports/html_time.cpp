// Throughput, latency and processors over the time of the run, with its phases.

#include <algorithm>
#include <cmath>
#include <functional>

#include "reports/chart.h"
#include "reports/html_sections.h"
#include "reports/html_text.h"
#include "reports/limits.h"

namespace claims::report::html {
namespace {

using Value = std::function<std::optional<double>(const Second&)>;
enum class Merge { mean, most };

/// One point for each entry of the series; in a long run for several, merged.
std::vector<chart::Point> over_time(const RunResult& result, Merge merge, const Value& value) {
  const std::size_t per_point =
      (result.series.size() + limits::kChartPointsMax - 1) / limits::kChartPointsMax;
  std::vector<chart::Point> points;
  for (std::size_t from = 0; from < result.series.size();
       from += std::max<std::size_t>(1, per_point)) {
    const std::size_t to =
        std::min(result.series.size(), from + std::max<std::size_t>(1, per_point));
    double sum = 0, most = 0;
    std::size_t count = 0;
    for (std::size_t i = from; i < to; ++i) {
      const auto one = value(result.series[i]);
      if (!one) continue;
      ++count;
      sum += *one;
      most = std::max(most, *one);
    }
    // In the middle of what it stands for.
    const double at = (static_cast<double>(result.series[from].second) +
                       static_cast<double>(result.series[to - 1].second) +
                       static_cast<double>(result.series[to - 1].seconds)) /
                      2;
    points.push_back({at, std::nullopt});
    if (count > 0) points.back().y = merge == Merge::most ? most : sum / static_cast<double>(count);
  }
  return points;
}

Value level(std::uint64_t Second::*member) {
  return [member](const Second& second) { return static_cast<double>(second.*member); };
}
Value rate(std::uint64_t Second::*member) {
  return [member](const Second& second) {
    const auto seconds = static_cast<double>(std::max<std::int64_t>(1, second.seconds));
    return static_cast<double>(second.*member) / seconds;
  };
}
Value measured(std::optional<double> Second::*member) {
  return [member](const Second& second) { return second.*member; };
}

Text name_of_phase(const PlayedPhase& phase) {
  if (phase.kind == "hold") return {"유지", "hold"};
  if (phase.kind == "ramp") return {"증가", "ramp"};
  if (phase.kind == "connecting") return {"접속", "connect"};
  if (phase.kind == "drain") return {"마무리", "drain"};
  if (phase.kind == "reading") return {"이력", "history"};
  return {phase.kind, phase.kind};
}

/// A chart over the run's time, still without lines.
chart::Chart time_chart(const RunResult& result, std::string id, Text title, Text y_axis) {
  chart::Chart chart;
  chart.id = std::move(id);
  chart.title = std::move(title);
  chart.y_axis = std::move(y_axis);
  chart.x_most = 1;
  if (!result.series.empty()) {
    const Second& last = result.series.back();
    chart.x_most = std::max(1.0, static_cast<double>(last.second + last.seconds));
  }
  const Text unit = chart::time_unit(chart.x_most);
  chart.x_axis = {"시작 뒤 시간 (" + unit.ko + ")", "time since the start (" + unit.en + ")"};
  chart.x_ticks = chart::time_ticks(chart.x_most, 12);
  chart.x_ticks_narrow = chart::time_ticks(chart.x_most, 6);
  for (const PlayedPhase& phase : result.phases) {
    Text name = name_of_phase(phase);
    const bool own_name = !phase.name.empty() && phase.name != phase.kind;
    if (own_name) name = {phase.name, phase.name};
    chart.bands.push_back({phase.begin_s, phase.end_s, std::move(name), phase.kind == "hold"});
  }
  return chart;
}

std::string throughput(const RunResult& result) {
  chart::Chart chart =
      time_chart(result, "throughput", {"처리량", "Throughput"}, {"초당 건수", "per second"});
  chart.lines = {
      {{"전달", "deliveries"}, "l1", over_time(result, Merge::mean, rate(&Second::deliveries))},
      {{"명령", "commands"}, "l2", over_time(result, Merge::mean, rate(&Second::commands))},
      {{"오류 응답", "error replies"},
       "l3",
       over_time(result, Merge::mean, rate(&Second::errors))}};
  return chart::draw(chart);
}

std::string workflows(const RunResult& result) {
  chart::Chart chart =
      time_chart(result, "workflow-rate", {"업무", "Workflows"}, {"초당 건수", "per second"});
  chart.lines = {
      {{"시작", "started"}, "l1", over_time(result, Merge::mean, rate(&Second::workflows_started))},
      {{"완료", "completed"},
       "l2",
       over_time(result, Merge::mean, rate(&Second::workflows_completed))}};
  // Workflows of closed arrivals are among those that started, and have no target.
  if (result.target_rate > 0 && result.closed_at_a_time <= 0) {
    const std::string target = result.target_rate < 1
                                   ? per_second(result.target_rate)
                                   : decimal(result.target_rate, result.target_rate < 10 ? 1 : 0);
    chart.limit = {result.target_rate, {"목표(평균) " + target, "target (mean) " + target}};
  }
  return chart::draw(chart);
}

std::string latency(const RunResult& result) {
  chart::Chart chart =
      time_chart(result, "latency-over-time", {"전달 지연", "Delivery latency"}, {"ms", "ms"});
  chart.lines = {
      {{"최대", "max"}, "l3", over_time(result, Merge::most, measured(&Second::delivery_max_ms))},
      {{"99 %", "99 %"}, "l1", over_time(result, Merge::most, measured(&Second::delivery_p99_ms))},
      {{"50 %", "50 %"}, "l2", over_time(result, Merge::most, measured(&Second::delivery_p50_ms))}};
  return chart::draw(chart);
}

std::string connections(const RunResult& result) {
  chart::Chart chart = time_chart(result, "connections", {"접속과 대기", "Connected and waiting"},
                                  {"명, 건", "users, commands"});
  chart.lines = {{{"접속한 사용자", "users connected"},
                  "l1",
                  over_time(result, Merge::mean, level(&Second::connected))},
                 {{"응답을 기다리는 명령", "commands waiting for a reply"},
                  "l3",
                  over_time(result, Merge::most, level(&Second::outstanding))}};
  return chart::draw(chart);
}

}  // namespace

std::string time_section(const RunResult& result) {
  const std::string content =
      result.series.empty()
          ? nothing({"초 단위 기록이 없는 결과입니다.", "This result has no record by second."})
          : "<div class=\"plots\">\n" + throughput(result) + workflows(result) + latency(result) +
                connections(result) + "</div>\n";
  return section("time", {"시간에 따른 변화", "Over time"},
                 {"유지 구간은 진하게 칠했습니다. 빈 곳은 표본이 없거나 10개가 안 되는 초입니다.",
                  "Hold phases are shaded. A gap is a second without samples, or with too few for "
                  "a percentile."},
                 content);
}

std::string processors_chart(const RunResult& result) {
  chart::Chart chart = time_chart(result, "processors", {"기계의 CPU", "The machine's CPU"},
                                  {"모든 코어의 %", "% of all cores"});
  chart.lines = {{{"기계 전체", "the whole machine"},
                  "l1",
                  over_time(result, Merge::mean, measured(&Second::machine_cpu_percent))}};
  chart.limit = {70, {"70 %", "70 %"}};
  return chart::draw(chart);
}

std::string programs_chart(const RunResult& result) {
  chart::Chart chart = time_chart(result, "programs", {"두 프로그램의 CPU", "CPU of both programs"},
                                  {"코어 하나의 %", "% of one core"});
  chart.lines = {{{"서버", "server"},
                  "l1",
                  over_time(result, Merge::mean, measured(&Second::server_cpu_percent))},
                 {{"발생기", "generator"},
                  "l2",
                  over_time(result, Merge::mean, measured(&Second::harness_cpu_percent))}};
  return chart::draw(chart);
}

}  // namespace claims::report::html
