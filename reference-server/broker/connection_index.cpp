#include "reference-server/broker/connection_index.h"

#include <cassert>
#include <utility>

namespace claims::server {

Connection& ConnectionIndex::add(std::unique_ptr<Connection> connection) {
  assert(find(connection->id) == nullptr && "connection numbers are never reused");
  if (2 * (size_ + 1) > places_.size()) {
    std::vector<Place> old(2 * places_.size());
    old.swap(places_);
    for (Place& place : old) {
      if (place) put(std::move(place.connection));
    }
  }
  ++size_;
  Connection& added = *connection;
  put(std::move(connection));
  return added;
}

void ConnectionIndex::put(std::unique_ptr<Connection> connection) {
  std::size_t at = home(connection->id);
  while (places_[at]) at = next(at);
  const ConnectionId id = connection->id;
  places_[at] = {id, std::move(connection)};
}

void ConnectionIndex::remove(ConnectionId id) {
  std::size_t gap = home(id);
  while (places_[gap] && places_[gap].id != id) gap = next(gap);
  if (!places_[gap]) return;
  places_[gap].connection.reset();
  --size_;
  // Whoever stands behind and is nearer to its home at the gap moves up.
  const std::size_t mask = places_.size() - 1;
  for (std::size_t at = next(gap); places_[at]; at = next(at)) {
    const std::size_t from_home = (at - home(places_[at].id)) & mask;
    const std::size_t from_gap = (at - gap) & mask;
    if (from_home < from_gap) continue;
    places_[gap] = std::move(places_[at]);
    gap = at;
  }
}

}  // namespace claims::server
