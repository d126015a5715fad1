#pragma once
// AbsenceBook: the adjusters whose rooms were handed over by their insurer, away or for good.
//
// A command that goes out while a hand-over is on its way may be decided before or after it. So a
// question names the span from when something was sent to now, and the answer is what may be.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "protocol/chat/ids.h"
#include "simulator/check/command_ledger.h"
#include "simulator/check/roster.h"

namespace claims::storm::audit {

struct Absence {
  CommandKey key;
  UserNumber absent = kNobody, to = kNobody;
  bool retires = false, refused = false;
  std::uint64_t sent_tick = 0, acknowledged_tick = 0;  ///< 0: not yet.
  std::uint64_t back_sent_tick = 0, back_tick = 0;     ///< adjuster.back, and its reply.
  std::optional<std::int64_t> told_rooms;              ///< How many, by its reply.
  std::vector<chat::RoomId> rooms;                     ///< That were seen to be handed over.

  /// Of what was sent at `tick` and decided by now.
  bool certain_at(std::uint64_t tick) const {
    return acknowledged_tick != 0 && acknowledged_tick < tick && back_sent_tick == 0;
  }
  bool possible_at(std::uint64_t tick) const {
    return !refused && (back_tick == 0 || back_tick > tick);
  }
};

class AbsenceBook {
 public:
  /// Stays where it is.
  Absence& add(Absence absence) { return all_.emplace_back(std::move(absence)); }
  Absence* find(const CommandKey& key) {
    for (Absence& absence : all_) {
      if (absence.key == key) return &absence;
    }
    return nullptr;
  }
  /// The absence that adjuster.back may end; none ends a retirement.
  Absence* open_of(UserNumber absent) {
    for (std::size_t i = all_.size(); i > 0; --i) {
      Absence& it = all_[i - 1];
      if (it.absent == absent && !it.retires && !it.refused && it.back_tick == 0) return &it;
    }
    return nullptr;
  }
  std::deque<Absence>& all() { return all_; }
  const std::deque<Absence>& all() const { return all_; }

  /// Who may get the room of a receipt that names this adjuster, by a command sent at `tick`.
  std::vector<UserNumber> may_open_with(UserNumber adjuster, std::uint64_t tick) const;
  bool may_be_out(UserNumber user, std::uint64_t tick) const;
  bool is_out(UserNumber user, std::uint64_t tick) const;

 private:
  std::deque<Absence> all_;
};

}  // namespace claims::storm::audit
