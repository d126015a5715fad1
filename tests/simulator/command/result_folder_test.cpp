#include "simulator/command/result_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace claims::storm {
namespace {

TEST(ResultFolder, IsMadeWithThoseAboveIt) {
  const std::string top = testing::TempDir() + "/result_folder-" + std::to_string(::getpid());
  std::filesystem::remove_all(top);
  EXPECT_EQ(make_result_folder(top + "/a/b"), std::nullopt);
  EXPECT_TRUE(std::filesystem::is_directory(top + "/a/b"));
  EXPECT_EQ(make_result_folder(top + "/a/b"), std::nullopt);
  std::filesystem::remove_all(top);
}

TEST(ResultFolder, OneThatCannotBeIsTold) {
  const auto error = make_result_folder("/dev/null/below");
  ASSERT_TRUE(error);
  EXPECT_THAT(*error, testing::HasSubstr("--out \"/dev/null/below\": Not a directory; allowed"));
}

}  // namespace
}  // namespace claims::storm
