#include "tests/reference-server/net/running_server.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

#include "reference-server/net/clock.h"

namespace claims::server::testing {

std::string_view sample_directory() {
  return R"({"format":"claims-directory/1","insurers":[
    {"id":"ins-01","code":"01","name":"가온손해보험","greeting":"안녕하세요, {adjuster}입니다.",
     "centres":[{"id":"c-001","name":"서울보상센터","region":"서울"}]}],
   "users":[
    {"id":"core-01","role":"insurer","name":"가온손해보험","insurer":"ins-01"},
    {"id":"adj-1","role":"adjuster","name":"김민준","insurer":"ins-01","centre":"c-001"},
    {"id":"gar-1","role":"garage","name":"한빛공업사","region":"서울"},
    {"id":"gar-2","role":"garage","name":"두리정비","region":"부산"}]})";
}

const chat::TokenKey& sample_key() {
  static const chat::TokenKey key{std::string(32, 'k')};
  return key;
}

std::string token_of(std::string_view user, std::int64_t seconds) {
  return chat::sign_token(sample_key(), user, read_clock().wall.count() / 1'000 + seconds);
}

void Told::add(std::string_view line) {
  const MutexLock lock(mutex_);
  lines_.emplace_back(line);
}

bool Told::has(std::string_view part) const {
  const MutexLock lock(mutex_);
  return std::ranges::any_of(
      lines_, [part](const std::string& line) { return line.find(part) != std::string::npos; });
}

ServerConfig sample_config() {
  ServerConfig config;
  config.listen = *SocketAddress::parse("127.0.0.1:0");
  config.http = *SocketAddress::parse("127.0.0.1:0");
  config.node.token_key = sample_key();
  config.directory_json = sample_directory();
  config.open_log = [](Missing) -> Result<std::unique_ptr<EventLog>, LogError> {
    return make_memory_log();
  };
  config.open_history = []() -> Result<std::unique_ptr<History>, LogError> {
    return make_memory_history();
  };
  return config;
}

RunningServer::RunningServer(ServerConfig config) {
  config.tell = [told = told_](std::string_view line) { told->add(line); };
  auto started = Server::start(std::move(config));
  if (!started) throw std::runtime_error(started.error().what);
  server_ = std::move(*started);
  if (const auto http = server_->http_address()) http_ = *http;
  thread_ = std::thread([this] { code_ = server_->run(); });
}

RunningServer::~RunningServer() {
  stop();
}

ExitCode RunningServer::stop() {
  if (thread_.joinable()) {
    server_->shut_down();
    thread_.join();
  }
  return code_;
}

std::string http_exchange(const SocketAddress& server, std::string_view request) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_storage address{};
  const socklen_t size = server.to_sockaddr(address);
  if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), size) != 0) return {};
  while (!request.empty()) {
    const ssize_t count = ::send(socket.number(), request.data(), request.size(), MSG_NOSIGNAL);
    if (count <= 0) break;
    request.remove_prefix(static_cast<std::size_t>(count));
  }
  std::string answer;
  std::array<char, 16 * 1024> buffer{};
  pollfd waiting{.fd = socket.number(), .events = POLLIN, .revents = 0};
  while (::poll(&waiting, 1, 15'000) == 1) {
    const ssize_t count = ::recv(socket.number(), buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return answer;
}

std::string http_get(const SocketAddress& server, std::string_view target) {
  return http_exchange(server, "GET " + std::string(target) +
                                   " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
}

std::string http_get_until(const SocketAddress& server, std::string_view target,
                           std::string_view part) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  std::string answer;
  do {
    answer = http_get(server, target);
  } while (answer.find(part) == std::string::npos && std::chrono::steady_clock::now() < until);
  return answer;
}

}  // namespace claims::server::testing
