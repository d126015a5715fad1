#include "reports/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

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
  remove_result_files(folder.string());
  EXPECT_TRUE(fs::exists(folder / "result.json"));
  EXPECT_TRUE(fs::exists(folder / "junit.xml"));
}

TEST(ResultFiles, AFolderThatCannotBeMadeIsAnError) {
  const auto failed = write_result_files(sample_result(), "/proc/claims/out");
  ASSERT_TRUE(failed.has_value());
  EXPECT_NE(failed->find("/proc/claims/out"), std::string::npos);
}

}  // namespace
}  // namespace claims::report
