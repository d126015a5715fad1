// Where the load comes from, what was asked for and what was reached.

#include <fmt/format.h>

#include <cmath>

#include "reports/html_sections.h"
#include "reports/html_text.h"

namespace claims::report::html {
namespace {

std::string population(const RunResult& result) {
  const LoadDerivation& load = result.load;
  if (load.insurers + load.adjusters + load.garages == 0) return {};
  const auto share = [&](std::uint64_t part) {
    return result.users == 0
               ? missing()
               : decimal(100.0 * static_cast<double>(part) / static_cast<double>(result.users), 1);
  };
  Table table("compact", {"사용자 구성", "Users"},
              {{{"구분", "Kind"}}, {{"명", "Number"}, true}, {{"비율 (%)", "Share (%)"}, true}});
  table.row({both("보험사 시스템", "Insurers' core systems"), whole(load.insurers),
             share(load.insurers)});
  table.row({both("보상직원", "Adjusters"), whole(load.adjusters), share(load.adjusters)});
  table.row({both("정비공장", "Garages"), whole(load.garages), share(load.garages)});
  table.row({both("접속 (전체)", "Connected (all)"), whole(result.users), share(result.users)},
            "sum");
  if (result.connections > 0) {
    table.row({both("연결 (기기마다 하나)", "Connections (one for each device)"),
               whole(result.connections), share(result.connections)},
              "sum");
  }
  table.row(
      {both("활동 (유지 구간에 단계를 하나라도 수행)", "Active (took part in a step during hold)"),
       whole(result.active_users), share(result.active_users)},
      "sum");
  return table.html();
}

/// Open arrivals have a rate to reach; closed ones a number that is kept open.
std::string target_cell(double target_rate, double closed_at_a_time) {
  if (closed_at_a_time <= 0) return per_second(target_rate);
  const double whole_places = std::round(closed_at_a_time);
  const int digits = std::abs(closed_at_a_time - whole_places) < 0.05 ? 0 : 1;
  const std::string places = decimal(closed_at_a_time, digits);
  const std::string closed =
      both("닫힘, 한 번에 " + places + "건", "closed, " + places + " at a time");
  return target_rate > 0 ? per_second(target_rate) + " + " + closed : closed;
}

std::string achieved_cell(double achieved_rate, double target_rate, double closed_at_a_time,
                          double closed_rate) {
  if (closed_at_a_time <= 0) return per_second(achieved_rate);
  if (target_rate <= 0) return per_second(closed_rate);
  return per_second(achieved_rate) + " + " + per_second(closed_rate);
}

std::string workflows(const RunResult& result) {
  if (result.workflows.empty()) {
    return nothing(
        {"업무 종류별 수치가 없는 결과입니다.", "This result has no figures by kind of workflow."});
  }
  Table table(
      "stack",
      {"업무별 목표와 달성 (초당 건수는 유지 구간 평균, 건수는 실행 전체)",
       "Target and achieved by workflow (mean rates of the hold phases, counts of the whole run)"},
      {{{"업무", "Workflow"}},
       {{"목표 (건/s)", "Target (1/s)"}, true},
       {{"달성 (건/s)", "Achieved (1/s)"}, true},
       {{"달성률 (%)", "Reached (%)"}, true},
       {{"시작", "Started"}, true},
       {{"완료", "Completed"}, true},
       {{"실패", "Failed"}, true}});
  const auto reached = [](double achieved, double target) {
    return target > 0 ? decimal(100 * achieved / target, 1) : missing();
  };
  std::uint64_t failed = 0;
  for (const WorkflowFigures& one : result.workflows) {
    failed += one.failed;
    table.row(
        {fmt::format("{} <code>{}</code>", both(one.title), escaped(one.name)),
         target_cell(one.target_rate, one.closed_at_a_time),
         achieved_cell(one.achieved_rate, one.target_rate, one.closed_at_a_time, one.closed_rate),
         reached(one.achieved_rate, one.target_rate), whole(one.started), whole(one.completed),
         whole(one.failed)});
  }
  table.row(
      {both("합계", "Total"), target_cell(result.target_rate, result.closed_at_a_time),
       achieved_cell(result.achieved_rate, result.target_rate, result.closed_at_a_time,
                     result.closed_rate),
       reached(result.achieved_rate, result.target_rate), whole(result.counts.workflows_started),
       whole(result.counts.workflows_completed), whole(failed)},
      "sum");
  return table.html();
}

/// A figure and its mark in one: a card of a narrow screen would spread two over its width.
std::string estimated(const std::string& figure) {
  return "<span>" + figure + " " + estimate() + "</span>";
}

std::string country(const RunResult& result) {
  if (result.load.country.empty()) {
    return nothing({"전국 부하와 비교할 업무가 이 시나리오에 없습니다.",
                    "This scenario plays no workflow that the country's load is known for."});
  }
  Table table("stack", {"전국 부하(추정)와 비교", "Beside the whole country's load (estimates)"},
              {{{"업무", "Work"}},
               {{"전국 하루 평균 (건/s)", "Country, working day (1/s)"}, true},
               {{"전국 월말 최대 시간 (건/s)", "Country, month-end peak hour (1/s)"}, true},
               {{"이 시험의 목표 (건/s)", "Target of this run (1/s)"}, true},
               {{"목표 ÷ 월말 최대", "Target ÷ peak hour"}, true},
               {{"달성 ÷ 월말 최대", "Achieved ÷ peak hour"}, true}});
  for (const CountryLoad& one : result.load.country) {
    const auto times = [&](double rate) {
      return one.peak_rate > 0 ? multiple(rate / one.peak_rate) : missing();
    };
    const bool open = one.target_rate > 0;
    table.row({both(one.title), estimated(decimal(one.mean_rate, 2)),
               estimated(decimal(one.peak_rate, 2)), open ? per_second(one.target_rate) : missing(),
               open ? estimated(times(one.target_rate)) : missing(),
               estimated(times(one.achieved_rate))});
  }
  return table.html() +
         fmt::format("<p class=\"note\">{} {}</p>\n", estimate(), both(result.load.basis));
}

}  // namespace

std::string load_section(const RunResult& result) {
  Text arrivals{
      "업무는 앞선 업무가 끝났는지와 상관없이 정해진 시각에 시작합니다(열린 도착). 도착은 "
      "무작위이므로 달성은 목표 주위에서 "
      "흔들립니다.",
      "Workflows begin when their time comes, whether or not earlier ones have ended (open "
      "arrivals). Arrivals are random, so what is achieved varies around the target."};
  if (result.closed_at_a_time > 0) {
    arrivals.ko +=
        " 닫힌 도착은 정해진 수의 업무가 늘 열려 있게 하며, 하나가 끝나야 다음이 시작하므로 목표 "
        "속도가 없습니다.";
    arrivals.en +=
        " Closed arrivals keep a number of workflows open; one begins when another has ended, so "
        "they have no rate to reach.";
  }
  return section("load", {"부하 산정", "Load derivation"}, arrivals,
                 workflows(result) + country(result) + population(result));
}

}  // namespace claims::report::html
