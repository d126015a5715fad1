#pragma once
// AbruptEnd: what a signal does to a command that has nothing to save.

#include <string>

namespace claims::storm {

/// While it lives, SIGINT and SIGTERM end the process at once with ExitCode::invalid, and say on
/// standard error that there is no result. One at a time.
class AbruptEnd {
 public:
  /// "before the run began": when that is, in the sentence.
  AbruptEnd(const std::string& when_ko, const std::string& when_en);
  ~AbruptEnd();
  AbruptEnd(const AbruptEnd&) = delete;
  AbruptEnd& operator=(const AbruptEnd&) = delete;
};

}  // namespace claims::storm
