#include "protocol/chat/repair.h"

namespace claims::chat {

std::string_view to_string(RepairState state) {
  switch (state) {
    case RepairState::in:
      return "in";
    case RepairState::in_repair:
      return "in_repair";
    case RepairState::repaired:
      return "repaired";
    case RepairState::out:
      return "out";
  }
  return "";
}

std::optional<RepairState> parse_repair_state(std::string_view text) {
  for (const RepairState state :
       {RepairState::in, RepairState::in_repair, RepairState::repaired, RepairState::out}) {
    if (text == to_string(state)) return state;
  }
  return std::nullopt;
}

bool is_legal_step(RepairState from, RepairState to) {
  return static_cast<int>(to) == static_cast<int>(from) + 1;
}

bool may_convert_claim(RepairState state) {
  return state >= RepairState::repaired;
}

}  // namespace claims::chat
