// Latencies: per figure, corrected beside uncorrected, per step, and the percentile curves.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/chart.h"
#include "reports/html_sections.h"
#include "reports/html_text.h"

namespace claims::report::html {
namespace {

std::vector<Table::Column> latency_columns(const Text& first) {
  return {{first},
          {{"표본", "Samples"}, true},
          {{"평균", "Mean"}, true},
          {{"50 %", "50 %"}, true},
          {{"90 %", "90 %"}, true},
          {{"95 %", "95 %"}, true},
          {{"99 %", "99 %"}, true},
          {{"99.9 %", "99.9 %"}, true},
          {{"최대", "Max"}, true}};
}

std::vector<std::string> latency_cells(std::string name, const Latency& value) {
  return {std::move(name),         whole(value.count),       milliseconds(value.mean),
          milliseconds(value.p50), milliseconds(value.p90),  milliseconds(value.p95),
          milliseconds(value.p99), milliseconds(value.p999), milliseconds(value.max)};
}

const Latency* find(const std::map<std::string, Latency>& among, const std::string& figure) {
  const auto found = among.find(figure);
  return found == among.end() || found->second.count == 0 ? nullptr : &found->second;
}

/// The known ones in a reader's order, then what else there is.
std::vector<std::string> figures_of(const RunResult& result) {
  std::vector<std::string> figures{"reply",       "delivery", "delivery_last_member",
                                   "error_reply", "catch_up", "workflow",
                                   "connect"};
  for (const auto& [figure, latency] : result.latency_ms) {
    if (std::find(figures.begin(), figures.end(), figure) == figures.end()) {
      figures.push_back(figure);
    }
  }
  return figures;
}

std::string figures_table(const RunResult& result) {
  Table table("figures",
              {"지표별 지연 시간 (ms, 유지 구간만; 보정 값과 보정하지 않은 값)",
               "Latency by figure (ms, hold phases only; corrected and uncorrected)"},
              latency_columns({"지표", "Figure"}));
  bool any = false;
  for (const std::string& figure : figures_of(result)) {
    const Latency* corrected = find(result.latency_ms, figure);
    if (corrected == nullptr) continue;
    any = true;
    table.begin_group();
    table.row(latency_cells(both(name_of_figure(figure)), *corrected));
    // Opening a connection counts from the attempt itself: there is nothing to correct.
    if (figure == "connect") continue;
    if (const Latency* uncorrected = find(result.latency_uncorrected_ms, figure)) {
      table.row(latency_cells(both("보정 안 함", "uncorrected"), *uncorrected), "beside");
    }
  }
  return any ? table.html()
             : nothing(
                   {"유지 구간에서 잰 표본이 없습니다.", "No sample was taken in a hold phase."});
}

std::string workflows_table(const RunResult& result) {
  Table table("figures",
              {"업무 종류별 소요 시간 (ms, 도착부터 완료까지, 보정)",
               "Duration by workflow (ms, arrival to completion, corrected)"},
              latency_columns({"업무", "Workflow"}));
  bool any = false;
  for (const WorkflowFigures& one : result.workflows) {
    if (one.latency_ms.count == 0) continue;
    any = true;
    table.row(latency_cells(both(one.title), one.latency_ms));
  }
  return any ? table.html() : "";
}

/// A workflow and its step, which a narrow column may break between words.
std::string step_name(std::string_view name) {
  std::string out;
  for (const char c : escaped(name)) {
    out += c;
    if (c == '/' || c == '.' || c == '_') out += "<wbr>";
  }
  return "<code>" + out + "</code>";
}

std::string steps_table(const RunResult& result) {
  if (result.steps_ms.empty()) {
    return nothing(
        {"유지 구간에서 응답을 받은 단계가 없습니다.", "No step was answered in a hold phase."});
  }
  Table table("figures steps",
              {"업무 단계별 응답 시간 (ms, 보정)", "Reply time by workflow step (ms, corrected)"},
              latency_columns({"업무/단계", "Workflow/step"}));
  for (const auto& [step, latency] : result.steps_ms) {
    table.row(latency_cells(step_name(step), latency));
  }
  return table.html();
}

/// Where a percentile stands on the axis: each nine takes as much room as the one before.
double nines(double percent) {
  return std::log10(100.0 / (100.0 - percent));
}

/// Only what the samples can tell: finer percentiles than one sample are all the maximum.
std::vector<chart::Point> curve_points(const std::vector<CurvePoint>& curve, double most) {
  std::vector<chart::Point> points;
  for (const CurvePoint& one : curve) {
    const double at = one.percent >= 100 ? most : nines(std::max(0.0, one.percent));
    if (at <= most) points.push_back({at, one.ms});
  }
  return points;
}

std::string percentile_chart(const RunResult& result, const std::string& figure) {
  const auto found = result.curves_ms.find(figure);
  const Latency* latency = find(result.latency_ms, figure);
  const double samples = latency == nullptr ? 0 : static_cast<double>(latency->count);
  const Text name = name_of_figure(figure);
  chart::Chart chart;
  chart.id = "percentiles-" + figure;
  chart.title = {name.ko + ": 백분위 곡선", "Percentiles: " + name.en};
  chart.x_axis = {"백분위 (9 하나마다 같은 간격)", "percentile (each nine takes as much room)"};
  chart.y_axis = {"ms", "ms"};
  chart.x_most = std::max(1.0, std::log10(std::max(1.0, samples)));
  for (const auto& [percent, label] :
       {std::pair{0.0, "0 %"}, std::pair{50.0, "50 %"}, std::pair{90.0, "90 %"},
        std::pair{99.0, "99 %"}, std::pair{99.9, "99.9 %"}, std::pair{99.99, "99.99 %"},
        std::pair{99.999, "99.999 %"}}) {
    if (nines(percent) <= chart.x_most + 1e-9) chart.x_ticks.push_back({nines(percent), label});
  }
  for (const chart::Tick& tick : chart.x_ticks) {
    const bool crowded = chart.x_most > 1.8 && tick.label == "50 %";
    if (!crowded) chart.x_ticks_narrow.push_back(tick);
  }
  if (found != result.curves_ms.end()) {
    chart.lines = {{{"보정 (예정 시각부터)", "corrected (from the intended time)"},
                    "l1",
                    curve_points(found->second.corrected, chart.x_most)},
                   {{"보정 안 함 (실제 발신부터)", "uncorrected (from the actual send)"},
                    "l2",
                    curve_points(found->second.uncorrected, chart.x_most)}};
  }
  return chart::draw(chart);
}

}  // namespace

std::string latency_section(const RunResult& result) {
  std::string content = figures_table(result) + workflows_table(result);
  content += "<div class=\"plots three\">\n";
  for (const char* figure : {"reply", "delivery", "workflow"}) {
    content += percentile_chart(result, figure);
  }
  content += "</div>\n" + steps_table(result);
  content += fmt::format(
      "<p class=\"note\">{}</p>\n",
      both("–: 그 백분위보다 큰 표본이 10개가 안 되어 값을 내지 않습니다. 곡선은 그림이므로 그런 "
           "점도 그립니다.",
           "–: fewer than 10 samples lie beyond that percentile, so no value is given. The curves "
           "are pictures and show such points too."));
  return section("latency", {"지연 시간", "Latencies"},
                 {"보정 값은 보냈어야 할 시각부터 잰 것입니다. 발생기가 늦었거나 서버가 막혔던 "
                  "시간이 빠지지 않습니다.",
                  "Corrected figures count from the moment a step was due, so that no waiting is "
                  "left out, the generator's or the server's."},
                 content);
}

}  // namespace claims::report::html
