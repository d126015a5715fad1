#pragma once
// Pipe: one direction of a link. Its bytes stand in one row: those that arrived and were not read,
// those on the wire, those that wait to be sent. It knows times and sizes, and calls nobody.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/time.h"
#include "simulator/scenario/expression.h"
#include "simulator/world/virtual/network.h"

namespace claims::storm {

class Pipe {
 public:
  explicit Pipe(const Random& random) : random_(random) {}

  /// How the wire is at this moment.
  struct Wire {
    const NetworkSpec& spec;
    Microseconds now{0};
    std::int64_t bytes_per_second = 1;
    Microseconds more_latency{0};
    bool vanishes = false;  ///< What is put on it never arrives, and is never acknowledged.
  };

  // The sending end.
  void send(std::string bytes);
  void end();  ///< No bytes follow: the end is put on the wire behind those before it.
  /// Puts on the wire what the receiver's window and the wire have room for. When it is the wire
  /// that has no room: when to call again.
  std::optional<Microseconds> transmit(const Wire& wire);
  /// Something without bytes that arrives like them: a handshake's last step.
  void put_mark(const Wire& wire);
  /// Bytes that the send buffer took (those on the wire, and of those that wait as many as fit)
  /// since the last call.
  std::size_t take_accepted(std::size_t send_buffer_bytes);
  bool accepts_more(std::size_t send_buffer_bytes) const {
    return accepted(send_buffer_bytes) > told_;
  }
  Microseconds draw_latency(const Wire& wire);

  // The receiving end.
  /// What is due arrives. False: nothing was.
  bool receive(Microseconds now);
  /// When the next of what is on the wire arrives; perhaps in the past.
  std::optional<Microseconds> next_due() const;
  std::size_t unread() const { return unread_; }
  std::string take_unread();
  bool end_arrived() const { return end_ == End::arrived; }
  bool was_reset() const { return reset_; }

  // What goes wrong. After reset_*() nothing more is sent.
  /// What is on the wire or waits is lost; the news of it arrives after a latency, or at `at`.
  void reset(const Wire& wire);
  void reset_at(Microseconds at);
  /// The same, and the receiver knows it already; what it has not read is lost too.
  void reset_now();
  void mark_reset() { reset_ = true; }  ///< The end that waits or is on the wire is a reset.
  void drop_waiting();
  void drop_unread();
  void delay(Microseconds until);  ///< What is on the wire arrives no sooner.
  void vanish();                   ///< What is on the wire never arrives.
  void discard();  ///< All of it, as by a receiver that closed: acknowledged, and thrown away.
  bool carries_bytes() const { return unread_ + in_flight_ > 0; }

 private:
  enum class End : std::uint8_t { none, waits, on_wire, arrived, vanished };
  struct Piece {
    Microseconds at{0};
    std::size_t bytes = 0;
  };

  std::size_t waiting() const { return bytes_.size() - head_ - unread_ - in_flight_; }
  std::uint64_t accepted(std::size_t send_buffer_bytes) const;
  std::size_t piece_size(const Wire& wire, std::size_t room);
  void put(const Wire& wire, std::size_t bytes);
  void put_end(const Wire& wire);
  void erase(std::size_t offset, std::size_t count);  ///< Of the row.

  std::string bytes_;  ///< The row begins at head_.
  std::size_t head_ = 0, unread_ = 0, in_flight_ = 0;
  std::size_t vanished_ = 0;   ///< Bytes of the window that never come free again.
  std::vector<Piece> flight_;  ///< Ascending.
  std::uint64_t sent_ = 0, told_ = 0;
  Microseconds wire_free_{0}, last_arrival_{0}, end_at_{0};
  Random random_;
  End end_ = End::none;
  bool reset_ = false, dead_ = false;
};

}  // namespace claims::storm
