#include "reports/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "reports/html.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/limits.h"

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

constexpr const char* kReportMark = R"(<meta name="generator" content="claimstorm">)";

/// An empty one is what a full disk leaves.
bool is_ours(const fs::path& path, const std::string& mark) {
  constexpr std::size_t kBeginning = 1'024;
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
                                   std::pair{"junit.xml", "<testsuites name=\"claimstorm "},
                                   std::pair{"report.html", kReportMark}}) {
    fs::remove(folder / (std::string(name) + ".unfinished"), ignored);
    if (is_ours(folder / name, mark)) fs::remove(folder / name, ignored);
  }
}

std::optional<std::string> write_report_files(const RunResult& result,
                                              const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return "cannot make " + directory + ": " + error.message();
  auto failed = write_whole(fs::path(directory) / "junit.xml", junit_xml(result));
  if (!failed) failed = write_whole(fs::path(directory) / "report.html", report_html(result));
  return failed;
}

std::optional<std::string> write_result_files(const RunResult& result,
                                              const std::string& directory) {
  const std::string json = result_json(result);
  // Drawn from what is written, with its roundings: drawn again, the report will be the same.
  const ParsedResult written = parse_result_json(json);
  const auto* read = std::get_if<RunResult>(&written);
  auto failed = write_report_files(read == nullptr ? result : *read, directory);
  if (!failed) failed = write_whole(fs::path(directory) / "result.json", json);
  if (failed) remove_result_files(directory);
  return failed;
}

ParsedResult read_result_file(const std::string& file) {
  const auto unreadable = [&](const std::string& found, const std::string& allowed) {
    return std::vector<std::string>{file + ": found " + found + ", allowed: " + allowed};
  };
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    const std::string found = error == std::errc::no_such_file_or_directory ? "no such file"
                              : error                                       ? error.message()
                              : fs::is_directory(file)                      ? "a folder"
                                                       : "something that is no file";
    return unreadable(found, "a result.json");
  }
  const auto bytes = fs::file_size(file, error);
  if (!error && bytes > limits::kResultBytesMax) {
    return unreadable(std::to_string(bytes) + " bytes",
                      "at most " + std::to_string(limits::kResultBytesMax));
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return unreadable(std::strerror(errno), "a file that can be read");
  ParsedResult parsed = parse_result_json(text);
  if (auto* errors = std::get_if<std::vector<std::string>>(&parsed)) {
    for (std::string& one : *errors) one.insert(0, file + ": ");
  }
  return parsed;
}

}  // namespace claims::report
