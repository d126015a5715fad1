#pragma once
// PahoTransport: the virtual users' MQTT over Eclipse Paho C++, an implementation that is not ours.
//
// Each user's packets are translated to Paho's calls and back (paho_translator.h says what Paho
// does not show). Paho's threads report into a bounded queue, which the loop takes them from; the
// time of a report is that of Paho's callback, and so the lag of reading counts from there.
//
// A connection begins with CONNECT, as Paho makes the TCP connection and the MQTT one in one step:
// the player is told that it is open at once, and that it failed to open when Paho says so.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/actor/player.h"
#include "simulator/world/real/paho_client.h"
#include "simulator/world/real/paho_queue.h"
#include "simulator/world/real/paho_translator.h"
#include "simulator/world/real/target_address.h"
#include "simulator/world/real/transport.h"

namespace claims::storm {

class PahoTransport final : public Transport {
 public:
  /// `users`: of the player, at most limits::kPahoUsersMax. Its end takes up to two seconds, until
  /// Paho's threads have ended.
  PahoTransport(Player& player, const TargetAddress& target, std::size_t users);
  ~PahoTransport() override;
  PahoTransport(const PahoTransport&) = delete;
  PahoTransport& operator=(const PahoTransport&) = delete;

  void attach(int epoll) override;
  void open(std::uint32_t user) override;
  void send(std::uint32_t user, std::string_view bytes) override;
  void close(std::uint32_t user) override;
  bool handle(std::uint64_t tag, std::uint32_t events, const Now& begin) override;

 private:
  struct Connection {
    std::uint32_t generation = 0;
    std::unique_ptr<PahoClient> client;  // Null: none.
    PahoTranslator translator;
  };

  void take(const PahoQueue::Entry& entry);
  void tell(std::uint32_t user, std::string_view bytes, const Now& begin);
  void lose(std::uint32_t user);

  Player& player_;
  const std::string uri_;
  PahoQueue queue_;
  const PahoThreads threads_;
  std::vector<Connection> connections_;  // By user.
  /// By user: one that said DISCONNECT, until Paho has sent that.
  std::map<std::uint32_t, std::unique_ptr<PahoClient>> leaving_;
  std::vector<PahoQueue::Entry> entries_;  // Taken from the queue; those from next_ on are to do.
  std::size_t next_ = 0, taken_in_turn_ = 0;
};

}  // namespace claims::storm
