#include "simulator/check/open_filter.h"

#include "protocol/mqtt/topic_levels.h"

namespace claims::storm {

bool open_filter_covers(std::string_view filter, std::string_view topic) {
  mqtt::LevelReader wanted(filter), levels(topic);
  while (const auto want = wanted.next()) {
    if (want == "#") return true;
    const auto level = levels.next();
    if (!level) return false;
    if (want != "+" && want != level) return false;
    // "room/#" covers "room" as well.
    if (levels.at_end() && !wanted.at_end()) return wanted.next() == "#";
  }
  return levels.at_end();
}

}  // namespace claims::storm
