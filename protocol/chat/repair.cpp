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
    case RepairState::cancelled:
      return "cancelled";
  }
  return "";
}

std::optional<RepairState> parse_repair_state(std::string_view text) {
  for (const RepairState state : {RepairState::in, RepairState::in_repair, RepairState::repaired,
                                  RepairState::out, RepairState::cancelled}) {
    if (text == to_string(state)) return state;
  }
  return std::nullopt;
}

bool is_legal_step(RepairState from, RepairState to) {
  switch (from) {
    case RepairState::in:
      return to == RepairState::in_repair || to == RepairState::cancelled;
    case RepairState::in_repair:
      return to == RepairState::repaired;
    case RepairState::repaired:
      return to == RepairState::out;
    case RepairState::out:
      return false;
    case RepairState::cancelled:
      return to == RepairState::in;
  }
  return false;
}

bool may_convert_claim(RepairState state) {
  return state == RepairState::repaired || state == RepairState::out;
}

}  // namespace claims::chat
