#include "reference-server/broker/received_publishes.h"

#include <algorithm>

namespace claims::server {

bool ReceivedPublishes::holds(std::uint16_t packet_id) const {
  const auto place = std::ranges::lower_bound(entries_, packet_id, {}, &Entry::packet_id);
  return place != entries_.end() && place->packet_id == packet_id;
}

void ReceivedPublishes::add(std::uint16_t packet_id) {
  const auto place = std::ranges::lower_bound(entries_, packet_id, {}, &Entry::packet_id);
  entries_.insert(place, {packet_id, true});
  ++of_connection_;
}

bool ReceivedPublishes::release(std::uint16_t packet_id) {
  const auto place = std::ranges::lower_bound(entries_, packet_id, {}, &Entry::packet_id);
  if (place == entries_.end() || place->packet_id != packet_id) return false;
  if (place->of_connection) --of_connection_;
  entries_.erase(place);
  return true;
}

void ReceivedPublishes::connection_lost() {
  for (Entry& entry : entries_) entry.of_connection = false;
  of_connection_ = 0;
}

}  // namespace claims::server
