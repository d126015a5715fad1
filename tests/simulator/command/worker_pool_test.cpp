#include "simulator/command/worker_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cassert>
#include <csignal>
#include <cstdio>
#include <map>
#include <stdexcept>

#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

using testing::HasSubstr;
using Kind = TaskEnding::Kind;

/// Long: a task that ends without being made to would show.
constexpr std::chrono::milliseconds kLong{60'000};

std::map<std::uint64_t, TaskEnding> play(const WorkerLimits& limits, std::uint64_t tasks,
                                         const std::function<std::string(std::uint64_t)>& task) {
  WorkerPool pool(limits, task);
  std::map<std::uint64_t, TaskEnding> endings;
  std::uint64_t started = 0;
  while (endings.size() < tasks) {
    for (; pool.has_room() && started < tasks; ++started) EXPECT_TRUE(pool.start(started));
    for (TaskEnding& ending : pool.wait(kLong)) endings.emplace(ending.task, std::move(ending));
  }
  EXPECT_TRUE(pool.idle());
  return endings;
}

TEST(WorkerPool, GivesEachTaskItsAnswer) {
  const auto endings = play({.workers = 3}, 20,
                            [](std::uint64_t task) { return "answer\n" + std::to_string(task); });
  for (const auto& [task, ending] : endings) {
    EXPECT_EQ(ending.kind, Kind::answered);
    EXPECT_EQ(ending.answer, "answer\n" + std::to_string(task));
  }
}

TEST(WorkerPool, TakesALongAnswer) {
  const auto endings =
      play({}, 1, [](std::uint64_t) { return std::string(WorkerPool::kAnswerBytesMax, 'x'); });
  EXPECT_EQ(endings.at(0).kind, Kind::answered);
  EXPECT_EQ(endings.at(0).answer.size(), WorkerPool::kAnswerBytesMax);
}

TEST(WorkerPool, ACrashIsAnEndingWithItsWords) {
  const auto endings = play({.workers = 2}, 4, [](std::uint64_t task) {
    if (task == 1) {
      assert(task != 1);
    } else if (task == 2) {
      throw std::runtime_error("nobody catches this");
    } else if (task == 3) {
      std::fputs("half an answer is none", stdout);
      std::fflush(stdout);
      _exit(0);
    }
    return std::string("fine");
  });
  EXPECT_EQ(endings.at(0).kind, Kind::answered);
  EXPECT_EQ(endings.at(1).kind, Kind::crashed);
  EXPECT_EQ(endings.at(1).signal, SIGABRT);
  EXPECT_THAT(endings.at(1).words, HasSubstr("task != 1"));
  EXPECT_EQ(endings.at(2).kind, Kind::crashed);
  EXPECT_EQ(endings.at(2).signal, SIGABRT);
  EXPECT_THAT(endings.at(2).words, HasSubstr("nobody catches this"));
  EXPECT_EQ(endings.at(3).kind, Kind::crashed);
  EXPECT_EQ(endings.at(3).signal, 0);
  EXPECT_EQ(endings.at(3).words, "half an answer is none");
}

TEST(WorkerPool, KeepsTheEndOfManyWords) {
  const auto endings = play({}, 1, [](std::uint64_t) -> std::string {
    for (int i = 0; i < 100'000; ++i) std::fprintf(stderr, "word %d\n", i);
    std::abort();
  });
  EXPECT_LE(endings.at(0).words.size(), WorkerPool::kWordsBytesMax);
  EXPECT_TRUE(endings.at(0).words.ends_with("word 99999\n"));
}

TEST(WorkerPool, EndsWhatUsesUpItsCpuTime) {
  const auto endings =
      play({.workers = 1, .cpu_max = std::chrono::seconds(1)}, 1, [](std::uint64_t) -> std::string {
        for (volatile int i = 0;;) i = i ^ 1;
      });
  EXPECT_EQ(endings.at(0).kind, Kind::out_of_time);
}

TEST(WorkerPool, EndsWhatStandsStill) {
  const auto endings = play({.workers = 2, .time_max = std::chrono::milliseconds(50)}, 2,
                            [](std::uint64_t) -> std::string {
                              for (;;) pause();
                            });
  EXPECT_EQ(endings.at(0).kind, Kind::out_of_time);
  EXPECT_EQ(endings.at(1).kind, Kind::out_of_time);
}

TEST(WorkerPool, StopsAllAtOnce) {
  WorkerPool pool({.workers = 2}, [](std::uint64_t) -> std::string {
    for (;;) pause();
  });
  ASSERT_TRUE(pool.start(0));
  ASSERT_TRUE(pool.start(1));
  EXPECT_FALSE(pool.has_room());
  pool.stop_all();
  EXPECT_TRUE(pool.idle());
  EXPECT_TRUE(pool.wait(kLong).empty());
}

TEST(WorkerPool, ASignalToAllProcessesIsTheFirstOnesAlone) {
  WorkerPool pool({}, [](std::uint64_t) -> std::string {
    for (const int signal : {SIGINT, SIGTERM}) kill(getpid(), signal);
    return "still here";
  });
  ASSERT_TRUE(pool.start(0));
  const std::vector<TaskEnding> endings = pool.wait(kLong);
  ASSERT_EQ(endings.size(), 1U);
  EXPECT_EQ(endings[0].kind, TaskEnding::Kind::answered);
  EXPECT_EQ(endings[0].answer, "still here");
}

TEST(WorkerPool, ASignalEndsTheWait) {
  const InterruptNotice notice;
  EXPECT_FALSE(InterruptNotice::interrupted());
  const pid_t parent = getpid();
  WorkerPool pool({}, [parent](std::uint64_t) -> std::string {
    kill(parent, SIGINT);
    for (;;) pause();
  });
  ASSERT_TRUE(pool.start(0));
  while (!InterruptNotice::interrupted()) EXPECT_TRUE(pool.wait(kLong).empty());
}

}  // namespace
}  // namespace claims::storm
