#include "reference-server/broker/outgoing_messages.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

using mqtt::QoS;

OutgoingMessage message(QoS qos) {
  OutgoingMessage made;
  made.message = std::make_shared<const Message>(MessageView{.topic = "t", .payload = "p"});
  made.qos = qos;
  return made;
}

TEST(OutgoingMessages, NumberInTheUpperHalfAndRoundAgain) {  // [MQTT-2.2.1-4]
  OutgoingMessages all;
  EXPECT_EQ(all.add(message(QoS::at_least_once)), 32'768);
  for (int i = 32'769; i <= 65'535; ++i) {
    const std::uint16_t id = all.add(message(QoS::at_least_once));
    EXPECT_EQ(id, i);
    all.remove(*all.find(id));
  }
  EXPECT_EQ(all.add(message(QoS::at_least_once)), 32'769) << "the first is in flight still";
}

TEST(OutgoingMessages, AreSentAgainOnceInTheirOrder) {
  OutgoingMessages all;
  const auto one = all.add(message(QoS::at_least_once));
  const auto two = all.add(message(QoS::exactly_once));
  EXPECT_EQ(all.send_again(), nullptr);
  all.connection_lost(true);
  EXPECT_EQ(all.sent(), 0U);
  EXPECT_TRUE(all.must_send_again());
  EXPECT_EQ(all.send_again()->packet_id, one);
  EXPECT_EQ(all.send_again()->packet_id, two);
  EXPECT_EQ(all.send_again(), nullptr);
  EXPECT_EQ(all.sent(), 2U);
}

TEST(OutgoingMessages, CountTheirBytes) {
  OutgoingMessages all;
  const auto one = all.add(message(QoS::exactly_once));
  all.queue(message(QoS::at_least_once));
  all.queue(message(QoS::at_most_once));
  const std::size_t each = message(QoS::at_most_once).bytes();
  EXPECT_EQ(all.bytes(), 3 * each);
  all.release(*all.find(one));
  EXPECT_LT(all.bytes(), 3 * each);
  all.remove(*all.find(one));
  EXPECT_EQ(all.bytes(), 2 * each);
  all.connection_lost(true);  // QoS 0 is not kept.
  EXPECT_EQ(all.bytes(), each);
  EXPECT_EQ(all.queued_at_most_once(), 0U);
  EXPECT_EQ(all.take().qos, QoS::at_least_once);
  EXPECT_EQ(all.bytes(), 0U);
}

TEST(OutgoingMessages, KeepNothingOfASessionThatEnds) {
  OutgoingMessages all;
  all.add(message(QoS::at_least_once));
  all.queue(message(QoS::at_least_once));
  all.connection_lost(false);
  EXPECT_EQ(all.bytes(), 0U);
  EXPECT_EQ(all.in_flight(), 0U);
  EXPECT_EQ(all.queued(), 0U);
}

TEST(OutgoingMessages, TakeALongQueueFromTheFront) {
  OutgoingMessages all;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) {
      all.queue(message(i % 2 == 0 ? QoS::at_least_once : QoS::exactly_once));
    }
    for (int i = 0; i < 100; ++i) {
      EXPECT_EQ(all.front().qos, i % 2 == 0 ? QoS::at_least_once : QoS::exactly_once);
      all.take();
    }
    EXPECT_EQ(all.queued(), 0U);
  }
}

}  // namespace
}  // namespace claims::server
