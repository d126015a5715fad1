#include "reports/files.h"

#include <cerrno>
#include <cstring>
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
    if (!file) return "cannot write " + unfinished.string() + ": " + std::strerror(errno);
  }
  std::error_code error;
  fs::rename(unfinished, path, error);
  if (error) return "cannot rename to " + path.string() + ": " + error.message();
  return std::nullopt;
}

/// An empty one is what a full disk leaves.
bool is_ours(const fs::path& path, const std::string& mark) {
  constexpr std::size_t kBeginning = 512;
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  std::string beginning(kBeginning, '\0');
  file.read(beginning.data(), kBeginning);
  beginning.resize(static_cast<std::size_t>(file.gcount()));
  return beginning.empty() || beginning.find(mark) != std::string::npos;
}

}  // namespace

void remove_result_files(const std::string& directory) {
  const fs::path folder(directory);
  std::error_code ignored;
  for (const auto& [name, mark] : {std::pair{"result.json", "\"claimstorm-result/"},
                                   std::pair{"junit.xml", "<testsuites name=\"claimstorm "}}) {
    fs::remove(folder / (std::string(name) + ".unfinished"), ignored);
    if (is_ours(folder / name, mark)) fs::remove(folder / name, ignored);
  }
}

std::optional<std::string> write_result_files(const RunResult& result,
                                              const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return "cannot make " + directory + ": " + error.message();
  auto failed = write_whole(fs::path(directory) / "result.json", result_json(result));
  if (!failed) failed = write_whole(fs::path(directory) / "junit.xml", junit_xml(result));
  if (failed) remove_result_files(directory);
  return failed;
}

}  // namespace claims::report
