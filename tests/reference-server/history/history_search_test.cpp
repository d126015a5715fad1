// What every history promises of searches, lists and deleted messages: the one on disk is compared
// with the one in memory, which looks through all texts from end to end.

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "protocol/chat/event.h"
#include "reference-server/history/history.h"
#include "reference-server/history/logged_event.h"
#include "tests/effort.h"
#include "tests/reference-server/history/rows.h"
#include "tests/reference-server/log/block_chain.h"
#include "tests/reference-server/log/temporary_folder.h"

namespace claims::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Record logged(std::uint64_t room, chat::Seq seq, chat::EventBody body,
              const std::string& vehicle = "12가3456") {
  const chat::Event event{chat::RoomId{room}, seq,     Milliseconds{1'714'521'600'000},
                          {"gar-1", "한빛"},  vehicle, "gar-1:1.1",
                          std::move(body)};
  std::string json;
  chat::write_event_open(event, json);
  return event_record(room, seq, json + '}');
}
Record message(std::uint64_t room, chat::Seq seq, std::string text,
               const std::string& vehicle = "12가3456") {
  return logged(room, seq, chat::Message{std::move(text)}, vehicle);
}
Record deletion(std::uint64_t room, chat::Seq seq, chat::Seq of) {
  return logged(room, seq, chat::MessageDeleted{of, "메시지가 삭제되었습니다."});
}

std::vector<StreamRange> all_of(std::initializer_list<std::uint64_t> rooms) {
  std::vector<StreamRange> ranges;
  for (const std::uint64_t room : rooms) ranges.push_back({chat::RoomId{room}, 1, 1'000'000});
  return ranges;
}

class HistorySearchTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (GetParam() == std::string("memory")) {
      history_ = make_memory_history();
      return;
    }
    open();
  }
  void open() {
    history_.reset();
    auto opened = open_sqlite_history(folder_.file("history.db"));
    ASSERT_TRUE(opened) << opened.error().what;
    history_ = std::move(*opened);
  }
  void fold(std::vector<Record> records) {
    const auto folded = history_->fold(*chain_.add(std::move(records)));
    ASSERT_TRUE(folded) << folded.error().what;
  }
  std::vector<Row> found(const Query& query) {
    auto rows = history_->query(query);
    EXPECT_TRUE(rows) << rows.error().what;
    return rows ? std::move(*rows) : std::vector<Row>();
  }
  /// "r<room>/<seq>" of the hits.
  std::vector<std::string> hits(const std::string& text, std::vector<StreamRange> ranges) {
    SearchQuery search;
    search.text = text;
    search.ranges = std::move(ranges);
    search.limit = 100;
    std::vector<std::string> places;
    for (const Row& row : found(search)) {
      places.push_back(to_string(row.room) + '/' + std::to_string(row.seq));
    }
    return places;
  }

  TemporaryFolder folder_;
  BlockChain chain_;
  std::unique_ptr<History> history_;
};
INSTANTIATE_TEST_SUITE_P(Stores, HistorySearchTest, testing::Values("sqlite", "memory"),
                         [](const auto& store) { return std::string(store.param); });

TEST_P(HistorySearchTest, FindsKoreanWordsInsideLongerOnes) {
  fold({message(1, 1, "뒤범퍼교환견적을 보내 주세요."), message(1, 2, "앞 범퍼 사진입니다"),
        message(1, 3, "휀더 판금")});
  EXPECT_THAT(hits("범퍼", all_of({1})), ElementsAre("r1/2", "r1/1"));
  EXPECT_THAT(hits("교환견적", all_of({1})), ElementsAre("r1/1"));
  EXPECT_THAT(hits("범", all_of({1})), ElementsAre("r1/2", "r1/1"));
  EXPECT_THAT(hits(".", all_of({1})), ElementsAre("r1/1"));
  EXPECT_THAT(hits("금", all_of({1})), ElementsAre("r1/3")) << "the last character";
  EXPECT_THAT(hits("퍼 사", all_of({1})), ElementsAre("r1/2"));
  EXPECT_THAT(hits("범퍼교", all_of({1})), ElementsAre("r1/1"));
  EXPECT_THAT(hits("없음", all_of({1})), IsEmpty());
}

TEST_P(HistorySearchTest, LooksAtTheOrderOfWhatTheIndexFinds) {
  fold({message(1, 1, "나다 가나"), message(1, 2, "가나다")});
  EXPECT_THAT(hits("가나다", all_of({1})), ElementsAre("r1/2"));
}

TEST_P(HistorySearchTest, FoldsTheCaseOfAsciiAlone) {
  fold({message(1, 1, "BMW 520D"), message(1, 2, "É 100%")});
  EXPECT_THAT(hits("bmw 520d", all_of({1})), ElementsAre("r1/1"));
  EXPECT_THAT(hits("é", all_of({1})), IsEmpty());
  EXPECT_THAT(hits("00%", all_of({1})), ElementsAre("r1/2"));
}

TEST_P(HistorySearchTest, TakesNothingOfTheTextForAQuery) {
  fold({message(1, 1, R"("AND" OR * - ^ : \ 'NEAR(a)')")});
  for (const char* text : {"\"AND\"", "OR *", "*", "-", "^ :", "\\", "'near(a)'"}) {
    EXPECT_THAT(hits(text, all_of({1})), ElementsAre("r1/1")) << text;
  }
  EXPECT_THAT(hits("\" OR \"", all_of({1})), IsEmpty());
}

TEST_P(HistorySearchTest, FindsNothingOutsideTheRanges) {
  fold(
      {message(1, 1, "부품"), message(1, 2, "부품"), message(1, 3, "부품"), message(2, 1, "부품")});
  EXPECT_THAT(hits("부품", {{chat::RoomId{1}, 2, 2}}), ElementsAre("r1/2"));
  EXPECT_THAT(hits("부품", {{chat::RoomId{1}, 1, 1}, {chat::RoomId{1}, 3, 3}}),
              ElementsAre("r1/3", "r1/1"));
  EXPECT_THAT(hits("부품", {}), IsEmpty()) << "no room is not all rooms";
  // A private character that stands for room 2 in the index.
  fold({message(1, 4, "\xEE\x84\x82 부품")});
  EXPECT_THAT(hits("부품", all_of({2})), ElementsAre("r2/1"));
}

TEST_P(HistorySearchTest, FindsMessagesOfOneVehicle) {
  fold({message(1, 1, "부품", "12가3456"), message(1, 2, "부품", "34나5678")});
  SearchQuery search;
  search.text = "부품";
  search.ranges = all_of({1});
  search.limit = 10;
  search.vehicle = "34나5678";
  ASSERT_EQ(found(search).size(), 1U);
  EXPECT_EQ(found(search).front().seq, 2U);
}

TEST_P(HistorySearchTest, ADeletedMessageIsATombstoneEverywhere) {
  fold({message(1, 1, "지울 말"), message(1, 2, "남을 말")});
  fold({deletion(1, 3, 1)});
  for (const bool committed : {false, true}) {
    if (committed) {
      ASSERT_TRUE(history_->commit(true));
    }
    EXPECT_THAT(hits("말", all_of({1})), ElementsAre("r1/2"));
    const std::string tombstone =
        R"({"type":"message","room":"r1","seq":1,"at":1714521600000,"sender":{"id":"gar-1",)"
        R"("name":"한빛"},"vehicle":"12가3456","cmd":"gar-1:1.1","body":{"deleted":true}})";
    const auto page = found(PageQuery{chat::RoomId{1}, 0, 10, 10});
    ASSERT_EQ(page.size(), 3U);
    EXPECT_EQ(page[0].event, tombstone);
    const auto stream = found(StreamQuery{all_of({1}), Position{0}, Position{9}, 10});
    ASSERT_EQ(stream.size(), 3U);
    EXPECT_EQ(stream[0].event, tombstone);
    const auto list = found(ListQuery{all_of({1}), 10});
    ASSERT_EQ(list.size(), 3U);
    EXPECT_EQ(list[0].event, tombstone);
    EXPECT_TRUE(chat::parse_event(tombstone));
  }
}

TEST_P(HistorySearchTest, ADeletionThatTheLogLostIsUndone) {
  fold({message(1, 1, "첫째 말")});
  fold({message(1, 2, "둘째 말")});
  fold({deletion(1, 3, 1), deletion(1, 4, 2), message(1, 5, "셋째 말")});
  ASSERT_TRUE(history_->commit(true));
  EXPECT_THAT(hits("말", all_of({1})), ElementsAre("r1/5"));
  BlockChain log;  // Came back from a backup that ends after block 1.
  log.add({message(1, 1, "첫째 말")});
  log.add({message(1, 2, "다른 말")});
  for (const auto& block : log.blocks()) ASSERT_TRUE(history_->fold(*block));
  EXPECT_THAT(hits("말", all_of({1})), ElementsAre("r1/2", "r1/1"));
  EXPECT_THAT(hits("둘째", all_of({1})), IsEmpty());
  EXPECT_THAT(hits("셋째", all_of({1})), IsEmpty());
  const auto page = found(PageQuery{chat::RoomId{1}, 0, 10, 10});
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(message_text_of(page[0].event), "첫째 말");
}

TEST_P(HistorySearchTest, ADeletionOfWhatIsNoMessageChangesNothing) {
  fold({logged(1, 1, chat::Greeting{"인사"}), deletion(1, 2, 1), deletion(1, 3, 9)});
  const auto page = found(PageQuery{chat::RoomId{1}, 0, 10, 10});
  ASSERT_EQ(page.size(), 3U);
  EXPECT_NE(page[0].event.find("인사"), std::string::npos);
}

TEST_P(HistorySearchTest, ListsRangeByRange) {
  fold({message(1, 1, "ㄱ"), message(2, 1, "ㄴ"), message(1, 2, "ㄷ", "34나5678"),
        message(2, 2, "ㄹ")});
  ListQuery list{{{chat::RoomId{2}, 2, 9}, {chat::RoomId{1}, 1, 9}}, 10};
  const auto seqs = [&] {
    std::vector<std::string> places;
    for (const Row& row : found(list)) {
      places.push_back(to_string(row.room) + '/' + std::to_string(row.seq));
    }
    return places;
  };
  EXPECT_THAT(seqs(), ElementsAre("r2/2", "r1/1", "r1/2"));
  list.limit = 2;
  EXPECT_THAT(seqs(), ElementsAre("r2/2", "r1/1"));
  list.limit = 10;
  list.bytes_max = 1;
  EXPECT_THAT(seqs(), ElementsAre("r2/2"));
  list.bytes_max = 100'000;
  list.vehicle = "34나5678";
  EXPECT_THAT(seqs(), ElementsAre("r1/2"));
}

/// Messages, deletions and searches at random, of few characters so that they meet.
class RandomTalk {
 public:
  explicit RandomTalk(std::uint64_t seed) : random_(seed), seqs_(kRooms + 1) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  std::vector<Record> next_records() {
    std::vector<Record> records;
    for (std::uint64_t i = 1 + below(10); i > 0; --i) {
      const std::uint64_t room = 1 + below(1 + below(kRooms));
      const chat::Seq seq = ++seqs_[room];
      if (below(8) == 0 && seq > 1) {
        records.push_back(deletion(room, seq, 1 + below(seq - 1)));
      } else {
        records.push_back(message(room, seq, text(1 + below(14)), plate()));
      }
    }
    return records;
  }
  SearchQuery next_search() {
    SearchQuery search;
    search.text = text(1 + below(4));
    const std::uint64_t ranges = below(3) == 0 ? kRooms + below(20) : below(6);
    for (std::uint64_t i = 0; i < ranges; ++i) {
      const chat::Seq first = below(2) == 0 ? 1 : 1 + below(20);
      search.ranges.push_back({chat::RoomId{1 + below(kRooms)}, first, first + below(60)});
    }
    search.limit = 1 + below(20);
    if (below(3) == 0) search.vehicle = plate();
    if (below(3) == 0) search.bytes_max = 1 + below(900);
    return search;
  }

 private:
  std::string plate() { return std::to_string(12 + below(2)) + "가3456"; }
  std::string text(std::uint64_t length) {
    constexpr std::array kCharacters{"가", "나", "다", "a", "A", " ", "b", "\n", "\"", "1", "한"};
    std::string text;
    while (length-- > 0) text += kCharacters[below(kCharacters.size())];
    return text;
  }

  static constexpr std::uint64_t kRooms = 90;  // More than one query names.
  std::mt19937_64 random_;
  std::vector<chat::Seq> seqs_;
};

/// All hits, however often the search stops on the way.
std::vector<Row> all_hits(History& history, SearchQuery search) {
  std::vector<Row> all;
  for (int pages = 0; pages < 10'000; ++pages) {
    const auto rows = history.query(search);
    if (!rows || rows->empty()) {
      EXPECT_TRUE(rows) << rows.error().what;
      return all;
    }
    for (const Row& row : *rows) {
      if (!row.event.empty()) all.push_back(row);
    }
    EXPECT_LT(rows->back().position, search.before);
    search.before = rows->back().position;
  }
  ADD_FAILURE() << "never ends";
  return all;
}

TEST(HistorySearch, TheIndexFindsWhatLookingThroughAllTextsFinds) {
  constexpr std::uint64_t kSeeds = times(3);
  std::size_t hits = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const TemporaryFolder folder;
    const std::string path = folder.file("history.db");
    auto disk = open_sqlite_history(path);
    ASSERT_TRUE(disk) << disk.error().what;
    const auto memory = make_memory_history();
    RandomTalk talk(seed);
    BlockChain chain;
    for (int turn = 0; turn < 250; ++turn) {
      const auto block = chain.add(talk.next_records());
      ASSERT_TRUE((*disk)->fold(*block));
      ASSERT_TRUE(memory->fold(*block));
      if (talk.below(9) == 0) {
        ASSERT_TRUE((*disk)->commit(true));
      }
      SearchQuery search = talk.next_search();
      const auto expected = *memory->query(search);
      ASSERT_EQ(*(*disk)->query(search), expected) << "seed " << seed << " turn " << turn;
      search.looked_at_max = 1 + talk.below(30);
      const auto all = all_hits(*memory, search);
      ASSERT_EQ(all_hits(**disk, search), all) << "seed " << seed << " turn " << turn;
      hits += all.size();
      if (turn % 100 == 99) {
        disk = LogError{};
        disk = open_sqlite_history(path);
        ASSERT_TRUE(disk) << disk.error().what;
      }
    }
  }
  EXPECT_GT(hits, 1'600U * kSeeds) << "the searches must find something to compare";
}

TEST(HistorySearch, StopsAfterWhatItMayLookAt) {
  const TemporaryFolder folder;
  auto history = open_sqlite_history(folder.file("history.db"));
  ASSERT_TRUE(history);
  BlockChain chain;
  std::vector<Record> records;
  records.push_back(message(7, 1, "부품"));
  for (chat::Seq seq = 1; seq <= 50; ++seq) records.push_back(message(8, seq, "부품"));
  ASSERT_TRUE((*history)->fold(*chain.add(std::move(records))));
  SearchQuery search;
  search.text = "부품";
  // Of so many rooms that all of them are searched.
  for (std::uint64_t room = 100; room < 200; ++room)
    search.ranges.push_back({chat::RoomId{room}, 1, 9});
  search.ranges.push_back({chat::RoomId{7}, 1, 9});
  search.limit = 10;
  search.looked_at_max = 20;
  const auto rows = *(*history)->query(search);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].event.empty());
  EXPECT_EQ(rows[0].position, Position{32});
  EXPECT_EQ(all_hits(**history, search).size(), 1U);
}

}  // namespace
}  // namespace claims::server
