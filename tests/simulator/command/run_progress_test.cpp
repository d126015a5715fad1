#include "simulator/command/run_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/terminal_text.h"

namespace claims::storm {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Progress busy() {
  Progress progress;
  progress.phase = RunPhase::hold;
  progress.elapsed = Microseconds{3'600'000'000};
  progress.phase_left = Microseconds{47'200'000};
  progress.users = progress.connections = progress.connected = 20'012;
  progress.started = 180'000;
  progress.completed = 179'000;
  progress.open = 900;
  progress.failed = 100;
  progress.connections_lost = 12;
  progress.violations = 345;
  progress.errors = 7;
  progress.rate_milli = 49'000;
  progress.target_milli = 50'000;
  progress.delivery_p99 = Microseconds{123'400};
  return progress;
}

TEST(ProgressLine, TellsPhaseUsersRateLatencyViolationsAndErrors) {
  const std::string line = progress_line(busy(), 200);
  EXPECT_THAT(line, StartsWith("hold 48 s left  20012/20012 users  49 of 50/s"));
  for (const char* part : {"p99 123 ms", "345 violations", "7 errors", "180000 started", "900 open",
                           "100 failed", "12 connections lost"}) {
    EXPECT_THAT(line, HasSubstr(part));
  }
}

TEST(ProgressLine, FitsTheTerminalAndKeepsWhatMatters) {
  for (const bool korean : {false, true}) {
    for (std::size_t columns = 1; columns < 160; ++columns) {
      const std::string line = progress_line(busy(), columns, {.colour = false, .korean = korean});
      EXPECT_LE(report::columns(line), columns) << line;
    }
  }
  const std::string usual = progress_line(busy(), 79);
  EXPECT_THAT(usual, HasSubstr("345 violations"));
  EXPECT_THAT(usual, HasSubstr("p99 123 ms"));
  EXPECT_THAT(usual, Not(HasSubstr("900 open")));
  EXPECT_THAT(progress_line(busy(), 40), HasSubstr("345 violations"));
}

TEST(ProgressLine, AnOrdinaryRunFitsEightyColumnsWithAllThatWasAskedFor) {
  Progress progress = busy();
  progress.users = progress.connections = progress.connected = 4'012;
  progress.failed = progress.connections_lost = progress.violations = 0;
  for (const bool korean : {false, true}) {
    const std::string line = progress_line(progress, 79, {.colour = false, .korean = korean});
    for (const char* figure : {"48", "4012/4012", "49", "50", "123 ms", "7"}) {
      EXPECT_THAT(line, HasSubstr(figure));
    }
    EXPECT_THAT(line, HasSubstr(korean ? "위반 0" : "0 violations"));
  }
}

TEST(ProgressLine, SmallFiguresKeepAFraction) {
  Progress progress = busy();
  progress.rate_milli = 1'000;
  progress.target_milli = 2'500;
  progress.delivery_p99 = Microseconds{3'140};
  EXPECT_THAT(progress_line(progress, 200), HasSubstr("1.0 of 2.5/s  p99 3.1 ms"));
}

TEST(ProgressLine, ShowsClosedArrivalsApart) {
  Progress progress = busy();
  progress.closed_milli = 12'000;
  EXPECT_THAT(progress_line(progress, 200), HasSubstr("49 of 50/s  12/s closed"));
  progress.rate_milli = progress.target_milli = 0;
  EXPECT_THAT(progress_line(progress, 200), HasSubstr("users  12/s closed"));
  EXPECT_THAT(progress_line(progress, 200), Not(HasSubstr(" of ")));
}

TEST(ProgressLine, SpeaksKorean) {
  const std::string line = progress_line(busy(), 200, {.colour = false, .korean = true});
  EXPECT_THAT(line, StartsWith("유지 48초 남음  접속 20012/20012  초당 49/50건"));
  EXPECT_THAT(line, HasSubstr("위반 345"));
  Progress reading = busy();
  reading.phase = RunPhase::reading;
  EXPECT_THAT(progress_line(reading, 200, {.colour = false, .korean = true}),
              StartsWith("이력 확인 3600초째"));
}

TEST(ProgressLine, OnlyViolationsAreColoured) {
  const report::ConsoleStyle colours{.colour = true, .korean = false};
  EXPECT_THAT(progress_line(busy(), 200, colours), HasSubstr("\x1b[1;31m345 violations\x1b[0m"));
  Progress calm = busy();
  calm.violations = 0;
  EXPECT_THAT(progress_line(calm, 200, colours), Not(HasSubstr("\x1b")));
  EXPECT_THAT(progress_line(busy(), 200), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace claims::storm
