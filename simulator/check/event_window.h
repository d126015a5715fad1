#pragma once
// EventWindow: the recent events of a room, for comparing observers and for timing deliveries.
//
// Keeps limits::kRecentDigestsPerRoom events, and beyond these the ones that a connected session
// has still to receive, up to kHeldMax. What is older is settled by the sums of the final reading.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/time.h"
#include "simulator/check/roster.h"

namespace claims::storm::audit {

struct SeenEvent {
  bool seen = false;              ///< False: a gap, something later was seen first.
  bool deleted = false;           ///< As a tombstone; its content is not known.
  bool timed = false;             ///< Its command is known: `intended` and `sent` hold.
  std::uint16_t waiting = 0;      ///< Connected sessions that have still to get it.
  std::uint16_t others_left = 0;  ///< Of these, sessions of members other than the sender.
  SessionNumber first{};          ///< Whose sight was the first.
  UserNumber sender = kNobody;    ///< Who sent its command.
  std::uint64_t digest = 0;
  std::uint64_t envelope = 0;   ///< Of what a tombstone leaves.
  std::uint64_t command = 0;    ///< Hash of its `cmd`.
  std::uint64_t tick = 0;       ///< Of its first sight.
  std::uint64_t sent_tick = 0;  ///< Of its command; 0: not known.
  std::int64_t at_ms = 0;
  Microseconds intended{0}, sent{0};
  Microseconds last_other{0};  ///< When the last session of another member got it, so far.
};

class EventWindow {
 public:
  static constexpr std::size_t kHeldMax = 4'096;

  /// Nothing before the window and after its end.
  SeenEvent* find(chat::Seq seq);
  const SeenEvent* find(chat::Seq seq) const { return const_cast<EventWindow*>(this)->find(seq); }
  /// Appends what is missing up to `seq`, which is after the end, and forgets what may go.
  SeenEvent& extend_to(chat::Seq seq);
  chat::Seq last() const { return end_ - 1; }

 private:
  SeenEvent& at(chat::Seq seq) { return ring_[static_cast<std::size_t>(seq) & (ring_.size() - 1)]; }
  void grow();

  std::vector<SeenEvent> ring_;  // A power of two.
  chat::Seq begin_ = 1, end_ = 1;
};

}  // namespace claims::storm::audit
