#include "simulator/command/worker_pool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

using boost::system::in_place_error;

volatile std::sig_atomic_t interrupt_noted = 0;

void note_interrupt(int) {
  interrupt_noted = 1;
}

void limit(int resource, rlim_t soft) {
  rlimit bound{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &bound) != 0) return;
  bound.rlim_cur = bound.rlim_max == RLIM_INFINITY ? soft : std::min(soft, bound.rlim_max);
  setrlimit(static_cast<__rlimit_resource>(resource), &bound);
}

void write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void close_end(int& end) {
  if (end >= 0) ::close(end);
  end = -1;
}

/// What there is now; keeps the first `most` bytes, or the last.
void read_some(int& end, std::string& text, std::size_t most, bool last) {
  std::array<char, 16 * 1024> bytes{};
  const ssize_t got = ::read(end, bytes.data(), bytes.size());
  if (got < 0 && errno == EINTR) return;
  if (got <= 0) return close_end(end);
  text.append(bytes.data(), static_cast<std::size_t>(got));
  if (text.size() <= most) return;
  if (last) {
    text.erase(0, text.size() - most);
  } else {
    text.resize(most);
  }
}

}  // namespace

WorkerPool::WorkerPool(const WorkerLimits& limits, std::function<std::string(std::uint64_t)> play)
    : limits_(limits), play_(std::move(play)) {
  assert(limits_.workers > 0);
}

WorkerPool::~WorkerPool() {
  stop_all();
}

void WorkerPool::work(std::uint64_t task, int answer_end, int words_end) const noexcept {
  // Ctrl-C reaches all of a terminal's processes, and SIGTERM may be sent to a whole group, as by
  // timeout(1): only the first process answers them. No worker outlives it.
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_IGN);
  std::signal(SIGPIPE, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // No image of a crash, neither as a file nor piped to a handler, which ignores RLIMIT_CORE.
  prctl(PR_SET_DUMPABLE, 0);
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits_.cpu_max.count()));
  dup2(words_end, STDOUT_FILENO);
  dup2(words_end, STDERR_FILENO);
  const std::string answer = play_(task);
  assert(answer.size() <= kAnswerBytesMax);
  std::fflush(nullptr);
  // The end of line tells an answer that is whole.
  write_all(answer_end, answer + "\n");
  _exit(0);
}

Result<void, std::string> WorkerPool::start(std::uint64_t task) {
  assert(has_room());
  std::array<int, 2> answer{}, words{};
  const auto failed = [](const char* what) {
    return Result<void, std::string>(in_place_error,
                                     fmt::format("{}: {}", what, std::strerror(errno)));
  };
  if (pipe2(answer.data(), O_CLOEXEC) != 0) return failed("no pipe to a worker");
  if (pipe2(words.data(), O_CLOEXEC) != 0) {
    ::close(answer[0]);
    ::close(answer[1]);
    return failed("no pipe to a worker");
  }
  std::fflush(nullptr);  // What is not written yet would be written by both.
  const pid_t process = fork();
  if (process == 0) work(task, answer[1], words[1]);
  ::close(answer[1]);
  ::close(words[1]);
  if (process < 0) {
    ::close(answer[0]);
    ::close(words[0]);
    return failed("no process for a worker");
  }
  Worker worker;
  worker.task = task;
  worker.process = process;
  worker.answer_end = answer[0];
  worker.words_end = words[0];
  worker.deadline = read_clock().steady + limits_.time_max;
  workers_.push_back(std::move(worker));
  return {};
}

std::vector<TaskEnding> WorkerPool::wait(std::chrono::milliseconds most) {
  const auto until = read_clock().steady + most;
  std::vector<TaskEnding> endings;
  while (endings.empty() && !workers_.empty()) {
    const auto now = read_clock().steady;
    auto next = until;
    std::vector<pollfd> ends;
    for (Worker& worker : workers_) {
      if (!worker.overdue && now >= worker.deadline) {
        worker.overdue = true;
        kill(worker.process, SIGKILL);
      }
      if (!worker.overdue) next = std::min(next, worker.deadline);
      ends.push_back({worker.answer_end, POLLIN, 0});
      ends.push_back({worker.words_end, POLLIN, 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now);
    const int ready = poll(ends.data(), ends.size(), std::max(0, static_cast<int>(left.count())));
    if (ready < 0) break;  // A signal came.
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      Worker& worker = workers_[i];
      if (ends[2 * i].revents != 0) {
        read_some(worker.answer_end, worker.answer, kAnswerBytesMax + 1, false);
      }
      if (ends[2 * i + 1].revents != 0) {
        read_some(worker.words_end, worker.words, kWordsBytesMax, true);
      }
      if (worker.answer_end < 0 && worker.words_end < 0) endings.push_back(collect(worker));
    }
    std::erase_if(workers_, [](const Worker& worker) { return worker.process == 0; });
    if (read_clock().steady >= until) break;
  }
  return endings;
}

TaskEnding WorkerPool::collect(Worker& worker) {
  int status = 0;
  while (waitpid(worker.process, &status, 0) < 0 && errno == EINTR) {
  }
  worker.process = 0;
  TaskEnding ending;
  ending.task = worker.task;
  ending.words = std::move(worker.words);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && worker.answer.ends_with('\n')) {
    worker.answer.pop_back();
    ending.kind = TaskEnding::Kind::answered;
    ending.answer = std::move(worker.answer);
    return ending;
  }
  if (WIFSIGNALED(status)) ending.signal = WTERMSIG(status);
  if (worker.overdue || ending.signal == SIGXCPU) ending.kind = TaskEnding::Kind::out_of_time;
  return ending;
}

void WorkerPool::stop_all() {
  for (Worker& worker : workers_) kill(worker.process, SIGKILL);
  for (Worker& worker : workers_) {
    close_end(worker.answer_end);
    close_end(worker.words_end);
    while (waitpid(worker.process, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  workers_.clear();
}

InterruptNotice::InterruptNotice() {
  interrupt_noted = 0;
  // Without SA_RESTART: whoever waits wakes up.
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

InterruptNotice::~InterruptNotice() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
}

bool InterruptNotice::interrupted() {
  return interrupt_noted != 0;
}

}  // namespace claims::storm
