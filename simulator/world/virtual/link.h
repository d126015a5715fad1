#pragma once
// Link: one connection attempt, from the SYN until neither side hears anything of it any more; and
// what the network knows of a user.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocol/time.h"
#include "simulator/world/packet_scanner.h"
#include "simulator/world/virtual/network.h"
#include "simulator/world/virtual/pipe.h"

namespace claims::storm {

inline constexpr Side other(Side side) {
  return side == Side::user ? Side::server : Side::user;
}

/// The bytes that one side sends, and the events that are in the queue for them.
struct Stream {
  static constexpr Microseconds kNever = Microseconds::max();

  explicit Stream(const Random& random) : pipe(random) {}

  Pipe pipe;
  Microseconds due = kNever;       ///< The earliest event for what arrives.
  Microseconds transmit = kNever;  ///< The event for when the wire has room.
  bool tells_left = false;         ///< Stands in the list of those that tell left().
};

struct Link {
  enum class User : std::uint8_t { connecting, connected, gone };
  /// none: no SYN came, or it was forgotten. expected: its SYN came, the handshake's end did not.
  enum class Server : std::uint8_t { none, expected, backlog, accepted, gone };

  Link(LinkId number, ConnectionNumber of, const Random& random)
      : id(number), user(of), to_server(random.split(0)), to_user(random.split(1)) {}

  Stream& from(Side side) { return side == Side::user ? to_server : to_user; }
  /// It hears of the link, or will.
  bool is_present(Side side) const {
    return side == Side::user ? user_side != User::gone : server_side != Server::gone;
  }

  LinkId id;
  ConnectionNumber user;
  Stream to_server, to_user;
  PacketScanner scanner;  ///< Of what the server reads.
  Microseconds connect_deadline{0};
  User user_side = User::connecting;
  Server server_side = Server::none;
  bool mute = false;  ///< Nothing that is sent arrives any more.
};

/// A user's links that are alive, and its faults.
struct Endpoint {
  std::vector<LinkId> links;  ///< Ascending; the current one is the last.
  std::uint64_t attempts = 0;
  std::int64_t bytes_per_second = 0;
  Microseconds more_latency{0};
  bool holds_to_server = false, holds_to_user = false;
  bool stops_reading = false, cut_after_publish = false;

  bool holds_from(Side side) const { return side == Side::user ? holds_to_server : holds_to_user; }
};

}  // namespace claims::storm
