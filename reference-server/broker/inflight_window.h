#pragma once
// InflightWindow: QoS 1 deliveries of one session that its client has not acknowledged.
//
// Outlives the connection: what was kept is sent again with its old packet identifier and DUP
// [MQTT-4.4.0-1].

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace claims::server {

class InflightWindow {
 public:
  /// The first packet identifier that it gives, not 0, and the last before it begins again at 1.
  explicit InflightWindow(std::uint16_t first_id = 1, std::uint16_t last_id = 65'535);

  /// Deliveries sent on the present connection and not acknowledged: what a receive maximum bounds.
  std::size_t sent() const { return sent_; }

  /// Registers a delivery as sent and gives its packet identifier: 1 to the last and round again,
  /// without those in flight. `kept`: survives the connection.
  std::uint16_t add(std::uint64_t tag, bool kept);
  /// The old packet identifier of a delivery that waits to be sent again, which counts as sent now.
  std::optional<std::uint16_t> send_again(std::uint64_t tag);
  /// The tag of an acknowledged delivery; nothing for an identifier not in flight.
  std::optional<std::uint64_t> acknowledge(std::uint16_t packet_id);

  /// What was kept is of no meaning any more, as it is to be sent anew: what was sent keeps its
  /// identifier until it is acknowledged, which then tells nothing (tag 0).
  void forget_kept();
  /// All that was kept waits to be sent again; at most `kept_max`, the latest, stay.
  void connection_lost(std::size_t kept_max);
  /// Oldest first.
  std::vector<std::uint64_t> tags() const;

 private:
  struct Entry {
    std::uint64_t tag = 0;
    std::uint16_t packet_id = 0;
    bool sent = false;
    bool kept = false;
  };
  bool in_flight(std::uint16_t packet_id) const;
  void remove(std::size_t index);
  void release_front();

  // A queue in a vector: acknowledgements mostly come in order, then only head_ moves.
  std::vector<Entry> entries_;
  std::size_t head_ = 0;
  std::size_t sent_ = 0;
  std::uint16_t id_max_;
  std::uint16_t last_id_;
};

}  // namespace claims::server
