// What every history promises, whatever it keeps its rows in: compared with a plain list of all
// events, searched from end to end.

#include "reference-server/history/history.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "tests/reference-server/history/rows.h"
#include "tests/reference-server/log/block_chain.h"
#include "tests/reference-server/log/temporary_folder.h"

namespace claims::server {
namespace {

using testing::HasSubstr;

/// The events of a log in its order, and what a query must find among them.
class ListedEvents {
 public:
  void fold(const Block& block) {
    auto position = static_cast<std::uint64_t>(block.first);
    for (const Record& record : block.records) {
      if (record.kind == RecordKind::event) {
        rows_.push_back({Position{position}, record.room, record.seq, record.payload});
      }
      ++position;
    }
  }

  std::vector<Row> find(const PageQuery& page) const {
    std::vector<Row> found;
    for (const Row& row : rows_) {
      const bool asked = page.vehicle.empty() ||
                         row.event.find(R"("vehicle":")" + page.vehicle + '"') != std::string::npos;
      bool within = row.seq > page.after && row.seq <= page.last;
      for (const SeqRange& one : page.further) {
        within |= row.seq >= one.first && row.seq <= one.last;
      }
      if (asked && row.room == page.room && within && !ends_at_bound(page, found)) {
        found.push_back(row);
      }
    }
    return found;
  }

  std::vector<Row> find(const StreamQuery& stream) const {
    std::vector<Row> found;
    for (const Row& row : rows_) {
      const bool seen =
          std::any_of(stream.ranges.begin(), stream.ranges.end(), [&](const StreamRange& range) {
            return row.room == range.room && row.seq >= range.first && row.seq <= range.last;
          });
      if (seen && row.position > stream.after && row.position <= stream.last &&
          !ends_at_bound(stream, found)) {
        found.push_back(row);
      }
    }
    return found;
  }

 private:
  std::vector<Row> rows_;
};

/// Blocks and queries at random, the same ones for the same seed.
class RandomWork {
 public:
  explicit RandomWork(std::uint64_t seed) : random_(seed), seqs_(kRooms + 1) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  std::shared_ptr<const Block> next_block() {
    std::vector<Record> records;
    const std::uint64_t count = 1 + below(12);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (below(3) == 0) {
        records.push_back(outcome_record("an outcome"));
        continue;
      }
      // Some rooms are much longer than others.
      const std::uint64_t room = 1 + below(1 + below(kRooms));
      const chat::Seq seq = ++seqs_[room];
      records.push_back(event_record(room, seq, event_text()));
    }
    return chain_.add(std::move(records));
  }

  PageQuery next_page() {
    const chat::Seq after = below(60);
    const std::string vehicle = below(2) == 0 ? plate() : "";
    const chat::Seq last = after + below(60);
    PageQuery page{
        chat::RoomId{1 + below(kRooms + 1)}, after, last, below(30), bytes_max(), vehicle};
    if (below(3) == 0) {  // Several stays in the room.
      page.further = {{last + 2, last + 2 + below(9)}, {last + 14, last + 14 + below(9)}};
    }
    return page;
  }

  StreamQuery next_stream() {
    StreamQuery stream;
    const std::uint64_t ranges = below(kRooms + 2);
    for (std::uint64_t i = 0; i < ranges; ++i) {
      const chat::Seq first = 1 + below(20);
      const chat::Seq last = below(4) == 0 ? std::numeric_limits<chat::Seq>::max() : below(80);
      stream.ranges.push_back({chat::RoomId{1 + below(kRooms + 1)}, first, last});
    }
    const auto end = static_cast<std::uint64_t>(chain_.blocks().back()->last());
    stream.after = Position{below(end + 1)};
    stream.last =
        Position{below(4) == 0 ? std::numeric_limits<std::uint64_t>::max() : below(end + 2)};
    stream.limit = below(5) == 0 ? std::numeric_limits<std::size_t>::max() : below(40);
    stream.bytes_max = bytes_max();
    return stream;
  }

  const BlockChain& chain() const { return chain_; }

 private:
  std::string plate() { return std::to_string(1 + below(3)) + "가3456"; }
  /// Of some sender's making is what looks like the field itself.
  std::string event_text() {
    const std::string name = below(4) == 0 ? R"(\"},\"vehicle\":\"1가3456\")" : "한빛";
    return R"({"sender":{"name":")" + name + R"("},"vehicle":")" + (below(5) == 0 ? "" : plate()) +
           R"(","n":)" + std::to_string(below(1'000)) + '}';
  }
  std::size_t bytes_max() {
    return below(2) == 0 ? std::numeric_limits<std::size_t>::max() : 1 + below(800);
  }

  static constexpr std::uint64_t kRooms = 12;
  std::mt19937_64 random_;
  std::vector<chat::Seq> seqs_;
  BlockChain chain_;
};

class HistoryTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { begin_new("history.db"); }

  void begin_new(const std::string& name) {
    if (GetParam() == std::string("memory")) {
      history_ = make_memory_history();
      return;
    }
    auto opened = open_sqlite_history(folder_.file(name));
    ASSERT_TRUE(opened) << opened.error().what;
    history_ = std::move(*opened);
  }

  std::vector<Row> found(const Query& query) {
    auto rows = history_->query(query);
    EXPECT_TRUE(rows) << rows.error().what;
    return rows ? std::move(*rows) : std::vector<Row>();
  }

  std::vector<std::string> texts(std::uint64_t room) {
    std::vector<std::string> all;
    for (const Row& row : found(PageQuery{chat::RoomId{room}, 0, 1'000, 1'000})) {
      all.push_back(row.event);
    }
    return all;
  }

  void fold_all(const BlockChain& chain) {
    for (const auto& block : chain.blocks()) {
      const auto folded = history_->fold(*block);
      ASSERT_TRUE(folded) << folded.error().what;
    }
  }

  TemporaryFolder folder_;
  std::unique_ptr<History> history_;
};
INSTANTIATE_TEST_SUITE_P(Stores, HistoryTest, testing::Values("sqlite", "memory"),
                         [](const auto& store) { return std::string(store.param); });

TEST_P(HistoryTest, AnswersAsAListOfAllEventsWould) {
  std::size_t rows_seen = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    begin_new("seed" + std::to_string(seed));
    RandomWork work(seed);
    ListedEvents listed;
    for (int turn = 0; turn < 250; ++turn) {
      const auto block = work.next_block();
      ASSERT_TRUE(history_->fold(*block));
      listed.fold(*block);
      if (work.below(7) == 0) {
        ASSERT_TRUE(history_->commit(work.below(2) == 0));
      }
      const PageQuery page = work.next_page();
      ASSERT_EQ(found(page), listed.find(page)) << "seed " << seed << " turn " << turn;
      const StreamQuery stream = work.next_stream();
      ASSERT_EQ(found(stream), listed.find(stream)) << "seed " << seed << " turn " << turn;
      rows_seen += listed.find(page).size() + listed.find(stream).size();
    }
  }
  EXPECT_GT(rows_seen, 5'000U) << "the queries must find something to compare";
}

TEST_P(HistoryTest, EndsWithTheRowThatReachesTheBytes) {
  BlockChain chain;
  for (const char* text : {"one", "two", "three"}) ASSERT_TRUE(history_->fold(*chain.add(text)));
  PageQuery page{chat::RoomId{7}, 0, 9, 9, 6};
  std::vector<Row> rows = found(page);
  EXPECT_EQ(rows.size(), 2U);
  EXPECT_TRUE(ends_at_bound(page, rows));
  page.bytes_max = 1;
  EXPECT_EQ(found(page).size(), 1U) << "one row always comes, or nobody would get on";
  page.bytes_max = 100;
  rows = found(page);
  EXPECT_EQ(rows.size(), 3U);
  EXPECT_FALSE(ends_at_bound(page, rows));
}

TEST_P(HistoryTest, SeesWhatIsNotCommittedYet) {
  BlockChain chain;
  ASSERT_TRUE(history_->fold(*chain.add("one")));
  EXPECT_THAT(texts(7), testing::ElementsAre("one"));
}

TEST_P(HistoryTest, FoldsABlockOnce) {
  BlockChain chain;
  chain.add("one");
  chain.add("two");
  fold_all(chain);
  fold_all(chain);
  EXPECT_THAT(texts(7), testing::ElementsAre("one", "two"));
  ASSERT_TRUE(history_->commit(true));
  EXPECT_EQ(history_->folded(), 2U);
}

TEST_P(HistoryTest, RefusesABlockThatLeavesOneOut) {
  BlockChain chain;
  ASSERT_TRUE(history_->fold(*chain.add("one")));
  chain.add("left out");
  const auto folded = history_->fold(*chain.add("three"));
  ASSERT_FALSE(folded);
  EXPECT_THAT(folded.error().what, HasSubstr("block 3 where block 2 must follow"));
}

TEST_P(HistoryTest, OfAnotherLogIsBuiltAnew) {
  BlockChain old_log;
  for (const char* text : {"old one", "old two", "old three"}) old_log.add(text);
  fold_all(old_log);
  ASSERT_TRUE(history_->commit(true));
  BlockChain log;
  for (const char* text : {"one", "two"}) log.add(text);
  fold_all(log);
  EXPECT_THAT(texts(7), testing::ElementsAre("one", "two"));
  ASSERT_TRUE(history_->commit(true));
  EXPECT_EQ(history_->folded(), 2U);
}

TEST_P(HistoryTest, AheadOfItsLogDropsWhatTheLogDoesNotHave) {
  BlockChain longer;
  for (const char* text : {"one", "two", "lost", "lost too"}) longer.add(text);
  fold_all(longer);
  ASSERT_TRUE(history_->commit(true));
  // The log came back from a backup that ends after block 2, and went on from there.
  BlockChain log;
  for (const char* text : {"one", "two", "new three"}) log.add(text);
  fold_all(log);
  EXPECT_THAT(texts(7), testing::ElementsAre("one", "two", "new three"));
  const StreamQuery stream{{{chat::RoomId{7}, 1, 100}}, Position{2}, Position{100}, 10};
  EXPECT_EQ(found(stream).size(), 1U);
  ASSERT_TRUE(history_->commit(true));
  EXPECT_EQ(history_->folded(), 3U);
}

TEST_P(HistoryTest, LeavesOutWhatWasDestroyed) {
  BlockChain chain;
  Block block = *chain.add({event_record(7, 1, "kept"), event_record(7, 2, "destroyed"),
                            event_record(7, 3, "kept too")});
  block.records[1].payload.clear();
  block.records[1].salt = {};
  block.records[1].destroyed = true;
  ASSERT_TRUE(history_->fold(block));
  EXPECT_THAT(texts(7), testing::ElementsAre("kept", "kept too"));
  const StreamQuery stream{{{chat::RoomId{7}, 1, 100}}, Position{1}, Position{100}, 10};
  EXPECT_EQ(found(stream).size(), 1U);
}

}  // namespace
}  // namespace claims::server
