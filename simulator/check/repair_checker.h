#pragma once
// RepairChecker: the repair of a room's vehicle goes step by step, and a claim comes once, from
// `repaired` on; a pre-estimate once, before `repaired`; the garage alone does all of them
// (CPC-004-5). Only inbound rooms have any.
//
// Proves it by folding notices, pre-estimates and claims of each room in the order of seq, as far
// as every event was seen, with the legal steps of protocol/chat/repair.h.

#include <string_view>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class RepairChecker {
 public:
  explicit RepairChecker(Scene& scene) : scene_(scene) {}

  /// Everything up to `seq` was seen. `event`: that one, when it is it that was seen last.
  void fold(Room& room, chat::Seq seq, const EventView* event);
  /// Who sent the command of a step or a claim.
  void sent_by(const Room& room, const EventView& event, const Traced& traced);

 private:
  Scene& scene_;
};

}  // namespace claims::storm::audit
