#include "simulator/check/absence_book.h"

#include <algorithm>

namespace claims::storm::audit {

std::vector<UserNumber> AbsenceBook::may_open_with(UserNumber adjuster, std::uint64_t tick) const {
  std::vector<UserNumber> found, followed{adjuster};
  for (std::size_t i = 0; i < followed.size(); ++i) {
    const UserNumber user = followed[i];
    bool gone = false;
    for (const Absence& absence : all_) {
      if (absence.absent != user || !absence.possible_at(tick)) continue;
      gone = gone || absence.certain_at(tick);
      if (std::find(followed.begin(), followed.end(), absence.to) == followed.end()) {
        followed.push_back(absence.to);
      }
    }
    if (!gone) found.push_back(user);
  }
  return found;
}

bool AbsenceBook::may_be_out(UserNumber user, std::uint64_t tick) const {
  return std::any_of(all_.begin(), all_.end(),
                     [&](const Absence& it) { return it.absent == user && it.possible_at(tick); });
}

bool AbsenceBook::is_out(UserNumber user, std::uint64_t tick) const {
  return std::any_of(all_.begin(), all_.end(),
                     [&](const Absence& it) { return it.absent == user && it.certain_at(tick); });
}

}  // namespace claims::storm::audit
