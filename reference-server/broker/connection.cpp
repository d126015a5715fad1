#include "reference-server/broker/connection.h"

#include <algorithm>

namespace claims::server {
namespace {

/// One and a half times the keep-alive [MQTT-3.1.2-24 in 3.1.1, MQTT-3.1.2-22 in 5.0].
Microseconds silence_max(std::uint16_t keep_alive_s) {
  return Microseconds{std::int64_t{keep_alive_s} * 1'500'000};
}

/// The wall clock may jump, so a far expiry is looked at again now and then.
constexpr Milliseconds kExpiryCheck{60'000};

}  // namespace

bool Connection::keep_alive_expired(const Now& now) const {
  return keep_alive_s != 0 && now.steady >= last_packet + silence_max(keep_alive_s);
}

std::optional<Microseconds> Connection::true_deadline(Microseconds connect_deadline,
                                                      const Now& now) const {
  if (state == State::closing) return std::nullopt;
  if (state == State::awaiting_connect) return last_packet + connect_deadline;
  std::optional<Microseconds> deadline;
  if (keep_alive_s != 0) deadline = last_packet + silence_max(keep_alive_s);
  if (token_expires.count() != 0) {
    const Milliseconds left = token_expires > now.wall
                                  ? std::min(token_expires - now.wall, kExpiryCheck)
                                  : Milliseconds{0};
    deadline = std::min(deadline.value_or(Microseconds::max()), now.steady + Microseconds{left});
  }
  return deadline;
}

}  // namespace claims::server
