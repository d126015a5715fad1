#pragma once
// Transport: what carries a player's MQTT to the server and back: our own client over TCP sockets
// (SocketTransport), or Paho's (PahoTransport).
//
// It tells the Player what happened; RealWorld's loop, on whose thread all of it runs, does the
// waiting.

#include <cstdint>
#include <string_view>

#include "protocol/time.h"

namespace claims::storm {

class Transport {
 public:
  virtual ~Transport() = default;

  /// Before anything else, once: the epoll instance of the loop. A transport waits there for what
  /// it likes, by tags below `kTagEnd`.
  virtual void attach(int epoll) = 0;
  static constexpr std::uint64_t kTagEnd = ~std::uint64_t{0} - 15;

  // What the player's actions ask for. Users are counted from 0.
  virtual void open(std::uint32_t user) = 0;
  /// Whole packets, in their order. Ignored without a connection.
  virtual void send(std::uint32_t user, std::string_view bytes) = 0;
  virtual void close(std::uint32_t user) = 0;

  /// What it waits for by `tag` has happened, and was found at the beginning of the turn. Takes one
  /// thing of it. True: there is more, and it wants to be called again after the player's actions
  /// have been carried out.
  virtual bool handle(std::uint64_t tag, std::uint32_t events, const Now& begin) = 0;
};

}  // namespace claims::storm
