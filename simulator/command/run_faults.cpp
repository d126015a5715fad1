#include "simulator/command/run_faults.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "simulator/world/real/server_faults.h"

namespace claims::storm {

RunFaults split_for_real_world(std::vector<Fault> faults, bool embedded) {
  RunFaults split;
  std::map<FaultKind, std::size_t> left_out;
  for (Fault& fault : faults) {
    const bool can =
        happens_in_real_world(fault.kind) && (embedded || !ServerFaults::is_one(fault.kind));
    if (can) {
      split.carried_out.push_back(std::move(fault));
    } else {
      ++left_out[fault.kind];
    }
  }
  for (const auto& [kind, times] : left_out) {
    const bool own_server = happens_in_real_world(kind);
    split.left_out.push_back(
        {fmt::format("일으키지 않음: {}({}번), {}", to_string(kind), times,
                     own_server ? "직접 시작한 서버(--embedded)에서만 가능함"
                                : "가상 세계(claimstorm simulate)에서만 가능함"),
         fmt::format("not carried out: {} ({}), possible only {}", to_string(kind),
                     times == 1 ? "once" : fmt::format("{} times", times),
                     own_server ? "with a server of its own (--embedded)"
                                : "in the virtual world (claimstorm simulate)")});
  }
  return split;
}

void add_crash(report::RunResult& result, const std::optional<std::string>& not_restarted) {
  result.faults.push_back(
      {"마지막 업무 뒤 서버를 kill -9 하고 같은 데이터로 다시 시작한 다음 이력을 읽음",
       "after the last workflow the server was killed (kill -9) and started again on the same "
       "data; the history was read from that"});
  if (!not_restarted) return;
  result.verdict = report::Verdict::fail;
  result.reasons.push_back({"서버가 다시 시작되지 않음: " + *not_restarted,
                            "the server did not start again: " + *not_restarted});
}

}  // namespace claims::storm
