// Sessions: clean and kept, taken over, expired, and how many a user may have.

#include <gtest/gtest.h>

#include "tests/reference-server/broker/scripted_stage.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;

class BrokerSession : public testing::TestWithParam<mqtt::Version> {
 protected:
  mqtt::Version version() const { return GetParam(); }
  bool v5() const { return GetParam() == kV5; }
  Stage stage;
};
INSTANTIATE_TEST_SUITE_P(Versions, BrokerSession, testing::Values(kV3, kV5),
                         [](const auto& info) { return version_name(info); });

TEST_P(BrokerSession, EndsACleanOneWithItsConnection) {  // [MQTT-3.1.2-6]
  Client alice = stage.connects(clean_connect(version()));
  stage.handler.calls();
  alice.hangs_up();
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 closed", "ended s1"}));
  Client again = stage.opens(version());
  again.says(persistent_connect(version()));
  EXPECT_EQ(again.hears(), Lines{"CONNACK 0x00"});
  EXPECT_EQ(stage.handler.calls(), Lines{"attached s2 alice/c1"});
}

TEST_P(BrokerSession, KeepsAPersistentOneWithItsSubscriptions) {  // [MQTT-3.1.2-4], [MQTT-3.2.2-2]
  Client alice = stage.connects(persistent_connect(version()));
  alice.subscribes(1, kEvents);
  alice.says(mqtt::Disconnect{});
  EXPECT_EQ(alice.hears(), (Lines{"SUBACK #1 0x01", "closed"}));
  EXPECT_EQ(stage.handler.calls(),
            (Lines{"attached s1 alice/c1", "subscriptions s1 #1 aos/v1/alice/evt:1",
                   "detached s1 disconnect"}));
  EXPECT_FALSE(stage.broker.connected(SessionId{1}));

  Client again = stage.opens(version());
  again.says(persistent_connect(version()));
  EXPECT_EQ(again.hears(), Lines{"CONNACK 0x00 present"});
  EXPECT_EQ(stage.handler.calls(), Lines{"attached s1 alice/c1 present"});
  EXPECT_TRUE(stage.broker.connected(SessionId{1}));
  const auto result =
      stage.broker.deliver(SessionId{1}, kEvents, "hello", {}, QoS::at_least_once, 1, true);
  EXPECT_EQ(result, Broker::Delivery::in_flight);
  EXPECT_EQ(again.hears(), Lines{"PUBLISH #1 aos/v1/alice/evt hello"});
}

TEST_P(BrokerSession, DiscardsTheOldOneOnACleanStart) {  // [MQTT-3.1.2-6], 5.0 -4; [MQTT-3.2.2-1]
  stage.connects(persistent_connect(version())).hangs_up();
  stage.handler.calls();
  Client again = stage.opens(version());
  again.says(clean_connect(version()));
  EXPECT_EQ(again.hears(), Lines{"CONNACK 0x00"});
  EXPECT_EQ(stage.handler.calls(), (Lines{"ended s1", "attached s2 alice/c1"}));
}

TEST_P(BrokerSession, IsTakenOverByTheSameClient) {  // [MQTT-3.1.4-2], 5.0 -3: 0x8E
  Client alice = stage.connects(persistent_connect(version()));
  stage.handler.calls();
  Client again = stage.opens(version());
  again.says(persistent_connect(version()));
  EXPECT_EQ(alice.hears(), v5() ? (Lines{"DISCONNECT 0x8E", "closed"}) : Lines{"closed"});
  EXPECT_EQ(again.hears(), Lines{"CONNACK 0x00 present"});
  EXPECT_EQ(stage.handler.calls(),
            (Lines{"detached s1 taken_over", "attached s1 alice/c1 present"}));
  // What the old connection still sends has no effect.
  alice.publishes(kCommands, 1);
  EXPECT_EQ(stage.handler.calls(), Lines{});
}

TEST_P(BrokerSession, EndsACleanOneWhenTakenOver) {
  stage.connects(clean_connect(version()));
  stage.handler.calls();
  Client again = stage.opens(version());
  again.says(persistent_connect(version()));
  EXPECT_EQ(again.hears(), Lines{"CONNACK 0x00"});
  EXPECT_EQ(stage.handler.calls(),
            (Lines{"detached s1 taken_over", "ended s1", "attached s2 alice/c1"}));
}

TEST_P(BrokerSession, IsNotTakenOverByAnotherUser) {  // Known by (user, client id).
  Client alice = stage.connects(clean_connect(version()));
  mqtt::Connect connect = clean_connect(version());
  connect.username = "bob";
  Client bob = stage.opens(version());
  bob.says(connect);
  EXPECT_EQ(bob.hears(), Lines{"CONNACK 0x00"});
  EXPECT_EQ(alice.hears(), Lines{});
  EXPECT_EQ(stage.handler.calls(), (Lines{"attached s1 alice/c1", "attached s2 bob/c1"}));
}

TEST_P(BrokerSession, TakenOverBeforeItsConnackIsAnsweredOnTheNewConnection) {
  stage.handler.accepts = false;
  Client alice = stage.opens(version());
  alice.says(persistent_connect(version()));
  Client again = stage.opens(version());
  again.says(persistent_connect(version()));
  EXPECT_EQ(alice.hears(), Lines{"closed"});
  stage.broker.accept(SessionId{1});
  EXPECT_EQ(again.hears(), Lines{"CONNACK 0x00 present"});
}

TEST_P(BrokerSession, NeverExpiresIn311AndAsAskedIn50) {  // 5.0 [MQTT-3.1.2-23]
  stage.connects(persistent_connect(version())).hangs_up();
  stage.handler.calls();
  stage.passes(Microseconds{3'599'999'999});
  EXPECT_EQ(stage.handler.calls(), Lines{});
  stage.passes(Microseconds{1});
  EXPECT_EQ(stage.handler.calls(), v5() ? Lines{"ended s1"} : Lines{});
  EXPECT_EQ(stage.broker.counters().sessions, v5() ? 0U : 1U);
}

TEST_P(BrokerSession, DoesNotExpireWhileConnected) {
  stage.connects(persistent_connect(version())).hangs_up();
  stage.passes(Microseconds{3'000'000'000});
  stage.connects(persistent_connect(version()));
  stage.handler.calls();
  stage.passes(Microseconds{4'000'000'000});
  EXPECT_EQ(stage.handler.calls(), Lines{});
  EXPECT_TRUE(stage.broker.connected(SessionId{1}));
}

TEST_P(BrokerSession, MakesRoomByEndingTheOneOfflineLongest) {
  stage.connects(persistent_connect(version(), "c1")).hangs_up();
  Client two = stage.connects(persistent_connect(version(), "c2"));
  stage.passes(Microseconds{1});
  two.hangs_up();
  std::vector<Client> others;
  for (const char* id : {"c3", "c4", "c5", "c6", "c7", "c8"}) {
    others.push_back(stage.connects(clean_connect(version(), id)));
  }
  stage.handler.calls();
  others.push_back(stage.connects(clean_connect(version(), "c9")));
  EXPECT_EQ(stage.handler.calls(), (Lines{"ended s1", "attached s9 alice/c9"}));
  others.push_back(stage.connects(clean_connect(version(), "c10")));
  EXPECT_EQ(stage.handler.calls(), (Lines{"ended s2", "attached s10 alice/c10"}));
  Client eleventh = stage.opens(version());
  eleventh.says(clean_connect(version(), "c11"));
  EXPECT_EQ(eleventh.hears(), (Lines{v5() ? "CONNACK 0x97" : "CONNACK 0x88", "closed"}));
}

TEST_P(BrokerSession, IsRestoredFromTheLog) {
  const SessionState state{
      {"alice", "c1"}, false, 3'600, {{std::string(kEvents), QoS::at_least_once}}};
  EXPECT_EQ(stage.broker.restore(state, Now{}), SessionId{1});
  SessionState changed = state;
  changed.subscriptions.push_back({std::string(kReplies), QoS::at_most_once});
  EXPECT_EQ(stage.broker.restore(changed, Now{}), SessionId{1});
  const SessionState forgotten{{"alice", "c2"}, false, 3'600, {}};
  stage.broker.forget(stage.broker.restore(forgotten, Now{}));
  EXPECT_FALSE(stage.broker.find({"alice", "c2"}));

  // The hour counts from the first input.
  stage.broker.set_available(true, stage.now);
  stage.passes(Microseconds{3'599'000'000});
  EXPECT_EQ(stage.handler.calls(), Lines{});
  Client alice = stage.opens(version());
  alice.says(persistent_connect(version()));
  EXPECT_EQ(alice.hears(), Lines{"CONNACK 0x00 present"});
  EXPECT_EQ(stage.broker.state_of(SessionId{1})->subscriptions.size(), 2U);
}

TEST_P(BrokerSession, RestoredAndNotComeBackExpires) {
  const SessionState state{{"alice", "c1"}, false, 3'600, {}};
  stage.broker.restore(state, Now{});
  stage.broker.set_available(true, stage.now);
  stage.passes(Microseconds{3'600'000'000});
  EXPECT_EQ(stage.handler.calls(), Lines{"ended s1"});
}

TEST(BrokerSession5, DisconnectMayChangeTheExpiry) {  // 5.0 section 3.14.2.2.2
  Stage stage;
  Client alice = stage.connects(persistent_connect(kV5));
  stage.handler.calls();
  alice.says(mqtt::Disconnect{{}, {{.id = PropertyId::session_expiry_interval, .number = 10}}});
  EXPECT_EQ(alice.hears(), Lines{"closed"});
  EXPECT_EQ(stage.broker.state_of(SessionId{1})->expiry_s, 10U);
  stage.passes(Microseconds{10'000'000});
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 disconnect", "ended s1"}));
}

TEST(BrokerSession5, DisconnectMayEndTheSession) {
  Stage stage;
  Client alice = stage.connects(persistent_connect(kV5));
  stage.handler.calls();
  alice.says(mqtt::Disconnect{{}, {{.id = PropertyId::session_expiry_interval, .number = 0}}});
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 disconnect", "ended s1"}));
}

TEST(BrokerSession5, DisconnectMayNotKeepWhatWasToEnd) {  // 5.0 section 3.14.2.2.2: 0x82
  Stage stage;
  Client alice = stage.connects(clean_connect(kV5));
  stage.handler.calls();
  alice.says(mqtt::Disconnect{{}, {{.id = PropertyId::session_expiry_interval, .number = 10}}});
  EXPECT_EQ(alice.hears(), (Lines{"DISCONNECT 0x82", "closed"}));
  EXPECT_EQ(stage.handler.calls(), (Lines{"detached s1 protocol_error", "ended s1"}));
}

TEST(BrokerSession5, CleanStartMayBeKeptFromThenOn) {  // Clean start says nothing of the expiry.
  Stage stage;
  mqtt::Connect connect = persistent_connect(kV5);
  connect.clean_start = true;
  stage.connects(connect).hangs_up();
  Client again = stage.opens(kV5);
  again.says(persistent_connect(kV5));
  EXPECT_EQ(again.hears(), Lines{"CONNACK 0x00 present"});
}

}  // namespace
}  // namespace claims::server
