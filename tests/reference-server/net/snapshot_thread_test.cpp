#include "reference-server/net/snapshot_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/reference-server/log/faulty_vfs.h"
#include "tests/reference-server/log/temporary_folder.h"

namespace claims::server {
namespace {

using Rows = std::map<std::string, std::string>;

BlockMark mark(std::uint64_t number) {
  BlockMark made{number, Position{number * 10}, {}};
  made.hash.fill(static_cast<unsigned char>(number));
  return made;
}

/// At the end of that block; ten records each.
std::shared_ptr<const Checkpoint> checkpoint(std::uint64_t number, const std::string& value) {
  auto made = std::make_shared<Checkpoint>();
  made->at = mark(number);
  made->rows.add("row " + std::to_string(number)) += value;
  return made;
}

class SnapshotThreadTest : public ::testing::Test {
 protected:
  /// Opened and begun: checkpoints follow block 0.
  std::unique_ptr<SnapshotThread> started(const SnapshotWriter::Pacing& pacing) {
    auto thread = std::make_unique<SnapshotThread>(
        [this] {
          if (waits_) opening_.wait();
          return open_sqlite_snapshot(path_, FaultyVfs::name());
        },
        pacing, mailbox_);
    begin(*thread);
    return thread;
  }
  static void begin(SnapshotThread& thread) {
    auto opened = thread.open();
    ASSERT_TRUE(opened.has_value()) << opened.error().what;
    thread.begin(std::move(opened->store));
  }
  /// Asks until it is so; false after ten seconds.
  template <class Condition>
  static bool eventually(const Condition& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }
  /// What the thread told of failures since the last asking.
  std::vector<std::string> told() {
    std::vector<Message> messages;
    mailbox_.take(messages);
    std::vector<std::string> all;
    all.reserve(messages.size());
    for (const Message& message : messages) all.push_back(std::get<SnapshotFailed>(message).why);
    return all;
  }
  /// What the file holds; the thread ends.
  Rows stored(std::unique_ptr<SnapshotThread> thread) {
    thread.reset();
    auto opened = open_sqlite_snapshot(path_);
    EXPECT_TRUE(opened.has_value()) << opened.error().what;
    Rows rows;
    const auto loaded = opened->store->load([&](std::string_view key, std::string_view value) {
      rows.emplace(key, value);
      return Result<void, std::string>();
    });
    EXPECT_TRUE(loaded.has_value()) << loaded.error().what;
    return rows;
  }
  /// The thread has lost its file, and will wait with its next writing until opening_ is over.
  void let_it_wait(SnapshotThread& thread) {
    vfs_.fail_writes = true;
    thread.offer(checkpoint(1, "1"));
    ASSERT_TRUE(eventually([&] { return thread.status().failures_total == 1; }));
    waits_ = true;
    vfs_.fail_writes = false;
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.file("state.sqlite");
  FaultyVfs vfs_;
  Mailbox mailbox_;
  std::atomic<bool> waits_{false};
  std::latch opening_{1};  ///< With waits_, every opening waits for it.
};

const SnapshotWriter::Pacing kAtOnce{.records = 1};

TEST_F(SnapshotThreadTest, StoresWhatItIsOfferedAndTellsHowFarItIs) {
  auto thread = started(kAtOnce);
  const SnapshotStatus begun = thread->status();
  EXPECT_TRUE(begun.active);
  EXPECT_EQ(begun.stored, BlockMark());
  EXPECT_EQ(begun.writes_total, 0U);
  EXPECT_GT(begun.stored_at.count(), 0) << "of the start";
  thread->offer(checkpoint(3, "3"));
  ASSERT_TRUE(eventually([&] { return thread->status().writes_total == 1; }));
  const SnapshotStatus once = thread->status();
  EXPECT_EQ(once.stored, mark(3));
  EXPECT_GE(once.stored_at, begun.stored_at);
  EXPECT_GT(once.write_took.count(), 0);
  EXPECT_EQ(once.failures_total, 0U);
  thread->offer(checkpoint(4, "4"));
  thread->stop();
  EXPECT_EQ(thread->status().stored, mark(4));
  EXPECT_EQ(stored(std::move(thread)), (Rows{{"row 3", "3"}, {"row 4", "4"}}));
  EXPECT_TRUE(told().empty());
}

TEST_F(SnapshotThreadTest, WritesSeldomAndTheRestWhenItStops) {
  auto thread = started({.records = 50});
  for (std::uint64_t number = 1; number <= 12; ++number) thread->take(checkpoint(number, "x"));
  thread->stop();
  EXPECT_EQ(thread->status().writes_total, 3U) << "after 50 records, after 100, and the last 20";
  EXPECT_EQ(thread->status().stored, mark(12));
  EXPECT_EQ(stored(std::move(thread)).size(), 12U);
}

TEST_F(SnapshotThreadTest, WhatComesBeforeItHasBegunIsNoneOfIts) {
  auto thread = std::make_unique<SnapshotThread>([this] { return open_sqlite_snapshot(path_); },
                                                 kAtOnce, mailbox_);
  EXPECT_FALSE(thread->status().active);
  thread->offer(checkpoint(1, "1"));
  thread->take(checkpoint(2, "2"));
  begin(*thread);
  thread->offer(checkpoint(3, "3"));
  thread->stop();
  EXPECT_EQ(stored(std::move(thread)), (Rows{{"row 3", "3"}}));
}

TEST_F(SnapshotThreadTest, AFailureIsToldAndMadeUpForLater) {
  auto thread = started(kAtOnce);
  vfs_.fail_writes = true;
  thread->offer(checkpoint(1, "1"));
  ASSERT_TRUE(eventually([&] { return thread->status().failures_total == 1; }));
  thread->offer(checkpoint(2, "2"));  // The file cannot be opened anew either.
  ASSERT_TRUE(eventually([&] { return thread->status().failures_total == 2; }));
  const SnapshotStatus failing = thread->status();
  EXPECT_TRUE(failing.active) << "what is to be written waits in memory";
  EXPECT_EQ(failing.stored, BlockMark());
  EXPECT_EQ(failing.writes_total, 0U);
  const auto words = told();
  ASSERT_EQ(words.size(), 2U);
  for (const std::string& why : words) {
    EXPECT_NE(why.find(path_), std::string::npos) << why;
    EXPECT_NE(why.find("full"), std::string::npos) << why;
  }
  vfs_.fail_writes = false;
  thread->offer(checkpoint(3, "3"));
  thread->stop();
  EXPECT_EQ(thread->status().writes_total, 1U);
  EXPECT_EQ(thread->status().failures_total, 2U);
  EXPECT_EQ(thread->status().stored, mark(3));
  EXPECT_EQ(stored(std::move(thread)), (Rows{{"row 1", "1"}, {"row 2", "2"}, {"row 3", "3"}}));
}

TEST_F(SnapshotThreadTest, GivesUpWhenTooMuchCannotBeWrittenUntilItBeginsAnew) {
  auto thread = started({.records = 1, .bytes_max = 10'000});
  vfs_.fail_writes = true;
  thread->offer(checkpoint(1, std::string(20'000, 'x')));
  ASSERT_TRUE(eventually([&] { return !thread->status().active; }));
  const auto words = told();
  ASSERT_EQ(words.size(), 1U);
  EXPECT_NE(words[0].find("; no more is written until the next start"), std::string::npos);
  vfs_.fail_writes = false;
  thread->offer(checkpoint(2, "2"));  // It follows what is not in the file.
  begin(*thread);
  EXPECT_TRUE(thread->status().active);
  thread->offer(checkpoint(3, "3"));
  thread->stop();
  EXPECT_EQ(thread->status().stored, mark(3));
  EXPECT_EQ(stored(std::move(thread)), (Rows{{"row 3", "3"}}));
}

TEST_F(SnapshotThreadTest, WhoeverOffersNeverWaits) {
  auto thread = started(kAtOnce);
  let_it_wait(*thread);
  thread->offer(checkpoint(2, "2"));  // It waits with this one, or with the next.
  std::uint64_t number = 3;
  while (thread->status().active && number < 10 + limits::kCheckpointsWaitingMax) {
    thread->offer(checkpoint(number++, "x"));
  }
  EXPECT_FALSE(thread->status().active);
  EXPECT_GE(number, 3 + limits::kCheckpointsWaitingMax);
  EXPECT_EQ(thread->status().failures_total, 2U);
  const auto words = told();
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[1],
            "snapshot: the disk does not keep up; no more is written until the next start");
  thread->offer(checkpoint(number, "x"));
  EXPECT_TRUE(told().empty()) << "said once";
  opening_.count_down();
  thread->stop();
  EXPECT_LT(thread->status().stored.number, 3U) << "nothing is written that others are missing for";
  const Rows rows = stored(std::move(thread));
  for (const auto& [key, value] : rows) EXPECT_LT(key, "row 3");
}

TEST_F(SnapshotThreadTest, WhoeverStartsUpWaitsForRoom) {
  auto thread = started(kAtOnce);
  let_it_wait(*thread);
  constexpr std::uint64_t kLast = 2 * limits::kCheckpointsWaitingMax;
  std::atomic<std::uint64_t> taken{1};
  std::thread start_up([&] {
    for (std::uint64_t number = 2; number <= kLast; ++number) {
      thread->take(checkpoint(number, "x"));
      taken = number;
    }
  });
  ASSERT_TRUE(eventually([&] { return taken > limits::kCheckpointsWaitingMax; }));
  // One is in the thread's hands and as many wait as may; the next is not taken.
  EXPECT_LE(taken, limits::kCheckpointsWaitingMax + 2);
  opening_.count_down();
  start_up.join();
  thread->stop();
  EXPECT_EQ(thread->status().stored, mark(kLast));
  EXPECT_EQ(stored(std::move(thread)).size(), kLast);
}

TEST_F(SnapshotThreadTest, OpeningWaitsForAWritingAndDropsWhatWaits) {
  auto thread = started(kAtOnce);
  let_it_wait(*thread);
  thread->offer(checkpoint(2, "2"));
  std::atomic<bool> opened{false};
  std::thread start_up([&] {
    begin(*thread);  // As after a failure of the log.
    opened = true;
  });
  opening_.count_down();
  start_up.join();
  const BlockMark from = thread->status().stored;
  EXPECT_TRUE(from == BlockMark() || from == mark(2));
  thread->offer(checkpoint(5, "5"));
  thread->stop();
  EXPECT_EQ(thread->status().stored, mark(5));
  EXPECT_EQ(stored(std::move(thread)).count("row 5"), 1U);
}

}  // namespace
}  // namespace claims::server
