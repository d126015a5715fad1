#include "reference-server/node/commit_queue.h"

#include <gtest/gtest.h>

#include "reference-server/limits.h"

namespace claims::server {
namespace {

using std::chrono::microseconds;

Record record(std::string payload = "{}") {
  return {RecordKind::outcome, {}, 0, std::move(payload), {}};
}

Effect reply(std::string text) {
  return SendReply{{SessionId{1}, 1}, 0, std::move(text)};
}

std::string text_of(const Effect& effect) {
  return std::get<SendReply>(effect).reply;
}

TEST(CommitQueue, ALoneRecordIsAppendedAtOnce) {
  CommitQueue queue({microseconds(2000), 8});
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.begin(microseconds(0)), nullptr);
  EXPECT_EQ(queue.add(record()), Position{1});
  queue.wait(reply("one"));
  const auto block = queue.begin(microseconds(5));
  ASSERT_NE(block, nullptr);
  EXPECT_TRUE(verify(*block));
  EXPECT_EQ(block->number, 1U);
  const auto effects = queue.durable(block->last());
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_EQ(text_of(effects[0]), "one");
  EXPECT_TRUE(queue.empty());
}

TEST(CommitQueue, WhatArrivesMeanwhileJoinsTheNextBlockChainedToTheFirst) {
  CommitQueue queue({microseconds(0), 8});
  queue.add(record());
  const auto first = queue.begin(microseconds(0));
  queue.wait(reply("read behind the first"));
  EXPECT_EQ(queue.add(record()), Position{2});
  queue.wait(reply("second"));
  EXPECT_EQ(queue.add(record()), Position{3});
  EXPECT_EQ(queue.begin(microseconds(0)), nullptr) << "one append is out at a time";
  EXPECT_EQ(text_of(queue.durable(first->last()).at(0)), "read behind the first");
  const auto second = queue.begin(microseconds(0));
  EXPECT_EQ(second->first, Position{2});
  EXPECT_EQ(second->records.size(), 2U);
  EXPECT_EQ(second->previous, first->hash);
  EXPECT_EQ(text_of(queue.durable(second->last()).at(0)), "second");
}

TEST(CommitQueue, UnderLoadAppendsBeginAnIntervalApart) {
  CommitQueue queue({microseconds(2000), 2});
  queue.add(record());
  queue.add(record());
  const auto block = queue.begin(microseconds(100));
  queue.add(record());
  queue.durable(block->last());
  EXPECT_EQ(queue.begin(microseconds(2099)), nullptr);
  EXPECT_EQ(queue.next_deadline(), microseconds(2100));
  EXPECT_NE(queue.begin(microseconds(2100)), nullptr);
}

TEST(CommitQueue, ABlockIsBounded) {
  CommitQueue queue({microseconds(0), 8});
  for (std::size_t i = 0; i < limits::kRecordsPerBlockMax + 5; ++i) queue.add(record());
  const auto first = queue.begin(microseconds(0));
  EXPECT_EQ(first->records.size(), limits::kRecordsPerBlockMax);
  queue.durable(first->last());
  EXPECT_EQ(queue.begin(microseconds(0))->records.size(), 5U);
}

TEST(CommitQueue, WhatBelongsTogetherIsNeverInTwoBlocks) {
  CommitQueue queue({microseconds(0), 8});
  for (std::size_t i = 0; i < limits::kRecordsPerBlockMax - 1; ++i) queue.add(record());
  const Position event = queue.add({record("event"), record("outcome")});
  EXPECT_EQ(event, Position{limits::kRecordsPerBlockMax});
  const auto first = queue.begin(microseconds(0));
  EXPECT_EQ(first->records.size(), limits::kRecordsPerBlockMax - 1);
  queue.durable(first->last());
  const auto second = queue.begin(microseconds(0));
  EXPECT_EQ(second->first, event);
  EXPECT_EQ(second->records.size(), 2U);
}

TEST(CommitQueue, KnowsWhatMemoryWaitsForTheDisk) {
  CommitQueue queue({microseconds(0), 8});
  EXPECT_EQ(queue.bytes(), 0U);
  queue.add(record(std::string(1'000, 'x')));
  queue.wait(reply(std::string(2'000, 'x')));
  EXPECT_GE(queue.bytes(), 3'000U);
  queue.durable(queue.begin(microseconds(0))->last());
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(CommitQueue, NumbersAndHashesContinueAfterWhatTheLogHolds) {
  CommitQueue before({microseconds(0), 8});
  before.add(record());
  const auto block = before.begin(microseconds(0));
  CommitQueue after({microseconds(0), 8});
  after.restored(mark_of(*block));
  EXPECT_EQ(after.add(record()), Position{2});
  const auto next = after.begin(microseconds(0));
  EXPECT_EQ(next->number, 2U);
  EXPECT_EQ(next->previous, block->hash);
}

}  // namespace
}  // namespace claims::server
