// EmbeddedServer against programs that a test writes: what it makes of their words and their ends.

#include "simulator/world/real/embedded_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace claims::storm {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class EmbeddedServerTest : public ::testing::Test {
 protected:
  EmbeddedServerTest() {
    std::string name = (fs::temp_directory_path() / "embedded-server-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~EmbeddedServerTest() override { fs::remove_all(folder_); }

  /// A shell script in place of claimchatd.
  EmbeddedServerOptions program(const std::string& script,
                                Milliseconds ready_within = Milliseconds{20'000}) {
    const std::string path = folder_ + "/program";
    std::ofstream(path) << "#!/bin/sh\n" << script;
    chmod(path.c_str(), 0755);
    return {path, folder_, folder_ + "/directory.json", folder_ + "/token.key", ready_within};
  }
  std::string file(const std::string& name) const {
    std::ifstream in(folder_ + "/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::string folder_;
};

TEST_F(EmbeddedServerTest, GivesTheAddressOfTheReadyLineAndTheOptionsOfARun) {
  auto server = EmbeddedServer::start(
      program("echo \"$@\" > \"$(dirname \"$0\")/arguments\"\n"
              "trap 'exit 0' TERM\n"
              "echo claimchatd ready mqtt://127.0.0.1:34567 http://127.0.0.1:34568\n"
              "while :; do sleep 0.05; done\n"));
  ASSERT_TRUE(server) << server.error();
  EXPECT_EQ((*server)->mqtt_url(), "mqtt://127.0.0.1:34567");
  EXPECT_EQ((*server)->http_url(), "http://127.0.0.1:34568");
  EXPECT_TRUE((*server)->running());
  EXPECT_THAT(file("arguments"),
              AllOf(HasSubstr("--listen mqtt://127.0.0.1:0"), HasSubstr("--exit-with-parent"),
                    HasSubstr("--data " + folder_ + "/claimchatd-data"),
                    HasSubstr("--directory " + folder_ + "/directory.json"),
                    HasSubstr("--token-key " + folder_ + "/token.key")));
  const auto stopped = (*server)->stop();
  EXPECT_TRUE(stopped) << stopped.error();
  EXPECT_FALSE((*server)->running());
}

TEST_F(EmbeddedServerTest, TheDataOfAnEarlierRunIsGone) {
  fs::create_directories(folder_ + "/claimchatd-data");
  std::ofstream(folder_ + "/claimchatd-data/log.sqlite") << "old";
  auto server =
      EmbeddedServer::start(program("trap 'exit 0' TERM\necho claimchatd ready mqtt://127.0.0.1:1\n"
                                    "while :; do sleep 0.05; done\n"));
  ASSERT_TRUE(server) << server.error();
  EXPECT_FALSE(fs::exists(folder_ + "/claimchatd-data/log.sqlite"));
}

TEST_F(EmbeddedServerTest, AnEndBeforeItIsReadyIsToldWithItsLog) {
  const auto server = EmbeddedServer::start(program("echo the disk is full >&2\nexit 5\n"));
  ASSERT_TRUE(server.has_error());
  EXPECT_THAT(server.error(),
              AllOf(HasSubstr("ended before it was ready"), HasSubstr("the disk is full")));
}

TEST_F(EmbeddedServerTest, AnotherLineThanTheReadyLineIsToldAsItIs) {
  const auto server = EmbeddedServer::start(program("echo good morning\nsleep 60\n"));
  ASSERT_TRUE(server.has_error());
  EXPECT_THAT(server.error(), HasSubstr("\"good morning\""));
}

TEST_F(EmbeddedServerTest, OneThatIsNeverReadyIsNotWaitedForForEver) {
  const auto server =
      EmbeddedServer::start(program("echo starting >&2\nexec sleep 60\n", Milliseconds{200}));
  ASSERT_TRUE(server.has_error());
  EXPECT_THAT(server.error(), HasSubstr("not ready within 200 ms"));
}

TEST_F(EmbeddedServerTest, AnEndThatWasNotInOrderIsAnError) {
  auto server =
      EmbeddedServer::start(program("echo claimchatd ready mqtt://127.0.0.1:1\nexec sleep 60\n"));
  ASSERT_TRUE(server) << server.error();
  kill((*server)->process(), SIGKILL);
  const auto stopped = (*server)->stop();
  ASSERT_TRUE(stopped.has_error());
  EXPECT_THAT(stopped.error(), HasSubstr("signal 9"));
}

TEST_F(EmbeddedServerTest, AProgramThatIsNotThereIsToldByItsName) {
  EmbeddedServerOptions options = program("exit 0\n");
  options.program = folder_ + "/nothing-here";
  const auto server = EmbeddedServer::start(options);
  ASSERT_TRUE(server.has_error());
  EXPECT_THAT(server.error(), HasSubstr("nothing-here"));
}

}  // namespace
}  // namespace claims::storm
