#include "reference-server/net/data_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace claims::server {
namespace {

StartError error(ExitCode code, const std::string& path, std::string_view what,
                 const std::error_code& why) {
  return {code, fmt::format("--data: '{}' {}: {}; allowed: a folder that this process may read and "
                            "write, or a place to make one",
                            path, what, why.message())};
}

}  // namespace

Result<void, StartError> prepare_data_folder(const std::string& path) {
  std::error_code failed;
  const bool made = std::filesystem::create_directories(path, failed);
  // What is said in chats is for nobody else on the machine.
  if (made) std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
  if (failed) return error(ExitCode::bad_usage, path, "cannot be made", failed);
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0) return {};
  failed.assign(errno, std::generic_category());
  return error(ExitCode::log_unusable, path, "cannot be written", failed);
}

}  // namespace claims::server
