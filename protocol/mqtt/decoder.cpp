#include "protocol/mqtt/decoder.h"

#include <algorithm>

#include "protocol/limits.h"
#include "protocol/mqtt/decode.h"
#include "protocol/mqtt/fixed_header.h"

namespace claims::mqtt {
namespace {

constexpr DecodeError kNotMinimal{ReasonCode::malformed_packet,
                                  "a remaining length longer than needed [MQTT5-1.5.5-1]"};

template <class Ack>
Packet acknowledgement(Reader& reader, Version version, PacketType type) {
  return Ack{decode_acknowledgement(reader, version, type)};
}

Packet decode_body(Reader& reader, const FixedHeader& header, Decoder::Side side,
                   Version& version) {
  switch (header.type) {
    case PacketType::connect:
      return decode_connect(reader, version);
    case PacketType::connack:
      return decode_connack(reader, version);
    case PacketType::publish:
      return decode_publish(reader, version, side, header.flags);
    case PacketType::puback:
      return acknowledgement<Puback>(reader, version, header.type);
    case PacketType::pubrec:
      return acknowledgement<Pubrec>(reader, version, header.type);
    case PacketType::pubrel:
      return acknowledgement<Pubrel>(reader, version, header.type);
    case PacketType::pubcomp:
      return acknowledgement<Pubcomp>(reader, version, header.type);
    case PacketType::subscribe:
      return decode_subscribe(reader, version);
    case PacketType::suback:
      return decode_suback(reader, version);
    case PacketType::unsubscribe:
      return decode_unsubscribe(reader, version);
    case PacketType::unsuback:
      return decode_unsuback(reader, version);
    case PacketType::pingreq:
      return Pingreq{};
    case PacketType::pingresp:
      return Pingresp{};
    case PacketType::disconnect:
      return decode_disconnect(reader, version, side);
    case PacketType::auth:
      break;
  }
  return decode_auth(reader, side);
}

}  // namespace

Decoder::Decoder(Side side, std::size_t packet_bytes_max, Version version)
    : side_(side),
      version_(side == Side::server ? Version::v3_1_1 : version),
      packet_bytes_max_(packet_bytes_max) {}

void Decoder::feed(std::string_view bytes) {
  if (failed_) return;
  if (!pending_.empty()) {
    // What was fed before may be gone already; reading on would lose the packets' borders.
    fail({ReasonCode::implementation_specific_error, "fed before the last bytes were decoded"});
    return;
  }
  pending_ = bytes;
}

DecodeError Decoder::fail(const DecodeError& error) {
  failed_ = true;
  error_ = error;
  pending_ = {};
  std::string().swap(partial_);
  return error;
}

/// The size of the packet that `bytes` begins with; 0 while that is not known.
Result<std::size_t, DecodeError> Decoder::packet_bytes(std::string_view bytes) const {
  if (bytes.empty()) return std::size_t{0};
  const auto header = read_fixed_header(bytes, side_, version_);
  if (header.has_error()) return header.error();
  if (!header->complete()) return std::size_t{0};
  const bool unknown = side_ == Side::server && !connect_seen_;
  const std::size_t bytes_max =
      unknown ? std::min(packet_bytes_max_, limits::kConnectBytesMax) : packet_bytes_max_;
  if (header->packet_bytes() > bytes_max) {
    return DecodeError{ReasonCode::packet_too_large,
                       "a packet larger than the maximum packet size [MQTT5-3.1.2-24]"};
  }
  return header->packet_bytes();
}

/// Moves bytes from pending_ until partial_ is a whole packet; false while it is not.
Result<bool, DecodeError> Decoder::complete_partial() {
  auto bytes = packet_bytes(partial_);
  while (bytes.has_value() && *bytes == 0 && !pending_.empty()) {
    partial_.push_back(pending_.front());
    pending_.remove_prefix(1);
    bytes = packet_bytes(partial_);
  }
  if (bytes.has_error()) return bytes.error();
  if (*bytes == 0) return false;
  // Memory grows with the bytes that came, not with the length that was promised.
  const std::size_t missing = std::min(*bytes - partial_.size(), pending_.size());
  partial_.append(pending_.substr(0, missing));
  pending_.remove_prefix(missing);
  return partial_.size() == *bytes;
}

std::optional<Result<Packet, DecodeError>> Decoder::next() {
  if (failed_) return error_;
  std::string().swap(current_);
  if (!partial_.empty()) {
    const auto complete = complete_partial();
    if (complete.has_error()) return fail(complete.error());
    if (!*complete) return std::nullopt;
    current_.swap(partial_);
    return decode(current_);
  }
  const auto bytes = packet_bytes(pending_);
  if (bytes.has_error()) return fail(bytes.error());
  if (*bytes == 0 || *bytes > pending_.size()) {
    partial_.assign(pending_);
    pending_ = {};
    return std::nullopt;
  }
  const std::string_view packet = pending_.substr(0, *bytes);
  pending_.remove_prefix(*bytes);
  return decode(packet);
}

Result<Packet, DecodeError> Decoder::decode(std::string_view packet) {
  const FixedHeader header = *read_fixed_header(packet, side_, version_);
  Version version = version_;
  Reader reader(packet.substr(header.header_bytes));
  Packet decoded = decode_body(reader, header, side_, version);
  // A second CONNECT is the broker's to refuse, in the version of the first.
  if (!connect_seen_) version_ = version;
  connect_seen_ = connect_seen_ || header.type == PacketType::connect;
  if (!header.minimal && version == Version::v5_0) return fail(kNotMinimal);
  if (!reader.empty()) {
    reader.fail(ReasonCode::malformed_packet, "bytes after the last field of the packet");
  }
  if (reader.failed()) return fail(reader.error());
  return decoded;
}

}  // namespace claims::mqtt
