// A server that is killed while it writes its snapshot, or that finds a torn one: it starts on the
// log, says so, and nothing is lost.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "tests/reference-server/log/child_process.h"
#include "tests/reference-server/log/faulty_vfs.h"
#include "tests/reference-server/log/temporary_folder.h"
#include "tests/reference-server/net/claimchatd_program.h"
#include "tests/reference-server/net/running_server.h"
#include "tests/reference-server/net/scripted_client.h"

namespace claims::server::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using Type = Incoming::Type;

/// A snapshot after each block.
ServerConfig config_in(const TemporaryFolder& folder, const std::string& vfs = {}) {
  ServerConfig config = sample_config();
  config.open_log = [path = folder.file("log.sqlite")](Missing missing) {
    return open_sqlite_log(path, {}, missing);
  };
  config.open_history = [path = folder.file("history.sqlite")] {
    return open_sqlite_history(path);
  };
  config.open_snapshot = [path = folder.file("state.sqlite"), vfs] {
    return open_sqlite_snapshot(path, vfs);
  };
  config.node.checkpoint_records = 1;
  config.snapshot_pacing.records = 1;
  return config;
}

bool subscribed(ScriptedClient& core) {
  return core.connect("core-01", token_of("core-01"), "core").type == Type::connack &&
         core.subscribe().type == Type::suback;
}

std::string receipt(int n) {
  return receipt_command(n, 1'000'000 + n);
}

/// Receipts 1 to `last`, under the ids 1.1 to 1.<last>, are there, once each, and no more.
void expect_all(const SocketAddress& mqtt, int last) {
  ScriptedClient core(mqtt);
  ASSERT_TRUE(subscribed(core));
  for (int n = 1; n <= last; ++n) {
    EXPECT_THAT(core.command(receipt_command(last + n, 1'000'000 + n)), HasSubstr("receipt_exists"))
        << n;
  }
}

/// A server in a process of its own that is killed in the middle of that write to its snapshot.
class DyingServer {
 public:
  DyingServer(const TemporaryFolder& folder, int die_at_write)
      : process_([&](const claims::ChildProcess::Report& report) {
          FaultyVfs vfs;
          vfs.die_at_write = die_at_write;
          auto started = Server::start(config_in(folder, FaultyVfs::name()));
          if (!started) return;
          report((*started)->mqtt_address().port());
          report((*started)->http_address()->port());
          (*started)->run();
        }) {}

  struct Addresses {
    SocketAddress mqtt, http;
  };
  /// Nothing: it was killed before it served.
  std::optional<Addresses> addresses() {
    const auto mqtt = process_.next(), http = process_.next();
    if (!mqtt || !http) return std::nullopt;
    return Addresses{at(*mqtt), at(*http)};
  }

 private:
  static SocketAddress at(std::uint64_t port) {
    return *SocketAddress::parse("127.0.0.1:" + std::to_string(port));
  }

  claims::ChildProcess process_;
};

/// Whether the snapshot has come up with the log; else the server is dead.
bool stores_all(const SocketAddress& http) {
  const auto number = [](const std::string& text, std::string_view key) {
    const std::size_t at = text.find(key);
    return at == std::string::npos ? -1 : std::atoll(text.c_str() + at + key.size());
  };
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (std::chrono::steady_clock::now() < until) {
    const std::string health = http_get(http, "/healthz");
    if (health.empty()) return false;
    const auto stored = number(health, R"("snapshot_position":)");
    if (stored > 0 && stored == number(health, R"("log_position":)")) return true;
  }
  ADD_FAILURE() << "the snapshot does not follow the log";
  return false;
}

TEST(SnapshotCrash, AServerThatIsKilledAtAnyWriteLosesNothing) {
  constexpr int kWritesMax = 400, kCommandsEach = 6;
  const TemporaryFolder folder;
  int acknowledged = 0, killed_starting = 0, killed_serving = 0;
  bool survived = false;
  for (int write = 1; write <= kWritesMax && !survived; ++write) {
    DyingServer server(folder, write);
    const auto at = server.addresses();
    if (!at) {
      ++killed_starting;
      continue;
    }
    ScriptedClient core(at->mqtt);
    survived = subscribed(core);
    if (survived && acknowledged > 0) {  // A repeat: the same reply, no second effect.
      const std::string again = core.command(receipt(acknowledged));
      EXPECT_THAT(again, AnyOf(HasSubstr(R"("ok":true)"), "")) << write;
    }
    for (int i = 0; i < kCommandsEach && survived; ++i) {
      const std::string reply = core.command(receipt(acknowledged + 1));
      survived = reply.find(R"("ok":true)") != std::string::npos;
      if (survived) {
        ++acknowledged;
        survived = stores_all(at->http);
      } else {
        EXPECT_EQ(reply, "") << "no refusal";
      }
    }
    if (!survived) ++killed_serving;
  }
  EXPECT_TRUE(survived) << "there are more writes than " << kWritesMax;
  EXPECT_GT(killed_starting, 0);
  EXPECT_GT(killed_serving, 10);
  EXPECT_GT(acknowledged, 20);

  RunningServer server(config_in(folder));
  EXPECT_TRUE(server.told().has(" of the snapshot, in ")) << "what was killed last left a good one";
  expect_all(server.mqtt(), acknowledged);
}

class TornSnapshot : public ::testing::Test {
 protected:
  static constexpr int kReceipts = 40;

  TornSnapshot() {
    {
      RunningServer server(config_in(folder_));
      ScriptedClient core(server.mqtt());
      EXPECT_TRUE(subscribed(core));
      for (int n = 1; n <= kReceipts; ++n) {
        EXPECT_THAT(core.command(receipt(n)), HasSubstr(R"("ok":true)"));
      }
      EXPECT_EQ(server.stop(), ExitCode::ok);
    }
    for (const char* name : {"log.sqlite", "history.sqlite", "state.sqlite"}) {
      std::ifstream file(folder_.file(name), std::ios::binary);
      files_.emplace_back(name, std::string(std::istreambuf_iterator<char>(file), {}));
      EXPECT_FALSE(std::filesystem::exists(folder_.file(name + std::string("-wal"))));
    }
  }
  const std::string& snapshot() const { return files_.back().second; }

  /// Everything as the server left it, with another snapshot; true when it is done without.
  bool refused(const std::string& snapshot) {
    for (const auto& [name, bytes] : files_) {
      std::filesystem::remove(folder_.file(name + "-wal"));
      std::ofstream(folder_.file(name), std::ios::binary)
          << (name == "state.sqlite" ? snapshot : bytes);
    }
    bool without = false;
    {
      RunningServer server(config_in(folder_));
      without = server.told().has("state.sqlite") || server.told().has("snapshot: ");
      EXPECT_EQ(without, !server.told().has(" of the snapshot, in "));
      EXPECT_FALSE(server.told().has("no snapshot is written"));
      expect_all(server.mqtt(), kReceipts);
      EXPECT_EQ(server.stop(), ExitCode::ok);
    }
    // Damage where no row is shows when it is written to; then the start behind that writes anew.
    bool good = false;
    for (int start = 0; start < (without ? 1 : 2) && !good; ++start) {
      RunningServer next(config_in(folder_));
      good = next.told().has(" of the snapshot, in ");
      expect_all(next.mqtt(), kReceipts);
    }
    EXPECT_TRUE(good) << "the one written since";
    return without;
  }

  TemporaryFolder folder_;
  std::vector<std::pair<std::string, std::string>> files_;
};

TEST_F(TornSnapshot, OneThatIsWholeIsUsed) {
  EXPECT_FALSE(refused(snapshot()));
}

TEST_F(TornSnapshot, OneThatEndsEarlyIsDoneWithout) {
  for (const std::size_t bytes : {snapshot().size() / 2, std::size_t{4'096}, std::size_t{100}}) {
    EXPECT_TRUE(refused(snapshot().substr(0, bytes))) << bytes;
  }
}

TEST_F(TornSnapshot, APageThatIsGoneIsFoundWhereverItIs) {
  constexpr std::size_t kPage = 4'096;
  const std::size_t pages = snapshot().size() / kPage;
  ASSERT_GE(pages, 4U);
  std::size_t found = 0;
  for (std::size_t page = 0; page < pages; ++page) {
    SCOPED_TRACE("page " + std::to_string(page + 1) + " of " + std::to_string(pages));
    std::string torn = snapshot();
    std::fill_n(torn.begin() + static_cast<std::ptrdiff_t>(page * kPage), kPage, '\0');
    found += refused(torn) ? 1 : 0;
  }
  EXPECT_GT(found, pages / 2) << "the others hold no row";
}

TEST_F(TornSnapshot, WhatIsNoSnapshotAtAllIsDoneWithout) {
  EXPECT_TRUE(refused(std::string(10'000, 'x')));
}

}  // namespace
}  // namespace claims::server::testing
