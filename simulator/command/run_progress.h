#pragma once
// The progress of a run on standard error: one line redrawn each second on a terminal, a plain line
// every five seconds elsewhere.

#include <string>

#include "simulator/actor/player.h"

namespace claims::storm {

/// "hold  12 s  2012/2012 connected  600 started, 588 done, 12 open  p99 3.1 ms  no violations"
/// Of at most `columns`: where there is no room for all, the least important parts are left out.
std::string progress_line(const Progress& progress, std::size_t columns);

class RunProgress {
 public:
  RunProgress();
  /// Called about once a second.
  void show(const Progress& progress);
  /// Leaves the last line standing.
  void finish();

 private:
  bool terminal_;
  bool line_open_ = false;
  int calls_ = 0;
};

}  // namespace claims::storm
