#include "simulator/world/real/embedded_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

namespace fs = std::filesystem;
using boost::system::in_place_error;

constexpr Milliseconds kStopWithin{20'000};
constexpr Milliseconds kStopPoll{10};

/// Attributes and file actions of posix_spawn, freed together.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

/// A process group of its own, so that Ctrl-C reaches claimstorm alone, which then ends it in
/// order; and no signal blocked or ignored that was so here.
void separate(posix_spawnattr_t& attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  sigemptyset(&all);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&all, signal);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

void pause_for(Milliseconds time) {
  poll(nullptr, 0, static_cast<int>(time.count()));
}

}  // namespace

Result<std::string, std::string> find_server_program() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path program = self.parent_path() / "claimchatd";
  if (error || access(program.c_str(), X_OK) != 0) {
    return {in_place_error,
            fmt::format("claimchatd is not beside claimstorm ({}): build it, or give --target",
                        program.string())};
  }
  return {boost::system::in_place_value, program.string()};
}

EmbeddedServer::EmbeddedServer(EmbeddedServerOptions options)
    : options_(std::move(options)), log_(options_.folder + "/claimchatd.log") {}

Result<std::unique_ptr<EmbeddedServer>, std::string> EmbeddedServer::start(
    const EmbeddedServerOptions& options) {
  std::unique_ptr<EmbeddedServer> server(new EmbeddedServer(options));
  std::error_code error;
  fs::remove_all(server->data(), error);
  fs::create_directories(server->data(), error);
  if (error) return {in_place_error, fmt::format("{}: {}", server->data(), error.message())};
  fs::remove(server->log_, error);
  auto spawned = server->spawn("mqtt://127.0.0.1:0");
  if (!spawned) return {in_place_error, spawned.error()};
  if (auto ready = server->await_ready(); !ready) return {in_place_error, ready.error()};
  return server;
}

Result<void, std::string> EmbeddedServer::crash_and_restart() {
  crash();
  if (auto begun = restart(); !begun) return begun;
  return await_ready();
}

void EmbeddedServer::crash() {
  crashed_ = true;
  output_.reset();
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, &status_, 0);
  process_ = -1;
}

Result<void, std::string> EmbeddedServer::restart() {
  assert(process_ < 0);
  crashed_ = false;
  return spawn(mqtt_url_);
}

void EmbeddedServer::pause() const {
  if (process_ >= 0) kill(process_, SIGSTOP);
}

void EmbeddedServer::go_on() const {
  if (process_ >= 0) kill(process_, SIGCONT);
}

/// The hard limit stays, so that no privilege is needed to come back.
void EmbeddedServer::limit_files(bool full) const {
  rlimit limit{};
  if (process_ < 0 || prlimit(process_, RLIMIT_FSIZE, nullptr, &limit) != 0) return;
  limit.rlim_cur = full ? 0 : limit.rlim_max;
  prlimit(process_, RLIMIT_FSIZE, &limit, nullptr);
}

Result<void, std::string> EmbeddedServer::spawn(const std::string& listen) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return {in_place_error, fmt::format("pipe: {}", std::strerror(errno))};
  }
  output_ = Descriptor(ends[0]);
  line_.clear();
  Descriptor input(ends[1]);
  fcntl(output_.number(), F_SETFL, O_NONBLOCK);

  SpawnPlan plan;
  separate(plan.attributes);
  posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&plan.actions, input.number(), 1);
  posix_spawn_file_actions_addopen(&plan.actions, 2, log_.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                   0644);
  std::vector<std::string> words = {options_.program,   "--listen",    listen,
                                    "--data",           data(),        "--directory",
                                    options_.directory, "--token-key", options_.token_key,
                                    "--http",           "127.0.0.1:0", "--exit-with-parent"};
  if (options_.open_topics) words.emplace_back("--open-topics");
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int failed = posix_spawn(&process_, options_.program.c_str(), &plan.actions,
                                 &plan.attributes, arguments.data(), environ);
  if (failed != 0) {
    process_ = -1;
    output_.reset();
    return {in_place_error, fmt::format("{}: {}", options_.program, std::strerror(failed))};
  }
  return {};  // The input closes here, so that the output ends with the process.
}

Result<void, std::string> EmbeddedServer::await_ready() {
  const Microseconds until = read_clock().steady + options_.ready_within;
  for (;;) {
    const Microseconds left = until - read_clock().steady;
    pollfd wait{output_.number(), POLLIN, 0};
    const int milliseconds = static_cast<int>(left.count() / 1'000);
    if (milliseconds <= 0 || poll(&wait, 1, milliseconds) == 0) {
      output_.reset();
      return {in_place_error, fmt::format("claimchatd was not ready within {} ms{}",
                                          options_.ready_within.count(), log_tail())};
    }
    const auto ready = read_ready();
    if (!ready) return {in_place_error, ready.error()};
    if (*ready) return {};
  }
}

Result<bool, std::string> EmbeddedServer::read_ready() {
  constexpr std::size_t kLineMax = 4'096;
  while (output_ && line_.size() < kLineMax) {
    std::array<char, 512> bytes{};
    const ssize_t count = ::read(output_.number(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return false;
    if (count <= 0) break;
    line_.append(bytes.data(), static_cast<std::size_t>(count));
    if (const std::size_t end = line_.find('\n'); end != std::string::npos) {
      output_.reset();
      if (auto taken = take_ready_line(line_.substr(0, end)); !taken) {
        return {in_place_error, taken.error()};
      }
      return true;
    }
  }
  output_.reset();
  return {in_place_error, "claimchatd ended before it was ready" + log_tail()};
}

Result<void, std::string> EmbeddedServer::take_ready_line(const std::string& line) {
  std::istringstream words(line);
  std::string program, ready;
  words >> program >> ready >> mqtt_url_ >> http_url_;
  if (program == "claimchatd" && ready == "ready" && mqtt_url_.starts_with("mqtt://")) return {};
  return {in_place_error,
          fmt::format("claimchatd said \"{}\" in place of its ready line{}", line, log_tail())};
}

std::string EmbeddedServer::log_tail() const {
  constexpr std::size_t kTail = 2'000;
  std::ifstream file(log_, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  std::string all = text.str();
  if (all.empty()) return fmt::format(" (its log, {}, is empty)", log_);
  if (all.size() > kTail) {
    const std::size_t line = all.find('\n', all.size() - kTail);
    all.erase(0, line + 1 < all.size() ? line + 1 : all.size() - kTail);
  }
  return fmt::format("; the end of its log, {}:\n{}", log_, all);
}

bool EmbeddedServer::running() {
  if (process_ < 0) return false;
  if (waitpid(process_, &status_, WNOHANG) != process_) return true;
  process_ = -1;
  return false;
}

Result<void, std::string> EmbeddedServer::stop() {
  if (process_ >= 0) {
    kill(process_, SIGTERM);
    go_on();  // One that stands still takes no signal.
    const Microseconds until = read_clock().steady + kStopWithin;
    while (running() && read_clock().steady < until) pause_for(kStopPoll);
    if (process_ >= 0) {
      kill(process_, SIGKILL);
      waitpid(process_, &status_, 0);
      process_ = -1;
      return {in_place_error,
              fmt::format("claimchatd did not end within {} ms of SIGTERM and was killed",
                          kStopWithin.count())};
    }
  }
  if (WIFEXITED(status_) && WEXITSTATUS(status_) == 0) return {};
  return {in_place_error, "claimchatd ended with " + ending()};
}

std::string EmbeddedServer::ending() const {
  const std::string how = WIFSIGNALED(status_) ? fmt::format("signal {}", WTERMSIG(status_))
                                               : fmt::format("exit code {}", WEXITSTATUS(status_));
  return how + log_tail();
}

EmbeddedServer::~EmbeddedServer() {
  static_cast<void>(stop());
}

}  // namespace claims::storm
