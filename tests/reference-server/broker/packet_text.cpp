#include "tests/reference-server/broker/packet_text.h"

#include <iomanip>
#include <sstream>
#include <vector>

namespace claims::server {
namespace {

using mqtt::ReasonCode;

template <class... Parts>
std::string line_of(const Parts&... parts) {
  std::ostringstream line;
  (line << ... << parts);
  return line.str();
}

std::string number(ReasonCode reason) {
  return line_of("0x", std::hex, std::uppercase, std::setfill('0'), std::setw(2),
                 static_cast<unsigned>(reason));
}

std::string numbers(const std::vector<ReasonCode>& reasons) {
  std::string text;
  for (const ReasonCode reason : reasons) text += " " + number(reason);
  return text;
}

/// In the order of the packet; every name in short.
std::string properties_of(const mqtt::Properties& properties) {
  using P = mqtt::PropertyId;
  std::string text;
  for (const mqtt::Property& one : properties) {
    switch (one.id) {
      case P::subscription_identifier:
        text += line_of(" id=", one.number);
        break;
      case P::message_expiry_interval:
        text += line_of(" expiry=", one.number);
        break;
      case P::topic_alias:
        text += line_of(" alias=", one.number);
        break;
      case P::user_property:
        text += line_of(" ", one.text, "=", one.value);
        break;
      case P::payload_format_indicator:
        text += line_of(" format=", one.number);
        break;
      default:
        text += line_of(" ", static_cast<int>(one.id), "=", one.text);
    }
  }
  return text;
}

struct Describe {
  std::string operator()(const mqtt::Connack& one) const {
    return "CONNACK " + number(one.reason) + (one.session_present ? " present" : "");
  }
  std::string operator()(const mqtt::Publish& one) const {
    const std::string id = one.qos == mqtt::QoS::at_most_once
                               ? "qos0"
                               : line_of("#", one.packet_id, one.dup ? " dup" : "");
    return line_of("PUBLISH ", id, one.qos == mqtt::QoS::exactly_once ? " qos2" : "", " ",
                   one.topic, " ", one.payload, one.retain ? " retain" : "",
                   properties_of(one.properties));
  }
  std::string operator()(const mqtt::Puback& one) const {
    return line_of("PUBACK #", one.packet_id, " ", number(one.reason),
                   properties_of(one.properties));
  }
  std::string operator()(const mqtt::Pubrec& one) const {
    return line_of("PUBREC #", one.packet_id, " ", number(one.reason),
                   properties_of(one.properties));
  }
  std::string operator()(const mqtt::Pubrel& one) const {
    return line_of("PUBREL #", one.packet_id, " ", number(one.reason),
                   properties_of(one.properties));
  }
  std::string operator()(const mqtt::Pubcomp& one) const {
    return line_of("PUBCOMP #", one.packet_id, " ", number(one.reason),
                   properties_of(one.properties));
  }
  std::string operator()(const mqtt::Suback& one) const {
    return line_of("SUBACK #", one.packet_id, numbers(one.reasons), properties_of(one.properties));
  }
  std::string operator()(const mqtt::Unsuback& one) const {
    return line_of("UNSUBACK #", one.packet_id, numbers(one.reasons),
                   properties_of(one.properties));
  }
  std::string operator()(const mqtt::Pingresp&) const { return "PINGRESP"; }
  std::string operator()(const mqtt::Disconnect& one) const {
    return "DISCONNECT " + number(one.reason) + properties_of(one.properties);
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "a packet that no server sends";
  }
};

}  // namespace

std::string describe(const mqtt::Packet& packet) {
  return std::visit(Describe{}, packet);
}

}  // namespace claims::server
