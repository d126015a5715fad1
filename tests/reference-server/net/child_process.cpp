#include "tests/reference-server/net/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace claims::server::testing {

ChildProcess::ChildProcess(std::vector<std::string> command, const std::string& errors) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  output_ = Descriptor(pipe[0]);
  const Descriptor input(pipe[1]);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& one : command) arguments.push_back(one.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.number(), STDOUT_FILENO);
  if (!errors.empty()) {
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0600);
  }
  const int failed =
      ::posix_spawnp(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + command[0]);
}

ChildProcess::~ChildProcess() {
  if (!ended_) {
    signal(SIGKILL);
    wait();
  }
}

bool ChildProcess::read_more() {
  pollfd waiting{.fd = output_.number(), .events = POLLIN, .revents = 0};
  const auto patience = std::chrono::milliseconds(kPatience).count();
  if (::poll(&waiting, 1, static_cast<int>(patience)) != 1) return false;
  std::array<char, 4'096> buffer{};
  const ssize_t count = ::read(output_.number(), buffer.data(), buffer.size());
  if (count <= 0) return false;
  unread_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

std::string ChildProcess::line() {
  while (unread_.find('\n') == std::string::npos) {
    if (!read_more()) return {};
  }
  const std::size_t end = unread_.find('\n');
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

std::string ChildProcess::rest() {
  while (read_more()) {
  }
  return std::move(unread_);
}

void ChildProcess::signal(int number) const {
  if (!ended_) ::kill(id_, number);
}

int ChildProcess::wait() {
  if (!ended_) {
    ::waitpid(id_, &status_, 0);
    ended_ = true;
  }
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
}

}  // namespace claims::server::testing
