#pragma once
// The control packets of MQTT 3.1.1 (OASIS, 2014) and 5.0 (OASIS, 2019).
//
// Text and payload are views: of a decoded packet into the decoder's input (see decoder.h for how
// long they live), of a packet to encode into whatever the caller keeps alive during encode().

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace claims::mqtt {

enum class Version : std::uint8_t { v3_1_1 = 4, v5_0 = 5 };
enum class QoS : std::uint8_t { at_most_once = 0, at_least_once = 1, exactly_once = 2 };

/// MQTT 5.0 section 2.4. Where 3.1.1 has a return code of its own (CONNACK, SUBACK), the encoder
/// maps.
enum class ReasonCode : std::uint8_t {
  success = 0x00,  // also: normal disconnection, granted QoS 0
  granted_qos_1 = 0x01,
  granted_qos_2 = 0x02,
  disconnect_with_will = 0x04,
  no_matching_subscribers = 0x10,
  no_subscription_existed = 0x11,
  continue_authentication = 0x18,
  reauthenticate = 0x19,
  unspecified_error = 0x80,
  malformed_packet = 0x81,
  protocol_error = 0x82,
  implementation_specific_error = 0x83,
  unsupported_protocol_version = 0x84,
  client_identifier_not_valid = 0x85,
  bad_user_name_or_password = 0x86,
  not_authorized = 0x87,
  server_unavailable = 0x88,
  server_busy = 0x89,
  banned = 0x8A,
  server_shutting_down = 0x8B,
  bad_authentication_method = 0x8C,
  keep_alive_timeout = 0x8D,
  session_taken_over = 0x8E,
  topic_filter_invalid = 0x8F,
  topic_name_invalid = 0x90,
  packet_identifier_in_use = 0x91,
  packet_identifier_not_found = 0x92,
  receive_maximum_exceeded = 0x93,
  topic_alias_invalid = 0x94,
  packet_too_large = 0x95,
  message_rate_too_high = 0x96,
  quota_exceeded = 0x97,
  administrative_action = 0x98,
  payload_format_invalid = 0x99,
  retain_not_supported = 0x9A,
  qos_not_supported = 0x9B,
  use_another_server = 0x9C,
  server_moved = 0x9D,
  shared_subscriptions_not_supported = 0x9E,
  connection_rate_exceeded = 0x9F,
  maximum_connect_time = 0xA0,
  subscription_identifiers_not_supported = 0xA1,
  wildcard_subscriptions_not_supported = 0xA2,
};

/// MQTT 5.0 table 2-4.
enum class PropertyId : std::uint8_t {
  payload_format_indicator = 0x01,
  message_expiry_interval = 0x02,
  content_type = 0x03,
  response_topic = 0x08,
  correlation_data = 0x09,
  subscription_identifier = 0x0B,
  session_expiry_interval = 0x11,
  assigned_client_identifier = 0x12,
  server_keep_alive = 0x13,
  authentication_method = 0x15,
  authentication_data = 0x16,
  request_problem_information = 0x17,
  will_delay_interval = 0x18,
  request_response_information = 0x19,
  response_information = 0x1A,
  server_reference = 0x1C,
  reason_string = 0x1F,
  receive_maximum = 0x21,
  topic_alias_maximum = 0x22,
  topic_alias = 0x23,
  maximum_qos = 0x24,
  retain_available = 0x25,
  user_property = 0x26,
  maximum_packet_size = 0x27,
  wildcard_subscription_available = 0x28,
  subscription_identifier_available = 0x29,
  shared_subscription_available = 0x2A,
};

struct Property {
  PropertyId id{};
  std::uint32_t number = 0;  ///< Byte, two and four byte integers, variable byte integers.
  std::string_view text{};   ///< Strings and binary data; the name of a user property.
  std::string_view value{};  ///< The value of a user property.
  bool operator==(const Property&) const = default;
};
/// Always empty in 3.1.1. Only what MQTT 5.0 allows in that packet passes the decoder.
using Properties = std::vector<Property>;

/// The first property with that id, or null.
const Property* find(const Properties& properties, PropertyId id);
/// The number of the first property with that id, or `otherwise`.
std::uint32_t number_or(const Properties& properties, PropertyId id, std::uint32_t otherwise);

struct Will {
  std::string_view topic{}, payload{};
  QoS qos{};
  bool retain = false;
  Properties properties{};
  bool operator==(const Will&) const = default;
};

struct Connect {
  Version version = Version::v5_0;
  bool clean_start = true;
  std::uint16_t keep_alive_s = 0;  ///< 0: none.
  std::string_view client_id{};
  std::optional<Will> will{};
  std::optional<std::string_view> username{}, password{};
  Properties properties{};
  bool operator==(const Connect&) const = default;
};

struct Connack {
  bool session_present = false;
  ReasonCode reason{};
  Properties properties{};
  bool operator==(const Connack&) const = default;
};

struct Publish {
  std::string_view topic{}, payload{};
  QoS qos{};
  bool retain = false, dup = false;
  std::uint16_t packet_id = 0;  ///< 0 with QoS 0, never 0 otherwise.
  Properties properties{};
  bool operator==(const Publish&) const = default;
};

struct Acknowledgement {
  std::uint16_t packet_id = 0;
  ReasonCode reason{};
  Properties properties{};
  bool operator==(const Acknowledgement&) const = default;
};
struct Puback : Acknowledgement {};
struct Pubrec : Acknowledgement {};
struct Pubrel : Acknowledgement {};
struct Pubcomp : Acknowledgement {};

struct TopicFilter {
  std::string_view filter{};
  QoS qos{};
  bool no_local = false, retain_as_published = false;
  std::uint8_t retain_handling = 0;
  bool operator==(const TopicFilter&) const = default;
};
struct Subscribe {
  std::uint16_t packet_id = 0;
  std::vector<TopicFilter> filters{};
  Properties properties{};
  bool operator==(const Subscribe&) const = default;
};
struct Suback {
  std::uint16_t packet_id = 0;
  std::vector<ReasonCode> reasons{};
  Properties properties{};
  bool operator==(const Suback&) const = default;
};
struct Unsubscribe {
  std::uint16_t packet_id = 0;
  std::vector<std::string_view> filters{};
  Properties properties{};
  bool operator==(const Unsubscribe&) const = default;
};
struct Unsuback {
  std::uint16_t packet_id = 0;
  std::vector<ReasonCode> reasons{};  ///< Empty in 3.1.1.
  Properties properties{};
  bool operator==(const Unsuback&) const = default;
};
struct Pingreq {
  bool operator==(const Pingreq&) const = default;
};
struct Pingresp {
  bool operator==(const Pingresp&) const = default;
};
struct Disconnect {
  ReasonCode reason{};
  Properties properties{};
  bool operator==(const Disconnect&) const = default;
};
struct Auth {
  ReasonCode reason{};
  Properties properties{};
  bool operator==(const Auth&) const = default;
};

using Packet = std::variant<Connect, Connack, Publish, Puback, Pubrec, Pubrel, Pubcomp, Subscribe,
                            Suback, Unsubscribe, Unsuback, Pingreq, Pingresp, Disconnect, Auth>;

}  // namespace claims::mqtt
