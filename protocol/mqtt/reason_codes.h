#pragma once
// Which reason codes a packet may carry, and the return codes that 3.1.1 has in their place.

#include <cstdint>
#include <optional>

#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/packet_type.h"

namespace claims::mqtt {

/// MQTT 5.0 sections 3.2.2.2, 3.4.2.1 … 3.15.2.1. `receiver` tells codes of one direction apart.
bool reason_allowed(PacketType type, Decoder::Side receiver, ReasonCode reason);

/// MQTT 3.1.1 table 3.1; nullopt for a reserved code.
std::optional<ReasonCode> from_connect_return_code(std::uint8_t code);
/// A refusal that 3.1.1 has no code for becomes 3, server unavailable.
std::uint8_t to_connect_return_code(ReasonCode reason);

}  // namespace claims::mqtt
