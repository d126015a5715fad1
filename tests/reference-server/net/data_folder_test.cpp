// Files and folders that may not be written: said with the place and with what is allowed, at the
// start and while running, and nothing is lost.

#include "reference-server/net/data_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "tests/reference-server/net/child_process.h"
#include "tests/reference-server/net/claimchatd_program.h"
#include "tests/reference-server/net/running_server.h"
#include "tests/reference-server/net/scripted_client.h"

namespace claims::server::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Type = Incoming::Type;
using mqtt::ReasonCode;
using Perms = std::filesystem::perms;

class DataFolder : public ClaimchatdProgram {
 protected:
  ~DataFolder() override {
    for (const char* name : {"data", "data/log.sqlite", "data/history.sqlite"}) {
      std::error_code ignored;
      permit(name, Perms::owner_all, ignored);
    }
  }
  void permit(const std::string& name, Perms permissions) const {
    std::filesystem::permissions(path(name), permissions);
  }
  void permit(const std::string& name, Perms permissions, std::error_code& error) const {
    std::filesystem::permissions(path(name), permissions, error);
  }

  /// In front of a command: takes away what lets root pass over permissions.
  static std::vector<std::string> bound() {
    if (::geteuid() != 0) return {};
    return {"setpriv", "--bounding-set=-dac_override,-dac_read_search"};
  }
  static bool can_be_bound() {
    if (::geteuid() != 0) return true;
    std::vector<std::string> probe = bound();
    probe.emplace_back("true");
    ChildProcess child(probe);
    return child.wait() == 0;
  }
  std::vector<std::string> bound_command() const {
    std::vector<std::string> all = bound();
    for (const std::string& word : command()) all.push_back(word);
    return all;
  }
  /// It does not start; what it said instead.
  std::string refuses(const std::vector<std::string>& line, int code) const {
    std::ofstream(path("errors"), std::ios::trunc).flush();
    ChildProcess server(line, path("errors"));
    EXPECT_EQ(server.line(), "");
    EXPECT_EQ(server.wait(), code);
    return errors();
  }
  /// Connected and subscribed.
  static ScriptedClient core_of(const Addresses& at) {
    ScriptedClient core(at.mqtt, mqtt::Version::v5_0);
    EXPECT_EQ(core.connect("core-01", token_of("core-01"), "core").reason, ReasonCode::success);
    EXPECT_EQ(core.subscribe().type, Type::suback);
    return core;
  }
  /// Receipts 1 to `n`. Those that were there before are repeats: the same reply.
  static void register_up_to(int n, const Addresses& at) {
    ScriptedClient core = core_of(at);
    for (int i = 1; i <= n; ++i) {
      EXPECT_THAT(core.command(receipt_command(i, 1'000'000 + i)), HasSubstr(R"("ok":true)"));
    }
  }
  /// Starts, has one receipt more, and stops.
  void serve_once(int n) const {
    ChildProcess server(command(), path("errors"));
    register_up_to(n, addresses_of(server));
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(), 0);
  }
};

TEST_F(DataFolder, WhatIsNoFolderIsBadUsage) {
  std::ofstream(path("data")) << "a file";
  EXPECT_THAT(refuses(command(), 2), HasSubstr("--data: '" + path("data") +
                                               "' cannot be made: Not a directory; allowed: "
                                               "a folder that this process may read and write"));
  EXPECT_EQ(text_of("data"), "a file");
  std::filesystem::remove(path("data"));
  const auto below = prepare_data_folder(path("token.key") + "/data");
  ASSERT_FALSE(below.has_value());
  EXPECT_EQ(below.error().code, ExitCode::bad_usage);
}

TEST_F(DataFolder, IsMadeForItsOwnerAlone) {
  ASSERT_TRUE(prepare_data_folder(path("a/b")).has_value());
  EXPECT_EQ(std::filesystem::status(path("a/b")).permissions(), Perms::owner_all);
  permit("a/b", Perms::owner_all | Perms::group_read);
  ASSERT_TRUE(prepare_data_folder(path("a/b")).has_value());
  EXPECT_EQ(std::filesystem::status(path("a/b")).permissions(),
            Perms::owner_all | Perms::group_read)
      << "one that was there stays as it was";
}

TEST_F(DataFolder, OneThatMayNotBeWrittenIsNamed) {
  if (!can_be_bound()) GTEST_SKIP() << "setpriv may not take rights away here";
  serve_once(1);
  for (const Perms permissions : {Perms::owner_read | Perms::owner_exec, Perms::none}) {
    permit("data", permissions);
    EXPECT_THAT(refuses(bound_command(), 5),
                HasSubstr("--data: '" + path("data") +
                          "' cannot be written: Permission denied; "
                          "allowed: a folder that this process may read and write"));
  }
  permit("data", Perms::owner_all);
  serve_once(2);
}

TEST_F(DataFolder, OneOnAReadOnlyFileSystemIsNamed) {
  serve_once(1);
  std::string line = R"(mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" || exit 77; exec)";
  for (const std::string& word : command()) line += " '" + word + "'";
  // A mount that this process and its children alone see.
  ChildProcess server({"unshare", "--map-root-user", "--mount", "sh", "-c", line, path("data")},
                      path("errors"));
  EXPECT_EQ(server.line(), "");
  const int code = server.wait();
  if (code != 5) GTEST_SKIP() << "no mount of one's own here: " << code << ' ' << errors();
  EXPECT_THAT(errors(),
              HasSubstr("'" + path("data") + "' cannot be written: Read-only file system"));
  serve_once(2);
}

TEST_F(DataFolder, AFileThatMayNotBeWrittenIsNamedAtTheStart) {
  if (!can_be_bound()) GTEST_SKIP() << "setpriv may not take rights away here";
  serve_once(1);
  int kept = 1;
  for (const std::string kind : {"log", "history"}) {
    const std::string name = "data/" + kind + ".sqlite";
    const std::string begin = "claimchatd: " + kind + ": " + path(name) + ": ";
    permit(name, Perms::none);
    EXPECT_THAT(refuses(bound_command(), 5),
                AllOf(HasSubstr(begin + "open: unable to open database file (Permission denied); "
                                        "allowed: a file that this process may read and write")));
    permit(name, Perms::owner_read);
    EXPECT_THAT(refuses(bound_command(), 5),
                HasSubstr(begin + "may be read, but not written; allowed: a file that"));
    permit(name, Perms::owner_read | Perms::owner_write);
    std::filesystem::rename(path(name), path("aside"));
    std::filesystem::create_directory(path(name));
    EXPECT_THAT(refuses(bound_command(), 5), HasSubstr(begin + "open: unable to open database file "
                                                               "(Is a directory); allowed: "));
    std::filesystem::remove(path(name));
    std::filesystem::rename(path("aside"), path(name));
    serve_once(++kept);
  }
}

TEST_F(DataFolder, ASnapshotThatMayNotBeWrittenIsSaidAndDoneWithout) {
  if (!can_be_bound()) GTEST_SKIP() << "setpriv may not take rights away here";
  serve_once(1);
  const std::string begin = "(" + path("data/state.sqlite") + ": ";
  const std::string end = "; no snapshot is written until the next start), in ";
  int n = 1;
  for (const Perms permissions : {Perms::none, Perms::owner_read}) {
    permit("data/state.sqlite", permissions);
    std::ofstream(path("errors"), std::ios::trunc).flush();
    ChildProcess server(bound_command(), path("errors"));
    const Addresses at = addresses_of(server);
    EXPECT_THAT(errors(), AllOf(HasSubstr(begin),
                                HasSubstr("allowed: a file that this process may "
                                          "read and write"),
                                HasSubstr(end)));
    EXPECT_THAT(http_get(at.http, "/healthz"), HasSubstr("200 OK"));
    EXPECT_THAT(http_get(at.http, "/metrics"), HasSubstr("\nclaimchatd_snapshot_active 0\n"));
    register_up_to(++n, at);
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(), 0);
  }
  permit("data/state.sqlite", Perms::owner_read | Perms::owner_write);
  std::ofstream(path("errors"), std::ios::trunc).flush();
  serve_once(n);  // The snapshot is older than the log: what is behind it is folded.
  EXPECT_THAT(errors(), AllOf(HasSubstr(" of the snapshot, in "), Not(HasSubstr("no snapshot"))));
}

/// What stands in the way when a server that lost its log opens everything anew.
struct Obstacle {
  std::string file;
  bool directory = false;  ///< In its place; else the permissions.
  Perms permissions = Perms::none;
  std::string words;
  friend void PrintTo(const Obstacle& obstacle, std::ostream* out) {
    *out << obstacle.file << ": " << obstacle.words;
  }
};

class StorageObstacle : public DataFolder, public ::testing::WithParamInterface<Obstacle> {};

INSTANTIATE_TEST_SUITE_P(
    DataFolder, StorageObstacle,
    ::testing::Values(
        Obstacle{"log.sqlite", false, Perms::none, "Permission denied"},
        Obstacle{"log.sqlite", false, Perms::owner_read, "may be read, but not written"},
        Obstacle{"log.sqlite-wal", false, Perms::owner_read, "readonly"},
        Obstacle{"log.sqlite", true, Perms::none, "Is a directory"},
        Obstacle{"history.sqlite", false, Perms::owner_read, "may be read, but not written"}));

TEST_P(StorageObstacle, IsSaidWhileRunningAndLosesNothing) {
  if (!can_be_bound()) GTEST_SKIP() << "setpriv may not take rights away here";
  const Obstacle& obstacle = GetParam();
  const std::string name = "data/" + obstacle.file;
  ChildProcess server(bound_command(), path("errors"));
  const Addresses at = addresses_of(server);
  ScriptedClient core = core_of(at);
  ASSERT_THAT(core.command(receipt_command(1, 1'000'001)), HasSubstr(R"("ok":true)"));

  limit_files(server, 0);
  EXPECT_EQ(core.command(receipt_command(2, 1'000'002)), "") << "nothing is acknowledged";
  if (obstacle.directory) {
    std::filesystem::rename(path(name), path("aside"));
    std::filesystem::create_directory(path(name));
  } else {
    permit(name, obstacle.permissions);
  }
  limit_files(server, std::nullopt);
  const std::string health = http_get_until(at.http, "/healthz", obstacle.words);
  EXPECT_THAT(health, AllOf(HasSubstr("503 Service Unavailable"), HasSubstr(obstacle.words),
                            HasSubstr(path("data/"))));
  ScriptedClient refused(at.mqtt, mqtt::Version::v5_0);
  EXPECT_EQ(refused.connect("core-01", token_of("core-01"), "core").reason,
            ReasonCode::server_unavailable);

  if (obstacle.directory) {
    std::filesystem::remove(path(name));
    std::filesystem::rename(path("aside"), path(name));
  } else {
    permit(name, Perms::owner_read | Perms::owner_write);
  }
  EXPECT_THAT(http_get_until(at.http, "/healthz", R"("status":"ok")"), HasSubstr("200 OK"));
  ScriptedClient again = core_of(at);
  // The first is there; the second, sent again, happens now.
  EXPECT_THAT(again.command(receipt_command(1, 1'000'001)), HasSubstr(R"("ok":true)"));
  EXPECT_THAT(again.command(receipt_command(2, 1'000'002)), HasSubstr(R"("ok":true)"));
  EXPECT_THAT(again.command(receipt_command(3, 1'000'001)), HasSubstr("receipt_exists"));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  // That the log failed went to a file, too, and found no room.
  EXPECT_THAT(errors(), AllOf(HasSubstr("still unavailable: "), HasSubstr("available again: ")));
}

}  // namespace
}  // namespace claims::server::testing
