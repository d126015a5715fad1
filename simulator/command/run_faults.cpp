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
         fmt::format("not carried out: {} ({} times), possible only {}", to_string(kind), times,
                     own_server ? "with a server of its own (--embedded)"
                                : "in the virtual world (claimstorm simulate)")});
  }
  return split;
}

}  // namespace claims::storm
