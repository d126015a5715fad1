#pragma once
// ConnectionIndex: the connections by their number. It is asked for every packet and every write,
// so a look-up reads one place of a table, mostly, and then the connection itself.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "reference-server/broker/connection.h"

namespace claims::server {

class ConnectionIndex {
 public:
  /// Null when there is none of that number.
  Connection* find(ConnectionId id) const {
    for (std::size_t at = home(id); places_[at]; at = next(at)) {
      if (places_[at].id == id) return places_[at].connection.get();
    }
    return nullptr;
  }
  /// Its number is not in use. References to a connection stay valid until it is removed.
  Connection& add(std::unique_ptr<Connection> connection);
  void remove(ConnectionId id);
  std::size_t size() const { return size_; }
  /// In no order.
  template <class Visit>
  void for_each(Visit&& visit) {
    for (Place& place : places_) {
      if (place) visit(*place.connection);
    }
  }

 private:
  struct Place {
    ConnectionId id{};
    std::unique_ptr<Connection> connection;
    explicit operator bool() const { return connection != nullptr; }
  };
  // At most half full; who finds its home taken stands behind, without a gap.
  static constexpr unsigned kPlacesFirst = 64;
  std::size_t next(std::size_t at) const { return (at + 1) & (places_.size() - 1); }
  std::size_t home(ConnectionId id) const {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15U >> 32U) &
           (places_.size() - 1);
  }
  void put(std::unique_ptr<Connection> connection);

  std::vector<Place> places_ = std::vector<Place>(kPlacesFirst);
  std::size_t size_ = 0;
};

}  // namespace claims::server
