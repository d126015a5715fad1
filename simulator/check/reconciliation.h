#pragma once
// Reconciliation: the history read back at the end is the union of what was delivered.
//
// Proves it room by room: the history's seqs go 1, 2, 3 … to what the last observer saw; what is
// still in the room's window has the same digest (what is older is settled by the sums of the
// DeliveryChecker); what nobody was delivered comes from a command that was acknowledged or whose
// outcome is unknown (judged by the OriginChecker on its behalf). That everything acknowledged is
// in it follows with the OutcomeChecker: its event was delivered or read here.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class Reconciliation {
 public:
  explicit Reconciliation(Scene& scene) : scene_(scene) {}

  /// Takes the next place in the history. False: not to be looked at any further.
  bool next(Room& room, const EventView& event);
  /// An event that could not be read takes its place all the same.
  void unreadable(Room& room);
  /// It was delivered before, with `seen`.
  void compare(Room& room, const EventView& event, std::uint64_t digest, const SeenEvent& seen);
  void finish(const Room& room);
  /// Rooms whose history was never read.
  void finish_unread(std::size_t rooms);

 private:
  Scene& scene_;
};

/// By whom a room is read at the end: one who sees all of it, connected if there is one; and each
/// user who does not, or not any more, so that its pages show no more than its intervals.
void add_readers(const Scene& scene, const Room& room, std::vector<Auditor::RoomToRead>& readers);

}  // namespace claims::storm::audit
