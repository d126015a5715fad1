#include "tests/protocol/mqtt/example_packets.h"

#include "protocol/mqtt/encoder.h"

namespace claims::mqtt {
namespace {

using P = PropertyId;
using R = ReasonCode;

constexpr std::string_view kLong =
    "안녕하세요, 12가3456 차량이 입고되었습니다. 0123456789 0123456789 0123456789 0123456789 "
    "0123456789 0123456789 0123456789 0123456789";  // More than 127 bytes.

const Property kUser{.id = P::user_property, .text = "name", .value = "값"};
const Property kReasonString{.id = P::reason_string, .text = "because"};

Properties publish_properties() {
  return {{.id = P::payload_format_indicator, .number = 1},
          {.id = P::message_expiry_interval, .number = 0x01020304},
          {.id = P::content_type, .text = "application/json"},
          {.id = P::response_topic, .text = "answers/here"},
          {.id = P::correlation_data, .text = std::string_view("\0\xFF\x01", 3)},
          kUser,
          kUser};
}

template <class Ack>
Ack ack(Version version, std::uint16_t id, R reason) {
  Ack made;
  made.packet_id = id;
  if (version == Version::v5_0) {
    made.reason = reason;
    made.properties = {kReasonString, kUser};
  }
  return made;
}

template <class Ack>
Ack plain_ack(std::uint16_t id) {
  Ack made;
  made.packet_id = id;
  return made;
}

Connect connect(Version version) {
  Connect made{.version = version,
               .clean_start = false,
               .keep_alive_s = 0x1234,
               .client_id = "garage-1",
               .will = Will{.topic = "last/word",
                            .payload = std::string_view("bye\0\xFE", 5),
                            .qos = QoS::at_least_once,
                            .retain = true},
               .username = "garage-1",
               .password = std::string_view("\xFF\0secret", 8)};
  if (version == Version::v5_0) {
    made.will->properties = publish_properties();
    made.will->properties.push_back({.id = P::will_delay_interval, .number = 7});
    made.properties = {{.id = P::session_expiry_interval, .number = 0xFFFFFFFF},
                       {.id = P::receive_maximum, .number = 64},
                       {.id = P::maximum_packet_size, .number = 73'728},
                       {.id = P::topic_alias_maximum, .number = 3},
                       {.id = P::request_response_information, .number = 1},
                       {.id = P::request_problem_information, .number = 0},
                       {.id = P::authentication_method, .text = "plain"},
                       {.id = P::authentication_data, .text = "data"},
                       kUser};
  }
  return made;
}

Properties connack_properties() {
  return {{.id = P::session_expiry_interval, .number = 60},
          {.id = P::receive_maximum, .number = 64},
          {.id = P::maximum_qos, .number = 1},
          {.id = P::retain_available, .number = 0},
          {.id = P::maximum_packet_size, .number = 73'728},
          {.id = P::assigned_client_identifier, .text = "given-1"},
          {.id = P::topic_alias_maximum, .number = 0},
          kReasonString,
          kUser,
          {.id = P::wildcard_subscription_available, .number = 0},
          {.id = P::subscription_identifier_available, .number = 1},
          {.id = P::shared_subscription_available, .number = 0},
          {.id = P::server_keep_alive, .number = 30},
          {.id = P::response_information, .text = "info"},
          {.id = P::server_reference, .text = "other:1883"},
          {.id = P::authentication_method, .text = "plain"},
          {.id = P::authentication_data, .text = "data"}};
}

void add_publishes(Version version, std::vector<Packet>& packets) {
  packets.push_back(Publish{.topic = "a", .payload = ""});
  packets.push_back(Publish{.topic = "a/b", .payload = kLong, .retain = true});
  packets.push_back(Publish{.topic = "aos/v1/garage-1/cmd",
                            .payload = "{}",
                            .qos = QoS::at_least_once,
                            .dup = true,
                            .packet_id = 1});
  packets.push_back(
      Publish{.topic = "한글", .payload = kLong, .qos = QoS::exactly_once, .packet_id = 65'535});
  if (version == Version::v5_0) {
    packets.push_back(Publish{.topic = "a/b",
                              .payload = "x",
                              .qos = QoS::at_least_once,
                              .packet_id = 2,
                              .properties = publish_properties()});
    packets.push_back(Publish{.topic = "",
                              .payload = "alias alone",
                              .properties = {{.id = P::topic_alias, .number = 3}}});
  }
}

void add_acks(Version version, std::vector<Packet>& packets) {
  packets.push_back(plain_ack<Puback>(1));
  packets.push_back(ack<Puback>(version, 2, R::not_authorized));
  packets.push_back(plain_ack<Pubrec>(0x0102));
  packets.push_back(ack<Pubrec>(version, 3, R::no_matching_subscribers));
  packets.push_back(plain_ack<Pubrel>(0xFFFF));
  packets.push_back(ack<Pubrel>(version, 4, R::packet_identifier_not_found));
  packets.push_back(plain_ack<Pubcomp>(5));
  packets.push_back(ack<Pubcomp>(version, 6, R::packet_identifier_not_found));
}

}  // namespace

std::vector<Packet> client_packets(Version version) {
  const bool v5 = version == Version::v5_0;
  std::vector<Packet> packets{connect(version)};
  add_publishes(version, packets);
  add_acks(version, packets);
  Subscribe subscribe{.packet_id = 10,
                      .filters = {{.filter = "aos/v1/garage-1/evt", .qos = QoS::at_least_once},
                                  {.filter = "+/b/#"},
                                  {.filter = "#", .qos = QoS::exactly_once}}};
  Unsubscribe unsubscribe{.packet_id = 11, .filters = {"aos/v1/garage-1/evt", "+"}};
  if (v5) {
    subscribe.filters[0].no_local = true;
    subscribe.filters[1].retain_as_published = true;
    subscribe.filters[1].retain_handling = 2;
    subscribe.filters.push_back({.filter = "$share/group/a/+"});
    subscribe.properties = {{.id = P::subscription_identifier, .number = 268'435'455}, kUser};
    unsubscribe.properties = {kUser};
    packets.push_back(Auth{.reason = R::reauthenticate,
                           .properties = {{.id = P::authentication_method, .text = "plain"}}});
  }
  packets.push_back(subscribe);
  packets.push_back(unsubscribe);
  packets.push_back(Pingreq{});
  packets.push_back(Disconnect{});
  if (v5) {
    packets.push_back(Disconnect{.reason = R::disconnect_with_will});
    packets.push_back(Disconnect{
        .properties = {{.id = P::session_expiry_interval, .number = 9}, kReasonString, kUser}});
  }
  return packets;
}

std::vector<Packet> server_packets(Version version) {
  const bool v5 = version == Version::v5_0;
  std::vector<Packet> packets{Connack{.session_present = true},
                              Connack{.reason = R::bad_user_name_or_password}};
  add_publishes(version, packets);
  add_acks(version, packets);
  Suback suback{.packet_id = 10,
                .reasons = {R::success, R::granted_qos_1, R::granted_qos_2, R::unspecified_error}};
  Unsuback unsuback{.packet_id = 11};
  if (v5) {
    packets.push_back(Connack{.properties = connack_properties()});
    packets.push_back(
        Publish{.topic = "t",
                .payload = "to two subscriptions",
                .properties = {{.id = P::subscription_identifier, .number = 1},
                               {.id = P::subscription_identifier, .number = 16'384}}});
    suback.reasons.push_back(R::not_authorized);
    suback.properties = {kReasonString, kUser};
    unsuback.reasons = {R::success, R::no_subscription_existed};
    unsuback.properties = {kReasonString, kUser};
    packets.push_back(Auth{});
    packets.push_back(Auth{.reason = R::continue_authentication,
                           .properties = {{.id = P::authentication_method, .text = "plain"},
                                          {.id = P::authentication_data, .text = "data"}}});
    packets.push_back(Disconnect{.reason = R::session_taken_over});
    packets.push_back(
        Disconnect{.reason = R::server_moved,
                   .properties = {{.id = P::server_reference, .text = "other"}, kReasonString}});
  }
  packets.push_back(suback);
  packets.push_back(unsuback);
  packets.push_back(Pingresp{});
  return packets;
}

std::string bytes_of(const std::vector<Packet>& packets, Version version) {
  std::string out;
  for (const Packet& packet : packets) encode(packet, version, out);
  return out;
}

}  // namespace claims::mqtt
