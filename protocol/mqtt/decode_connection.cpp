// CONNECT, CONNACK, DISCONNECT, AUTH.

#include "protocol/mqtt/decode.h"
#include "protocol/mqtt/properties.h"
#include "protocol/mqtt/reason_codes.h"
#include "protocol/mqtt/topic.h"

namespace claims::mqtt {
namespace {

struct ConnectFlags {
  bool username, password, will_retain, will, clean_start;
  std::uint8_t will_qos;
};

ConnectFlags read_connect_flags(Reader& reader, Version version) {
  const std::uint8_t bits = reader.byte();
  const ConnectFlags flags{.username = (bits & 0x80) != 0,
                           .password = (bits & 0x40) != 0,
                           .will_retain = (bits & 0x20) != 0,
                           .will = (bits & 0x04) != 0,
                           .clean_start = (bits & 0x02) != 0,
                           .will_qos = static_cast<std::uint8_t>(bits >> 3 & 3)};
  const auto malformed = [&reader](std::string_view what) {
    reader.fail(ReasonCode::malformed_packet, what);
  };
  if ((bits & 0x01) != 0) malformed("the reserved flag of CONNECT is set [MQTT-3.1.2-3]");
  if (flags.will_qos == 3) malformed("will QoS 3 [MQTT-3.1.2-14]");
  if (!flags.will && flags.will_qos != 0) malformed("will QoS without a will [MQTT-3.1.2-13]");
  if (!flags.will && flags.will_retain) malformed("will retain without a will [MQTT-3.1.2-15]");
  if (version == Version::v3_1_1 && flags.password && !flags.username) {
    malformed("a password without a user name [MQTT-3.1.2-22]");
  }
  return flags;
}

/// True when the name and the level are ones that we speak.
bool read_protocol(Reader& reader, Version& version) {
  const std::string_view name = reader.string();
  const std::uint8_t level = reader.byte();
  if (reader.failed()) return false;
  if (name != "MQTT") {
    reader.fail(ReasonCode::unsupported_protocol_version,
                "a protocol name other than MQTT [MQTT-3.1.2-1]");
    return false;
  }
  if (level != static_cast<std::uint8_t>(Version::v3_1_1) &&
      level != static_cast<std::uint8_t>(Version::v5_0)) {
    reader.fail(ReasonCode::unsupported_protocol_version,
                "a protocol level other than 4 and 5 [MQTT-3.1.2-2]");
    return false;
  }
  version = static_cast<Version>(level);
  return true;
}

Will read_will(Reader& reader, Version version, const ConnectFlags& flags) {
  Will will{.qos = static_cast<QoS>(flags.will_qos), .retain = flags.will_retain};
  if (version == Version::v5_0) will.properties = read_properties(reader, kWillProperties);
  will.topic = read_topic_name(reader);
  will.payload = reader.binary();
  return will;
}

/// Authentication data needs a method (MQTT 5.0 sections 3.1.2.11.10, 3.2.2.3.18, 3.15.2.2.3).
void check_authentication(Reader& reader, const Properties& properties) {
  if (find(properties, PropertyId::authentication_data) != nullptr &&
      find(properties, PropertyId::authentication_method) == nullptr) {
    reader.fail(ReasonCode::protocol_error,
                "authentication data without a method [MQTT5 section 3.1.2.11.10]");
  }
}

}  // namespace

Connect decode_connect(Reader& reader, Version& version) {
  Connect connect;
  if (!read_protocol(reader, version)) return connect;
  connect.version = version;
  const ConnectFlags flags = read_connect_flags(reader, version);
  connect.clean_start = flags.clean_start;
  connect.keep_alive_s = reader.two_bytes();
  if (version == Version::v5_0) {
    connect.properties = read_properties(reader, PacketType::connect);
    check_authentication(reader, connect.properties);
  }
  connect.client_id = reader.string();
  if (flags.will) connect.will = read_will(reader, version, flags);
  if (flags.username) connect.username = reader.string();
  if (flags.password) connect.password = reader.binary();
  return connect;
}

Connack decode_connack(Reader& reader, Version version) {
  Connack connack;
  const std::uint8_t flags = reader.byte();
  if (flags > 1) {
    reader.fail(ReasonCode::malformed_packet, "reserved flags of CONNACK are set [MQTT5-3.2.2-1]");
  }
  connack.session_present = flags == 1;
  if (version == Version::v5_0) {
    connack.reason = read_reason(reader, PacketType::connack, Decoder::Side::client);
    connack.properties = read_properties(reader, PacketType::connack);
    check_authentication(reader, connack.properties);
  } else if (const auto reason = from_connect_return_code(reader.byte())) {
    connack.reason = *reason;
  } else {
    reader.fail(ReasonCode::malformed_packet,
                "a reserved return code in CONNACK [MQTT section 3.2.2.3]");
  }
  if (connack.session_present && connack.reason != ReasonCode::success) {
    reader.fail(ReasonCode::protocol_error, "a refusal with session present [MQTT-3.2.2-4]");
  }
  return connack;
}

Disconnect decode_disconnect(Reader& reader, Version version, Decoder::Side receiver) {
  Disconnect disconnect;
  // 5.0 section 3.14.2: reason and properties may be left out, from the end.
  if (version == Version::v3_1_1 || reader.empty()) return disconnect;
  disconnect.reason = read_reason(reader, PacketType::disconnect, receiver);
  if (reader.empty()) return disconnect;
  disconnect.properties = read_properties(reader, PacketType::disconnect);
  if (receiver == Decoder::Side::client &&
      find(disconnect.properties, PropertyId::session_expiry_interval) != nullptr) {
    reader.fail(ReasonCode::protocol_error,
                "a server's DISCONNECT with a session expiry interval [MQTT5-3.14.2-2]");
  }
  if (receiver == Decoder::Side::server &&
      find(disconnect.properties, PropertyId::server_reference) != nullptr) {
    reader.fail(ReasonCode::protocol_error,
                "a client's DISCONNECT with a server reference [MQTT5 section 3.14.2.2.5]");
  }
  return disconnect;
}

Auth decode_auth(Reader& reader, Decoder::Side receiver) {
  Auth auth;
  if (reader.empty()) {
    // 5.0 section 3.15.2.1: an empty AUTH is success, which only a server may say.
    if (!reason_allowed(PacketType::auth, receiver, ReasonCode::success)) {
      reader.fail(ReasonCode::protocol_error,
                  "a reason code that this packet may not carry [MQTT5-3.15.2-1]");
    }
    return auth;
  }
  auth.reason = read_reason(reader, PacketType::auth, receiver);
  auth.properties = read_properties(reader, PacketType::auth);
  if (find(auth.properties, PropertyId::authentication_method) == nullptr) {
    reader.fail(ReasonCode::protocol_error,
                "AUTH without an authentication method [MQTT5 section 3.15.2.2.2]");
  }
  return auth;
}

}  // namespace claims::mqtt
