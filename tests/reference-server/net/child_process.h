#pragma once
// A program that a test starts, with its output.

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "reference-server/net/descriptor.h"

namespace claims::server::testing {

class ChildProcess {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  /// `command[0]` is a path, or a name to be found. Standard error goes to `errors` when it is a
  /// path, else it is the test's own.
  explicit ChildProcess(std::vector<std::string> command, const std::string& errors = {});
  ~ChildProcess();  ///< Kills it if it still runs.
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t id() const { return id_; }
  /// The next line of standard output; empty when there is none any more.
  std::string line();
  /// Everything left of standard output, until it ends.
  std::string rest();
  void signal(int number) const;
  /// Waits for its end: the exit code, or minus the signal that ended it.
  int wait();

 private:
  bool read_more();

  pid_t id_ = -1;
  bool ended_ = false;
  int status_ = 0;
  Descriptor output_;
  std::string unread_;
};

}  // namespace claims::server::testing
