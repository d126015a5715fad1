#pragma once
// ChildProcess: a copy of the test that does one thing and reports numbers through a pipe; it can
// be killed at any moment. Forked, so no thread may have been started before.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace claims {

class ChildProcess {
 public:
  using Report = std::function<void(std::uint64_t)>;

  explicit ChildProcess(const std::function<void(const Report&)>& work) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    child_ = ::fork();
    EXPECT_GE(child_, 0);
    if (child_ == 0) {
      ::close(ends[0]);
      work([&](std::uint64_t number) {
        if (::write(ends[1], &number, sizeof number) != sizeof number) ::_exit(3);
      });
      ::_exit(0);  // No destructors, no exit handlers: they belong to the parent.
    }
    ::close(ends[1]);
    reports_ = ends[0];
  }
  ~ChildProcess() {
    kill();
    ::close(reports_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// The next number; nothing when the child has ended and everything was read.
  std::optional<std::uint64_t> next() {
    std::uint64_t number = 0;
    if (::read(reports_, &number, sizeof number) != sizeof number) return std::nullopt;
    return number;
  }

  /// SIGKILL; returns when the child is gone.
  void kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }

 private:
  pid_t child_ = 0;
  int reports_ = -1;
};

}  // namespace claims
