#include "simulator/check/further_estimate_checker.h"

#include <fmt/format.h>

#include "protocol/chat/error.h"
#include "protocol/limits.h"
#include "simulator/check/membership_checker.h"

namespace claims::storm::audit {

void FurtherEstimateChecker::seen(Room& room, const EventView& event, const Traced& traced) {
  if (event.kind != EventKind::further_estimate || !room.linked || !room.judged) return;
  RoomChange change = change_of(RoomChange::Kind::further_estimate, event, traced);
  change.title = event.estimate;
  add_change(room, std::move(change));
}

void FurtherEstimateChecker::fold(Room& room, const RoomChange& change) {
  ++room.further;
  const std::string receipt =
      room.receipt == kNoReceipt ? "?" : scene_.receipts.at(room.receipt).number;
  const std::string due = fmt::format("F-{}-{}", receipt, room.further);
  const bool too_many = room.further > claims::limits::kFurtherEstimatesMax;
  if (change.title == due && !too_many) return;
  scene_.stories.tell(Checker::legal_repair_steps, [&] {
    return Story{
        fmt::format(
            "{}: {}번째 추가 견적입니다. 번호는 {}여야 하고 {}건까지인데 {}입니다. 명령 {}.",
            place_ko(room, change.seq), room.further, due, claims::limits::kFurtherEstimatesMax,
            chat::excerpt(change.title), change.cmd),
        fmt::format("{}: further estimate number {} must be {}, and there are at most {}; it says "
                    "{}. The command was {}.",
                    place_en(room, change.seq), room.further, due,
                    claims::limits::kFurtherEstimatesMax, chat::excerpt(change.title), change.cmd)};
  });
}

}  // namespace claims::storm::audit
