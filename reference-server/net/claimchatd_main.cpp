// claimchatd: real-time chat for motor-insurance claims over MQTT. What it does is in Server; here
// are the command line, the files and the words for the operator.

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <variant>

#include "reference-server/net/data_folder.h"
#include "reference-server/net/options.h"
#include "reference-server/net/process_setup.h"
#include "reference-server/net/server.h"

namespace {

using namespace claims::server;
using claims::Result;

/// Words that nobody takes (a closed pipe, a full disk) are no reason to end.
void write_line(std::FILE* to, const std::string& line) {
  (void)std::fputs(line.c_str(), to);
  (void)std::fflush(to);
}

void tell(std::string_view line) {
  write_line(stderr, fmt::format("claimchatd: {}\n", line));
}

int end(ExitCode code) {
  return static_cast<int>(code);
}

ServerConfig make_config(Options&& options, int stop_signals) {
  ServerConfig config;
  config.listen = options.listen;
  if (options.http_on) config.http = options.http;
  config.node.token_key = std::move(options.token_key);
  config.node.commit_interval = options.commit_interval;
  BrokerConfig& broker = config.node.broker;
  broker.open_topics.on = options.open_topics;
  broker.open_topics.forbidden = std::move(options.forbidden_topics);
  broker.topic_alias_maximum = options.topic_alias_maximum;
  broker.server_keep_alive_s = options.server_keep_alive_s;
  config.directory_json = std::move(options.directory_json);
  if (options.log == LogKind::memory) {
    config.open_log = [](Missing) -> Result<std::unique_ptr<EventLog>, LogError> {
      return make_memory_log();
    };
    config.open_history = []() -> Result<std::unique_ptr<History>, LogError> {
      return make_memory_history();
    };
  } else {
    const std::filesystem::path data = options.data;
    config.open_log = [path = (data / "log.sqlite").string()](Missing missing) {
      return open_sqlite_log(path, {}, missing);
    };
    config.open_history = [path = (data / "history.sqlite").string()] {
      return open_sqlite_history(path);
    };
    config.open_snapshot = [path = (data / "state.sqlite").string()] {
      return open_sqlite_snapshot(path);
    };
    config.node.checkpoint_records = limits::kCheckpointRecords;
  }
  config.stop_signals = stop_signals;
  config.tell = tell;
  return config;
}

int serve(Options&& options) {
  if (options.log == LogKind::sqlite) {
    if (const auto prepared = prepare_data_folder(options.data); !prepared) {
      tell(prepared.error().what);
      return end(prepared.error().code);
    }
  }
  ignore_write_signals();
  const Descriptor stop_signals = open_stop_signals();
  if (options.exit_with_parent && !end_with_parent()) return end(ExitCode::ok);

  const std::string directory = options.directory;
  auto server = Server::start(make_config(std::move(options), stop_signals.number()));
  if (!server) {
    const StartError& error = server.error();
    // Of the files only what the directory says is known as wrong this late.
    const bool in_directory = error.code == ExitCode::bad_usage;
    tell(in_directory ? fmt::format("--directory: '{}': {}", directory, error.what) : error.what);
    return end(error.code);
  }
  std::string ready =
      fmt::format("claimchatd ready mqtt://{}", (*server)->mqtt_address().to_string());
  if (const auto http = (*server)->http_address()) {
    ready += fmt::format(" http://{}", http->to_string());
  }
  write_line(stdout, ready + '\n');
  const ExitCode code = (*server)->run();
  if (code == ExitCode::ok) tell("stopped");
  return end(code);
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_files();
  try {
    auto parsed = parse_options({argv + 1, argv + argc});
    if (const auto* exit = std::get_if<OptionsExit>(&parsed)) {
      write_line(exit->code == ExitCode::ok ? stdout : stderr, exit->text);
      return end(exit->code);
    }
    return serve(std::move(std::get<Options>(parsed)));
  } catch (const std::exception& error) {  // Only while starting up.
    tell(error.what());
    return end(ExitCode::log_unusable);
  }
}
