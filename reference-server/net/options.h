#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "protocol/chat/token.h"
#include "protocol/time.h"
#include "reference-server/net/exit_code.h"
#include "reference-server/net/socket_address.h"

namespace claims::server {

enum class LogKind { sqlite, memory };

/// What claimchatd was asked for, checked, with the files read.
struct Options {
  SocketAddress listen;
  std::string data = "./claimchatd-data";  ///< Folder of log.sqlite, history.sqlite, state.sqlite.
  LogKind log = LogKind::sqlite;
  std::string directory, directory_json;
  chat::TokenKey token_key;
  bool http_on = false;
  SocketAddress http;
  Microseconds commit_interval{2'000};
  bool open_topics = false;
  std::vector<std::string> forbidden_topics;  ///< Topic filters, checked.
  std::uint16_t topic_alias_maximum = 0;
  std::uint16_t server_keep_alive_s = 0;  ///< 0: clients choose.
  bool exit_with_parent = false;
};

/// The program ends here: with a text that was asked for (--help, --version), or with all errors.
struct OptionsExit {
  ExitCode code = ExitCode::ok;
  std::string text;
};

/// `arguments` without the program's name. Reads the files that the options name.
std::variant<Options, OptionsExit> parse_options(std::vector<std::string> arguments);

}  // namespace claims::server
