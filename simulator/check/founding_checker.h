#pragma once
// FoundingChecker: a command that may open a room makes what the contract says: all the events that
// open it, in their order, where it was the one that opened it; otherwise only what is new (a
// notice, a pre-estimate, vehicles), once.
//
// Proves it by ticking off, for each command, the events that came of it (founding_order.h). Which
// command opened the room follows from the room's first events or the reply (see OpeningChecker).
// Bulk messages are the BulkChecker's.

#include <string>
#include <string_view>

#include "simulator/check/founding_order.h"
#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class FoundingChecker {
 public:
  explicit FoundingChecker(Scene& scene) : scene_(scene) {}

  /// An event of such a command, which is not settled, was seen for the first time.
  void happened(Room& room, const EventView& event, Command& command);
  /// ok:true to it, and its room is linked.
  void acknowledged(Command& command, const ResultView& result);
  /// It was acknowledged, and nothing more is to come of it.
  bool done(const Command& command) const;
  /// It is still open at the end.
  void finish(const Command& command);

 private:
  void tell(const CommandKey& key, CommandType type, std::string_view ko, std::string_view en);

  Scene& scene_;
};

/// `event` is at the seq that `order` has for it; told otherwise, as what `command` is.
bool in_founding_place(Scene& scene, Checker checker, std::string_view command_ko,
                       std::string_view command_en, const Room& room, const EventView& event,
                       const FoundingOrder& order, std::optional<unsigned> effect);

}  // namespace claims::storm::audit
