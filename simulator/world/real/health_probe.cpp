#include "simulator/world/real/health_probe.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "simulator/world/real/target_address.h"

namespace claims::storm {
namespace {

constexpr std::size_t kAnswerBytesMax = 4'096;

}  // namespace

void HealthProbe::ask(const std::string& url, const Now& now) {
  socket_.reset();
  answer_.clear();
  asking_ = true;
  until_ = now.steady + kPatience;
  unsent_ = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  // The address is of the same form but for the scheme.
  constexpr std::string_view kHttp = "http://";
  if (!url.starts_with(kHttp)) return;
  const auto address = parse_target("mqtt://" + url.substr(kHttp.size()));
  if (!address) return;
  socket_ = Descriptor(
      ::socket(address->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_) return;
  const auto* to = reinterpret_cast<const sockaddr*>(&address->address);
  if (::connect(socket_.number(), to, address->address_bytes) != 0 && errno != EINPROGRESS) {
    socket_.reset();
  }
}

std::optional<HealthProbe::Health> HealthProbe::look(const Now& now) {
  if (!asking_) return std::nullopt;
  const bool over = !socket_ || (send_rest() && read_rest());
  if (!over && now.steady < until_) return std::nullopt;
  asking_ = false;
  socket_.reset();
  if (answer_.starts_with("HTTP/1.1 200 ")) return Health::ok;
  return answer_.starts_with("HTTP/1.1 503 ") ? Health::unavailable : Health::silent;
}

std::string HealthProbe::said() const {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (!answer_.starts_with(kVersion)) return {};
  const std::size_t line = answer_.find("\r\n");
  const std::size_t body = answer_.find("\r\n\r\n");
  if (body == std::string::npos) return {};
  return answer_.substr(kVersion.size(), line - kVersion.size()) + ": " + answer_.substr(body + 4);
}

/// True when everything was sent; what fails for good shows in the reading.
bool HealthProbe::send_rest() {
  while (!unsent_.empty()) {
    const ssize_t sent = ::send(socket_.number(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno != EAGAIN && errno != ENOTCONN;
    unsent_.erase(0, static_cast<std::size_t>(sent));
  }
  return true;
}

/// True when the answer is over.
bool HealthProbe::read_rest() {
  std::array<char, 1'024> bytes{};
  while (answer_.size() < kAnswerBytesMax) {
    const ssize_t count = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno != EAGAIN;
    if (count == 0) return true;
    answer_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace claims::storm
