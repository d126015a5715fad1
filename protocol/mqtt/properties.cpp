#include "protocol/mqtt/properties.h"

#include <array>
#include <cassert>
#include <initializer_list>

#include "protocol/limits.h"
#include "protocol/mqtt/topic.h"
#include "protocol/mqtt/writer.h"

namespace claims::mqtt {
namespace {

/// How a property's value is written; flag: one byte, 0 or 1.
enum class Kind : std::uint8_t {
  none,
  flag,
  two_bytes,
  four_bytes,
  variable,
  string,
  binary,
  pair
};

struct Rule {
  Kind kind = Kind::none;
  std::uint16_t allowed_in = 0;  // One bit for each packet type.
  bool nonzero = false;
};

constexpr std::size_t kRules = 0x2B;

constexpr std::uint16_t bit(PacketType type) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(type));
}

constexpr Rule rule(Kind kind, std::initializer_list<PacketType> types, bool nonzero = false) {
  Rule made{kind, 0, nonzero};
  for (const PacketType type : types) made.allowed_in |= bit(type);
  return made;
}

/// MQTT 5.0 table 2-4.
constexpr std::array<Rule, kRules> make_rules() {
  using enum PacketType;
  using P = PropertyId;
  constexpr PacketType will = kWillProperties;
  std::array<Rule, kRules> rules{};
  const auto set = [&rules](P id, Rule made) { rules[static_cast<std::size_t>(id)] = made; };
  set(P::payload_format_indicator, rule(Kind::flag, {publish, will}));
  set(P::message_expiry_interval, rule(Kind::four_bytes, {publish, will}));
  set(P::content_type, rule(Kind::string, {publish, will}));
  set(P::response_topic, rule(Kind::string, {publish, will}));
  set(P::correlation_data, rule(Kind::binary, {publish, will}));
  set(P::subscription_identifier, rule(Kind::variable, {publish, subscribe}, true));
  set(P::session_expiry_interval, rule(Kind::four_bytes, {connect, connack, disconnect}));
  set(P::assigned_client_identifier, rule(Kind::string, {connack}));
  set(P::server_keep_alive, rule(Kind::two_bytes, {connack}));
  set(P::authentication_method, rule(Kind::string, {connect, connack, auth}));
  set(P::authentication_data, rule(Kind::binary, {connect, connack, auth}));
  set(P::request_problem_information, rule(Kind::flag, {connect}));
  set(P::will_delay_interval, rule(Kind::four_bytes, {will}));
  set(P::request_response_information, rule(Kind::flag, {connect}));
  set(P::response_information, rule(Kind::string, {connack}));
  set(P::server_reference, rule(Kind::string, {connack, disconnect}));
  set(P::reason_string, rule(Kind::string, {connack, puback, pubrec, pubrel, pubcomp, suback,
                                            unsuback, disconnect, auth}));
  set(P::receive_maximum, rule(Kind::two_bytes, {connect, connack}, true));
  set(P::topic_alias_maximum, rule(Kind::two_bytes, {connect, connack}));
  set(P::topic_alias, rule(Kind::two_bytes, {publish}));
  set(P::maximum_qos, rule(Kind::flag, {connack}));
  set(P::retain_available, rule(Kind::flag, {connack}));
  set(P::user_property,
      rule(Kind::pair, {connect, connack, publish, will, puback, pubrec, pubrel, pubcomp, subscribe,
                        suback, unsubscribe, unsuback, disconnect, auth}));
  set(P::maximum_packet_size, rule(Kind::four_bytes, {connect, connack}, true));
  set(P::wildcard_subscription_available, rule(Kind::flag, {connack}));
  set(P::subscription_identifier_available, rule(Kind::flag, {connack}));
  set(P::shared_subscription_available, rule(Kind::flag, {connack}));
  return rules;
}

constexpr std::array<Rule, kRules> kRuleOf = make_rules();

Rule rule_of(std::size_t id) {
  return id < kRules ? kRuleOf[id] : Rule{};
}

void read_value(Reader& reader, Kind kind, Property& property) {
  switch (kind) {
    case Kind::none:
      break;
    case Kind::flag:
      property.number = reader.byte();
      break;
    case Kind::two_bytes:
      property.number = reader.two_bytes();
      break;
    case Kind::four_bytes:
      property.number = reader.four_bytes();
      break;
    case Kind::variable:
      property.number = reader.variable_byte_integer();
      break;
    case Kind::string:
      property.text = reader.string();
      break;
    case Kind::binary:
      property.text = reader.binary();
      break;
    case Kind::pair:
      property.text = reader.string();
      property.value = reader.string();
      break;
  }
}

void check_value(Reader& reader, const Rule& rule, const Property& property) {
  if (rule.kind == Kind::flag && property.number > 1) {
    reader.fail(ReasonCode::protocol_error,
                "a property that is 0 or 1 has another value [MQTT5 section 2.2.2.2]");
  }
  if (rule.nonzero && property.number == 0) {
    reader.fail(ReasonCode::protocol_error,
                "a property that must not be 0 is 0 [MQTT5 sections 3.1.2.11, 3.8.2.1]");
  }
  if (property.id == PropertyId::topic_alias && property.number == 0) {
    reader.fail(ReasonCode::topic_alias_invalid, "topic alias 0 [MQTT5-3.3.2-8]");
  }
  if (property.id == PropertyId::response_topic) check_topic_name(reader, property.text);
}

bool may_repeat(PropertyId id, PacketType type) {
  return id == PropertyId::user_property ||
         (id == PropertyId::subscription_identifier && type == PacketType::publish);
}

std::size_t value_bytes(const Property& property) {
  switch (rule_of(static_cast<std::size_t>(property.id)).kind) {
    case Kind::none:
      break;
    case Kind::flag:
      return 1;
    case Kind::two_bytes:
      return 2;
    case Kind::four_bytes:
      return 4;
    case Kind::variable:
      return variable_byte_integer_bytes(property.number);
    case Kind::string:
    case Kind::binary:
      return 2 + property.text.size();
    case Kind::pair:
      return 4 + property.text.size() + property.value.size();
  }
  return 0;
}

void write_value(const Property& property, Kind kind, std::string& out) {
  write_byte(static_cast<std::uint8_t>(property.id), out);
  switch (kind) {
    case Kind::none:
      break;
    case Kind::flag:
      write_byte(static_cast<std::uint8_t>(property.number), out);
      break;
    case Kind::two_bytes:
      write_two_bytes(static_cast<std::uint16_t>(property.number), out);
      break;
    case Kind::four_bytes:
      write_four_bytes(property.number, out);
      break;
    case Kind::variable:
      write_variable_byte_integer(property.number, out);
      break;
    case Kind::string:
    case Kind::binary:
      write_string(property.text, out);
      break;
    case Kind::pair:
      write_string(property.text, out);
      write_string(property.value, out);
      break;
  }
}

std::size_t values_bytes(const Properties& properties) {
  std::size_t bytes = 0;
  for (const Property& property : properties) bytes += 1 + value_bytes(property);
  return bytes;
}

}  // namespace

Properties read_properties(Reader& reader, PacketType type) {
  Properties properties;
  const std::size_t bytes = reader.variable_byte_integer();
  Reader inner(reader.take(bytes));
  std::uint64_t seen = 0;
  while (!inner.empty() && !inner.failed()) {
    // Identifiers are variable byte integers of which one byte is in use.
    const std::uint32_t number = inner.variable_byte_integer();
    const Rule rule = rule_of(number);
    if ((rule.allowed_in & bit(type)) == 0) {
      inner.fail(ReasonCode::malformed_packet,
                 "a property that this packet may not carry [MQTT5 section 2.2.2.2]");
      break;
    }
    Property property{.id = static_cast<PropertyId>(number)};
    if ((seen >> number & 1) != 0 && !may_repeat(property.id, type)) {
      inner.fail(ReasonCode::protocol_error, "a property twice [MQTT5 section 2.2.2.2]");
    }
    seen |= std::uint64_t{1} << number;
    read_value(inner, rule.kind, property);
    if (!inner.failed()) check_value(inner, rule, property);
    if (properties.size() == limits::kPropertiesPerPacketMax) {
      inner.fail(ReasonCode::quota_exceeded, "more properties than the bound of 64");
    }
    properties.push_back(property);
  }
  if (inner.failed()) reader.fail(inner.error().reason, inner.error().what);
  return properties;
}

std::size_t properties_bytes(const Properties& properties) {
  const std::size_t bytes = values_bytes(properties);
  return variable_byte_integer_bytes(bytes) + bytes;
}

void write_properties(const Properties& properties, PacketType type, std::string& out) {
  write_variable_byte_integer(values_bytes(properties), out);
  for (const Property& property : properties) write_property(property, type, out);
}

void write_property(const Property& property, PacketType type, std::string& out) {
  const Rule rule = rule_of(static_cast<std::size_t>(property.id));
  assert((rule.allowed_in & bit(type)) != 0);
  write_value(property, rule.kind, out);
}

}  // namespace claims::mqtt
