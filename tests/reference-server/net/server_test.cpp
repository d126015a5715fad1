#include "reference-server/net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/chat/topics.h"
#include "tests/reference-server/net/running_server.h"
#include "tests/reference-server/net/scripted_client.h"

namespace claims::server::testing {
namespace {

using ::testing::HasSubstr;
using Type = Incoming::Type;
using mqtt::ReasonCode;

constexpr std::string_view kReceipt =
    R"({"type":"receipt.register","id":"1.1","receipt":"2024-1234567","plate":"12가3456","model":"아반떼","adjuster":"adj-1"})";
constexpr std::string_view kIntake =
    R"({"type":"intake.register","id":"1.1","receipt":"2024-1234567"})";

TEST(Server, TakesARightTokenAndRefusesOthers) {
  RunningServer server;
  ScriptedClient right(server.mqtt());
  EXPECT_EQ(right.connect("gar-1", token_of("gar-1"), "phone").reason, ReasonCode::success);

  for (const std::string& token : {std::string("nonsense"), token_of("gar-2"),
                                   token_of("gar-1", -60), token_of("gar-1") + "x"}) {
    ScriptedClient wrong(server.mqtt(), mqtt::Version::v5_0);
    const Incoming answer = wrong.connect("gar-1", token, "phone-2");
    EXPECT_EQ(answer.type, Type::connack);
    EXPECT_GE(static_cast<int>(answer.reason), 0x80) << token;
    EXPECT_EQ(wrong.next().type, Type::closed);
  }
  right.send(mqtt::Pingreq{});
  EXPECT_EQ(right.next().type, Type::pingresp);
}

TEST(Server, AnswersACommandAndDeliversItsEvents) {
  RunningServer server;
  ScriptedClient core(server.mqtt()), adjuster(server.mqtt()), garage(server.mqtt());
  ASSERT_EQ(core.connect("core-01", token_of("core-01"), "core").reason, ReasonCode::success);
  ASSERT_EQ(adjuster.connect("adj-1", token_of("adj-1"), "pc").reason, ReasonCode::success);
  ASSERT_EQ(garage.connect("gar-1", token_of("gar-1"), "phone").reason, ReasonCode::success);
  for (ScriptedClient* client : {&core, &adjuster, &garage}) {
    ASSERT_EQ(client->subscribe().type, Type::suback);
  }

  EXPECT_THAT(core.command(kReceipt), HasSubstr(R"("ok":true)"));
  EXPECT_THAT(garage.command(kIntake), HasSubstr(R"("room":"r1")"));
  for (const std::string_view type : {"joined", "joined", "notice", "greeting"}) {
    EXPECT_THAT(adjuster.event(), HasSubstr(std::string(R"("type":")") + std::string(type)));
  }
  EXPECT_THAT(
      garage.command(R"({"type":"message.send","id":"1.2","room":"r1","text":"사진 보냅니다"})"),
      HasSubstr(R"("seq":5)"));
  EXPECT_THAT(adjuster.event(), HasSubstr("사진 보냅니다"));
  EXPECT_THAT(adjuster.command(R"({"type":"room.messages","id":"q1","room":"r1","after":3})"),
              HasSubstr("사진 보냅니다"));
}

TEST(Server, ClosesAMalformedConnectionAndServesTheOthersOn) {
  RunningServer server;
  ScriptedClient good(server.mqtt());
  ASSERT_EQ(good.connect("gar-1", token_of("gar-1"), "phone").reason, ReasonCode::success);

  ScriptedClient not_mqtt(server.mqtt());
  not_mqtt.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(not_mqtt.next().type, Type::closed);

  ScriptedClient broken(server.mqtt());
  ASSERT_EQ(broken.connect("gar-2", token_of("gar-2"), "phone").reason, ReasonCode::success);
  broken.send(std::string_view("\x36\x02\x00\x00", 4));  // QoS 3 [MQTT-3.3.1-4].
  EXPECT_EQ(broken.next().type, Type::closed);

  good.send(mqtt::Pingreq{});
  EXPECT_EQ(good.next().type, Type::pingresp);
}

TEST(Server, TellsWhyBeforeItClosesAnOversizePacket) {
  RunningServer server;
  ScriptedClient client(server.mqtt(), mqtt::Version::v5_0);
  ASSERT_EQ(client.connect("gar-1", token_of("gar-1"), "phone").reason, ReasonCode::success);
  // A PUBLISH of 256 KiB, all of it on its way before the server has looked at its length: the
  // DISCONNECT must survive that most of the input is never read.
  client.send(std::string("\x30\x80\x80\x10", 4) + std::string(256 * 1024, 'x'));
  const Incoming answer = client.next();
  EXPECT_EQ(answer.type, Type::disconnect);
  EXPECT_EQ(answer.reason, ReasonCode::packet_too_large);
  EXPECT_EQ(client.next().type, Type::closed);
}

TEST(Server, ServesManyConnectionsAtOnce) {
  RunningServer server;
  std::vector<ScriptedClient> clients;
  clients.reserve(200);
  for (int i = 0; i < 200; ++i) clients.emplace_back(server.mqtt());
  std::size_t answers = 0;
  for (ScriptedClient& client : clients) client.send(mqtt::Pingreq{});  // Before CONNECT: an error.
  for (ScriptedClient& client : clients) answers += client.next().type == Type::closed ? 1U : 0U;
  EXPECT_EQ(answers, clients.size());

  clients.clear();
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back(server.mqtt());
    EXPECT_EQ(clients.back().connect("gar-1", token_of("gar-1"), "c" + std::to_string(i)).reason,
              ReasonCode::success);
  }
  for (ScriptedClient& client : clients) {
    client.send(mqtt::Pingreq{});
    EXPECT_EQ(client.next().type, Type::pingresp);
  }
}

TEST(Server, TurnsAwayWhatIsBeyondItsConnections) {
  ServerConfig config = sample_config();
  config.node.broker.connections_max = 2;
  RunningServer server(std::move(config));
  ScriptedClient first(server.mqtt()), second(server.mqtt());
  ASSERT_EQ(first.connect("gar-1", token_of("gar-1"), "a").reason, ReasonCode::success);
  ASSERT_EQ(second.connect("gar-1", token_of("gar-1"), "b").reason, ReasonCode::success);
  ScriptedClient third(server.mqtt());
  EXPECT_EQ(third.next().type, Type::closed);
  first.send(mqtt::Pingreq{});
  EXPECT_EQ(first.next().type, Type::pingresp);
  EXPECT_THAT(http_get(server.http(), "/metrics"),
              HasSubstr("claimchatd_connections_turned_away_total 1\n"));
}

TEST(Server, FinishesWhatWasTakenInBeforeItStops) {
  RunningServer server;
  ScriptedClient core(server.mqtt(), mqtt::Version::v5_0);
  ASSERT_EQ(core.connect("core-01", token_of("core-01"), "core").reason, ReasonCode::success);
  ASSERT_EQ(core.subscribe().type, Type::suback);
  EXPECT_THAT(core.command(kReceipt), HasSubstr(R"("ok":true)"));
  EXPECT_EQ(server.stop(), ExitCode::ok);
  const Incoming last = core.next();
  EXPECT_EQ(last.type, Type::disconnect);
  EXPECT_EQ(last.reason, ReasonCode::server_shutting_down);
  EXPECT_EQ(core.next().type, Type::closed);
}

TEST(Server, SaysThatItsAddressIsTaken) {
  RunningServer server;
  ServerConfig config = sample_config();
  config.listen = server.mqtt();
  const auto second = Server::start(std::move(config));
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ExitCode::cannot_listen);
  EXPECT_THAT(second.error().what, HasSubstr(server.mqtt().to_string()));
}

TEST(Server, SaysWhatIsWrongInTheDirectory) {
  ServerConfig config = sample_config();
  config.directory_json = R"({"format":"claims-directory/9"})";
  const auto started = Server::start(std::move(config));
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, ExitCode::bad_usage);
  EXPECT_NE(started.error().what, "");
}

}  // namespace
}  // namespace claims::server::testing
