#pragma once
// Packets to bytes, one overload for each packet that encoder.h does not already declare.

#include <cstddef>
#include <cstdint>
#include <string>

#include "protocol/mqtt/packet.h"
#include "protocol/mqtt/packet_type.h"

namespace claims::mqtt {

/// Type and flags, and four bytes of length.
inline constexpr std::size_t kFixedHeaderBytesMax = 5;

void write_fixed_header(PacketType type, std::uint8_t flags, std::size_t body_bytes,
                        std::string& out);

void encode(const Connect& connect, Version version, std::string& out);
void encode(const Connack& connack, Version version, std::string& out);
void encode(const Disconnect& disconnect, Version version, std::string& out);
void encode(const Auth& auth, Version version, std::string& out);

void encode(const Subscribe& subscribe, Version version, std::string& out);
void encode(const Suback& suback, Version version, std::string& out);
void encode(const Unsubscribe& unsubscribe, Version version, std::string& out);
void encode(const Unsuback& unsuback, Version version, std::string& out);

}  // namespace claims::mqtt
