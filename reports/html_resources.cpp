// How far the generator itself was loaded, and what both programs and the machine used.

#include <fmt/format.h>

#include "reports/html_sections.h"
#include "reports/html_text.h"

namespace claims::report::html {
namespace {

constexpr double kUsablePercent = 70;  // Usable capacity is 70 % of the limit.

std::string against_usable(const std::optional<double>& percent) {
  if (!percent) return missing();
  return *percent <= kUsablePercent ? badge("pass", "✓", {"70 % 이내", "within 70 %"})
                                    : badge("partial", "!", {"70 % 초과", "above 70 %"});
}

std::string machine_table(const RunResult& result) {
  const MachineUse& machine = result.machine;
  if (!machine.cpu_percent_mean && !machine.memory_percent_max) {
    return nothing({"기계 전체의 사용량이 없는 결과입니다.",
                    "This result does not know what the whole machine used."});
  }
  Table table("stack",
              {"기계 전체 (발생기가 돈 기계; 유지 구간)",
               "The whole machine (that of the generator; hold phases)"},
              {{{"자원", "Resource"}},
               {{"평균 (%)", "Mean (%)"}, true},
               {{"최대 (%)", "Peak (%)"}, true},
               {{"최대를 70 %와 비교", "Peak against 70 %"}}});
  table.row({both("CPU (모든 코어)", "CPU (all cores)"), decimal(machine.cpu_percent_mean, 1),
             decimal(machine.cpu_percent_max, 1), against_usable(machine.cpu_percent_max)});
  const Text memory =
      machine.memory_mb_total
          ? Text{fmt::format("메모리 ({} MB 중)", decimal(*machine.memory_mb_total, 0)),
                 fmt::format("Memory (of {} MB)", decimal(*machine.memory_mb_total, 0))}
          : Text{"메모리", "Memory"};
  table.row({both(memory), missing(), decimal(machine.memory_percent_max, 1),
             against_usable(machine.memory_percent_max)});
  return table.html();
}

std::string programs_table(const RunResult& result) {
  Table table("stack",
              {"두 프로그램 (CPU 100 %는 코어 하나; 실행 전체)",
               "Both programs (100 % CPU is one core; the whole run)"},
              {{{"프로그램", "Program"}},
               {{"CPU 평균 (%)", "CPU mean (%)"}, true},
               {{"CPU 최대 (%)", "CPU peak (%)"}, true},
               {{"CPU 시간 (s)", "CPU time (s)"}, true},
               {{"전달당 CPU (µs)", "CPU per delivery (µs)"}, true},
               {{"메모리 최대 (MB)", "Memory peak (MB)"}, true},
               {{"코어 대기 (s)", "Waited for a core (s)"}, true}});
  bool any = false;
  for (const auto& [name, use] : {std::pair{Text{"서버", "server"}, &result.server},
                                  std::pair{Text{"발생기", "generator"}, &result.harness}}) {
    if (!use->cpu_seconds) continue;
    any = true;
    table.row({both(name), decimal(use->cpu_percent_mean, 1), decimal(use->cpu_percent_max, 1),
               decimal(use->cpu_seconds, 2), decimal(use->cpu_us_per_delivery, 1),
               decimal(use->rss_mb_max, 1), decimal(use->run_delay_seconds, 2)});
  }
  return any ? table.html()
             : nothing({"프로그램별 사용량이 없는 결과입니다.",
                        "This result does not know what the programs used."});
}

}  // namespace

std::string generator_section(const RunResult& result) {
  Table table("figures", {"발생기 자신의 지연 (ms)", "The generator's own delay (ms)"},
              {{{"지표", "Figure"}},
               {{"표본", "Samples"}, true},
               {{"평균", "Mean"}, true},
               {{"50 %", "50 %"}, true},
               {{"95 %", "95 %"}, true},
               {{"99 %", "99 %"}, true},
               {{"99.9 %", "99.9 %"}, true},
               {{"최대", "Max"}, true}});
  for (const auto& [name, own] :
       {std::pair{Text{"발신 지연 (예정 시각보다 늦게 보냄)", "lateness of sending"},
                  &result.lateness_ms},
        std::pair{Text{"수신 처리 지연", "lag of reading"}, &result.read_lag_ms}}) {
    table.row({both(name), whole(own->count), milliseconds(own->mean), milliseconds(own->p50),
               milliseconds(own->p95), milliseconds(own->p99), milliseconds(own->p999),
               milliseconds(own->max)});
  }
  return section(
      "generator", {"부하 발생기", "The load generator"},
      {"99 % 값이 10 ms와 전달 기준의 10 % 가운데 큰 쪽을 넘으면 발생기가 한계였던 것이고, 실행은 "
       "무효입니다.",
       "Above 10 ms at 99 %, or above a tenth of the delivery threshold where that is "
       "more, the generator was the limit, and the run is invalid."},
      table.html());
}

std::string resources_section(const RunResult& result) {
  const std::string chart = result.series.empty()
                                ? ""
                                : "<div class=\"plots\">\n" + processors_chart(result) +
                                      programs_chart(result) + "</div>\n";
  return section(
      "resources", {"자원", "Resources"},
      {"쓸 수 있는 용량은 한계의 70 %로 봅니다.", "Usable capacity is taken as 70 % of the limit."},
      machine_table(result) + chart + programs_table(result));
}

}  // namespace claims::report::html
