#include "reference-server/net/history_thread.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <latch>
#include <list>
#include <memory>
#include <vector>

namespace claims::server {
namespace {

std::shared_ptr<const Block> block(std::uint64_t number, const std::string& text = "event") {
  auto made = std::make_shared<Block>();
  made->number = number;
  made->first = Position{number};
  Record record;
  record.kind = RecordKind::event;
  record.room = chat::RoomId{1};
  record.seq = number;
  record.payload = text + " " + std::to_string(number);
  made->records.push_back(std::move(record));
  seal(*made);
  return made;
}

PageQuery all_of_room() {
  return {.room = chat::RoomId{1}, .after = 0, .last = 1'000'000, .limit = 1'000'000};
}

/// A history whose folds fail, and which counts how it is used.
struct Use {
  std::atomic<bool> fold_fails{false};
  std::atomic<int> opened{0}, forced_commits{0};
  std::atomic<std::uint64_t> folded_before{0};
  std::latch read_on{1};  // A query after seq kWaits waits for it.
};
constexpr chat::Seq kWaits = 500'000;
class FakeHistory final : public History {
 public:
  explicit FakeHistory(std::shared_ptr<Use> use) : use_(std::move(use)) {
    ++use_->opened;
    inside_ = make_memory_history();
    for (std::uint64_t i = 1; i <= use_->folded_before; ++i) {
      EXPECT_TRUE(inside_->fold(*block(i)).has_value());
    }
  }
  std::uint64_t folded() const override { return use_->folded_before; }
  Hash folded_hash() const override { return inside_->folded_hash(); }
  Result<void, LogError> fold(const Block& block) override {
    if (use_->fold_fails) return LogError{"the disk is full"};
    return inside_->fold(block);
  }
  Result<void, LogError> commit(bool force) override {
    if (force) ++use_->forced_commits;
    return {};
  }
  Result<std::vector<Row>, LogError> query(const Query& query) override {
    if (std::get<PageQuery>(query).after == kWaits) use_->read_on.wait();
    return inside_->query(query);
  }

 private:
  std::shared_ptr<Use> use_;
  std::unique_ptr<History> inside_;
};

class HistoryThreadTest : public ::testing::Test {
 protected:
  /// The next message of that kind; others stay for later.
  template <class Wanted>
  Wanted wait_for() {
    pollfd waiting{.fd = mailbox.descriptor(), .events = POLLIN, .revents = 0};
    do {
      for (auto message = received.begin(); message != received.end(); ++message) {
        if (auto* wanted = std::get_if<Wanted>(&*message)) {
          Wanted taken = std::move(*wanted);
          received.erase(message);
          return taken;
        }
      }
      if (::poll(&waiting, 1, 10'000) != 1) break;
      std::vector<Message> more;
      mailbox.take(more);
      for (Message& message : more) received.push_back(std::move(message));
    } while (true);
    ADD_FAILURE() << "no such message came";
    return {};
  }

  std::list<Message> received;
  std::shared_ptr<Use> use = std::make_shared<Use>();
  Mailbox mailbox;
  HistoryThread history{[this]() -> Result<std::unique_ptr<History>, LogError> {
                          return std::make_unique<FakeHistory>(use);
                        },
                        mailbox};
};

TEST_F(HistoryThreadTest, AnswersAfterEverythingFoldedBefore) {
  history.reopen(Generation{1});
  for (std::uint64_t i = 1; i <= 600; ++i) history.fold(block(i));  // More than may wait.
  ASSERT_TRUE(history.ask(Generation{1}, QueryId{7}, all_of_room()));
  const auto answer = wait_for<RowsRead>();
  EXPECT_EQ(answer.query, QueryId{7});
  ASSERT_TRUE(answer.rows.has_value());
  EXPECT_EQ(answer.rows->size(), 600U);
}

TEST_F(HistoryThreadTest, TheFirstAnswersDoNotWaitForTheLast) {
  history.reopen(Generation{1});
  PageQuery slow = all_of_room();
  slow.after = kWaits;
  for (std::uint64_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(history.ask(Generation{1}, QueryId{i}, all_of_room()));
  }
  ASSERT_TRUE(history.ask(Generation{1}, QueryId{100}, slow));
  EXPECT_EQ(wait_for<RowsRead>().query, QueryId{0});
  use->read_on.count_down();
  for (std::uint64_t i = 1; i <= 100; ++i) EXPECT_EQ(wait_for<RowsRead>().query, QueryId{i});
}

TEST_F(HistoryThreadTest, TakesWhatTheFileHasAlreadyOnce) {
  use->folded_before = 2;
  history.reopen(Generation{1});
  for (std::uint64_t i = 1; i <= 3; ++i) history.fold(block(i));
  ASSERT_TRUE(history.ask(Generation{1}, QueryId{1}, all_of_room()));
  const auto answer = wait_for<RowsRead>();
  ASSERT_TRUE(answer.rows.has_value());
  EXPECT_EQ(answer.rows->size(), 3U);
}

/// As when a log was restored from a backup, or begun anew, beside the history of the one before.
TEST_F(HistoryThreadTest, DropsWhatTheFileHasOfAnotherLog) {
  use->folded_before = 5;
  history.reopen(Generation{1});
  history.fold(block(1));
  history.fold(block(2, "another"));
  history.fold(block(3, "another"));
  ASSERT_TRUE(history.settle().has_value());
  ASSERT_TRUE(history.ask(Generation{1}, QueryId{1}, all_of_room()));
  const auto answer = wait_for<RowsRead>();
  ASSERT_TRUE(answer.rows.has_value());
  ASSERT_EQ(answer.rows->size(), 3U);
  EXPECT_EQ((*answer.rows)[0].event, "event 1");
  EXPECT_EQ((*answer.rows)[1].event, "another 2");
  EXPECT_EQ((*answer.rows)[2].event, "another 3");
}

TEST_F(HistoryThreadTest, IsVoidAfterAnErrorUntilItIsReopened) {
  use->fold_fails = true;
  history.reopen(Generation{4});
  history.fold(block(1));
  EXPECT_EQ(history.settle().error().what, "the disk is full");
  ASSERT_TRUE(history.ask(Generation{4}, QueryId{1}, all_of_room()));
  const auto failed = wait_for<StorageFailed>();
  EXPECT_EQ(failed.generation, Generation{4});
  EXPECT_EQ(failed.why, "history: the disk is full");
  EXPECT_FALSE(wait_for<RowsRead>().rows.has_value());

  use->fold_fails = false;
  history.reopen(Generation{5});
  history.fold(block(1));
  EXPECT_TRUE(history.settle().has_value());
  EXPECT_EQ(use->opened, 2);
}

TEST_F(HistoryThreadTest, MakesEverythingDurableWhenItStops) {
  history.reopen(Generation{1});
  history.fold(block(1));
  history.stop();
  EXPECT_GE(use->forced_commits, 1);
}

}  // namespace
}  // namespace claims::server
