// What a group commit costs: sealing a block, and appending it to each kind of log.
//
// The SQLite log is durable: an append returns once the disk says that it has it. It is written to
// a folder in TMPDIR, or /tmp, and its time is mostly the disk's: write_and_sync beside it tells
// how long the disk takes alone, in the same minutes.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "bench/town.h"
#include "reference-server/log/block.h"
#include "reference-server/log/event_log.h"

namespace claims::bench {
namespace {

using server::Block;
using server::Record;

/// Events and outcomes of messages, half and half, as a busy server logs them.
std::vector<Record> records_of_messages(std::size_t count) {
  Town town(1, 2);
  const Town::Room& room = town.rooms().front();
  std::vector<Record> records;
  while (records.size() < count) {
    auto decision = town.decide(town.message(room.garage, room.id));
    for (server::Emitted& emitted : std::get<server::Decided>(decision).records) {
      records.push_back(std::move(emitted.record));
    }
  }
  records.resize(count);
  for (std::size_t i = 0; i < count; ++i) records[i].salt.fill(static_cast<char>(i));
  return records;
}

std::int64_t bytes_of(const std::vector<Record>& records) {
  std::size_t bytes = 0;
  for (const Record& record : records) bytes += record.payload.size();
  return static_cast<std::int64_t>(bytes);
}

/// Blocks that follow one another.
class Blocks {
 public:
  explicit Blocks(std::vector<Record> records) : records_(std::move(records)) {}

  std::shared_ptr<const Block> next() {
    auto block = std::make_shared<Block>();
    block->number = number_++;
    block->first = first_;
    block->previous = previous_;
    block->records = records_;
    seal(*block);
    first_ = server::Position{static_cast<std::uint64_t>(first_) + records_.size()};
    previous_ = block->hash;
    return block;
  }

 private:
  std::vector<Record> records_;
  std::uint64_t number_ = 1;
  server::Position first_{1};
  server::Hash previous_{};
};

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "claims-bench-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), pattern);
    }
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const char* name) const { return path_ / name; }
  bool is_memory() const {
    struct statfs system {};
    return ::statfs(path_.c_str(), &system) == 0 && system.f_type == TMPFS_MAGIC;
  }

 private:
  std::filesystem::path path_;
};

void count(benchmark::State& state, const std::vector<Record>& records) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * bytes_of(records));
}

void seal_block(benchmark::State& state) {
  const auto records = records_of_messages(static_cast<std::size_t>(state.range(0)));
  Block block{.number = 1,
              .first = server::Position{1},
              .previous = {},
              .records = records,
              .digests = {},
              .hash = {}};
  for (auto _ : state) {
    seal(block);
    benchmark::DoNotOptimize(block.hash);
  }
  if (!verify(block)) state.SkipWithError("a sealed block does not verify");
  count(state, records);
}

void append_to_sqlite_log(benchmark::State& state) {
  const auto records = records_of_messages(static_cast<std::size_t>(state.range(0)));
  const TemporaryFolder folder;
  if (folder.is_memory()) state.SetLabel("on tmpfs: not durable, set TMPDIR to a folder on disk");
  auto log = server::open_sqlite_log(folder.file("log.db"));
  if (!log) return state.SkipWithError(log.error().what.c_str());
  Blocks blocks(records);
  for (auto _ : state) {
    state.PauseTiming();
    const auto block = blocks.next();
    state.ResumeTiming();
    const auto appended = (*log)->append({block});
    if (!appended) return state.SkipWithError(appended.error().what.c_str());
  }
  count(state, records);
}

/// What an append cannot beat: as many bytes at the end of a file, and fdatasync.
void write_and_sync(benchmark::State& state) {
  const auto records = records_of_messages(static_cast<std::size_t>(state.range(0)));
  const std::string bytes = encode_block(*Blocks(records).next());
  const TemporaryFolder folder;
  const int file = ::open(folder.file("file").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  for (auto _ : state) {
    const bool written = ::write(file, bytes.data(), bytes.size()) == std::ssize(bytes);
    if (!written || ::fdatasync(file) != 0) {
      state.SkipWithError(std::generic_category().message(errno).c_str());
      break;
    }
  }
  ::close(file);
  count(state, records);
}

/// An append of some tens of ns is timed in batches. Each batch has a log of its own, since one
/// would grow by gigabytes.
void append_to_memory_log(benchmark::State& state) {
  constexpr std::size_t kBatch = 64;
  const auto records = records_of_messages(static_cast<std::size_t>(state.range(0)));
  Blocks blocks(records);
  std::vector<std::vector<std::shared_ptr<const Block>>> appends;
  for (std::size_t i = 0; i < kBatch; ++i) appends.push_back({blocks.next()});
  std::unique_ptr<server::EventLog> log;
  while (state.KeepRunningBatch(kBatch)) {
    state.PauseTiming();
    log = server::make_memory_log();
    state.ResumeTiming();
    for (const auto& append : appends) {
      const auto appended = log->append(append);
      if (!appended) return state.SkipWithError(appended.error().what.c_str());
    }
  }
  count(state, records);
}

constexpr std::int64_t kRecords[] = {1, 16, 256, 1'024};
void with_records(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("records");
  for (const std::int64_t records : kRecords) benchmark->Arg(records);
}
BENCHMARK(seal_block)->Apply(with_records);
BENCHMARK(write_and_sync)->Apply(with_records)->UseRealTime();
BENCHMARK(append_to_sqlite_log)->Apply(with_records)->UseRealTime();
BENCHMARK(append_to_memory_log)->Apply(with_records);

}  // namespace
}  // namespace claims::bench
