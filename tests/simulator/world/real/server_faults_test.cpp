// ServerFaults with a shell script in place of claimchatd.

#include "simulator/world/real/server_faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace claims::storm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Now at(std::int64_t ms) {
  return {Microseconds(ms * 1'000), Milliseconds{0}};
}

class ServerFaultsTest : public ::testing::Test {
 protected:
  ServerFaultsTest() {
    std::string name = (fs::temp_directory_path() / "server-faults-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ServerFaultsTest() override {
    faults_.reset();
    server_.reset();  // It may still write into the folder.
    fs::remove_all(folder_);
  }

  /// Does `again` when it is started a second time.
  void start(const std::string& again = "ready") {
    const std::string path = folder_ + "/program";
    std::ofstream(path) << "#!/bin/sh\n"
                           "ready() { echo claimchatd ready mqtt://127.0.0.1:34567; }\n"
                           "trap 'exit 0' TERM\n"
                           "cd \"$(dirname \"$0\")\"\n"
                           "if test -e started; then "
                        << again
                        << "; else : > started; ready; fi\n"
                           "while :; do sleep 0.05; done\n";
    chmod(path.c_str(), 0755);
    auto server = EmbeddedServer::start({path, folder_, "directory.json", "token.key"});
    ASSERT_TRUE(server) << server.error();
    server_ = std::move(*server);
    faults_.emplace(
        *server_,
        ServerFaults::Told{
            .restarted = [this] { ++restarted_; },
            .not_restarted = [this](const std::string& why, const Now&) { lost_ = why; },
            .outage = [this](const Outage& one) { outages_.push_back(one); },
            .unavailable = [this](const std::string& said, const Now&) { said_.push_back(said); }});
  }
  /// Until what comes of the restart is there.
  void look_when_readable(std::int64_t ms) {
    pollfd wait{faults_->ready_descriptor(), POLLIN, 0};
    ASSERT_GE(wait.fd, 0);
    ASSERT_EQ(poll(&wait, 1, 60'000), 1);
    faults_->look(at(ms));
  }
  char state() const {
    std::ifstream in("/proc/" + std::to_string(server_->process()) + "/stat");
    std::string number, name, state;
    in >> number >> name >> state;
    return state.empty() ? '?' : state[0];
  }

  std::string folder_;
  std::unique_ptr<EmbeddedServer> server_;
  std::optional<ServerFaults> faults_;
  int restarted_ = 0;
  std::string lost_;
  std::vector<Outage> outages_;
  std::vector<std::string> said_;
};

TEST_F(ServerFaultsTest, ACrashIsAnOutageUntilTheNewProcessIsReady) {
  start();
  const pid_t before = server_->process();
  faults_->begin(FaultKind::crash, at(1'000));
  EXPECT_TRUE(server_->crashed());
  EXPECT_FALSE(server_->running());
  EXPECT_EQ(faults_->ready_descriptor(), -1);
  faults_->end(FaultKind::crash, at(3'000));
  EXPECT_FALSE(server_->crashed());
  EXPECT_TRUE(server_->running());
  EXPECT_NE(server_->process(), before);
  EXPECT_THAT(outages_, IsEmpty()) << "it is not ready yet";
  look_when_readable(3'200);
  EXPECT_EQ(restarted_, 1);
  ASSERT_EQ(outages_.size(), 1U);
  EXPECT_EQ(outages_[0].begin, Microseconds{1'000'000});
  EXPECT_EQ(outages_[0].end, Microseconds{3'200'000});
  EXPECT_TRUE(server_->stop());
}

TEST_F(ServerFaultsTest, APauseStopsTheProcessUntilItsEnd) {
  start();
  faults_->begin(FaultKind::pause, at(1'000));
  while (state() != 'T') std::this_thread::yield();
  faults_->end(FaultKind::pause, at(2'000));
  while (state() == 'T') std::this_thread::yield();
  ASSERT_EQ(outages_.size(), 1U);
  EXPECT_EQ(outages_[0].end, Microseconds{2'000'000});
  EXPECT_EQ(restarted_, 0);
}

TEST_F(ServerFaultsTest, OneThatStandsStillCanBeStopped) {
  start();
  faults_->begin(FaultKind::pause, at(1'000));
  const auto stopped = server_->stop();
  EXPECT_TRUE(stopped) << stopped.error();
}

TEST_F(ServerFaultsTest, OverlappingOnesAreOneOutage) {
  start();
  faults_->begin(FaultKind::pause, at(1'000));
  faults_->begin(FaultKind::crash, at(1'500));
  faults_->begin(FaultKind::crash, at(1'600));
  faults_->end(FaultKind::crash, at(2'000));
  EXPECT_TRUE(server_->crashed()) << "the second goes on";
  faults_->end(FaultKind::crash, at(2'500));
  while (state() != 'T') std::this_thread::yield();  // The new one stands still, too.
  faults_->end(FaultKind::pause, at(3'000));
  EXPECT_THAT(outages_, IsEmpty());
  look_when_readable(3'500);
  ASSERT_EQ(outages_.size(), 1U);
  EXPECT_EQ(outages_[0].begin, Microseconds{1'000'000});
  EXPECT_EQ(outages_[0].end, Microseconds{3'500'000});
}

/// RLIMIT_FSIZE of the server: the most that a file may have.
TEST_F(ServerFaultsTest, AFullDiskTakesNoByteUntilItsEnd) {
  start();
  const auto most = [&] {
    rlimit limit{};
    EXPECT_EQ(prlimit(server_->process(), RLIMIT_FSIZE, nullptr, &limit), 0);
    return limit;
  };
  const rlimit before = most();
  ASSERT_GT(before.rlim_cur, 0U);
  faults_->begin(FaultKind::disk_full, at(0));
  EXPECT_EQ(most().rlim_cur, 0U);
  EXPECT_EQ(most().rlim_max, before.rlim_max);
  EXPECT_TRUE(faults_->next_look()) << "its health is watched";
  faults_->begin(FaultKind::disk_full, at(10));
  faults_->end(FaultKind::disk_full, at(20));
  EXPECT_EQ(most().rlim_cur, 0U) << "two of them";
  faults_->end(FaultKind::disk_full, at(30));
  EXPECT_EQ(most().rlim_cur, before.rlim_cur);
  faults_->look(at(5'000));
  EXPECT_FALSE(faults_->next_look()) << "nobody said that anything was wrong";
  EXPECT_THAT(outages_, IsEmpty());
}

TEST_F(ServerFaultsTest, OneThatCrashesOnAFullDiskStartsWhenThereIsRoom) {
  start();
  faults_->begin(FaultKind::disk_full, at(0));
  faults_->begin(FaultKind::crash, at(100));
  faults_->end(FaultKind::crash, at(200));
  EXPECT_EQ(faults_->ready_descriptor(), -1) << "it could not write";
  faults_->end(FaultKind::disk_full, at(300));
  look_when_readable(400);
  EXPECT_EQ(restarted_, 1);
  ASSERT_EQ(outages_.size(), 1U);
  EXPECT_EQ(outages_[0].begin, at(100).steady);
  EXPECT_EQ(outages_[0].end, at(400).steady);
}

TEST_F(ServerFaultsTest, OneThatDoesNotStartAgainIsLostAndToldWhy) {
  start("echo the log is torn >&2; exit 5");
  faults_->begin(FaultKind::crash, at(1'000));
  faults_->end(FaultKind::crash, at(1'000));
  look_when_readable(1'100);
  EXPECT_THAT(lost_, HasSubstr("ended before it was ready"));
  EXPECT_THAT(lost_, HasSubstr("the log is torn"));
  EXPECT_EQ(restarted_, 0);
  EXPECT_THAT(outages_, IsEmpty());
  faults_->begin(FaultKind::crash, at(2'000));  // Nothing is left to be done to it.
  EXPECT_EQ(faults_->ready_descriptor(), -1);
}

TEST_F(ServerFaultsTest, OneThatIsNeverReadyAgainIsNotWaitedForForEver) {
  start(":");
  faults_->begin(FaultKind::crash, at(1'000));
  faults_->end(FaultKind::crash, at(1'000));
  faults_->look(at(20'999));
  EXPECT_EQ(lost_, "");
  faults_->look(at(21'000));
  EXPECT_THAT(lost_, HasSubstr("not ready again within 20000 ms"));
}

}  // namespace
}  // namespace claims::storm
