#pragma once
// UnansweredPublishes: publishes taken in and not answered by a PUBACK (QoS 1) or PUBREC (QoS 2)
// yet, in receipt order [MQTT-4.6.0-2, -3]. They belong to the connection; the client publishes
// again on its next one [MQTT-4.4.0-1].

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocol/mqtt/packet.h"

namespace claims::server {

class UnansweredPublishes {
 public:
  struct Publish {
    std::uint16_t packet_id = 0;
    mqtt::ReasonCode reason{};
    bool answered = false;
    mqtt::QoS qos = mqtt::QoS::at_least_once;
    bool recorded = false;  ///< ReceivedPublishes has it already.
  };

  /// Those of which ReceivedPublishes knows nothing: what the receive maximum bounds beside it.
  std::size_t size() const { return queue_.size() - head_ - recorded_; }
  bool holds(std::uint16_t packet_id) const;

  void add(std::uint16_t packet_id, mqtt::QoS qos);
  /// One whose answer is known and only waits for those before it.
  void add_answered(std::uint16_t packet_id, mqtt::QoS qos, mqtt::ReasonCode reason,
                    bool recorded = false);
  /// The handler answers the oldest one, asserted: answers come in receipt order.
  void answer(std::uint16_t packet_id, mqtt::ReasonCode reason);
  /// Takes the next one whose answer is due off the queue; false when there is none.
  bool take(Publish& publish);
  void clear();

 private:
  std::vector<Publish> queue_;
  std::size_t head_ = 0;
  std::size_t recorded_ = 0;
};

}  // namespace claims::server
