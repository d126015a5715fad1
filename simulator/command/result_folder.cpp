#include "simulator/command/result_folder.h"

#include <fmt/format.h>

#include <filesystem>

namespace claims::storm {

std::optional<std::string> make_result_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return std::nullopt;
  return fmt::format("--out \"{}\": {}; allowed is a folder that can be written", folder,
                     error.message());
}

}  // namespace claims::storm
