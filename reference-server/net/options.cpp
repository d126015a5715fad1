#include "reference-server/net/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "protocol/chat/topics.h"
#include "protocol/limits.h"
#include "protocol/mqtt/topic.h"
#include "protocol/mqtt/writer.h"
#include "reference-server/limits.h"
#include "reference-server/net/version.h"

namespace claims::server {
namespace {

constexpr std::size_t kDirectoryBytesMax = 64 * 1024 * 1024;
constexpr std::size_t kTokenKeyBytesMax = 1'024;
constexpr int kCommitIntervalMsMax = 1'000;

constexpr std::string_view kExamples = R"(
Examples:
  claimchatd --directory pop/directory.json --token-key pop/token.key
      serves MQTT on 127.0.0.1:1883, with its log in ./claimchatd-data
  claimchatd --listen mqtt://127.0.0.1:0 --log memory --http 127.0.0.1:0 \
             --directory pop/directory.json --token-key pop/token.key
      takes free ports and keeps nothing; the ports are in the line 'claimchatd ready …'
  claimchatd --listen mqtt://0.0.0.0:1883 --data /var/lib/claimchatd --http 127.0.0.1:9100 \
             --directory /etc/claimchatd/directory.json --token-key /etc/claimchatd/token.key
  claimchatd --directory pop/directory.json --token-key pop/token.key \
             --open-topics --forbid-topic 'plant/#' --server-keep-alive 60
      is an ordinary MQTT server too: whoever gives no user name may use all topics but
      aos/… and what begins with $; they are in memory only, and anybody who can connect
      reads and writes them

Exit codes: 0 ended by SIGTERM or SIGINT, 2 bad usage or file, 3 cannot listen, 5 log unusable.
)";

/// The options as they were written.
struct RawOptions {
  std::string listen = "mqtt://127.0.0.1:1883";
  std::string data = "./claimchatd-data";
  std::string log = "sqlite";
  std::string directory, token_key, http;
  std::string commit_interval_ms = "2";
  bool open_topics = false;
  std::vector<std::string> forbidden_topics;
  std::string topic_alias_maximum, server_keep_alive = "0";
  bool exit_with_parent = false;
};

void declare(CLI::App& app, RawOptions& raw) {
  app.set_version_flag("--version", fmt::format("claimchatd {}", version()));
  app.add_option("--listen", raw.listen,
                 "Where MQTT clients connect: mqtt://ADDRESS:PORT; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--data", raw.data, "Folder for log and history; created if it is not there")
      ->capture_default_str();
  app.add_option("--log", raw.log, "Where the log is kept: sqlite, or memory (gone at the end)")
      ->capture_default_str();
  app.add_option("--directory", raw.directory,
                 "File with insurers, adjusters and garages (claimstorm population writes one)");
  app.add_option("--token-key", raw.token_key, "File with the key of the tokens: 64 hex digits");
  app.add_option("--http", raw.http, "ADDRESS:PORT for /healthz and /metrics; off without it");
  app.add_option("--commit-interval-ms", raw.commit_interval_ms,
                 "Least time between two commits while there is load; 0 commits at once")
      ->capture_default_str();
  app.add_flag("--open-topics", raw.open_topics,
               "Ordinary publish/subscribe on all topics but aos/… and $…, without a user name");
  app.add_option("--forbid-topic", raw.forbidden_topics,
                 "Topic filter of open topics that nobody may use; may be given again")
      ->allow_extra_args(false);
  app.add_option("--topic-alias-maximum", raw.topic_alias_maximum,
                 fmt::format("Topic aliases of open topics for each connection, each way; 0 to {}, "
                             "{} without it",
                             limits::kTopicAliasMaximumMax, limits::kTopicAliasMaximumDefault));
  app.add_option("--server-keep-alive", raw.server_keep_alive,
                 "Longest keep-alive of MQTT 5.0 clients in seconds; 0 leaves it to them")
      ->capture_default_str();
  app.add_flag("--exit-with-parent", raw.exit_with_parent,
               "End when the process that started this one ends");
  app.allow_extras();  // Reported with all other errors.
  app.footer(std::string(kExamples));
}

class Checker {
 public:
  void error(std::string text) { errors_.push_back(std::move(text)); }
  const std::vector<std::string>& errors() const { return errors_; }

  SocketAddress address(std::string_view option, std::string_view text) {
    auto parsed = SocketAddress::parse(text);
    if (parsed) return std::move(*parsed);
    error(fmt::format("{}: {}", option, parsed.error()));
    return {};
  }

  SocketAddress mqtt_url(std::string_view option, std::string_view text) {
    constexpr std::string_view kScheme = "mqtt://";
    if (text.substr(0, kScheme.size()) == kScheme) {
      return address(option, text.substr(kScheme.size()));
    }
    error(fmt::format("{}: '{}' does not begin with mqtt://", option, text));
    return {};
  }

  std::string file(std::string_view option, const std::string& path, std::size_t bytes_max) {
    if (path.empty()) {
      error(fmt::format("{}: is required", option));
      return {};
    }
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    std::string bytes;
    std::array<char, 64 * 1024> buffer;
    while (bytes.size() <= bytes_max && stream) {
      stream.read(buffer.data(), buffer.size());
      bytes.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
    }
    if (!stream.is_open() || stream.bad()) {  // A folder opens, but does not read.
      error(fmt::format("{}: cannot read '{}': {}", option, path, std::strerror(errno)));
    } else if (bytes.empty()) {
      error(fmt::format("{}: '{}' is empty", option, path));
    } else if (bytes.size() > bytes_max) {
      error(fmt::format("{}: '{}' is larger than {} bytes", option, path, bytes_max));
    }
    return bytes;
  }

  chat::TokenKey token_key(std::string_view option, const std::string& path) {
    const std::size_t before = errors_.size();
    const std::string text = file(option, path, kTokenKeyBytesMax);
    if (errors_.size() != before) return {};
    auto key = chat::parse_token_key(text);
    if (key) return std::move(*key);
    error(fmt::format("{}: '{}': {}", option, path, key.error()));
    return {};
  }

  Microseconds milliseconds(std::string_view option, std::string_view text, int max) {
    return Milliseconds{number(option, text, max)};
  }

  int number(std::string_view option, std::string_view text, int max) {
    int value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size() || value < 0 || value > max) {
      error(fmt::format("{}: '{}' is not a whole number from 0 to {}", option, text, max));
    }
    return value;
  }

  std::vector<std::string> topic_filters(std::string_view option, std::vector<std::string> all) {
    if (all.size() > limits::kForbiddenFiltersMax) {
      error(fmt::format("{}: is given {} times; allowed: {}", option, all.size(),
                        limits::kForbiddenFiltersMax));
    }
    for (const std::string& filter : all) topic_filter(option, filter);
    return all;
  }

  void topic_filter(std::string_view option, const std::string& filter) {
    if (filter.size() > claims::limits::kTopicBytesMax) {
      return error(
          fmt::format("{}: is longer than {} bytes", option, claims::limits::kTopicBytesMax));
    }
    std::string bytes;
    mqtt::write_string(filter, bytes);
    mqtt::Reader reader(bytes);
    mqtt::read_topic_filter(reader, mqtt::Version::v5_0);
    if (reader.failed()) {
      return error(fmt::format("{}: '{}': {}", option, filter, reader.error().what));
    }
    const std::string_view first = std::string_view(filter).substr(0, filter.find('/'));
    if (first.starts_with('$') || first == chat::kFirstLevel) {
      error(
          fmt::format("{}: '{}' is no filter of open topics (those begin neither with $ nor "
                      "with {}/)",
                      option, filter, chat::kFirstLevel));
    }
  }

  void needs(std::string_view option, bool given, std::string_view other, bool other_given) {
    if (given && !other_given) error(fmt::format("{}: needs {}", option, other));
  }

  LogKind log_kind(std::string_view option, std::string_view text) {
    if (text == "memory") return LogKind::memory;
    if (text != "sqlite") {
      error(fmt::format("{}: '{}' is neither sqlite nor memory", option, text));
    }
    return LogKind::sqlite;
  }

 private:
  std::vector<std::string> errors_;
};

void read_mqtt_options(const RawOptions& raw, Checker& check, Options& options) {
  constexpr std::string_view kForbid = "--forbid-topic", kAliases = "--topic-alias-maximum";
  options.open_topics = raw.open_topics;
  options.forbidden_topics = check.topic_filters(kForbid, raw.forbidden_topics);
  check.needs(kForbid, !raw.forbidden_topics.empty(), "--open-topics", raw.open_topics);
  check.needs(kAliases, !raw.topic_alias_maximum.empty(), "--open-topics", raw.open_topics);
  if (!raw.topic_alias_maximum.empty()) {
    options.topic_alias_maximum = static_cast<std::uint16_t>(
        check.number(kAliases, raw.topic_alias_maximum, limits::kTopicAliasMaximumMax));
  } else if (raw.open_topics) {
    options.topic_alias_maximum = limits::kTopicAliasMaximumDefault;
  }
  options.server_keep_alive_s = static_cast<std::uint16_t>(
      check.number("--server-keep-alive", raw.server_keep_alive, 65'535));
}

OptionsExit bad_usage(const std::vector<std::string>& errors) {
  std::string text;
  for (const std::string& error : errors) text += fmt::format("claimchatd: {}\n", error);
  text += "claimchatd: --help shows all options\n";
  return {ExitCode::bad_usage, std::move(text)};
}

}  // namespace

std::variant<Options, OptionsExit> parse_options(std::vector<std::string> arguments) {
  RawOptions raw;
  CLI::App app("Real-time chat for motor-insurance claims over MQTT 3.1.1 and 5.0.", "claimchatd");
  declare(app, raw);
  Checker check;
  try {
    std::reverse(arguments.begin(), arguments.end());  // As CLI11 takes a vector.
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return OptionsExit{ExitCode::ok, app.help()};
  } catch (const CLI::CallForVersion& call) {
    return OptionsExit{ExitCode::ok, fmt::format("{}\n", call.what())};
  } catch (const CLI::ParseError& error) {
    // The command line itself cannot be read (a value is missing): what the others say is unknown.
    return bad_usage({error.what()});
  }

  for (const std::string& extra : app.remaining()) {
    check.error(fmt::format("unknown option '{}'", extra));
  }
  Options options;
  options.listen = check.mqtt_url("--listen", raw.listen);
  options.data = raw.data;
  if (raw.data.empty()) check.error("--data: is empty");
  options.log = check.log_kind("--log", raw.log);
  options.directory = raw.directory;
  options.directory_json = check.file("--directory", raw.directory, kDirectoryBytesMax);
  options.token_key = check.token_key("--token-key", raw.token_key);
  options.http_on = !raw.http.empty();
  if (options.http_on) options.http = check.address("--http", raw.http);
  options.commit_interval =
      check.milliseconds("--commit-interval-ms", raw.commit_interval_ms, kCommitIntervalMsMax);
  read_mqtt_options(raw, check, options);
  options.exit_with_parent = raw.exit_with_parent;
  if (!check.errors().empty()) return bad_usage(check.errors());
  return options;
}

}  // namespace claims::server
