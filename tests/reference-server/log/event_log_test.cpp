// What every log promises, whatever it stores its blocks in.

#include "reference-server/log/event_log.h"

#include <gmock/gmock.h>

#include "tests/reference-server/log/block_chain.h"
#include "tests/reference-server/log/temporary_folder.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class EventLogTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (GetParam() == std::string("memory")) {
      log_ = make_memory_log();
      return;
    }
    auto opened = open_sqlite_log(folder_.file("log.db"));
    ASSERT_TRUE(opened) << opened.error().what;
    log_ = std::move(*opened);
  }

  std::vector<std::string> texts(std::uint64_t after) {
    std::vector<std::string> found;
    const auto read = log_->read(after, [&](Block&& block) {
      EXPECT_TRUE(verify(block));
      for (const Record& record : block.records) found.push_back(record.payload);
    });
    EXPECT_TRUE(read) << read.error().what;
    return found;
  }

  std::string refusal(std::shared_ptr<const Block> block) {
    const auto appended = log_->append({std::move(block)});
    return appended ? "appended" : appended.error().what;
  }

  BlockChain chain_;
  TemporaryFolder folder_;
  std::unique_ptr<EventLog> log_;
};
INSTANTIATE_TEST_SUITE_P(Stores, EventLogTest, testing::Values("sqlite", "memory"),
                         [](const auto& store) { return std::string(store.param); });

TEST_P(EventLogTest, GivesBackWhatWasAppendedInOrder) {
  EXPECT_THAT(texts(0), IsEmpty());
  ASSERT_TRUE(log_->append({chain_.add("one")}));
  ASSERT_TRUE(log_->append({chain_.add("two"), chain_.add("three")}));
  ASSERT_TRUE(log_->append({}));
  EXPECT_THAT(texts(0), ElementsAre("one", "two", "three"));
  EXPECT_THAT(texts(2), ElementsAre("three"));
  EXPECT_THAT(texts(3), IsEmpty());
  ASSERT_TRUE(log_->append({chain_.add("four")}));
  EXPECT_THAT(texts(2), ElementsAre("three", "four"));
}

TEST_P(EventLogTest, ReadingPastItsEndIsAnError) {
  ASSERT_TRUE(log_->append({chain_.add("one")}));
  const auto read = log_->read(2, [](Block&&) { FAIL(); });
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().what, HasSubstr("ends at block 1, before block 2"));
}

TEST_P(EventLogTest, RefusesABlockOfTheWrongNumber) {
  chain_.add("never appended");
  EXPECT_THAT(refusal(chain_.add("two")), HasSubstr("block 2 where block 1 must follow"));
}

TEST_P(EventLogTest, RefusesABlockOfAnotherChain) {
  ASSERT_TRUE(log_->append({chain_.add("one")}));
  BlockChain other;
  other.add("another one");
  EXPECT_THAT(refusal(other.add("two")), HasSubstr("does not carry the hash of block 1"));
}

TEST_P(EventLogTest, RefusesAGapInThePositions) {
  ASSERT_TRUE(log_->append({chain_.add("one")}));
  Block block = *chain_.add("two");
  block.first = Position{3};
  seal(block);
  EXPECT_THAT(refusal(std::make_shared<Block>(block)),
              HasSubstr("begins at position 3 where 2 must follow"));
}

TEST_P(EventLogTest, IsVoidAfterAFailedAppend) {
  const auto first = chain_.add("one");
  chain_.add("lost");
  EXPECT_THAT(refusal(chain_.add("three")), HasSubstr("must follow"));
  EXPECT_THAT(refusal(first), HasSubstr("an append failed before"));
}

TEST_P(EventLogTest, AppendsAllBlocksOrNone) {
  const auto first = chain_.add("one");
  chain_.add("left out");
  ASSERT_FALSE(log_->append({first, chain_.add("three")}));
  if (GetParam() == std::string("memory")) {
    EXPECT_THAT(texts(0), IsEmpty());
    return;
  }
  log_.reset();
  log_ = *open_sqlite_log(folder_.file("log.db"));
  EXPECT_THAT(texts(0), IsEmpty());
}

}  // namespace
}  // namespace claims::server
