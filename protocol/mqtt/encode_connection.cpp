// CONNECT, CONNACK, DISCONNECT, AUTH. They are rare, so each body is written apart to learn its
// size.

#include <cassert>

#include "protocol/mqtt/encode.h"
#include "protocol/mqtt/properties.h"
#include "protocol/mqtt/reason_codes.h"
#include "protocol/mqtt/writer.h"

namespace claims::mqtt {
namespace {

void write_packet(PacketType type, const std::string& body, std::string& out) {
  write_fixed_header(type, 0, body.size(), out);
  out.append(body);
}

std::uint8_t flags_of(const Connect& connect) {
  unsigned flags = connect.clean_start ? 0x02 : 0;
  if (connect.will) {
    flags |= 0x04 | static_cast<unsigned>(connect.will->qos) << 3;
    flags |= connect.will->retain ? 0x20 : 0;
  }
  flags |= connect.password ? 0x40 : 0;
  flags |= connect.username ? 0x80 : 0;
  return static_cast<std::uint8_t>(flags);
}

/// Reason and properties, both left out from the end where they say nothing (5.0 section 3.14.2).
std::string reason_body(ReasonCode reason, const Properties& properties, PacketType type) {
  std::string body;
  if (reason == ReasonCode::success && properties.empty()) return body;
  write_byte(static_cast<std::uint8_t>(reason), body);
  // AUTH has no form with a reason alone (5.0 section 3.15.2.2.1).
  if (!properties.empty() || type == PacketType::auth) write_properties(properties, type, body);
  return body;
}

}  // namespace

void encode(const Connect& connect, Version version, std::string& out) {
  assert(connect.version == version);
  assert(version == Version::v5_0 || connect.username || !connect.password);
  std::string body;
  write_string("MQTT", body);
  write_byte(static_cast<std::uint8_t>(version), body);
  write_byte(flags_of(connect), body);
  write_two_bytes(connect.keep_alive_s, body);
  if (version == Version::v5_0) {
    write_properties(connect.properties, PacketType::connect, body);
  }
  write_string(connect.client_id, body);
  if (connect.will) {
    if (version == Version::v5_0) {
      write_properties(connect.will->properties, kWillProperties, body);
    }
    write_string(connect.will->topic, body);
    write_string(connect.will->payload, body);
  }
  if (connect.username) write_string(*connect.username, body);
  if (connect.password) write_string(*connect.password, body);
  write_packet(PacketType::connect, body, out);
}

void encode(const Connack& connack, Version version, std::string& out) {
  assert(!connack.session_present || connack.reason == ReasonCode::success);
  std::string body;
  write_byte(connack.session_present ? 1 : 0, body);
  if (version == Version::v5_0) {
    write_byte(static_cast<std::uint8_t>(connack.reason), body);
    write_properties(connack.properties, PacketType::connack, body);
  } else {
    write_byte(to_connect_return_code(connack.reason), body);
  }
  write_packet(PacketType::connack, body, out);
}

void encode(const Disconnect& disconnect, Version version, std::string& out) {
  std::string body;
  if (version == Version::v5_0) {
    body = reason_body(disconnect.reason, disconnect.properties, PacketType::disconnect);
  }
  write_packet(PacketType::disconnect, body, out);
}

void encode(const Auth& auth, Version version, std::string& out) {
  assert(version == Version::v5_0);
  write_packet(PacketType::auth, reason_body(auth.reason, auth.properties, PacketType::auth), out);
}

}  // namespace claims::mqtt
