#pragma once
// The bodies of packets, after the fixed header. Each fails through its reader; the packet counts
// only when the reader has not failed.

#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/packet_type.h"
#include "protocol/mqtt/reader.h"

namespace claims::mqtt {

/// Sets `version` as soon as the packet tells one that is supported, so that a refusal of the rest
/// can be answered in the client's own version.
Connect decode_connect(Reader& reader, Version& version);
Connack decode_connack(Reader& reader, Version version);
Disconnect decode_disconnect(Reader& reader, Version version, Decoder::Side receiver);
Auth decode_auth(Reader& reader, Decoder::Side receiver);

/// `flags`: the low four bits of the fixed header, already checked.
Publish decode_publish(Reader& reader, Version version, Decoder::Side receiver, std::uint8_t flags);
/// PUBACK, PUBREC, PUBREL, PUBCOMP.
Acknowledgement decode_acknowledgement(Reader& reader, Version version, PacketType type);

Subscribe decode_subscribe(Reader& reader, Version version);
Suback decode_suback(Reader& reader, Version version);
Unsubscribe decode_unsubscribe(Reader& reader, Version version);
Unsuback decode_unsuback(Reader& reader, Version version);

/// A packet identifier, which is never 0.
std::uint16_t read_packet_id(Reader& reader);
/// A reason code of 5.0 that the packet may carry.
ReasonCode read_reason(Reader& reader, PacketType type, Decoder::Side receiver);

}  // namespace claims::mqtt
