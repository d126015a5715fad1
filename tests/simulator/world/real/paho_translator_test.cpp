#include "simulator/world/real/paho_translator.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/mqtt/encoder.h"

namespace claims::storm {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::ReasonCode;
using mqtt::Version;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Outcome = PahoTranslator::Outcome;

std::string numbers(const mqtt::Properties& properties) {
  std::string all;
  for (const mqtt::Property& one : properties) {
    all += fmt::format(" {}={}{}", static_cast<unsigned>(one.id), one.number, one.text);
  }
  return all;
}

/// Writes down what Paho is asked for.
class Asked final : public PahoCalls {
 public:
  Result<void, std::string> connect(const mqtt::Connect& it) override {
    return note("connect {} clean={} {}s {} {}/{}{}", static_cast<int>(it.version), it.clean_start,
                it.keep_alive_s, it.client_id, it.username.value_or("-"), it.password.value_or("-"),
                numbers(it.properties));
  }
  Result<void, std::string> subscribe(const mqtt::Subscribe& it) override {
    std::string filters;
    for (const auto& one : it.filters) {
      filters += fmt::format(" {}@{}", one.filter, static_cast<int>(one.qos));
    }
    return note("subscribe {}{}", it.packet_id, filters);
  }
  Result<void, std::string> unsubscribe(const mqtt::Unsubscribe& it) override {
    return note("unsubscribe {} {}", it.packet_id, it.filters.front());
  }
  Result<void, std::string> publish(const mqtt::Publish& it) override {
    return note("publish {} {}@{} {}", it.packet_id, it.topic, static_cast<int>(it.qos),
                it.payload);
  }
  Result<void, std::string> disconnect(const mqtt::Disconnect& it) override {
    return note("disconnect {:#x}", static_cast<unsigned>(it.reason));
  }

  std::vector<std::string> calls;
  std::string error;  ///< Of the next call.

 private:
  template <class... Values>
  Result<void, std::string> note(fmt::format_string<Values...> format, Values&&... values) {
    calls.push_back(fmt::format(format, std::forward<Values>(values)...));
    if (error.empty()) return {};
    return {boost::system::in_place_error, std::exchange(error, {})};
  }
};

std::string bytes_of(const mqtt::Packet& packet, Version version) {
  std::string bytes;
  mqtt::encode(packet, version, bytes);
  return bytes;
}

/// A connection of one version, before its CONNECT.
struct Connection {
  explicit Connection(Version its) : version(its) {}

  Result<void, std::string> send(const mqtt::Packet& packet) {
    return translator.take(bytes_of(packet, version), asked, answers);
  }
  void connect() {
    ASSERT_TRUE(send(mqtt::Connect{.version = version, .client_id = "storm-a"}));
    asked.calls.clear();
  }
  Outcome report(const PahoReport& report) { return translator.take(report, told); }
  /// What the user has been told, as packets.
  template <class Packet>
  Packet told_as() {
    mqtt::Decoder decoder(mqtt::Decoder::Side::client, 65'536, version);
    text = std::exchange(told, {});
    decoder.feed(text);
    const auto packet = decoder.next();
    EXPECT_TRUE(packet && *packet);
    EXPECT_FALSE(decoder.next()) << "one packet";
    return std::get<Packet>(**packet);
  }

  Version version;
  PahoTranslator translator;
  Asked asked;
  std::string answers, told, text;
};

TEST(PahoTranslator, AsksForTheConnectionThatTheUserWants) {
  Connection v5(Version::v5_0);
  ASSERT_TRUE(v5.send(
      mqtt::Connect{.version = Version::v5_0,
                    .clean_start = false,
                    .keep_alive_s = 300,
                    .client_id = "storm-gar-1",
                    .username = "gar-1",
                    .password = "token",
                    .properties = {{.id = PropertyId::maximum_packet_size, .number = 73'728},
                                   {.id = PropertyId::session_expiry_interval, .number = 7'200}}}));
  EXPECT_THAT(v5.asked.calls,
              ElementsAre("connect 5 clean=false 300s storm-gar-1 gar-1/token 39=73728 17=7200"));
  Connection v3(Version::v3_1_1);
  ASSERT_TRUE(v3.send(mqtt::Connect{.version = Version::v3_1_1, .client_id = "a"}));
  EXPECT_THAT(v3.asked.calls, ElementsAre("connect 4 clean=true 0s a -/-"));
}

class BothVersions : public ::testing::TestWithParam<Version> {};
INSTANTIATE_TEST_SUITE_P(PahoTranslator, BothVersions,
                         ::testing::Values(Version::v3_1_1, Version::v5_0));

TEST_P(BothVersions, AsksInTheOrderInWhichTheUserSends) {
  Connection user(GetParam());
  user.connect();
  std::string bytes =
      bytes_of(mqtt::Subscribe{.packet_id = 7,
                               .filters = {{.filter = "aos/v1/a/evt", .qos = QoS::at_least_once},
                                           {.filter = "aos/v1/a/reply", .qos = QoS{}}}},
               user.version) +
      bytes_of(
          mqtt::Publish{.topic = "t", .payload = "one", .qos = QoS::at_least_once, .packet_id = 8},
          user.version) +
      bytes_of(mqtt::Publish{.topic = "t", .payload = "two"}, user.version) +
      bytes_of(mqtt::Unsubscribe{.packet_id = 9, .filters = {"t"}, .properties = {}},
               user.version) +
      bytes_of(mqtt::Disconnect{}, user.version);
  // However the bytes are cut.
  const std::string_view all = bytes;
  ASSERT_TRUE(user.translator.take(all.substr(0, 9), user.asked, user.answers));
  ASSERT_TRUE(user.translator.take(all.substr(9), user.asked, user.answers));
  EXPECT_THAT(user.asked.calls,
              ElementsAre("subscribe 7 aos/v1/a/evt@1 aos/v1/a/reply@0", "publish 8 t@1 one",
                          "publish 0 t@0 two", "unsubscribe 9 t", "disconnect 0x0"));
  EXPECT_THAT(user.answers, IsEmpty());
}

TEST_P(BothVersions, AnswersToTheUsersOwnPacketIdentifiers) {
  Connection user(GetParam());
  user.connect();
  EXPECT_EQ(user.report(PahoConnected{true, {}}), Outcome::open);
  EXPECT_TRUE(user.told_as<mqtt::Connack>().session_present);
  EXPECT_EQ(
      user.report(PahoSubscribed{7, {ReasonCode::granted_qos_1, ReasonCode::unspecified_error}}),
      Outcome::open);
  const auto suback = user.told_as<mqtt::Suback>();
  EXPECT_EQ(suback.packet_id, 7);
  EXPECT_THAT(suback.reasons,
              ElementsAre(ReasonCode::granted_qos_1, ReasonCode::unspecified_error));
  EXPECT_EQ(user.report(PahoPublished{9, ReasonCode::success}), Outcome::open);
  EXPECT_EQ(user.told_as<mqtt::Puback>().packet_id, 9);
}

TEST_P(BothVersions, NumbersWhatComesWithQos1) {
  Connection user(GetParam());
  user.connect();
  std::vector<std::uint16_t> numbers;
  for (int i = 0; i < 65'536; ++i) {
    user.report(
        PahoMessage{.topic = "t", .payload = "p", .qos = QoS::at_least_once, .properties = {}});
    const auto publish = user.told_as<mqtt::Publish>();
    if (i < 2 || i > 65'533) numbers.push_back(publish.packet_id);
  }
  EXPECT_THAT(numbers, ElementsAre(1, 2, 65'535, 1)) << "0 is no packet identifier";
  user.report(
      PahoMessage{.topic = "t", .payload = "p", .qos = QoS{}, .retain = true, .properties = {}});
  const auto publish = user.told_as<mqtt::Publish>();
  EXPECT_EQ(publish.packet_id, 0);
  EXPECT_TRUE(publish.retain);
  EXPECT_EQ(publish.payload, "p");
}

TEST_P(BothVersions, KeepsToItselfWhatPahoDoesByItself) {
  Connection user(GetParam());
  user.connect();
  ASSERT_TRUE(user.send(mqtt::Pingreq{}));
  mqtt::Puback puback;
  puback.packet_id = 1;
  ASSERT_TRUE(user.send(puback));
  EXPECT_THAT(user.asked.calls, IsEmpty());
  EXPECT_EQ(user.answers, bytes_of(mqtt::Pingresp{}, user.version));
}

TEST_P(BothVersions, TellsNoConnectionFromARefusal) {
  Connection user(GetParam());
  user.connect();
  EXPECT_EQ(user.report(PahoNotConnected{-1, "no answer"}), Outcome::not_opened);
  EXPECT_THAT(user.told, IsEmpty());
  const int refused = user.version == Version::v5_0 ? 0x87 : 5;
  EXPECT_EQ(user.report(PahoNotConnected{refused, ""}), Outcome::open);
  EXPECT_EQ(user.told_as<mqtt::Connack>().reason, ReasonCode::not_authorized);
  EXPECT_EQ(user.report(PahoNotConnected{70'000, ""}), Outcome::open) << "no code of MQTT";
  EXPECT_GE(static_cast<unsigned>(user.told_as<mqtt::Connack>().reason), 0x80U);
  EXPECT_EQ(user.report(PahoLost{}), Outcome::lost);
}

TEST(PahoTranslator, PassesOnWhatOnlyMqtt5Has) {
  Connection user(Version::v5_0);
  user.connect();
  user.report(
      PahoConnected{false,
                    {{.id = PropertyId::receive_maximum, .number = 64, .text = {}, .value = {}},
                     {.id = PropertyId::user_property, .text = "name", .value = "value"}}});
  const auto connack = user.told_as<mqtt::Connack>();
  EXPECT_EQ(mqtt::number_or(connack.properties, PropertyId::receive_maximum, 0), 64U);
  EXPECT_EQ(mqtt::find(connack.properties, PropertyId::user_property)->value, "value");
  user.report(PahoPublished{3, ReasonCode::quota_exceeded});
  EXPECT_EQ(user.told_as<mqtt::Puback>().reason, ReasonCode::quota_exceeded);
  EXPECT_EQ(user.report(PahoDisconnected{ReasonCode::session_taken_over}), Outcome::open);
  EXPECT_EQ(user.told_as<mqtt::Disconnect>().reason, ReasonCode::session_taken_over);
}

TEST(PahoTranslator, SaysWhatPahoDoesNotTake) {
  Connection user(Version::v5_0);
  user.connect();
  user.asked.error = "Paho: MQTT error [-3]: Disconnected";
  const auto failed = user.send(mqtt::Publish{.topic = "t"});
  ASSERT_TRUE(failed.has_error());
  EXPECT_THAT(failed.error(), HasSubstr("Disconnected"));
  mqtt::Pubrel of_qos_2;
  of_qos_2.packet_id = 1;
  const auto unheard = user.send(of_qos_2);
  ASSERT_TRUE(unheard.has_error());
  EXPECT_THAT(unheard.error(), HasSubstr("no virtual user sends"));
  const auto malformed = user.translator.take("\xF0\xFF\xFF\xFF\xFF", user.asked, user.answers);
  ASSERT_TRUE(malformed.has_error());
  EXPECT_THAT(malformed.error(), HasSubstr("no MQTT"));
}

}  // namespace
}  // namespace claims::storm
