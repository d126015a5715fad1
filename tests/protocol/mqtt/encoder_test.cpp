// Bytes as the specifications print them.

#include "protocol/mqtt/encoder.h"

#include <gtest/gtest.h>

#include "tests/protocol/mqtt/example_packets.h"

namespace claims::mqtt {
namespace {

std::string v3(const Packet& packet) {
  return bytes_of({packet}, Version::v3_1_1);
}
std::string v5(const Packet& packet) {
  return bytes_of({packet}, Version::v5_0);
}

template <class Ack>
Ack ack(std::uint16_t id, ReasonCode reason = {}, Properties properties = {}) {
  Ack made;
  made.packet_id = id;
  made.reason = reason;
  made.properties = std::move(properties);
  return made;
}

TEST(Encoder, ConnectAsInFigure3_6) {
  // MQTT 3.1.1 figure 3.6: user name, password, will QoS 1, clean session, keep alive 10.
  const Connect connect{.version = Version::v3_1_1,
                        .clean_start = true,
                        .keep_alive_s = 10,
                        .client_id = "c",
                        .will = Will{.topic = "t", .payload = "w", .qos = QoS::at_least_once},
                        .username = "u",
                        .password = "p"};
  EXPECT_EQ(v3(connect), bytes("\x10\x19\x00\x04MQTT\x04\xCE\x00\x0A"
                               "\x00\x01"
                               "c\x00\x01t\x00\x01w\x00\x01u\x00\x01p"));
}

TEST(Encoder, ConnectOf5HasPropertiesBeforeClientIdAndWill) {
  const Connect connect{
      .version = Version::v5_0,
      .clean_start = false,
      .client_id = "c",
      .will = Will{.topic = "t",
                   .payload = "",
                   .retain = true,
                   .properties = {{.id = PropertyId::will_delay_interval, .number = 1}}},
      .properties = {{.id = PropertyId::session_expiry_interval, .number = 10}}};
  EXPECT_EQ(v5(connect), bytes("\x10\x1E\x00\x04MQTT\x05\x24\x00\x00"
                               "\x05\x11\x00\x00\x00\x0A"
                               "\x00\x01"
                               "c\x05\x18\x00\x00\x00\x01"
                               "\x00\x01t\x00\x00"));
}

TEST(Encoder, ConnackMapsReasonsTo311ReturnCodes) {
  EXPECT_EQ(v3(Connack{.session_present = true}), bytes("\x20\x02\x01\x00"));
  EXPECT_EQ(v5(Connack{.session_present = true}), bytes("\x20\x03\x01\x00\x00"));
  const auto code = [](ReasonCode reason) { return v3(Connack{.reason = reason}).back(); };
  EXPECT_EQ(code(ReasonCode::unsupported_protocol_version), 1);
  EXPECT_EQ(code(ReasonCode::client_identifier_not_valid), 2);
  EXPECT_EQ(code(ReasonCode::server_unavailable), 3);
  EXPECT_EQ(code(ReasonCode::quota_exceeded), 3);
  EXPECT_EQ(code(ReasonCode::bad_user_name_or_password), 4);
  EXPECT_EQ(code(ReasonCode::not_authorized), 5);
}

TEST(Encoder, PublishAsInFigure3_11) {
  // MQTT 3.1.1 figure 3.11: topic a/b, packet identifier 10.
  const Publish publish{
      .topic = "a/b", .payload = "hi", .qos = QoS::at_least_once, .packet_id = 10};
  EXPECT_EQ(v3(publish), bytes("\x32\x09\x00\x03"
                               "a/b\x00\x0Ahi"));
  EXPECT_EQ(v5(publish), bytes("\x32\x0A\x00\x03"
                               "a/b\x00\x0A\x00hi"));
}

TEST(Encoder, PublishFlags) {
  EXPECT_EQ(v3(Publish{.topic = "t"}).front(), '\x30');
  EXPECT_EQ(v3(Publish{.topic = "t", .retain = true}).front(), '\x31');
  EXPECT_EQ(
      v3(Publish{.topic = "t", .qos = QoS::exactly_once, .dup = true, .packet_id = 1}).front(),
      '\x3C');
}

TEST(Encoder, RemainingLengthAsInTable2_4) {
  const auto length = [](std::size_t remaining) {
    const std::string payload(remaining - 3, 'x');
    const std::string packet = v3(Publish{.topic = "t", .payload = payload});
    return packet.substr(1, packet.size() - 1 - remaining);
  };
  EXPECT_EQ(length(127), bytes("\x7F"));
  EXPECT_EQ(length(128), bytes("\x80\x01"));
  EXPECT_EQ(length(16'383), bytes("\xFF\x7F"));
  EXPECT_EQ(length(16'384), bytes("\x80\x80\x01"));
  EXPECT_EQ(length(2'097'151), bytes("\xFF\xFF\x7F"));
  EXPECT_EQ(length(2'097'152), bytes("\x80\x80\x80\x01"));
}

TEST(Encoder, AcknowledgementsLeaveOutWhatSaysNothing) {
  EXPECT_EQ(v3(ack<Puback>(1)), bytes("\x40\x02\x00\x01"));
  EXPECT_EQ(v3(ack<Puback>(1, ReasonCode::not_authorized)), bytes("\x40\x02\x00\x01"));
  EXPECT_EQ(v5(ack<Puback>(1)), bytes("\x40\x02\x00\x01"));
  EXPECT_EQ(v5(ack<Puback>(1, ReasonCode::not_authorized)), bytes("\x40\x03\x00\x01\x87"));
  EXPECT_EQ(v5(ack<Puback>(1, {}, {{.id = PropertyId::reason_string, .text = "ok"}})),
            bytes("\x40\x09\x00\x01\x00\x05\x1F\x00\x02ok"));
  EXPECT_EQ(v3(ack<Pubrec>(2)), bytes("\x50\x02\x00\x02"));
  EXPECT_EQ(v3(ack<Pubrel>(3)), bytes("\x62\x02\x00\x03"));
  EXPECT_EQ(v3(ack<Pubcomp>(4)), bytes("\x70\x02\x00\x04"));
}

TEST(Encoder, SubscribeAsInFigure3_23) {
  const Subscribe subscribe{
      .packet_id = 10,
      .filters = {{.filter = "a/b", .qos = QoS::at_least_once},
                  {.filter = "c/d", .qos = QoS::exactly_once, .no_local = true}}};
  EXPECT_EQ(v3(subscribe), bytes("\x82\x0E\x00\x0A\x00\x03"
                                 "a/b\x01\x00\x03"
                                 "c/d\x02"));
  EXPECT_EQ(v5(subscribe), bytes("\x82\x0F\x00\x0A\x00\x00\x03"
                                 "a/b\x01\x00\x03"
                                 "c/d\x06"));
}

TEST(Encoder, SubackHasOneRefusalIn311) {
  const Suback suback{.packet_id = 10,
                      .reasons = {ReasonCode::granted_qos_1, ReasonCode::not_authorized}};
  EXPECT_EQ(v3(suback), bytes("\x90\x04\x00\x0A\x01\x80"));
  EXPECT_EQ(v5(suback), bytes("\x90\x05\x00\x0A\x00\x01\x87"));
}

TEST(Encoder, UnsubscribeAndUnsuback) {
  EXPECT_EQ(v3(Unsubscribe{.packet_id = 10, .filters = {"a/b"}}), bytes("\xA2\x07\x00\x0A\x00\x03"
                                                                        "a/b"));
  const Unsuback unsuback{.packet_id = 10, .reasons = {ReasonCode::no_subscription_existed}};
  EXPECT_EQ(v3(unsuback), bytes("\xB0\x02\x00\x0A"));
  EXPECT_EQ(v5(unsuback), bytes("\xB0\x04\x00\x0A\x00\x11"));
}

TEST(Encoder, PacketsWithoutABody) {
  EXPECT_EQ(v3(Pingreq{}), bytes("\xC0\x00"));
  EXPECT_EQ(v3(Pingresp{}), bytes("\xD0\x00"));
  EXPECT_EQ(v3(Disconnect{.reason = ReasonCode::server_shutting_down}), bytes("\xE0\x00"));
  EXPECT_EQ(v5(Disconnect{}), bytes("\xE0\x00"));
  EXPECT_EQ(v5(Disconnect{.reason = ReasonCode::server_shutting_down}), bytes("\xE0\x01\x8B"));
  EXPECT_EQ(v5(Auth{}), bytes("\xF0\x00"));
  EXPECT_EQ(v5(Auth{.reason = ReasonCode::continue_authentication}), bytes("\xF0\x02\x18\x00"));
}

TEST(Encoder, AppendsToWhatIsThere) {
  std::string out = "before";
  encode(ack<Puback>(1), Version::v3_1_1, out);
  encode(Publish{.topic = "t"}, Version::v3_1_1, out);
  EXPECT_EQ(out, bytes("before\x40\x02\x00\x01\x30\x03\x00\x01t"));
}

TEST(EncoderDeathTest, APacketIdWithoutQoSIsABug) {
  EXPECT_DEATH(v3(Publish{.topic = "t", .packet_id = 1}), "");
  EXPECT_DEATH(v3(Publish{.topic = "t", .qos = QoS::at_least_once}), "");
  const std::string too_long(65'536, 'x');
  EXPECT_DEATH(v3(Publish{.topic = too_long}), "");
}

}  // namespace
}  // namespace claims::mqtt
