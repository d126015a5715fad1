#pragma once
// ReceivedPublishes: packet identifiers of QoS 2 publishes that were taken in and not released by a
// PUBREL: what comes again under one of them is no new message [MQTT-4.3.3-10]. They belong to the
// session.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace claims::server {

class ReceivedPublishes {
 public:
  bool holds(std::uint16_t packet_id) const;
  /// One that is not held yet.
  void add(std::uint16_t packet_id);
  /// False when it was not held.
  bool release(std::uint16_t packet_id);
  /// Of the present connection: what our receive maximum bounds.
  std::size_t of_connection() const { return of_connection_; }
  void connection_lost();

 private:
  struct Entry {
    std::uint16_t packet_id = 0;
    bool of_connection = false;
  };
  std::vector<Entry> entries_;  // By identifier; clients mostly count upwards.
  std::size_t of_connection_ = 0;
};

}  // namespace claims::server
