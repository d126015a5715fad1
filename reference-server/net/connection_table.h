#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/time.h"
#include "reference-server/broker/broker.h"
#include "reference-server/net/descriptor.h"
#include "reference-server/net/epoll.h"

namespace claims::server {

/// The sockets of the clients. One thread.
///
/// An idle connection costs one slot and no buffer; only output that the kernel did not take is
/// kept. A closed connection's last bytes (why it was refused) would be lost if its socket were
/// closed with input unread (TCP resets it), so a close lingers: what is left is written, the
/// sending side ends, input is thrown away until the client closes or kClosing is over.
class ConnectionTable {
 public:
  /// Everything about a closing connection is over after this long.
  static constexpr Microseconds kClosing{2'000'000};

  ConnectionTable(Epoll& epoll, std::size_t connections_max);
  ~ConnectionTable();
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;

  /// Nothing: full, and the socket is closed. Its number is the token of its readiness.
  std::optional<ConnectionId> add(Descriptor socket);

  struct Received {
    std::size_t bytes = 0;  ///< At the beginning of the buffer.
    bool gone = false;      ///< Ended by the client; the connection is no more.
  };
  /// `ended`: as its readiness says. What the buffer had no room for comes with the next wait.
  Received receive(ConnectionId connection, std::span<char> buffer, bool ended);

  struct Sent {
    std::size_t bytes = 0;  ///< Left just now, of all that was handed over.
    bool gone = false;      ///< Broke; the connection is no more.
  };
  Sent send(ConnectionId connection, std::string&& bytes);
  /// The kernel takes output again.
  Sent flush(ConnectionId connection);
  /// The connection is no more for the caller; its output still leaves.
  void close(ConnectionId connection, const Now& now);
  void close_all(const Now& now);

  /// Ends closing connections whose time is over.
  void expire(const Now& now);
  std::optional<Microseconds> next_deadline() const;

  std::size_t open() const { return open_; }
  std::size_t closing() const { return closing_count_; }

 private:
  enum class State : std::uint8_t { none, open, finishing, lingering };
  struct Slot {
    int descriptor = -1;
    State state = State::none;
    bool watching_output = false;
    std::uint64_t generation = 0;
    std::string output;
    std::size_t left = 0;  // Bytes of `output` that are out.
  };
  struct Closing {
    Microseconds deadline;
    ConnectionId connection;
  };

  Slot* find(ConnectionId connection);
  Sent write_output(ConnectionId connection, Slot& slot);
  void keep_rest(ConnectionId connection, Slot& slot, std::string&& rest, std::size_t left);
  void finish(ConnectionId connection, Slot& slot);
  void release(ConnectionId connection, Slot& slot);

  Epoll& epoll_;
  const std::size_t connections_max_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::deque<Closing> closing_;  // By deadline.
  std::size_t open_ = 0, closing_count_ = 0;
};

}  // namespace claims::server
