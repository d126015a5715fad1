#include "simulator/world/virtual/pipe.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace claims::storm {
namespace {

/// The network card takes so much ahead, which spares an event for each piece of a short message.
constexpr Microseconds kCardQueue{1'000};
/// No piece occupies the wire much longer than 1/20 s, so that a slow wire gives small ones.
constexpr std::int64_t kPiecesPerSecondMin = 20;
constexpr std::size_t kIdlePiecesMax = 8;

}  // namespace

void Pipe::send(std::string bytes) {
  if (dead_ || end_ != End::none) return;
  sent_ += bytes.size();
  if (bytes_.empty()) {
    bytes_ = std::move(bytes);
  } else {
    bytes_ += bytes;
  }
}

void Pipe::end() {
  if (end_ == End::none) end_ = End::waits;
}

std::optional<Microseconds> Pipe::transmit(const Wire& wire) {
  while (waiting() > 0) {
    const std::size_t taken = unread_ + in_flight_ + vanished_;
    if (taken >= wire.spec.receive_buffer_bytes) return std::nullopt;
    if (wire_free_ > wire.now + kCardQueue) return wire_free_ - kCardQueue;
    put(wire, piece_size(wire, wire.spec.receive_buffer_bytes - taken));
  }
  if (end_ == End::waits) put_end(wire);
  return std::nullopt;
}

std::size_t Pipe::piece_size(const Wire& wire, std::size_t room) {
  const auto slow = static_cast<std::size_t>(
      std::max<std::int64_t>(1, wire.bytes_per_second / kPiecesPerSecondMin));
  const std::size_t size = std::min({waiting(), wire.spec.segment_bytes_max, room, slow});
  if (size < 2 || wire.spec.split_permille <= 0) return size;
  const std::uint64_t luck = random_.below(1'000);
  if (luck >= static_cast<std::uint64_t>(wire.spec.split_permille)) return size;
  return 1 + static_cast<std::size_t>(random_.below(size - 1));
}

void Pipe::put(const Wire& wire, std::size_t bytes) {
  const auto rate = static_cast<std::uint64_t>(wire.bytes_per_second);
  const std::uint64_t duration = (bytes * std::uint64_t{1'000'000} + rate - 1) / rate;
  wire_free_ =
      std::max(wire.now, wire_free_) + Microseconds(static_cast<Microseconds::rep>(duration));
  last_arrival_ = std::max(last_arrival_, wire_free_ + draw_latency(wire));
  if (wire.vanishes) {
    erase(unread_ + in_flight_, bytes);
    vanished_ += bytes;
    return;
  }
  flight_.push_back({last_arrival_, bytes});
  in_flight_ += bytes;
}

void Pipe::put_mark(const Wire& wire) {
  put(wire, 0);
}

void Pipe::put_end(const Wire& wire) {
  end_ = wire.vanishes ? End::vanished : End::on_wire;
  last_arrival_ = std::max(last_arrival_, std::max(wire.now, wire_free_) + draw_latency(wire));
  end_at_ = last_arrival_;
}

Microseconds Pipe::draw_latency(const Wire& wire) {
  const auto [least, most] = wire.spec.latency;
  const auto span = static_cast<std::uint64_t>((most - least).count());
  const std::uint64_t drawn = random_.below(span + 1);
  return least + Microseconds(static_cast<Microseconds::rep>(drawn)) + wire.more_latency;
}

std::uint64_t Pipe::accepted(std::size_t send_buffer_bytes) const {
  if (dead_) return told_;
  const std::size_t waits = waiting();
  return sent_ - (waits > send_buffer_bytes ? waits - send_buffer_bytes : 0);
}

std::size_t Pipe::take_accepted(std::size_t send_buffer_bytes) {
  const std::uint64_t now = accepted(send_buffer_bytes);
  return static_cast<std::size_t>(now - std::exchange(told_, now));
}

bool Pipe::receive(Microseconds now) {
  const auto later = std::find_if(flight_.begin(), flight_.end(),
                                  [now](const Piece& piece) { return piece.at > now; });
  bool something = later != flight_.begin();
  for (auto piece = flight_.begin(); piece != later; ++piece) {
    unread_ += piece->bytes;
    in_flight_ -= piece->bytes;
  }
  flight_.erase(flight_.begin(), later);
  if (!flight_.empty()) return something;
  if (flight_.capacity() > kIdlePiecesMax) flight_ = {};
  if (end_ == End::on_wire && end_at_ <= now) {
    end_ = End::arrived;
    something = true;
  }
  return something;
}

std::optional<Microseconds> Pipe::next_due() const {
  if (!flight_.empty()) return flight_.front().at;
  if (end_ == End::on_wire) return end_at_;
  return std::nullopt;
}

std::string Pipe::take_unread() {
  if (head_ == 0 && unread_ == bytes_.size()) {
    unread_ = 0;
    return std::exchange(bytes_, {});
  }
  std::string taken = bytes_.substr(head_, unread_);
  drop_unread();
  return taken;
}

void Pipe::drop_unread() {
  erase(0, std::exchange(unread_, 0));
}

void Pipe::drop_waiting() {
  const std::size_t count = waiting();
  erase(unread_ + in_flight_, count);
}

void Pipe::erase(std::size_t offset, std::size_t count) {
  assert(head_ + offset + count <= bytes_.size());
  if (offset > 0) {
    bytes_.erase(head_ + offset, count);
    return;
  }
  head_ += count;
  if (head_ == bytes_.size()) {
    bytes_ = {};
    head_ = 0;
  } else if (head_ > bytes_.size() / 2) {
    bytes_.erase(0, head_);
    head_ = 0;
  }
}

void Pipe::reset(const Wire& wire) {
  reset_at(wire.now + draw_latency(wire));
  if (wire.vanishes && end_ == End::on_wire) end_ = End::vanished;
}

void Pipe::reset_at(Microseconds at) {
  drop_waiting();
  erase(unread_, std::exchange(in_flight_, 0));
  flight_.clear();
  dead_ = reset_ = true;
  if (end_ == End::arrived || end_ == End::vanished) return;
  end_ = End::on_wire;
  end_at_ = at;
}

void Pipe::reset_now() {
  reset_at(Microseconds{0});
  drop_unread();
  end_ = End::arrived;
}

void Pipe::delay(Microseconds until) {
  for (Piece& piece : flight_) piece.at = std::max(piece.at, until);
  if (end_ == End::on_wire) end_at_ = std::max(end_at_, until);
  last_arrival_ = std::max(last_arrival_, until);
}

void Pipe::vanish() {
  vanished_ += in_flight_;
  erase(unread_, std::exchange(in_flight_, 0));
  flight_.clear();
  if (end_ == End::on_wire) end_ = End::vanished;
}

void Pipe::discard() {
  bytes_ = {};
  head_ = unread_ = in_flight_ = 0;
  flight_ = {};
}

}  // namespace claims::storm
