#include "simulator/check/repair_checker.h"

#include <fmt/format.h>

namespace claims::storm::audit {
namespace {

std::string_view name(std::optional<chat::RepairState> state) {
  return state ? chat::to_string(*state) : "-";
}

}  // namespace

void RepairChecker::fold(Room& room, chat::Seq seq, const EventView* event) {
  const std::uint8_t mark = room.marks[static_cast<std::size_t>(seq - 1)];
  const auto tell = [&](std::string_view ko, std::string_view en) {
    scene_.stories.tell(Checker::legal_repair_steps, [&] {
      const std::string who = scene_.roster.who(room.garage);
      const std::string_view cmd = event == nullptr ? "?" : event->cmd;
      return Story{fmt::format("{}: {} 정비공장 {}, 명령 {}.", place_ko(room, seq), ko, who, cmd),
                   fmt::format("{}: {} The garage is {}, the command {}.", place_en(room, seq), en,
                               who, cmd)};
    });
  };
  const bool of_repair =
      mark == mark::kClaim || mark == mark::kPreEstimate || mark == mark::kFurtherEstimate ||
      (mark >= mark::kNotice && mark <= mark::notice(chat::RepairState::cancelled));
  if (!of_repair) return;
  if (room.kind != chat::RoomKind::inbound) {
    return tell(
        fmt::format("{} 대화방에는 정비 단계·선견적·청구가 없습니다.", chat::to_string(room.kind)),
        fmt::format("a {} room has no repair steps, pre-estimates or claims.",
                    chat::to_string(room.kind)));
  }
  if (mark == mark::kFurtherEstimate) {
    if (room.state == chat::RepairState::in_repair) return;
    return tell(fmt::format("정비 상태 {}에서는 추가 견적을 작성할 수 없습니다.", name(room.state)),
                fmt::format("a further estimate cannot come in state {}, only in repair.",
                            name(room.state)));
  }
  if (mark == mark::kPreEstimate) {
    if (room.estimated) {
      tell("선견적이 이미 있는데 다시 작성되었습니다.",
           "a pre-estimate was written again for a receipt that has one.");
    } else if (room.state && *room.state >= chat::RepairState::repaired) {  // Cancelled, too.
      tell(fmt::format("정비 상태 {}에서는 선견적을 작성할 수 없습니다.", name(room.state)),
           fmt::format("a pre-estimate cannot come in state {}, only before repaired.",
                       name(room.state)));
    }
    room.estimated = true;
    return;
  }
  if (mark == mark::kClaim) {
    if (room.converted) {
      tell("이미 청구로 전환된 대화방이 다시 전환되었습니다.",
           "a room that was converted to a claim was converted again.");
    } else if (!room.state || !chat::may_convert_claim(*room.state)) {
      tell(
          fmt::format("정비 상태 {}에서는 청구로 전환할 수 없습니다. repaired부터 가능합니다.",
                      name(room.state)),
          fmt::format("a claim cannot come in state {}, only from repaired on.", name(room.state)));
    }
    room.converted = true;
    return;
  }
  const auto to = static_cast<chat::RepairState>(mark - mark::kNotice);
  const bool legal =
      room.state ? chat::is_legal_step(*room.state, to) : to == chat::RepairState::in;
  if (!legal) {
    tell(fmt::format("정비 단계가 {}에서 {}(으)로 갈 수 없습니다.", name(room.state), name(to)),
         fmt::format("the repair cannot go from {} to {}.", name(room.state), name(to)));
  }
  room.state = to;
}

void RepairChecker::sent_by(const Room& room, const EventView& event, const Traced& traced) {
  const bool of_garage =
      traced.type == CommandType::repair_step || traced.type == CommandType::claim_convert ||
      traced.type == CommandType::pre_estimate_write || takes_in(traced.type) ||
      traced.type == CommandType::intake_cancel || traced.type == CommandType::estimate_further;
  if (!of_garage) return;
  if (!room.linked || room.kind != chat::RoomKind::inbound || traced.key.user == room.garage)
    return;
  scene_.stories.tell(Checker::legal_repair_steps, [&] {
    const std::string who = scene_.roster.who(traced.key.user);
    const std::string garage = scene_.roster.who(room.garage);
    return Story{fmt::format("{}: {}을(를) {}이(가) 했지만 정비공장 {}만 할 수 있습니다. 명령 {}.",
                             place_ko(room, event.seq), content(event), who, garage, event.cmd),
                 fmt::format("{}: {} was done by {}; only the garage {} may. The command was {}.",
                             place_en(room, event.seq), content(event), who, garage, event.cmd)};
  });
}

}  // namespace claims::storm::audit
