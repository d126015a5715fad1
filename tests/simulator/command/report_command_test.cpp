#include "simulator/command/report_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "reports/files.h"
#include "simulator/command/command.h"

namespace claims::storm {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

class ReportCommand : public testing::Test {
 protected:
  ReportCommand()
      : folder_(fs::path(testing::TempDir()) / ("claims-report-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~ReportCommand() override { fs::remove_all(folder_); }
  std::string path(const char* name) const { return (folder_ / name).string(); }

 private:
  fs::path folder_;
};

TEST_F(ReportCommand, DrawsAResultAgainWhateverItsVerdict) {
  report::RunResult result;
  result.verdict = report::Verdict::fail;
  ASSERT_EQ(report::write_result_files(result, path("run")), std::nullopt);
  EXPECT_EQ(run_report_command(path("run/result.json"), path("again")), to_int(ExitCode::pass));
  EXPECT_TRUE(fs::exists(path("again/report.html")));
  EXPECT_TRUE(fs::exists(path("again/junit.xml")));
  EXPECT_FALSE(fs::exists(path("again/result.json")));
  fs::remove(path("run/report.html"));
  EXPECT_EQ(run_report_command(path("run/result.json"), ""), to_int(ExitCode::pass));
  EXPECT_TRUE(fs::exists(path("run/report.html"))) << "beside the result";
}

TEST_F(ReportCommand, ABadFileIsToldAndDrawsNothing) {
  std::ofstream(path("bad.json")) << R"({"format": "claimstorm-result/1", "scenario": 5})";
  CaptureStderr();
  EXPECT_EQ(run_report_command(path("bad.json"), path("out")), to_int(ExitCode::usage));
  EXPECT_THAT(GetCapturedStderr(), HasSubstr("bad.json: /scenario: found 5, allowed: a text\n"));
  EXPECT_FALSE(fs::exists(path("out")));
}

TEST_F(ReportCommand, AFolderThatCannotBeWrittenIsTold) {
  ASSERT_EQ(report::write_result_files({}, path("run")), std::nullopt);
  CaptureStderr();
  EXPECT_EQ(run_report_command(path("run/result.json"), "/proc/none"), to_int(ExitCode::usage));
  EXPECT_THAT(GetCapturedStderr(), HasSubstr("--out \"/proc/none\""));
}

}  // namespace
}  // namespace claims::storm
