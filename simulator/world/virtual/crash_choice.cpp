#include "simulator/world/virtual/crash_choice.h"

#include <algorithm>

namespace claims::storm {

CrashChoice::CrashChoice(const Random& random, ChangeNumber first, ChangeNumber last)
    : random_(random), last_(last) {
  const std::uint64_t drawn = random_.below(6);
  way_ = drawn == 0   ? Way::all_kept
         : drawn == 1 ? Way::all_lost
         : drawn <= 3 ? Way::in_order
                      : Way::individual;
  if (first <= last) cut_ = first + random_.below(last - first + 1);
}

CrashChoice::Fate CrashChoice::fate(ChangeNumber change) {
  if (change > last_) return Fate::lost;
  switch (way_) {
    case Way::all_kept:
      return Fate::kept;
    case Way::all_lost:
      return Fate::lost;
    case Way::in_order:
      if (change == cut_) return heads() ? Fate::prefix : Fate::sectors;
      return change < cut_ ? Fate::kept : Fate::lost;
    case Way::individual:
      break;
  }
  const std::uint64_t drawn = random_.below(10);
  if (drawn < 4) return Fate::kept;
  if (drawn < 7) return Fate::lost;
  return drawn < 8 ? Fate::prefix : Fate::sectors;
}

std::uint64_t CrashChoice::prefix(std::uint64_t offset, std::uint64_t size) {
  const std::uint64_t bytes = random_.below(size + 1);
  if (heads()) return bytes;
  const std::uint64_t end = (offset + bytes) / kSectorBytes * kSectorBytes;
  return std::max(end, offset) - offset;
}

}  // namespace claims::storm
