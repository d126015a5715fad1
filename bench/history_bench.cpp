// What the history costs: folding messages into its file, with the full-text index and without
// (events of the same size that are no messages), the bytes on the disk, and searches.
//
// The searches are over CLAIMS_HISTORY_MESSAGES messages (20,000 unless told) in rooms of 20, open
// 500 at a time: of a user in ten of the rooms and of one in each 25th, which are 2,000 at a
// million messages.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "protocol/chat/event.h"
#include "reference-server/history/history.h"
#include "reference-server/limits.h"
#include "reference-server/node/node.h"

namespace claims::bench {
namespace {

using server::Block;
using server::Record;

constexpr std::uint64_t kMessagesPerRoom = 20, kOpenRooms = 500, kRecordsPerBlock = 256;

/// What is said in a town's garages: words by how common they are, most of them rare.
class Talk {
 public:
  explicit Talk(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 4'000; ++i) {
      std::string word;
      for (std::uint64_t length = 1 + below(4); length > 0; --length) append_syllable(word);
      words_.push_back(std::move(word));
    }
  }
  std::uint64_t below(std::uint64_t bound) { return random_.next() % bound; }
  /// One in 50,000 holds 희귀부품, one in 20 범퍼, more than half 니다.
  std::string next() {
    std::string text;
    for (std::uint64_t words = 3 + below(5); words > 0; --words) {
      // The smaller of several draws: word k about as often as 1/k.
      std::uint64_t word = below(words_.size());
      for (int i = 0; i < 3; ++i) word = below(word + 1);
      text += words_[word] + ' ';
    }
    if (below(50'000) == 7) text += "희귀부품 ";
    if (below(20) == 0) text += "범퍼 ";
    return text + (below(5) < 3 ? "부탁드립니다." : "주세요.");
  }

 private:
  void append_syllable(std::string& out) {
    const auto code = static_cast<std::uint32_t>(0xAC00 + below(150) * 73);
    out += static_cast<char>(0xE0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
  server::RandomSource random_;
  std::vector<std::string> words_;
};

/// Blocks of events, one for each message and as many outcomes beside them.
class Log {
 public:
  explicit Log(bool messages) : messages_(messages) {}

  Block next() {
    Block block;
    block.number = ++number_;
    block.first = server::Position{position_};
    block.previous = hash_;
    for (std::uint64_t i = 0; i < kRecordsPerBlock; ++i) block.records.push_back(event());
    position_ += kRecordsPerBlock;
    for (std::size_t i = 0; i < 8; ++i) hash_[i] = static_cast<char>(number_ >> (8 * i));
    block.hash = hash_;
    return block;
  }
  std::uint64_t rooms() const { return rooms_; }

 private:
  Record event() {
    if (open_.size() < kOpenRooms) open_.push_back({++rooms_, 0});
    const std::size_t at = talk_.below(open_.size());
    auto& [room, seq] = open_[at];
    chat::Event event{chat::RoomId{room},
                      ++seq,
                      Milliseconds{1'714'521'600'000},
                      {"gar-00001", "한빛자동차공업사"},
                      "12가3456",
                      "gar-00001:1714521600000.1",
                      {}};
    if (messages_) {
      event.body = chat::Message{talk_.next()};
    } else {
      event.body = chat::Greeting{talk_.next()};
    }
    Record record;
    record.kind = server::RecordKind::event;
    record.room = event.room;
    record.seq = event.seq;
    chat::write_event_open(event, record.payload);
    record.payload += '}';
    if (seq == kMessagesPerRoom) {
      open_[at] = open_.back();
      open_.pop_back();
    }
    return record;
  }

  bool messages_;
  Talk talk_{7};
  std::vector<std::pair<std::uint64_t, chat::Seq>> open_;
  std::uint64_t rooms_ = 0, number_ = 0, position_ = 1;
  server::Hash hash_{};
};

/// A history in a file of its own, gone with it.
class FiledHistory {
 public:
  FiledHistory() {
    std::string pattern = std::filesystem::temp_directory_path() / "claims-history-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error(pattern);
    folder_ = pattern;
    auto opened = server::open_sqlite_history(folder_ / "history.db");
    if (!opened) throw std::runtime_error(opened.error().what);
    history_ = std::move(*opened);
  }
  ~FiledHistory() {
    history_.reset();
    std::filesystem::remove_all(folder_);
  }
  FiledHistory(const FiledHistory&) = delete;
  FiledHistory& operator=(const FiledHistory&) = delete;

  server::History& operator*() { return *history_; }
  void fold(const Block& block) {
    if (!history_->fold(block) || !history_->commit(false)) throw std::runtime_error("no fold");
  }
  double bytes() {
    if (!history_->commit(true)) throw std::runtime_error("no commit");
    double bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      if (entry.path().extension() == ".db") bytes += static_cast<double>(entry.file_size());
    }
    return bytes;
  }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<server::History> history_;
};

void fold_history(benchmark::State& state) {
  FiledHistory history;
  Log log(state.range(0) != 0);
  for (auto _ : state) {
    state.PauseTiming();
    const Block block = log.next();
    state.ResumeTiming();
    history.fold(block);
  }
  const auto events = static_cast<double>(state.iterations()) * kRecordsPerBlock;
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRecordsPerBlock));
  state.counters["bytes_per_event"] = history.bytes() / events;
}
BENCHMARK(fold_history)->ArgName("messages")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

/// The history that is searched: made once.
struct Searched {
  FiledHistory history;
  std::uint64_t rooms = 0;

  Searched() {
    const char* told = std::getenv("CLAIMS_HISTORY_MESSAGES");
    const std::uint64_t messages = told == nullptr ? 20'000 : std::strtoull(told, nullptr, 10);
    Log log(true);
    for (std::uint64_t i = 0; i < messages; i += kRecordsPerBlock) history.fold(log.next());
    rooms = log.rooms();
    if (!(*history).commit(true)) throw std::runtime_error("no commit");
  }
  static Searched& made() {
    static Searched searched;
    return searched;
  }
};

enum class Rooms { few, many, old };

/// Ten of them, each 25th, or the first hundred, where nobody has spoken for long.
std::vector<server::StreamRange> ranges_of(Rooms rooms, std::uint64_t count) {
  const std::uint64_t step = rooms == Rooms::few    ? std::max<std::uint64_t>(count / 10, 1)
                             : rooms == Rooms::many ? 25
                                                    : 1;
  const std::uint64_t last = rooms == Rooms::old ? std::min<std::uint64_t>(count, 100) : count;
  std::vector<server::StreamRange> ranges;
  for (std::uint64_t room = step; room <= last; room += step) {
    ranges.push_back({chat::RoomId{room}, 1, kMessagesPerRoom});
  }
  return ranges;
}

void search_history(benchmark::State& state, Rooms rooms, const std::string& text, bool is_found) {
  Searched& searched = Searched::made();
  server::SearchQuery search;
  search.text = text;
  search.ranges = ranges_of(rooms, searched.rooms);
  search.limit = 21;
  search.looked_at_max = server::limits::kSearchLookedAtMax;
  std::size_t found_rows = 0, hits = 0, queries = 0;
  for (auto _ : state) {
    const auto found = (*searched.history).query(search);
    if (!found) {
      state.SkipWithError("the search fails");
      break;
    }
    ++queries;
    found_rows += found->size();
    for (const server::Row& row : *found) hits += row.event.empty() ? 0 : 1;
  }
  if (queries == 0) return;
  if (is_found && hits == 0) state.SkipWithError("the search finds nothing");
  state.counters["rooms"] = static_cast<double>(search.ranges.size());
  state.counters["hits"] = static_cast<double>(hits / queries);
  state.counters["ends_early"] = static_cast<double>((found_rows - hits) / queries);
}
BENCHMARK_CAPTURE(search_history, few_rooms_common, Rooms::few, "니다", true);
BENCHMARK_CAPTURE(search_history, few_rooms_usual, Rooms::few, "범퍼", true);
BENCHMARK_CAPTURE(search_history, few_rooms_rare, Rooms::few, "희귀부품", false);
BENCHMARK_CAPTURE(search_history, few_rooms_one_character, Rooms::few, "퍼", true);
BENCHMARK_CAPTURE(search_history, many_rooms_common, Rooms::many, "니다", true);
BENCHMARK_CAPTURE(search_history, many_rooms_usual, Rooms::many, "범퍼", true);
BENCHMARK_CAPTURE(search_history, many_rooms_rare, Rooms::many, "희귀부품", false);
BENCHMARK_CAPTURE(search_history, many_rooms_one_character, Rooms::many, "퍼", true);
BENCHMARK_CAPTURE(search_history, many_rooms_sentence, Rooms::many, "범퍼 부탁드립니다", true);
// Nothing is found before the search has looked at all that it may look at.
BENCHMARK_CAPTURE(search_history, old_rooms_common, Rooms::old, "니다", false);
BENCHMARK_CAPTURE(search_history, many_rooms_absent, Rooms::many, "다니", false);

}  // namespace
}  // namespace claims::bench
