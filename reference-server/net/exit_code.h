#pragma once

#include <string>

namespace claims::server {

/// How claimchatd ends.
enum class ExitCode : int {
  ok = 0,
  bad_usage = 2,      ///< Options, or a file they name.
  cannot_listen = 3,  ///< An address is taken or not ours.
  log_unusable = 5,   ///< The log or the history cannot be opened, read or written.
};

/// Why it does not start.
struct StartError {
  ExitCode code{};
  std::string what;
};

}  // namespace claims::server
