#include "tests/acceptance/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace claims::acceptance {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kPatience{60};

}  // namespace

Program::Program(const std::string& name, std::vector<std::string> arguments,
                 const std::string& directory) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  arguments.insert(arguments.begin(), std::string(CLAIMS_BIN_DIR) + "/" + name);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    if (!directory.empty() && ::chdir(directory.c_str()) != 0) ::_exit(126);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

Program::~Program() {
  if (!exit_code_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(pipe_);
}

bool Program::read_some(std::chrono::steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  pollfd ready{pipe_, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) return false;
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(pipe_, buffer.data(), buffer.size());
  if (count <= 0) return false;
  output_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

bool Program::says(const std::string& text) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (output_.find(text) == std::string::npos) {
    if (!read_some(until)) return false;
  }
  return true;
}

void Program::signal(int number) const {
  ::kill(pid_, number);
}

void Program::signal_child(int number) const {
  const std::string pid = std::to_string(pid_);
  std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
  pid_t child = 0;
  if (children >> child) ::kill(child, number);
}

int Program::wait() {
  const auto until = std::chrono::steady_clock::now() + 2 * kPatience;
  while (read_some(until)) {
  }
  if (std::chrono::steady_clock::now() >= until) {
    ADD_FAILURE() << "does not end:\n" << output_;
    ::kill(pid_, SIGKILL);
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return *exit_code_;
}

Ended run(const std::string& name, std::vector<std::string> arguments,
          const std::string& directory) {
  Program program(name, std::move(arguments), directory);
  const int exit_code = program.wait();
  return {exit_code, program.output()};
}

Folder::Folder() {
  std::string pattern = (fs::temp_directory_path() / "claims-acceptance-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  root_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

std::string Folder::path(const std::string& name) const {
  return name.empty() ? root_ : root_ + "/" + name;
}

void Folder::write(const std::string& name, const std::string& text) const {
  fs::create_directories(fs::path(path(name)).parent_path());
  std::ofstream(path(name), std::ios::binary) << text;
}

std::string Folder::read(const std::string& name) const {
  return read_file(path(name));
}

std::string scenario_path(const std::string& name) {
  return std::string(CLAIMS_SOURCE_DIR) + "/scenarios/" + name;
}

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace claims::acceptance
