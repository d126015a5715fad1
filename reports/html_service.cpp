// The service level, how a run in virtual time was played, and what went wrong on purpose.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/duration_text.h"
#include "reports/html_sections.h"
#include "reports/html_text.h"

namespace claims::report::html {
namespace {

constexpr std::size_t kOutagesShown = 100;

std::string fact(const Text& name, std::string_view value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", both(name), value);
}

std::string length(double seconds) {
  return both(duration_text(seconds));
}

std::string recovery(const ServiceLevel& service) {
  if (service.outage_count == 0) return both("중단 없음", "no outage");
  const Text goal = duration_text(service.recovery_goal_s);
  return fmt::format("{} {} <span class=\"note\">{}</span>", length(service.mean_to_recover_s),
                     service.goal_met ? badge("pass", "✓", {"목표 달성", "met"})
                                      : badge("fail", "✕", {"목표 초과", "missed"}),
                     service.architecture == "redundant"
                         ? both("목표 " + goal.ko + " (이중화)", "goal " + goal.en + " (redundant)")
                         : both("목표 " + goal.ko + " (단일)", "goal " + goal.en + " (single)"));
}

std::string service_facts(const ServiceLevel& service) {
  std::string out = "<dl class=\"facts\">\n";
  out += fact({"가용률", "Availability"},
              fmt::format("<b>{} %</b>", decimal(service.availability_percent, 3)));
  out += fact({"기간 (공지한 점검 제외)", "Period (without announced maintenance)"},
              length(service.period_s));
  out += fact({"공지한 점검", "Announced maintenance"}, length(service.maintenance_s));
  out += fact({"중단", "Outages"},
              fmt::format("{} <span class=\"note\">{}</span>", length(service.outage_s),
                          both(fmt::format("{}회", whole(service.outage_count)),
                               fmt::format("in {}", whole(service.outage_count)))));
  out += fact({"가장 긴 중단", "The longest"}, length(service.longest_s));
  out += fact({"평균 복구 시간", "Mean time to recover"}, recovery(service));
  return out + "</dl>\n";
}

std::string outages_table(const ServiceLevel& service) {
  if (service.outages.empty()) return "";
  Table table("compact", {"중단과 장애 등급", "Outages and their grades"},
              {{{"시작 (첫 구간부터)", "Began (since the first phase)"}},
               {{"길이", "Length"}, true},
               {{"점검 제외", "Without maintenance"}, true},
               {{"등급", "Grade"}, true}});
  for (std::size_t i = 0; i < service.outages.size() && i < kOutagesShown; ++i) {
    const ServiceOutage& outage = service.outages[i];
    table.row({length(outage.begin_s), length(outage.end_s - outage.begin_s),
               length(outage.counted_s),
               both(fmt::format("{}등급", outage.grade), fmt::format("grade {}", outage.grade))});
  }
  if (service.outage_count <= std::min(kOutagesShown, service.outages.size())) return table.html();
  const std::string more =
      whole(service.outage_count - std::min(kOutagesShown, service.outages.size()));
  return table.html() + fmt::format("<p>{}</p>\n", both(fmt::format("그 밖에 {}회", more),
                                                        fmt::format("and {} more", more)));
}

std::string credits_table(const ServiceLevel& service) {
  if (service.credits.empty()) return "";
  Table table("compact",
              {"기준별 환급 (월 이용료의 %)", "Credit by schedule (% of the month's price)"},
              {{{"기준", "Schedule"}}, {{"환급", "Credit"}, true}});
  for (const ServiceCredit& credit : service.credits) {
    table.row({fmt::format("{} <code>{}</code>", both(credit.title), escaped(credit.schedule)),
               fmt::format("{} %", credit.percent)});
  }
  return table.html();
}

std::string simulation_facts(const Simulation& played) {
  std::string out = fmt::format("<h3>{}</h3>\n<dl class=\"facts\">\n",
                                both("가상 시간으로 실행", "Played in virtual time"));
  out +=
      fact({"추적 해시", "Trace hash"}, fmt::format("<code>{}</code>", escaped(played.trace_hash)));
  out += fact({"가상 시간", "Virtual time"}, length(played.virtual_s));
  out += fact({"사건", "Events"}, whole(played.events));
  return out + "</dl>\n";
}

}  // namespace

std::string service_section(const RunResult& result) {
  const Text heading{"서비스 수준", "Service level"};
  if (!result.service) {
    return section(
        "service", heading, {},
        nothing({"서비스 수준을 계산하지 않은 결과입니다.", "This result has no service level."}));
  }
  return section(
      "service", heading,
      {"실행한 기간을 한 달로 봅니다. 공지한 점검은 기간에도 중단에도 들어가지 않습니다. 등급은 "
       "30분까지 "
       "4, 1시간까지 3, 2시간까지 2, 그보다 길면 1입니다.",
       "The time that was played stands for the month; announced maintenance counts neither in it "
       "nor as an outage. Up to 30 minutes is grade 4, up to an hour 3, up to two 2, longer 1."},
      service_facts(*result.service) + outages_table(*result.service) +
          credits_table(*result.service));
}

std::string faults_section(const RunResult& result) {
  std::string content;
  for (const Text& fault : result.faults) content += fmt::format("<li>{}</li>\n", both(fault));
  content = content.empty() ? nothing({"일부러 일으킨 장애가 없습니다.", "No fault was injected."})
                            : "<ol>\n" + content + "</ol>\n";
  if (result.outage_seconds > 0) {
    content += fmt::format("<p>{}</p>\n",
                           both(fmt::format("명령이 기다리는데 응답이 하나도 없던 시간: {}초",
                                            whole(result.outage_seconds)),
                                fmt::format("Seconds with commands waiting and no reply: {}",
                                            whole(result.outage_seconds))));
  }
  const Counts& counts = result.counts;
  if (counts.connections_lost + counts.unsent > 0) {
    content += fmt::format("<p>{}</p>\n",
                           both(fmt::format("끊긴 연결 {}개, 보내야 했으나 보내지 못한 명령 {}건",
                                            whole(counts.connections_lost), whole(counts.unsent)),
                                fmt::format("Connections lost: {}. Commands due and never sent: {}",
                                            whole(counts.connections_lost), whole(counts.unsent))));
  }
  for (const Recovery& one : result.recovery) {
    const Text most = duration_text(one.max_s);
    content += fmt::format(
        "<p>{}</p>\n",
        both(fmt::format("전달 p99이 {} ms 이하로 돌아오기까지 장애 뒤 최대 {}",
                         one.delivery_p99_ms, most.ko),
             fmt::format("Deliveries (p99) were back at {} ms or less at most {} after a fault.",
                         one.delivery_p99_ms, most.en)));
  }
  if (result.simulation) content += simulation_facts(*result.simulation);
  return section("faults", {"장애와 중단", "Faults and outages"}, {}, content);
}

}  // namespace claims::report::html
