#pragma once
// VirtualNetwork: TCP as it looks from above, in virtual time: byte streams between users (each a
// device with a connection of its own) and one listening server, with latency, bandwidth, send
// buffers, receive windows, splits and merges, and everything that goes wrong on the way.
//
// What a stream carries arrives in order, in pieces of any size, without gap; or the stream ends.
//
// Sending is never refused: what a side sends beyond its send buffer waits before it, as in a
// shell's own output, and left() tells what the buffer took. The buffer empties onto the wire, as
// far as the receiver's window lets it; a receiver that does not read leaves its window full.
//
// Each link draws from streams of its own for each direction, split by user and attempt: what
// happens to one link changes nothing of another's times, but for the one backlog. The queue must
// not run any more once the network is gone.

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

/// Happens inside the events of the queue, never inside a call of the network; may call the network
/// for anything. A side that closed, reset or lost its link hears nothing more of it.
class NetworkHandler {
 public:
  virtual ~NetworkHandler() = default;
  /// The user's side: the connection is there (perhaps not accepted yet, as TCP does it).
  virtual void connected(LinkId link, ConnectionNumber user) = 0;
  /// The user's side: there will be none. Why: in the words of the operating system.
  virtual void refused(LinkId link, ConnectionNumber user, std::string_view why) = 0;
  /// The server's side took it from the backlog.
  virtual void accepted(LinkId link) = 0;
  /// View lives during the call.
  virtual void arrived(LinkId link, Side at, std::string_view bytes) = 0;
  /// The send buffer took so many more of the bytes that this side sent, in the order of sending:
  /// at the instant of sending, when there is room; else when what is before them is on the wire.
  /// Nothing is told of what was lost because the link ended before.
  virtual void left(LinkId link, Side from, std::size_t bytes) = 0;
  /// The other side closed it or it was reset, and this side has read all that came before (of a
  /// reset: it may have lost some). Once, and never after this side's own close() or reset().
  virtual void ended(LinkId link, Side at) = 0;
};

/// How good the network is while nothing is wrong; drawn from for each piece. Pieces keep their
/// order: one that was quicker than that before it arrives merged with it.
struct NetworkSpec {
  std::pair<Microseconds, Microseconds> latency{50, 400};  ///< One way.
  std::int64_t bytes_per_second = 12'500'000;              ///< Of each link and direction.
  std::size_t send_buffer_bytes = 64 * 1024;
  std::size_t receive_buffer_bytes = 64 * 1024;  ///< On the wire and not read, together.
  std::size_t segment_bytes_max = 1'448;         ///< A piece; pieces that wait may arrive merged.
  std::int64_t split_permille = 100;             ///< Of pieces cut at a random place.
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

  // The user's side. Answered by connected() or refused(), unless it is closed before. A SYN that
  // finds the backlog full, or a direction held back, is lost and sent again.
  LinkId connect(ConnectionNumber user);

  // Both sides. Nothing happens on a link that has ended for this side, or is not accepted yet.
  void send(LinkId link, Side from, std::string bytes);
  /// Orderly: after the bytes before it. This side hears nothing more; what still comes to it is
  /// thrown away. A user's close is that of its socket: with bytes unread or coming in, its own
  /// that are not on the wire yet are lost. The server lingers, as its shell does, and loses none.
  void close(LinkId link, Side from);
  /// At once: what has not arrived, in either direction, is lost. This side hears nothing more.
  void reset(LinkId link, Side from);

  // The server's side.
  void listen();
  /// The server's process is gone: its listener and all its sides are, without a call of the
  /// handler; users' sides are reset, after what is on the wire already.
  void server_gone();

  // Faults. Those of a user that can be undone hold for the links that it has and for those that
  // follow, until then; the others happen to the link of its last connect(), if it is there.
  void refuse_connections(bool refuse);
  void hold_backlog(bool hold);
  /// Both sides hear a reset, now, unless it is held back; what has not arrived is lost.
  void cut(ConnectionNumber user);
  /// The user's side hears a reset; the server's side stays open and hears nothing.
  void lose_user_side(ConnectionNumber user);
  /// The next PUBLISH of the user, on this link or one that follows, arrives (its last byte), then
  /// the link is cut, before anything the server sent since has arrived.
  void cut_after_publish(ConnectionNumber user);
  /// Bytes and ends of the user's link vanish, without a word, those on the wire too; until
  /// `end_half_open`, which resets the user's side. The server's side never hears anything again.
  void begin_half_open(ConnectionNumber user);
  void end_half_open(ConnectionNumber user);
  /// Bytes and ends in that direction arrive only when let go; handshakes fail or wait.
  void hold_back(ConnectionNumber user, Direction direction, bool hold);
  void limit_rate(ConnectionNumber user, std::int64_t bytes_per_second);  ///< 0: as in the spec.
  void add_latency(ConnectionNumber user, Microseconds more);             ///< 0: none.
  void stop_reading(ConnectionNumber user, bool stop);
  /// Undoes all of them; half-open links are reset at the user's side.
  void heal();

  /// Of which a side still hears; what has ended takes no memory.
  std::size_t links_alive() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claims::storm
