#include "simulator/check/open_filter.h"

namespace claims::storm {
namespace {

/// Cuts the first level off, with its separator. False when there was none left.
bool take_level(std::string_view& rest, bool& more, std::string_view& level) {
  if (!more) return false;
  const std::size_t slash = rest.find('/');
  level = rest.substr(0, slash);
  more = slash != std::string_view::npos;
  rest = more ? rest.substr(slash + 1) : std::string_view{};
  return true;
}

}  // namespace

bool open_filter_covers(std::string_view filter, std::string_view topic) {
  bool more_filter = true, more_topic = true;
  std::string_view wanted, level;
  while (take_level(filter, more_filter, wanted)) {
    if (wanted == "#") return true;
    if (!take_level(topic, more_topic, level)) return false;
    if (wanted != "+" && wanted != level) return false;
    // "room/#" covers "room" as well.
    if (!more_topic && more_filter) return filter == "#";
  }
  return !more_topic;
}

}  // namespace claims::storm
