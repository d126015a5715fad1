#include "reference-server/net/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace claims::server {
namespace {

using ::testing::HasSubstr;

class OptionsTest : public ::testing::Test {
 protected:
  OptionsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "options-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    directory = write("directory.json", "{}");
    key = write("token.key", std::string(64, 'a') + "\n");
  }
  ~OptionsTest() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::variant<Options, OptionsExit> parse(std::vector<std::string> more) const {
    std::vector<std::string> all{"--directory", directory, "--token-key", key};
    all.insert(all.end(), more.begin(), more.end());
    return parse_options(std::move(all));
  }

  std::filesystem::path folder_;
  std::string directory, key;
};

TEST_F(OptionsTest, HasDefaults) {
  const auto parsed = parse({});
  ASSERT_TRUE(std::holds_alternative<Options>(parsed)) << std::get<OptionsExit>(parsed).text;
  const auto& options = std::get<Options>(parsed);
  EXPECT_EQ(options.listen.to_string(), "127.0.0.1:1883");
  EXPECT_EQ(options.data, "./claimchatd-data");
  EXPECT_EQ(options.log, LogKind::sqlite);
  EXPECT_EQ(options.directory_json, "{}");
  EXPECT_EQ(options.token_key.bytes, std::string(32, '\xaa'));
  EXPECT_FALSE(options.http_on);
  EXPECT_EQ(options.commit_interval, Milliseconds{2});
  EXPECT_FALSE(options.exit_with_parent);
}

TEST_F(OptionsTest, TakesEach) {
  const auto parsed =
      parse({"--listen", "mqtt://[::1]:0", "--data", "/tmp/x", "--log", "memory", "--http",
             "127.0.0.1:9100", "--commit-interval-ms", "0", "--exit-with-parent"});
  ASSERT_TRUE(std::holds_alternative<Options>(parsed)) << std::get<OptionsExit>(parsed).text;
  const auto& options = std::get<Options>(parsed);
  EXPECT_EQ(options.listen.to_string(), "[::1]:0");
  EXPECT_EQ(options.data, "/tmp/x");
  EXPECT_EQ(options.log, LogKind::memory);
  EXPECT_TRUE(options.http_on);
  EXPECT_EQ(options.http.to_string(), "127.0.0.1:9100");
  EXPECT_EQ(options.commit_interval, Milliseconds{0});
  EXPECT_TRUE(options.exit_with_parent);
}

TEST_F(OptionsTest, ReportsAllErrorsAtOnce) {
  const auto parsed =
      parse_options({"--listen", "127.0.0.1:1883", "--log", "paper", "--http", "somewhere",
                     "--commit-interval-ms", "soon", "--directory", "/nowhere/directory.json",
                     "--colour", "--token-key", write("bad.key", "xyz")});
  ASSERT_TRUE(std::holds_alternative<OptionsExit>(parsed));
  const auto& exit = std::get<OptionsExit>(parsed);
  EXPECT_EQ(exit.code, ExitCode::bad_usage);
  for (const char* part :
       {"--listen: '127.0.0.1:1883'", "--log: 'paper'", "--http: 'somewhere'",
        "--commit-interval-ms: 'soon'", "'/nowhere/directory.json'", "'--colour'", "bad.key"}) {
    EXPECT_THAT(exit.text, HasSubstr(part));
  }
}

TEST_F(OptionsTest, TakesOpenTopics) {
  const auto strict = std::get<Options>(parse({"--server-keep-alive", "60"}));
  EXPECT_FALSE(strict.open_topics);
  EXPECT_EQ(strict.topic_alias_maximum, 0);
  EXPECT_EQ(strict.server_keep_alive_s, 60);
  EXPECT_EQ(std::get<Options>(parse({"--open-topics"})).topic_alias_maximum, 16);
  const auto parsed = parse({"--open-topics", "--forbid-topic", "a/+", "--forbid-topic", "b",
                             "--topic-alias-maximum", "0"});
  ASSERT_TRUE(std::holds_alternative<Options>(parsed)) << std::get<OptionsExit>(parsed).text;
  const auto& open = std::get<Options>(parsed);
  EXPECT_TRUE(open.open_topics);
  EXPECT_EQ(open.forbidden_topics, (std::vector<std::string>{"a/+", "b"}));
  EXPECT_EQ(open.topic_alias_maximum, 0);
}

TEST_F(OptionsTest, RefusesWhatIsNoOpenTopic) {
  std::vector<std::string> arguments{"--topic-alias-maximum", "1001", "--server-keep-alive",
                                     "65536"};
  for (const char* filter : {"a#", "", "$SYS/#", "aos/#", "aos", "$share/g/a"}) {
    arguments.insert(arguments.end(), {"--forbid-topic", filter});
  }
  arguments.insert(arguments.end(), {"--forbid-topic", std::string(1'025, 'x')});
  const auto exit = std::get<OptionsExit>(parse(arguments));
  for (const char* part :
       {"--forbid-topic: 'a#': '#' is not", "--forbid-topic: '': an empty", "'$SYS/#'", "'aos/#'",
        "'aos'", "'$share/g/a'", "longer than 1024 bytes", "--forbid-topic: needs --open-topics",
        "--topic-alias-maximum: needs --open-topics", "'1001' is not a whole number from 0 to 1000",
        "'65536' is not a whole number from 0 to 65535"}) {
    EXPECT_THAT(exit.text, HasSubstr(part));
  }
}

TEST_F(OptionsTest, NeedsDirectoryAndKey) {
  const auto parsed = parse_options({});
  ASSERT_TRUE(std::holds_alternative<OptionsExit>(parsed));
  EXPECT_THAT(std::get<OptionsExit>(parsed).text, HasSubstr("--directory: is required"));
  EXPECT_THAT(std::get<OptionsExit>(parsed).text, HasSubstr("--token-key: is required"));
}

TEST_F(OptionsTest, RefusesAnOptionWithoutItsValueAndAFolderForAFile) {
  EXPECT_EQ(std::get<OptionsExit>(parse({"--listen"})).code, ExitCode::bad_usage);
  EXPECT_EQ(std::get<OptionsExit>(parse({"--commit-interval-ms", "1001"})).code,
            ExitCode::bad_usage);
  const auto folder = parse_options({"--directory", folder_.string(), "--token-key", key});
  EXPECT_THAT(std::get<OptionsExit>(folder).text, HasSubstr("Is a directory"));
}

TEST_F(OptionsTest, ShowsHelpAndVersion) {
  const auto help = std::get<OptionsExit>(parse_options({"--help"}));
  EXPECT_EQ(help.code, ExitCode::ok);
  EXPECT_THAT(help.text, HasSubstr("--commit-interval-ms"));
  EXPECT_THAT(help.text, HasSubstr("Examples:"));
  const auto version = std::get<OptionsExit>(parse_options({"--version"}));
  EXPECT_EQ(version.code, ExitCode::ok);
  EXPECT_THAT(version.text, ::testing::MatchesRegex("claimchatd [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

}  // namespace
}  // namespace claims::server
