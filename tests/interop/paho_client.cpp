#include "tests/interop/paho_client.h"

#include <iomanip>
#include <sstream>

namespace claims::interop {
namespace {

using Code = ::mqtt::property::code;

::mqtt::create_options create_options(mqtt::Version version) {
  return ::mqtt::create_options(version == mqtt::Version::v5_0 ? MQTTVERSION_5 : MQTTVERSION_3_1_1);
}

std::string hex(unsigned code) {
  std::ostringstream text;
  text << "0x" << std::hex << std::uppercase << std::setfill('0') << std::setw(2) << code;
  return text.str();
}

std::string refusal(const ::mqtt::exception& error) {
  if (const int reason = error.get_reason_code(); reason >= 0x80) {
    return hex(static_cast<unsigned>(reason));
  }
  // 3.1.1 has return codes, and Paho errors of its own below them.
  const int code = error.get_return_code();
  return code > 0 ? hex(static_cast<unsigned>(code)) : "no connection";
}

std::string property_line(const ::mqtt::property& one) {
  const MQTTProperty& c = one.c_struct();
  switch (one.type()) {
    case Code::SUBSCRIPTION_IDENTIFIER:
      return " id=" + std::to_string(c.value.integer4);
    case Code::MESSAGE_EXPIRY_INTERVAL:
      return " expiry=" + std::to_string(c.value.integer4);
    case Code::TOPIC_ALIAS:
      return " alias=" + std::to_string(c.value.integer2);
    case Code::PAYLOAD_FORMAT_INDICATOR:
      return " format=" + std::to_string(c.value.byte);
    case Code::USER_PROPERTY: {
      const auto [name, value] = ::mqtt::get<::mqtt::string_pair>(one);
      return " " + name + "=" + value;
    }
    default:
      return " " + std::to_string(c.identifier) + "=" + ::mqtt::get<::mqtt::string>(one);
  }
}

std::string describe(const ::mqtt::message& message) {
  std::string line = message.get_topic() + " " + message.get_payload_str() + " qos" +
                     std::to_string(message.get_qos());
  if (message.is_duplicate()) line += " dup";
  if (message.is_retained()) line += " retain";
  const PahoProperties& properties = message.get_properties();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    line += property_line(::mqtt::property(properties.c_struct().array[i]));
  }
  return line;
}

}  // namespace

PahoClient::PahoClient(const server::SocketAddress& server, mqtt::Version version,
                       const std::string& id)
    : version_(version),
      client_("tcp://" + server.host() + ":" + std::to_string(server.port()), id,
              create_options(version), nullptr) {
  client_.start_consuming();
}

PahoClient::~PahoClient() {
  try {
    if (client_.is_connected()) client_.disconnect()->wait_for(kPatience);
  } catch (const ::mqtt::exception&) {  // The server may be gone.
  }
}

std::string PahoClient::connects(const PahoConnect& connect) {
  ::mqtt::connect_options options;
  if (version_ == mqtt::Version::v5_0) {
    options.set_mqtt_version(MQTTVERSION_5);
    options.set_clean_start(connect.clean);
    options.set_properties(connect.properties);
  } else {
    options.set_mqtt_version(MQTTVERSION_3_1_1);
    options.set_clean_session(connect.clean);
  }
  options.set_keep_alive_interval(connect.keep_alive_s);
  if (connect.will) options.set_will(*connect.will);
  try {
    const auto token = client_.connect(options);
    if (!token->wait_for(kPatience)) return "no connection";
    const auto response = token->get_connect_response();
    connack_ = response.get_properties();
    return std::string("0x00") + (response.is_session_present() ? " present" : "");
  } catch (const ::mqtt::exception& error) {
    return refusal(error);
  }
}

std::uint32_t PahoClient::number(Code code) {
  if (!connack_.contains(code)) return 0;
  const ::mqtt::property one = connack_.get(code);
  const MQTTProperty& c = one.c_struct();
  switch (MQTTProperty_getType(c.identifier)) {
    case MQTTPROPERTY_TYPE_BYTE:
      return c.value.byte;
    case MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER:
      return c.value.integer2;
    default:
      return c.value.integer4;
  }
}

std::string PahoClient::text(Code code) {
  return connack_.contains(code) ? ::mqtt::get<::mqtt::string>(connack_, code) : std::string();
}

std::string PahoClient::subscribes(const std::string& filter, int qos,
                                   const ::mqtt::subscribe_options& options,
                                   const PahoProperties& properties) {
  try {
    const auto token = client_.subscribe(filter, qos, options, properties);
    if (!token->wait_for(kPatience)) return "no answer";
    const auto codes = token->get_subscribe_response().get_reason_codes();
    return codes.empty() ? "no code" : hex(static_cast<unsigned>(codes.front()));
  } catch (const ::mqtt::exception& error) {
    return refusal(error);
  }
}

std::string PahoClient::unsubscribes(const std::string& filter) {
  try {
    const auto token = client_.unsubscribe(filter);
    if (!token->wait_for(kPatience)) return "no answer";
    return "0x00";  // Paho C++ 1.2.0 does not tell reasons below 0x80.
  } catch (const ::mqtt::exception& error) {
    return refusal(error);
  }
}

std::string PahoClient::publishes(const std::string& topic, const std::string& payload, int qos,
                                  bool retain, const PahoProperties& properties) {
  try {
    const auto message = ::mqtt::make_message(topic, payload, qos, retain);
    if (version_ == mqtt::Version::v5_0) message->set_properties(properties);
    const auto token = client_.publish(message);
    if (!token->wait_for(kPatience)) return "no answer";
    return hex(static_cast<unsigned>(token->get_reason_code()));
  } catch (const ::mqtt::exception& error) {
    return refusal(error);
  }
}

Lines PahoClient::hears(std::size_t count) {
  Lines lines;
  while (lines.size() < count) {
    const auto message = client_.try_consume_message_for(kPatience);
    if (!message) break;
    lines.push_back(describe(*message));
  }
  return lines;
}

void PahoClient::disconnects() {
  client_.disconnect()->wait_for(kPatience);
}

}  // namespace claims::interop
