// What happens when the disk fails: nothing unacknowledged is shown, nothing acknowledged is lost.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "protocol/thread_safety.h"
#include "tests/reference-server/net/running_server.h"
#include "tests/reference-server/net/scripted_client.h"

namespace claims::server::testing {
namespace {

using ::testing::HasSubstr;
using Type = Incoming::Type;
using mqtt::ReasonCode;

constexpr std::string_view kReceipt =
    R"({"type":"receipt.register","id":"1.1","receipt":"2024-1234567","plate":"12가3456","model":"아반떼","adjuster":"adj-1"})";
constexpr std::string_view kSecond =
    R"({"type":"receipt.register","id":"1.2","receipt":"2024-7654321","plate":"12가3457","model":"아반떼","adjuster":"adj-1"})";

/// What a disk does: keeps blocks, and fails when it is told to.
class FakeDisk {
 public:
  std::atomic<bool> append_fails{false}, open_fails{false};

  Result<void, LogError> append(const std::vector<std::shared_ptr<const Block>>& blocks) {
    if (append_fails.exchange(false)) return LogError{"the disk is full"};
    const MutexLock lock(mutex_);
    blocks_.insert(blocks_.end(), blocks.begin(), blocks.end());
    return {};
  }
  std::vector<std::shared_ptr<const Block>> blocks() {
    const MutexLock lock(mutex_);
    return blocks_;
  }

 private:
  Mutex mutex_;
  std::vector<std::shared_ptr<const Block>> blocks_ CLAIMS_GUARDED_BY(mutex_);
};

class FakeLog final : public EventLog {
 public:
  explicit FakeLog(std::shared_ptr<FakeDisk> disk) : disk_(std::move(disk)) {}
  Result<void, LogError> read(std::uint64_t after,
                              const std::function<void(Block&&)>& take) override {
    for (const auto& block : disk_->blocks()) {
      if (block->number > after) take(Block(*block));
    }
    return {};
  }
  Result<std::optional<Hash>, LogError> hash_of(std::uint64_t number) override {
    for (const auto& block : disk_->blocks()) {
      if (block->number == number) return std::optional(block->hash);
    }
    return std::optional<Hash>();
  }
  Result<void, LogError> append(const std::vector<std::shared_ptr<const Block>>& blocks) override {
    EXPECT_FALSE(void_) << "an append after a failed one, on the same handle";
    auto result = disk_->append(blocks);
    void_ = !result;
    return result;
  }

 private:
  std::shared_ptr<FakeDisk> disk_;
  bool void_ = false;
};

ServerConfig config_with(const std::shared_ptr<FakeDisk>& disk) {
  ServerConfig config = sample_config();
  config.open_log = [disk](Missing) -> Result<std::unique_ptr<EventLog>, LogError> {
    if (disk->open_fails) return LogError{"the disk is gone"};
    return std::make_unique<FakeLog>(disk);
  };
  return config;
}

/// Connects, and again while it is refused because the log is away.
std::unique_ptr<ScriptedClient> connect_until_served(const RunningServer& server) {
  for (int i = 0; i < 1'000; ++i) {
    auto client = std::make_unique<ScriptedClient>(server.mqtt(), mqtt::Version::v5_0);
    const Incoming answer = client->connect("core-01", token_of("core-01"), "core");
    if (answer.type == Type::connack && answer.reason == ReasonCode::success) return client;
  }
  return nullptr;
}

TEST(StorageFailure, ClosesSessionsRefusesAndRecovers) {
  const auto disk = std::make_shared<FakeDisk>();
  RunningServer server(config_with(disk));
  ScriptedClient client(server.mqtt(), mqtt::Version::v5_0);
  ASSERT_EQ(client.connect("core-01", token_of("core-01"), "core").reason, ReasonCode::success);
  ASSERT_EQ(client.subscribe().type, Type::suback);
  ASSERT_THAT(client.command(kReceipt), HasSubstr(R"("ok":true)"));
  EXPECT_THAT(http_get(server.http(), "/healthz"), HasSubstr("200 OK"));

  disk->open_fails = true;
  disk->append_fails = true;
  EXPECT_EQ(client.command(kSecond), "");  // No reply: the connection ends instead.
  EXPECT_THAT(http_get_until(server.http(), "/healthz", "the disk is gone"),
              HasSubstr("503 Service Unavailable"));
  ScriptedClient refused(server.mqtt(), mqtt::Version::v5_0);
  const Incoming answer = refused.connect("core-01", token_of("core-01"), "core");
  EXPECT_EQ(answer.reason, ReasonCode::server_unavailable);
  ScriptedClient refused_old(server.mqtt(), mqtt::Version::v3_1_1);
  EXPECT_EQ(refused_old.connect("core-01", token_of("core-01"), "core").reason,
            ReasonCode::server_unavailable);  // Return code 3.

  disk->open_fails = false;
  EXPECT_THAT(http_get_until(server.http(), "/healthz", R"("status":"ok")"), HasSubstr("200 OK"));
  const auto again = connect_until_served(server);
  ASSERT_NE(again, nullptr);
  ASSERT_EQ(again->subscribe().type, Type::suback);
  // The first was acknowledged and is there; the second was not, and happens now, once.
  EXPECT_THAT(
      again->command(
          R"({"type":"receipt.register","id":"2.1","receipt":"2024-1234567","plate":"12가3456","model":"아반떼","adjuster":"adj-1"})"),
      HasSubstr("receipt_exists"));
  EXPECT_THAT(again->command(kSecond), HasSubstr(R"("ok":true)"));
  EXPECT_TRUE(server.told().has("the disk is full"));
  EXPECT_TRUE(server.told().has("available again"));
  EXPECT_EQ(server.stop(), ExitCode::ok);
}

/// A history whose folds fail while the disk's appends are said to.
class FakeHistory final : public History {
 public:
  explicit FakeHistory(std::shared_ptr<FakeDisk> disk) : disk_(std::move(disk)) {}
  std::uint64_t folded() const override { return 0; }
  Hash folded_hash() const override { return {}; }
  Result<void, LogError> fold(const Block& block) override {
    if (disk_->append_fails.exchange(false)) return LogError{"no room for the history"};
    return inside_->fold(block);
  }
  Result<void, LogError> commit(bool /*force*/) override { return {}; }
  Result<std::vector<Row>, LogError> query(const Query& query) override {
    return inside_->query(query);
  }

 private:
  std::shared_ptr<FakeDisk> disk_;
  std::unique_ptr<History> inside_ = make_memory_history();
};

TEST(StorageFailure, FoldsTheHistoryAnewWhenItFails) {
  const auto disk = std::make_shared<FakeDisk>(), history = std::make_shared<FakeDisk>();
  ServerConfig config = config_with(disk);
  config.open_history = [history]() -> Result<std::unique_ptr<History>, LogError> {
    return std::make_unique<FakeHistory>(history);
  };
  RunningServer server(std::move(config));
  const auto client = connect_until_served(server);
  ASSERT_NE(client, nullptr);
  ASSERT_EQ(client->subscribe().type, Type::suback);
  history->append_fails = true;
  client->command(kReceipt);  // Durable, so it may be answered before the history is found broken.
  EXPECT_THAT(http_get_until(server.http(), "/metrics", "claimchatd_log_failures_total 1"),
              HasSubstr("claimchatd_log_failures_total 1"));
  EXPECT_THAT(http_get_until(server.http(), "/healthz", R"("status":"ok")"), HasSubstr("200 OK"));
  const auto again = connect_until_served(server);
  ASSERT_NE(again, nullptr);
  ASSERT_EQ(again->subscribe().type, Type::suback);
  EXPECT_THAT(again->command(kReceipt), HasSubstr(R"("ok":true)"));  // The same reply, once more.
  EXPECT_TRUE(server.told().has("no room for the history"));
}

TEST(StorageFailure, StopsWithItsOwnExitCodeWhileTheLogIsAway) {
  const auto disk = std::make_shared<FakeDisk>();
  RunningServer server(config_with(disk));
  const auto client = connect_until_served(server);
  ASSERT_NE(client, nullptr);
  disk->open_fails = true;
  disk->append_fails = true;
  client->command(kReceipt);
  EXPECT_THAT(http_get_until(server.http(), "/healthz", "the disk is"), HasSubstr("503"));
  EXPECT_EQ(server.stop(), ExitCode::log_unusable);
}

TEST(StorageFailure, DoesNotStartOnALogThatCannotBeOpened) {
  const auto disk = std::make_shared<FakeDisk>();
  disk->open_fails = true;
  const auto started = Server::start(config_with(disk));
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, ExitCode::log_unusable);
  EXPECT_THAT(started.error().what, HasSubstr("the disk is gone"));
}

class Restart : public ::testing::Test {
 protected:
  Restart() {
    std::string pattern = (std::filesystem::temp_directory_path() / "net-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Restart() override { std::filesystem::remove_all(folder_); }

  ServerConfig config() const {
    ServerConfig config = sample_config();
    config.open_log = [path = (folder_ / "log.sqlite").string()](Missing missing) {
      return open_sqlite_log(path, {}, missing);
    };
    config.open_history = [path = (folder_ / "history.sqlite").string()] {
      return open_sqlite_history(path);
    };
    return config;
  }
  std::filesystem::path folder_;
};

TEST_F(Restart, KeepsWhatWasAcknowledged) {
  for (const bool history_lost : {false, true}) {
    {
      RunningServer server(config());
      const auto client = connect_until_served(server);
      ASSERT_NE(client, nullptr);
      ASSERT_EQ(client->subscribe().type, Type::suback);
      // The second time round the same command is a repeat: the same reply, no second effect.
      EXPECT_THAT(client->command(kReceipt), HasSubstr(R"("ok":true)"));
      ScriptedClient garage(server.mqtt());
      ASSERT_EQ(garage.connect("gar-1", token_of("gar-1"), "phone").reason, ReasonCode::success);
      ASSERT_EQ(garage.subscribe().type, Type::suback);
      EXPECT_THAT(
          garage.command(R"({"type":"intake.register","id":"1.1","receipt":"2024-1234567"})"),
          HasSubstr(R"("created":true)"));
      EXPECT_EQ(server.stop(), ExitCode::ok);
    }
    if (history_lost) {
      for (const char* name : {"history.sqlite", "history.sqlite-wal", "history.sqlite-shm"}) {
        std::filesystem::remove(folder_ / name);
      }
    }
    RunningServer server(config());
    ScriptedClient adjuster(server.mqtt());
    ASSERT_EQ(adjuster.connect("adj-1", token_of("adj-1"), "pc").reason, ReasonCode::success);
    ASSERT_EQ(adjuster.subscribe().type, Type::suback);
    const std::string page = adjuster.command(R"({"type":"room.messages","id":"q","room":"r1"})");
    EXPECT_THAT(page, HasSubstr(R"("type":"greeting")"));
    EXPECT_THAT(page, HasSubstr(R"("as_of":{"r1":4})"));
  }
}

TEST_F(Restart, RefusesALogThatAnotherProcessHolds) {
  RunningServer server(config());
  const auto second = Server::start(config());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ExitCode::log_unusable);
}

}  // namespace
}  // namespace claims::server::testing
