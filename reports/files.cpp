#include "reports/files.h"

#include <filesystem>
#include <fstream>

#include "reports/json.h"
#include "reports/junit.h"

namespace claims::report {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> write_whole(const fs::path& path, const std::string& text) {
  const fs::path unfinished = path.string() + ".unfinished";
  {
    std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
    file << text;
    file.flush();
    if (!file) return "cannot write " + unfinished.string();
  }
  std::error_code error;
  fs::rename(unfinished, path, error);
  if (error) return "cannot rename to " + path.string() + ": " + error.message();
  return std::nullopt;
}

}  // namespace

std::optional<std::string> write_result_files(const RunResult& result,
                                              const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return "cannot make " + directory + ": " + error.message();
  if (auto failed = write_whole(fs::path(directory) / "result.json", result_json(result))) {
    return failed;
  }
  return write_whole(fs::path(directory) / "junit.xml", junit_xml(result));
}

}  // namespace claims::report
