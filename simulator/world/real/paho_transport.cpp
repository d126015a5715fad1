#include "simulator/world/real/paho_transport.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/epoll.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <system_error>
#include <utility>

#include "simulator/limits.h"
#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

constexpr std::uint64_t kQueueTag = 0;
/// Then the loop looks after what else there is.
constexpr std::size_t kReportsPerTurn = 64;

/// With the address as a number: else Paho would look the name up for each connection.
std::string uri_of(const TargetAddress& target) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  const auto* address = reinterpret_cast<const sockaddr*>(&target.address);
  const int error = ::getnameinfo(address, target.address_bytes, host.data(), host.size(),
                                  port.data(), port.size(), NI_NUMERICHOST | NI_NUMERICSERV);
  assert(error == 0 && "numbers need no look-up");
  static_cast<void>(error);
  const bool v6 = target.address.ss_family == AF_INET6;
  return fmt::format(fmt::runtime(v6 ? "tcp://[{}]:{}" : "tcp://{}:{}"), host.data(), port.data());
}

}  // namespace

PahoTransport::PahoTransport(Player& player, const TargetAddress& target, std::size_t users)
    : player_(player), uri_(uri_of(target)), connections_(users) {
  assert(users <= limits::kPahoUsersMax);
}

PahoTransport::~PahoTransport() = default;

void PahoTransport::attach(int epoll) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kQueueTag;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, queue_.descriptor(), &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void PahoTransport::open(std::uint32_t user) {
  close(user);
  Connection& connection = connections_[user];
  connection.client = std::make_unique<PahoClient>(
      uri_, PahoQueue::Connection{user, connection.generation}, queue_);
  player_.opened(ConnectionNumber{user}, read_clock());
}

void PahoTransport::send(std::uint32_t user, std::string_view bytes) {
  Connection& connection = connections_[user];
  if (!connection.client) return;
  std::string answers;
  const auto asked = connection.translator.take(bytes, *connection.client, answers);
  if (!asked) return lose(user);
  if (!answers.empty()) tell(user, answers, read_clock());
}

void PahoTransport::close(std::uint32_t user) {
  Connection& connection = connections_[user];
  const bool leaves = connection.client && connection.client->disconnecting();
  if (leaves) leaving_[user] = std::move(connection.client);
  const std::uint32_t generation = connection.generation + 1;
  connection = {};
  connection.generation = generation;
}

bool PahoTransport::handle(std::uint64_t, std::uint32_t, const Now&) {
  if (next_ == entries_.size()) {
    entries_.clear();
    next_ = 0;
    queue_.take(entries_);
  }
  if (next_ < entries_.size()) take(entries_[next_++]);
  if (next_ == entries_.size()) {
    taken_in_turn_ = 0;
    return false;
  }
  if (++taken_in_turn_ < kReportsPerTurn) return true;
  taken_in_turn_ = 0;
  queue_.wake();
  return false;
}

void PahoTransport::take(const PahoQueue::Entry& entry) {
  const std::uint32_t user = entry.connection.user;
  Connection& connection = connections_[user];
  const bool current = connection.client && connection.generation == entry.connection.generation;
  if (std::holds_alternative<PahoGone>(entry.report)) {
    if (current) connection.client.reset();
    if (!current) leaving_.erase(user);
    return;
  }
  if (!current) return;
  std::string bytes;
  switch (connection.translator.take(entry.report, bytes)) {
    case PahoTranslator::Outcome::open:
      return tell(user, bytes, entry.at);
    case PahoTranslator::Outcome::lost:
      return lose(user);
    case PahoTranslator::Outcome::not_opened:
      close(user);
      player_.open_failed(ConnectionNumber{user}, read_clock(),
                          std::get<PahoNotConnected>(entry.report).why);
  }
}

void PahoTransport::tell(std::uint32_t user, std::string_view bytes, const Now& begin) {
  player_.received(ConnectionNumber{user}, bytes, {begin, read_clock().steady});
}

void PahoTransport::lose(std::uint32_t user) {
  close(user);
  player_.closed(ConnectionNumber{user}, read_clock());
}

}  // namespace claims::storm
