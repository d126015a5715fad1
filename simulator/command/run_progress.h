#pragma once
// The progress of a run on standard error: on a terminal one line, redrawn each second and taken
// away at the end; elsewhere (a pipe, TERM=dumb) a plain line every five seconds.

#include <string>

#include "reports/console.h"
#include "simulator/actor/player.h"

namespace claims::storm {

/// "hold 48 s left  2012/2012 users  49 of 50/s  p99 3.1 ms  0 violations  0 errors"
/// Of at most `columns` of a terminal: where there is no room for all, the least important parts
/// are left out.
std::string progress_line(const Progress& progress, std::size_t columns,
                          const report::ConsoleStyle& style = {});

class RunProgress {
 public:
  /// For standard error, in the language of the environment.
  RunProgress();
  /// Called about once a second.
  void show(const Progress& progress);
  /// Takes the line away, so that what is said next begins on a clean one.
  void finish();

 private:
  report::ConsoleStyle style_;
  bool terminal_;
  bool line_open_ = false;
  int calls_ = 0;
};

}  // namespace claims::storm
