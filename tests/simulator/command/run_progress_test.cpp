#include "simulator/command/run_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ProgressLine, FitsTheTerminalAndKeepsWhatMatters) {
  Progress progress;
  progress.phase = RunPhase::hold;
  progress.elapsed = Microseconds{3'600'000'000};
  progress.users = progress.connected = 20'012;
  progress.started = 180'000;
  progress.completed = 179'000;
  progress.open = 900;
  progress.failed = 100;
  progress.connections_lost = 12;
  progress.violations = 345;
  progress.delivery_p99 = Microseconds{123'400};
  const std::string wide = progress_line(progress, 200);
  for (const char* part : {"180000 started", "900 open", "p99 123.4 ms", "345 VIOLATIONS"}) {
    EXPECT_THAT(wide, HasSubstr(part));
  }
  for (std::size_t columns : {20U, 40U, 79U}) {
    EXPECT_LE(progress_line(progress, columns).size(), columns);
  }
  EXPECT_THAT(progress_line(progress, 79), HasSubstr("345 VIOLATIONS"));
  EXPECT_THAT(progress_line(progress, 79), Not(HasSubstr("900 open")));
}

}  // namespace
}  // namespace claims::storm
