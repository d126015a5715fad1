#pragma once
// VisibleRanges: what a query may find, asked row by row.

#include <algorithm>
#include <vector>

#include "reference-server/history/history.h"

namespace claims::server {

class VisibleRanges {
 public:
  explicit VisibleRanges(std::vector<StreamRange> ranges) : ranges_(std::move(ranges)) {
    std::ranges::stable_sort(ranges_, {}, &StreamRange::room);
  }
  bool hold(chat::RoomId room, chat::Seq seq) const {
    const auto [begin, end] = std::ranges::equal_range(ranges_, room, {}, &StreamRange::room);
    return std::any_of(begin, end, [&](const StreamRange& range) {
      return seq >= range.first && seq <= range.last;
    });
  }

 private:
  std::vector<StreamRange> ranges_;  ///< By room.
};

}  // namespace claims::server
