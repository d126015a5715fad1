#pragma once
// WorkerPool: tasks played each in a process of its own, forked for it, so that one that crashes or
// hangs is a result like any other and leaves nothing behind for the next.
//
// Belongs to one thread of a process that has no other. Its destructor ends what still runs.

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/result.h"

namespace claims::storm {

struct WorkerLimits {
  std::size_t workers = 1;  ///< So many at a time.
  std::chrono::seconds cpu_max{120};
  /// Also for one that stands still; far more than cpu_max, as cores are shared.
  std::chrono::milliseconds time_max{1'200'000};
};

/// How a task came out.
struct TaskEnding {
  enum class Kind : std::uint8_t {
    answered,
    crashed,      ///< By a signal, or by an end without an answer.
    out_of_time,  ///< It used up one of the limits.
  };
  std::uint64_t task = 0;
  Kind kind = Kind::crashed;
  int signal = 0;      ///< Of crashed; 0: none.
  std::string answer;  ///< Of answered.
  std::string words;   ///< The end of what it wrote to its standard output and error.
};

class WorkerPool {
 public:
  static constexpr std::size_t kAnswerBytesMax = 256 * 1024;
  static constexpr std::size_t kWordsBytesMax = 16 * 1024;

  /// `play` is called in the worker. Its answer has at most kAnswerBytesMax.
  WorkerPool(const WorkerLimits& limits, std::function<std::string(std::uint64_t task)> play);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  bool has_room() const { return workers_.size() < limits_.workers; }
  bool idle() const { return workers_.empty(); }
  /// Only when there is room. The error says why no process could be made.
  Result<void, std::string> start(std::uint64_t task);
  /// Waits until some have ended, or so long, or a signal came.
  std::vector<TaskEnding> wait(std::chrono::milliseconds most);
  /// At once; of those there is no ending.
  void stop_all();

 private:
  struct Worker {
    std::uint64_t task = 0;
    pid_t process = 0;
    int answer_end = -1, words_end = -1;  // -1: read to its end.
    std::string answer, words;
    std::chrono::microseconds deadline{0};  // Steady.
    bool overdue = false;
  };
  /// noexcept: an exception must not get out into the copy of whoever forked it.
  [[noreturn]] void work(std::uint64_t task, int answer_end, int words_end) const noexcept;
  static TaskEnding collect(Worker& worker);

  const WorkerLimits limits_;
  const std::function<std::string(std::uint64_t)> play_;
  std::vector<Worker> workers_;
};

/// While it lives, SIGINT and SIGTERM are noted and end nobody. One at a time.
class InterruptNotice {
 public:
  InterruptNotice();
  ~InterruptNotice();
  InterruptNotice(const InterruptNotice&) = delete;
  InterruptNotice& operator=(const InterruptNotice&) = delete;
  static bool interrupted();
};

}  // namespace claims::storm
