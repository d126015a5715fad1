#pragma once
// DeliveryChecker: completeness, secrecy and agreement of what sessions were delivered.
//
// Proves that every session of a member saw exactly the member's interval, in order, without a gap,
// once per connection, and that all observers saw the same content. Each (room, session) interval
// keeps a frontier (all up to here was seen) and the sum of mix(seq, digest) over what was seen. A
// delivery must be the one after the frontier; its digest must be the one that the room's window
// holds for that seq. At the end the frontier must be the room's last seq and the sum that of the
// history read back, which settles what is older than the window.
//
// After a loss of the connection copies may come above what had moved the session's cursor until
// then; what comes ahead of the answer to `sync` moves no cursor, and must come again. A `sync` on
// a connection that was never lost may bring anything again. Copies come in order, before anything
// new.

#include <cstdint>

#include "simulator/check/scene.h"
#include "simulator/check/stranger_checker.h"

namespace claims::storm::audit {

enum class Arrival : std::uint8_t {
  fresh,  ///< Expected, and not seen at this session before.
  copy,   ///< A copy that may be.
  ahead,  ///< A live event before the redelivery that a resuming session waits for.
  wrong,  ///< A violation, told; or nothing that can be judged.
};

class DeliveryChecker {
 public:
  DeliveryChecker(Scene& scene, StrangerChecker& strangers)
      : scene_(scene), strangers_(strangers) {}

  /// `event` came at `session`; `observer` is its row of the room, if it has one.
  Arrival delivered(Room& room, SessionNumber session, const EventView& event, std::uint64_t digest,
                    Observer*& observer);
  /// An event that another observer saw already. False, and told, when it differs.
  bool agrees(Room& room, SessionNumber session, const EventView& event, std::uint64_t digest,
              const SeenEvent& seen);
  /// An event was seen for the first time; the room's last seq was `last_before`.
  void expect(Room& room, chat::Seq last_before, chat::Seq seq, SeenEvent* seen,
              const Command* command);
  /// That row was added, of a room whose last seq was `last_before`; or it ended.
  void joined(Room& room, std::uint32_t row, chat::Seq last_before);
  void left(Room& room, std::uint32_t row, chat::Seq last_before);
  /// The room's members have become known. `strangers` saw it before and are no members.
  void linked(Room& room, const std::vector<SessionNumber>& strangers);
  /// Nothing is delivered to the session any more, and nothing of it was lost.
  void turned_away(SessionNumber session);
  /// An event of the final reading that counts.
  void in_history(Room& room, chat::Seq seq, std::uint64_t digest);
  void finish(Room& room);

 private:
  std::uint64_t expected_in(const Room& room, const Observer& observer, chat::Seq from,
                            chat::Seq to) const;
  bool may_be_cut_short(const Room& room, const Observer& observer) const;
  void delivered_ahead(Room& room, SessionNumber session, const EventView& event);
  static bool comes_again(const Session& at, const Observer& observer);
  Arrival first_of_late_observer(Room& room, Observer& observer, const EventView& event);
  Arrival again(Room& room, Observer& observer, const EventView& event);
  void tell_too_many(const Room& room, const Observer& observer, const EventView& event);
  void tell_gap(const Room& room, SessionNumber session, chat::Seq expected,
                const EventView& event);
  void tell_missing(const Room& room, const Observer& observer, chat::Seq from, chat::Seq to);

  Scene& scene_;
  StrangerChecker& strangers_;
};

}  // namespace claims::storm::audit
