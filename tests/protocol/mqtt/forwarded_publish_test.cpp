// A forwarded PUBLISH says to the byte what an ordinary one would.

#include "protocol/mqtt/forwarded_publish.h"

#include <gtest/gtest.h>

#include <array>

#include "protocol/mqtt/decoder.h"
#include "tests/protocol/mqtt/example_packets.h"

namespace claims::mqtt {
namespace {

std::string forwarded(const ForwardedPublish& publish, Version version) {
  std::string out;
  encode(publish, version, out);
  return out;
}

const Properties kFromPublisher = {{.id = PropertyId::payload_format_indicator, .number = 1},
                                   {.id = PropertyId::topic_alias, .number = 7},
                                   {.id = PropertyId::message_expiry_interval, .number = 60},
                                   {.id = PropertyId::user_property, .text = "b", .value = "1"},
                                   {.id = PropertyId::content_type, .text = "text/plain"},
                                   {.id = PropertyId::response_topic, .text = "r/1"},
                                   {.id = PropertyId::user_property, .text = "a", .value = "2"},
                                   {.id = PropertyId::correlation_data, .text = "c"},
                                   {.id = PropertyId::user_property, .text = "b", .value = "1"}};

TEST(ForwardedPublish, KeepsWhatIsNotTheServersInItsOrder) {  // [MQTT-3.3.2-17, -18, -20]
  std::string properties;
  write_forwarded_properties(kFromPublisher, properties);
  const std::array<std::uint32_t, 2> ids{3, 400};
  ForwardedPublish publish{.topic = "t", .payload = "p", .properties = properties};
  publish.subscription_ids = ids;
  publish.expiry_s = 59;
  publish.topic_alias = 2;
  publish.packet_id = 9;
  publish.qos = QoS::exactly_once;
  publish.retain = publish.dup = true;

  Publish expected{.topic = "t",
                   .payload = "p",
                   .qos = QoS::exactly_once,
                   .retain = true,
                   .dup = true,
                   .packet_id = 9};
  expected.properties = {{.id = PropertyId::message_expiry_interval, .number = 59},
                         {.id = PropertyId::topic_alias, .number = 2},
                         {.id = PropertyId::subscription_identifier, .number = 3},
                         {.id = PropertyId::subscription_identifier, .number = 400}};
  for (const Property& property : kFromPublisher) {
    if (property.id != PropertyId::topic_alias &&
        property.id != PropertyId::message_expiry_interval) {
      expected.properties.push_back(property);
    }
  }
  EXPECT_EQ(forwarded(publish, Version::v5_0), bytes_of({expected}, Version::v5_0));
}

TEST(ForwardedPublish, LeavesPropertiesOutIn311) {
  std::string properties;
  write_forwarded_properties(kFromPublisher, properties);
  ForwardedPublish publish{.topic = "t", .payload = "p", .properties = properties};
  publish.expiry_s = 59;
  EXPECT_EQ(forwarded(publish, Version::v3_1_1), bytes("\x30\x04\x00\x01tp"));
}

TEST(ForwardedPublish, WithAnAliasAloneHasAnEmptyTopic) {  // MQTT 5.0 section 3.3.2.3.4
  ForwardedPublish publish{.payload = "p"};
  publish.topic_alias = 1;
  EXPECT_EQ(forwarded(publish, Version::v5_0), bytes("\x30\x07\x00\x00\x03\x23\x00\x01p"));
}

}  // namespace
}  // namespace claims::mqtt
