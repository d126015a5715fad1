#include "reports/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/reports/sample_result.h"

namespace claims::report {
namespace {

namespace fs = std::filesystem;

TEST(ResultFiles, AreWrittenIntoAFolderThatIsMade) {
  const fs::path folder =
      fs::path(testing::TempDir()) / ("claims-files-" + std::to_string(::getpid())) / "deep";
  ASSERT_EQ(write_result_files(sample_result(), folder.string()), std::nullopt);
  EXPECT_GT(fs::file_size(folder / "result.json"), 100U);
  EXPECT_GT(fs::file_size(folder / "junit.xml"), 100U);
  EXPECT_GT(fs::file_size(folder / "report.html"), 1'000U);
  EXPECT_FALSE(fs::exists(folder / "result.json.unfinished"));
  fs::remove_all(folder.parent_path());
}

class ResultFolder : public testing::Test {
 protected:
  ResultFolder()
      : folder(fs::path(testing::TempDir()) / ("claims-result-" + std::to_string(::getpid()))) {
    fs::create_directories(folder);
  }
  ~ResultFolder() override { fs::remove_all(folder); }
  void write(const char* name, const char* text) const { std::ofstream(folder / name) << text; }
  const fs::path folder;
};

TEST_F(ResultFolder, AFullDiskLeavesNothingBehind) {
  fs::create_symlink("/dev/full", folder / "junit.xml.unfinished");
  const auto failed = write_result_files(sample_result(), folder.string());
  ASSERT_TRUE(failed.has_value());
  EXPECT_NE(failed->find("No space left"), std::string::npos) << *failed;
  EXPECT_TRUE(fs::is_empty(folder)) << "neither half of a result nor an unfinished one";
}

TEST_F(ResultFolder, LosesTheFilesOfAnEarlierRunAndNoOthers) {
  ASSERT_EQ(write_result_files(sample_result(), folder.string()), std::nullopt);
  write("result.json.unfinished", "");
  remove_result_files(folder.string());
  EXPECT_TRUE(fs::is_empty(folder));
  write("result.json", "{\"lap\": 1}");
  write("junit.xml", "<testsuites name=\"pytest\"/>");
  write("report.html", "<html><title>lap times</title></html>");
  remove_result_files(folder.string());
  EXPECT_TRUE(fs::exists(folder / "result.json"));
  EXPECT_TRUE(fs::exists(folder / "junit.xml"));
  EXPECT_TRUE(fs::exists(folder / "report.html"));
}

TEST_F(ResultFolder, WhatIsReadAgainDrawsTheSameReport) {
  ASSERT_EQ(write_result_files(sample_result(), folder.string()), std::nullopt);
  const auto text_of = [&](const char* name) {
    std::ifstream file(folder / name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string first = text_of("report.html");
  const ParsedResult read = read_result_file((folder / "result.json").string());
  ASSERT_TRUE(std::holds_alternative<RunResult>(read));
  ASSERT_EQ(write_report_files(std::get<RunResult>(read), folder.string()), std::nullopt);
  EXPECT_EQ(text_of("report.html"), first);
}

TEST_F(ResultFolder, WhatCannotBeReadIsToldWithItsFile) {
  write("result.json", "{\"format\": 1}");
  for (const auto& [file, found] : {std::pair{folder / "result.json", "/format: found 1, allowed"},
                                    std::pair{folder / "none.json", "found no such file"},
                                    std::pair{folder, "found a folder"}}) {
    const ParsedResult read = read_result_file(file.string());
    const auto* errors = std::get_if<std::vector<std::string>>(&read);
    ASSERT_NE(errors, nullptr);
    EXPECT_EQ(errors->at(0).find(file.string() + ": "), 0U) << errors->at(0);
    EXPECT_NE(errors->at(0).find(found), std::string::npos) << errors->at(0);
  }
}

TEST(ResultFiles, AFolderThatCannotBeMadeIsAnError) {
  const auto failed = write_result_files(sample_result(), "/proc/claims/out");
  ASSERT_TRUE(failed.has_value());
  EXPECT_NE(failed->find("/proc/claims/out"), std::string::npos);
}

}  // namespace
}  // namespace claims::report
