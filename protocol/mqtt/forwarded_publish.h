#pragma once
// ForwardedPublish: a PUBLISH on its way from a server to one of many subscribers. What came from
// the publisher is encoded once; what differs between subscribers is written around it.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/mqtt/packet.h"

namespace claims::mqtt {

struct ForwardedPublish {
  std::string_view topic{};  ///< Empty: the alias tells [MQTT-3.3.2-8].
  std::string_view payload{};
  std::string_view properties{};  ///< From write_forwarded_properties(); left out in 3.1.1.
  std::span<const std::uint32_t> subscription_ids{};
  std::optional<std::uint32_t> expiry_s{};  ///< What is left of the message expiry interval.
  std::uint16_t topic_alias = 0;            ///< 0: none.
  std::uint16_t packet_id = 0;              ///< 0 with QoS 0, never 0 otherwise.
  QoS qos{};
  bool retain = false, dup = false;
};

/// Appends the properties that a server must send on unaltered, in their order [MQTT-3.3.2-4, -15,
/// -16, -17, -18, -20]; the others belong to one connection or change on the way.
void write_forwarded_properties(const Properties& properties, std::string& out);

/// Appends the packet's bytes.
void encode(const ForwardedPublish& publish, Version version, std::string& out);

}  // namespace claims::mqtt
