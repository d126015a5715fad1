// The program itself, with Mosquitto's clients.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "tests/reference-server/net/child_process.h"
#include "tests/reference-server/net/claimchatd_program.h"
#include "tests/reference-server/net/running_server.h"
#include "tests/reference-server/net/scripted_client.h"

namespace claims::server::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Type = Incoming::Type;

const std::string kReceipt = receipt_command(1, 1'234'567);

std::vector<std::string> mosquitto(const std::string& program, const SocketAddress& server,
                                   const std::string& user, const std::string& version) {
  return {program,
          "-V",
          version,
          "-h",
          server.host(),
          "-p",
          std::to_string(server.port()),
          "-u",
          user,
          "-P",
          token_of(user),
          "-i",
          program + "-" + user,
          "-W",
          "20"};
}

using Claimchatd = ClaimchatdProgram;

/// Connects and registers the first receipt, or gets the same reply again.
void has_its_receipt(ScriptedClient& core) {
  ASSERT_EQ(core.connect("core-01", token_of("core-01"), "core").reason, mqtt::ReasonCode::success);
  ASSERT_EQ(core.subscribe().type, Type::suback);
  ASSERT_THAT(core.command(kReceipt), HasSubstr(R"("ok":true)"));
}

TEST_F(Claimchatd, ServesMosquittosClients) {
  ChildProcess server(command(), path("errors"));
  const SocketAddress mqtt = addresses_of(server).mqtt;
  for (const std::string version : {"mqttv311", "mqttv5"}) {
    auto ask = mosquitto("mosquitto_rr", mqtt, "core-01", version);
    ask.insert(ask.end(), {"-q", "1", "-t", "aos/v1/core-01/cmd", "-e", "aos/v1/core-01/reply",
                           "-m", std::string(kReceipt)});
    ChildProcess request(ask);
    // The second time it is a repeat of the same id: the same reply.
    EXPECT_THAT(request.rest(), HasSubstr(R"("re":"1.1","ok":true)"));
    EXPECT_EQ(request.wait(), 0);
  }
  auto foreign = mosquitto("mosquitto_sub", mqtt, "gar-1", "mqttv311");
  foreign.insert(foreign.end(), {"-t", "aos/v1/gar-2/evt", "-C", "1"});
  ChildProcess refused(foreign, path("refused"));
  refused.wait();  // Its exit code does not tell.
  EXPECT_THAT(text_of("refused"), HasSubstr("denied"));

  server.signal(SIGTERM);
  EXPECT_EQ(server.rest(), "");  // One line on standard output, and no more.
  EXPECT_EQ(server.wait(), 0);
  EXPECT_THAT(errors(), HasSubstr("claimchatd: stopped\n"));
}

TEST_F(Claimchatd, KeepsWhatItAcknowledgedWhenItIsKilled) {
  {
    ChildProcess server(command(), path("errors"));
    ScriptedClient core(addresses_of(server).mqtt);
    ASSERT_EQ(core.connect("core-01", token_of("core-01"), "core").type, Type::connack);
    ASSERT_EQ(core.subscribe().type, Type::suback);
    ASSERT_THAT(core.command(kReceipt), HasSubstr(R"("ok":true)"));
    server.signal(SIGKILL);
    EXPECT_EQ(server.wait(), -SIGKILL);
  }
  ChildProcess server(command(), path("errors"));
  ScriptedClient garage(addresses_of(server).mqtt);
  ASSERT_EQ(garage.connect("gar-1", token_of("gar-1"), "phone").type, Type::connack);
  ASSERT_EQ(garage.subscribe().type, Type::suback);
  EXPECT_THAT(garage.command(R"({"type":"intake.register","id":"1.1","receipt":"2024-1234567"})"),
              HasSubstr(R"("created":true)"));
}

TEST_F(Claimchatd, GoesOnWhenNobodyTakesItsWords) {
  ChildProcess server(command(), "/dev/full");
  ScriptedClient core(addresses_of(server).mqtt);
  EXPECT_EQ(core.connect("core-01", token_of("core-01"), "core").type, Type::connack);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
}

TEST_F(Claimchatd, AFullDiskEndsNeitherTheServerNorWhatItAcknowledged) {
  const auto receipt = [](int n) { return receipt_command(n, 1'000'000 + n); };
  std::string line = "ulimit -f 400; exec";
  for (const std::string& word : command()) line += " '" + word + "'";
  int acknowledged = 0;
  {
    ChildProcess server({"sh", "-c", line}, path("errors"));
    ScriptedClient core(addresses_of(server).mqtt);
    ASSERT_EQ(core.connect("core-01", token_of("core-01"), "core").type, Type::connack);
    ASSERT_EQ(core.subscribe().type, Type::suback);
    while (acknowledged < 2'000) {
      const std::string reply = core.command(receipt(acknowledged + 1));
      if (reply.find(R"("ok":true)") == std::string::npos) break;
      ++acknowledged;
    }
    ASSERT_GT(acknowledged, 10);
    ASSERT_LT(acknowledged, 2'000) << "the disk was never full";
    server.signal(SIGTERM);
    EXPECT_GE(server.wait(), 0) << "no signal ended it";
    EXPECT_THAT(errors(), HasSubstr("all sessions closed, nothing is acknowledged: log: "));
  }
  ChildProcess server(command(), path("errors"));
  ScriptedClient core(addresses_of(server).mqtt);
  ASSERT_EQ(core.connect("core-01", token_of("core-01"), "core").type, Type::connack);
  ASSERT_EQ(core.subscribe().type, Type::suback);
  EXPECT_THAT(core.command(receipt(acknowledged)), HasSubstr(R"("ok":true)"));
}

/// Of a file that nothing can be written to, and of one that cannot grow.
class FullDisk : public Claimchatd, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(Claimchatd, FullDisk, ::testing::Bool());

TEST_P(FullDisk, IsSaidAndEndsWithoutARestart) {
  const std::string kSecond = receipt_command(2, 7'654'321);
  ChildProcess server(command(), path("errors"));
  const auto [mqtt, http] = addresses_of(server);
  ScriptedClient core(mqtt, mqtt::Version::v5_0);
  ASSERT_NO_FATAL_FAILURE(has_its_receipt(core));

  const bool cannot_grow = GetParam();
  limit_files(server, cannot_grow ? std::filesystem::file_size(path("data/log.sqlite-wal")) : 0);
  EXPECT_EQ(core.command(kSecond), "") << "nothing is acknowledged, the connection ends";
  const std::string health = http_get_until(http, "/healthz", "disk I/O error");
  EXPECT_THAT(health, HasSubstr("503 Service Unavailable"));
  EXPECT_THAT(health, HasSubstr(R"("status":"unavailable","reason":"log: )"));
  EXPECT_THAT(health, HasSubstr("log.sqlite"));
  // Again and again it finds no room: that the log can be read does not make it well.
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(1'500);
  while (std::chrono::steady_clock::now() < until) {
    ScriptedClient refused(mqtt, mqtt::Version::v5_0);
    ASSERT_EQ(refused.connect("core-01", token_of("core-01"), "core").reason,
              mqtt::ReasonCode::server_unavailable);
    ASSERT_THAT(http_get(http, "/healthz"), HasSubstr("503"));
  }

  limit_files(server, std::nullopt);
  EXPECT_THAT(http_get_until(http, "/healthz", R"("status":"ok")"), HasSubstr("200 OK"));
  ScriptedClient again(mqtt, mqtt::Version::v5_0);
  // The first is there; the second, sent again, happens now.
  ASSERT_NO_FATAL_FAILURE(has_its_receipt(again));
  EXPECT_THAT(again.command(kSecond), HasSubstr(R"("ok":true)"));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  EXPECT_THAT(errors(), HasSubstr("available again: folded"));
}

/// What went with the log's name cannot be acknowledged, and an empty log is no log that comes
/// back.
TEST_F(Claimchatd, ServesNothingWithoutItsLogUntilItIsBack) {
  ChildProcess server(command(), path("errors"));
  const auto [mqtt, http] = addresses_of(server);
  ScriptedClient core(mqtt, mqtt::Version::v5_0);
  ASSERT_NO_FATAL_FAILURE(has_its_receipt(core));

  std::filesystem::rename(path("data/log.sqlite"), path("data/elsewhere"));
  EXPECT_EQ(core.command(receipt_command(2, 7'654'321)), "") << "nothing is acknowledged";
  EXPECT_THAT(http_get_until(http, "/healthz", "unable to open database file"),
              AllOf(HasSubstr("503 Service Unavailable"), HasSubstr("log.sqlite")));
  EXPECT_THAT(errors(), HasSubstr("log.sqlite: deleted, moved or replaced while it is written"));
  EXPECT_FALSE(std::filesystem::exists(path("data/log.sqlite"))) << "no other is begun";

  std::filesystem::rename(path("data/elsewhere"), path("data/log.sqlite"));
  EXPECT_THAT(http_get_until(http, "/healthz", R"("status":"ok")"), HasSubstr("200 OK"));
  ScriptedClient again(mqtt, mqtt::Version::v5_0);
  ASSERT_NO_FATAL_FAILURE(has_its_receipt(again));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
}

TEST_F(Claimchatd, DoesNotGoOnWithALogThatLacksWhatWasAcknowledged) {
  ChildProcess server(command(), path("errors"));
  const auto [mqtt, http] = addresses_of(server);
  ScriptedClient core(mqtt, mqtt::Version::v5_0);
  ASSERT_NO_FATAL_FAILURE(has_its_receipt(core));

  std::filesystem::remove(path("data/log.sqlite-wal"));
  EXPECT_EQ(core.command(receipt_command(2, 7'654'321)), "") << "nothing is acknowledged";
  EXPECT_THAT(http_get_until(http, "/healthz", "which was acknowledged"),
              AllOf(HasSubstr("503 Service Unavailable"), HasSubstr("log: it has no block ")));
  EXPECT_THAT(errors(), HasSubstr("log.sqlite-wal: deleted, moved or replaced"));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 5);
}

TEST_F(Claimchatd, TellsWhichFileItCannotStartOn) {
  const auto ends = [&](const std::string& words) {
    ChildProcess server(command(), path("errors"));
    EXPECT_EQ(server.line(), "");
    EXPECT_EQ(server.wait(), 5);
    EXPECT_THAT(errors(), HasSubstr(words));
    std::filesystem::resize_file(path("errors"), 0);
  };
  std::filesystem::create_directories(path("data"));
  std::ofstream(path("data/log.sqlite"))
      << "this is no database, and long enough to be read as one";
  ends("log: " + path("data/log.sqlite") + ": ");
  std::filesystem::remove(path("data/log.sqlite"));
  std::filesystem::create_directories(path("data/log.sqlite"));
  ends("log: " + path("data/log.sqlite") + ": open: unable to open database file");
}

TEST_F(Claimchatd, EndsWithItsParentWhenAskedTo) {
  // The shell starts the server, tells its id, and is killed; the server's standard output ends
  // when the last one who holds it, the server, has ended.
  std::string line;
  for (const std::string& word : command({"--exit-with-parent"})) line += "'" + word + "' ";
  ChildProcess shell({"sh", "-c", line + "& echo started; wait"}, path("errors"));
  ASSERT_EQ(shell.line(), "started");
  addresses_of(shell);
  shell.signal(SIGKILL);
  shell.wait();
  EXPECT_EQ(shell.rest(), "");
  EXPECT_THAT(errors(), HasSubstr("claimchatd: stopped\n"));
}

TEST_F(Claimchatd, EndsWithACodeThatTellsWhatIsWrong) {
  ChildProcess usage({command().front(), "--colour"}, path("errors"));
  EXPECT_EQ(usage.wait(), 2);

  ChildProcess server(command(), path("errors"));
  const SocketAddress mqtt = addresses_of(server).mqtt;
  auto taken = command({"--log", "memory"});
  taken[2] = "mqtt://" + mqtt.to_string();
  ChildProcess second(taken, path("errors"));
  EXPECT_EQ(second.wait(), 3);
  ChildProcess third(command(), path("errors"));  // The same --data.
  EXPECT_EQ(third.wait(), 5);
  std::ofstream(path("directory.json")) << R"({"format":"claims-directory/1","colour":1})";
  auto own_data = command({"--log", "memory"});
  ChildProcess fourth(own_data, path("errors"));
  EXPECT_EQ(fourth.wait(), 2);
  EXPECT_THAT(errors(), HasSubstr("--directory: '" + path("directory.json") + "': "));
  EXPECT_THAT(errors(), HasSubstr("unknown option '--colour'"));
  EXPECT_THAT(errors(), HasSubstr("cannot listen on " + mqtt.to_string()));
  EXPECT_THAT(errors(), HasSubstr("claimchatd: log: "));
}

}  // namespace
}  // namespace claims::server::testing
