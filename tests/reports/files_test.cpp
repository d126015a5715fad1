#include "reports/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

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

TEST(ResultFiles, AFolderThatCannotBeMadeIsAnError) {
  const auto failed = write_result_files(sample_result(), "/proc/claims/out");
  ASSERT_TRUE(failed.has_value());
  EXPECT_NE(failed->find("/proc/claims/out"), std::string::npos);
}

}  // namespace
}  // namespace claims::report
