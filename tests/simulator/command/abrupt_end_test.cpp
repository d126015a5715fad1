#include "simulator/command/abrupt_end.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "simulator/command/command.h"

namespace claims::storm {
namespace {

using testing::ExitedWithCode;

TEST(AbruptEnd, SaysThatThereIsNoResult) {
  const auto end_by = [](const char* language, int signal) {
    setenv("LC_ALL", language, 1);
    const AbruptEnd abrupt("실행 전에", "before the run began");
    std::raise(signal);
  };
  const ExitedWithCode invalid(to_int(ExitCode::invalid));
  EXPECT_EXIT(end_by("C", SIGINT), invalid, "ended by a signal before the run began; there is no");
  EXPECT_EXIT(end_by("ko_KR.UTF-8", SIGTERM), invalid, "실행 전에 시그널로 중단됨: 결과 없음");
}

TEST(AbruptEnd, IsOverWithItsObject) {
  const auto end_after = [] {
    { const AbruptEnd abrupt("", ""); }
    std::raise(SIGTERM);
  };
  EXPECT_EXIT(end_after(), testing::KilledBySignal(SIGTERM), "^$");
}

}  // namespace
}  // namespace claims::storm
