#include "reference-server/net/connection_table.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace claims::server {
namespace {

// A connection's number: its slot in the low bits, above it how often the slot was used, from 1.
constexpr unsigned kSlotBits = 20;

ConnectionId make_id(std::size_t slot, std::uint64_t generation) {
  return ConnectionId{generation << kSlotBits | slot};
}
std::size_t slot_of(ConnectionId connection) {
  return static_cast<std::uint64_t>(connection) & ((std::uint64_t{1} << kSlotBits) - 1);
}
std::uint64_t generation_of(ConnectionId connection) {
  return static_cast<std::uint64_t>(connection) >> kSlotBits;
}
Epoll::Token token_of(ConnectionId connection) {
  return static_cast<Epoll::Token>(connection);
}

bool try_later() {
  return errno == EAGAIN || errno == EINTR;
}

}  // namespace

ConnectionTable::ConnectionTable(Epoll& epoll, std::size_t connections_max)
    : epoll_(epoll), connections_max_(connections_max) {}

ConnectionTable::~ConnectionTable() {
  for (Slot& slot : slots_) {
    if (slot.descriptor >= 0) ::close(slot.descriptor);
  }
}

std::optional<ConnectionId> ConnectionTable::add(Descriptor socket) {
  if (open_ >= connections_max_) return std::nullopt;
  if (free_.empty()) {
    if (slots_.size() >> kSlotBits != 0) return std::nullopt;
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  Slot& slot = slots_[index];
  const ConnectionId connection = make_id(index, slot.generation + 1);
  if (!epoll_.add_edge(socket.number(), token_of(connection))) return std::nullopt;
  free_.pop_back();
  ++slot.generation;
  slot.descriptor = socket.release();
  slot.state = State::open;
  ++open_;
  return connection;
}

ConnectionTable::Received ConnectionTable::receive(ConnectionId connection, std::span<char> buffer,
                                                   bool ended) {
  Slot* slot = find(connection);
  if (slot == nullptr || slot->state == State::finishing) return {};
  const ssize_t count = ::recv(slot->descriptor, buffer.data(), buffer.size(), 0);
  const bool was_open = slot->state == State::open;
  if (count == 0 || (count < 0 && !try_later())) {
    release(connection, *slot);
    return {.bytes = 0, .gone = was_open};
  }
  // A read that did not fill the buffer has taken all there was; but the end, if it had come by
  // then, will not be told by another edge.
  if (ended || count < 0 || static_cast<std::size_t>(count) == buffer.size()) {
    epoll_.watch(slot->descriptor, token_of(connection), true, slot->watching_output);
  }
  if (count < 0) return {};
  return {.bytes = was_open ? static_cast<std::size_t>(count) : 0, .gone = false};
}

ConnectionTable::Sent ConnectionTable::send(ConnectionId connection, std::string&& bytes) {
  Slot* slot = find(connection);
  if (slot == nullptr || slot->state != State::open || bytes.empty()) return {};
  if (!slot->output.empty()) {  // The kernel is full: flush() goes on when it is not.
    slot->output.append(bytes);
    return {};
  }
  const ssize_t count = ::send(slot->descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count < 0 && !try_later()) {
    release(connection, *slot);
    return {.bytes = 0, .gone = true};
  }
  const std::size_t left = count < 0 ? 0 : static_cast<std::size_t>(count);
  if (left < bytes.size()) keep_rest(connection, *slot, std::move(bytes), left);
  return {.bytes = left, .gone = false};
}

void ConnectionTable::keep_rest(ConnectionId connection, Slot& slot, std::string&& rest,
                                std::size_t left) {
  slot.output = std::move(rest);
  slot.left = left;
  if (!slot.watching_output) {
    epoll_.watch(slot.descriptor, token_of(connection), true, true);
    slot.watching_output = true;
  }
}

ConnectionTable::Sent ConnectionTable::flush(ConnectionId connection) {
  Slot* slot = find(connection);
  if (slot == nullptr || slot->output.empty()) return {};
  const bool was_open = slot->state == State::open;
  const Sent sent = write_output(connection, *slot);
  return was_open ? sent : Sent{};
}

ConnectionTable::Sent ConnectionTable::write_output(ConnectionId connection, Slot& slot) {
  const std::string_view rest = std::string_view(slot.output).substr(slot.left);
  const ssize_t count = ::send(slot.descriptor, rest.data(), rest.size(), MSG_NOSIGNAL);
  if (count < 0) {
    if (try_later()) return {};
    release(connection, slot);
    return {.bytes = 0, .gone = true};
  }
  const auto left = static_cast<std::size_t>(count);
  slot.left += left;
  if (left == rest.size()) {
    slot.output = std::string();  // Gives the memory back: an idle connection has no buffer.
    slot.left = 0;
    slot.watching_output = false;
    if (slot.state == State::finishing) {
      finish(connection, slot);
    } else {
      epoll_.watch(slot.descriptor, token_of(connection), true, false);
    }
  }
  return {.bytes = left, .gone = false};
}

void ConnectionTable::close(ConnectionId connection, const Now& now) {
  Slot* slot = find(connection);
  if (slot == nullptr || slot->state != State::open) return;
  --open_;
  ++closing_count_;
  slot->state = State::finishing;
  closing_.push_back({now.steady + kClosing, connection});
  if (slot->output.empty()) {
    finish(connection, *slot);
  } else {
    // Input waits unread: it is thrown away once the output has left.
    epoll_.watch(slot->descriptor, token_of(connection), false, true);
  }
}

void ConnectionTable::close_all(const Now& now) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].state == State::open) close(make_id(i, slots_[i].generation), now);
  }
}

void ConnectionTable::finish(ConnectionId connection, Slot& slot) {
  slot.state = State::lingering;
  if (::shutdown(slot.descriptor, SHUT_WR) != 0) {
    release(connection, slot);
    return;
  }
  epoll_.watch(slot.descriptor, token_of(connection), true, false);
}

void ConnectionTable::expire(const Now& now) {
  while (!closing_.empty() && closing_.front().deadline <= now.steady) {
    const ConnectionId connection = closing_.front().connection;
    closing_.pop_front();
    if (Slot* slot = find(connection)) release(connection, *slot);
  }
}

std::optional<Microseconds> ConnectionTable::next_deadline() const {
  if (closing_.empty()) return std::nullopt;
  return closing_.front().deadline;
}

ConnectionTable::Slot* ConnectionTable::find(ConnectionId connection) {
  const std::size_t index = slot_of(connection);
  if (index >= slots_.size()) return nullptr;
  Slot& slot = slots_[index];
  if (slot.state == State::none || slot.generation != generation_of(connection)) return nullptr;
  return &slot;
}

void ConnectionTable::release(ConnectionId connection, Slot& slot) {
  --(slot.state == State::open ? open_ : closing_count_);
  ::close(slot.descriptor);  // Leaves the epoll set by itself.
  const std::uint64_t generation = slot.generation;
  slot = Slot{};
  slot.generation = generation;
  free_.push_back(static_cast<std::uint32_t>(slot_of(connection)));
}

}  // namespace claims::server
