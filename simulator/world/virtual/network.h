#pragma once
// VirtualNetwork: TCP as it looks from above, in virtual time: byte streams between users and one
// listening server, with latency, bandwidth, send buffers, receive windows, splits and merges, and
// everything that goes wrong on the way.
//
// What a stream carries arrives in order, in pieces of any size, without gap; or the stream ends.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/time.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/population.h"
#include "simulator/world/virtual/event_queue.h"

namespace claims::storm {

/// One connection attempt and what came of it; never reused. Both sides know it by this number.
enum class LinkId : std::uint64_t {};
enum class Side : std::uint8_t { user, server };

/// Happens inside the events of the queue, never inside a call of the network.
class NetworkHandler {
 public:
  virtual ~NetworkHandler() = default;
  /// The user's side: the connection is there (perhaps not accepted yet, as TCP does it).
  virtual void connected(LinkId link, UserNumber user) = 0;
  virtual void refused(LinkId link, UserNumber user, std::string_view why) = 0;
  /// The server's side took it from the backlog.
  virtual void accepted(LinkId link) = 0;
  /// View lives during the call.
  virtual void arrived(LinkId link, Side at, std::string_view bytes) = 0;
  /// So many bytes that this side sent have left its send buffer.
  virtual void left(LinkId link, Side from, std::size_t bytes) = 0;
  /// The other side closed it or it was reset, and this side has read all that came before (of a
  /// reset: it may have lost some). Never after this side's own close().
  virtual void ended(LinkId link, Side at) = 0;
};

/// How good the network is while nothing is wrong; drawn from for each piece.
struct NetworkSpec {
  std::pair<Microseconds, Microseconds> latency{50, 400};  ///< One way.
  std::int64_t bytes_per_second = 12'500'000;              ///< Of each link and direction.
  std::size_t send_buffer_bytes = 64 * 1024;
  std::size_t receive_buffer_bytes = 64 * 1024;
  std::size_t segment_bytes_max = 1'448;  ///< A piece; pieces that wait may arrive merged.
  std::int64_t split_permille = 100;      ///< Of sends cut at a random place.
  std::size_t backlog_max = 128;          ///< Connections that were not accepted yet; then dropped.
  Microseconds accept_time{20};           ///< Between two accepts.
  Microseconds connect_retry{1'000'000};  ///< A SYN that was dropped is sent again so much later.
  Microseconds connect_timeout{60'000'000};
};

class VirtualNetwork {
 public:
  VirtualNetwork(EventQueue& queue, NetworkHandler& handler, const NetworkSpec& spec,
                 const Random& random);
  ~VirtualNetwork();
  VirtualNetwork(const VirtualNetwork&) = delete;
  VirtualNetwork& operator=(const VirtualNetwork&) = delete;

  // The user's side. Answered by connected() or refused().
  LinkId connect(UserNumber user);

  // Both sides. What is sent on a link that has ended is dropped.
  void send(LinkId link, Side from, std::string bytes);
  /// Orderly: after the bytes before it. This side hears nothing more.
  void close(LinkId link, Side from);
  /// At once: what has not arrived is lost.
  void reset(LinkId link, Side from);

  // The server's side.
  void listen();
  /// The server's process is gone: its listener and all its sides are; users' sides are reset.
  void server_gone();

  // Faults. Those of a user hold for the link that it has and for those that follow, until undone.
  void refuse_connections(bool refuse);
  void hold_backlog(bool hold);
  /// Both sides hear a reset.
  void cut(UserNumber user);
  /// The user's side hears a reset; the server's side stays open and hears nothing.
  void lose_user_side(UserNumber user);
  /// The next PUBLISH of the user arrives (its last byte), then the link is cut, before anything
  /// the server sent since has arrived.
  void cut_after_publish(UserNumber user);
  /// Bytes of the link vanish, without a word; until `end_half_open`, which resets the user's side.
  void begin_half_open(UserNumber user);
  void end_half_open(UserNumber user);
  void hold_back(UserNumber user, Direction direction, bool hold);
  void limit_rate(UserNumber user, std::int64_t bytes_per_second);  ///< 0: as in the spec.
  void add_latency(UserNumber user, Microseconds more);             ///< 0: none.
  void stop_reading(UserNumber user, bool stop);
  /// Undoes all of them; half-open links are reset at the user's side.
  void heal();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claims::storm
