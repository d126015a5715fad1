#include <fmt/format.h>

#include <optional>
#include <utility>

#include "reference-server/log/chain.h"
#include "reference-server/log/event_log.h"
#include "reference-server/log/sqlite.h"

namespace claims::server {
namespace {

constexpr FileFormat kFormat{
    .application_id = 0x636C4C47,  // "clLG"
    .version = 1,
    .schema = "CREATE TABLE blocks(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    .name = "a log of claimchatd",
    .synchronous = "FULL"};

/// Small, so that the append which meets it waits for a megabyte, not for the disk's next flush.
constexpr int kCheckpointPages = 256;

class SqliteLog final : public EventLog {
 public:
  SqliteLog(std::string path, std::unique_ptr<Database> database)
      : path_(std::move(path)), database_(std::move(database)) {}

  /// Prepares the statements and finds the end of the log.
  Result<void, LogError> begin() {
    for (const auto& [sql, statement] :
         {std::pair{"BEGIN IMMEDIATE", &begin_},
          {"COMMIT", &commit_},
          {"INSERT INTO blocks VALUES(?1, ?2)", &insert_},
          {"SELECT number, bytes FROM blocks WHERE number > ?1 "
           "ORDER BY number",
           &select_after_},
          {"SELECT number, bytes FROM blocks WHERE number = ?1", &select_one_},
          {"SELECT number, bytes FROM blocks ORDER BY number DESC "
           "LIMIT 1",
           &select_last_}}) {
      if (auto prepared = database_->prepare(sql, *statement); !prepared) return prepared;
    }
    const Reading reading(select_last_);
    auto row = select_last_.step();
    if (!row) return row.error();
    if (!*row) return {};
    auto last = stored(select_last_);
    if (!last) return last.error();
    end_ = Chain(*last);
    return {};
  }

  Result<void, LogError> read(std::uint64_t after,
                              const std::function<void(Block&&)>& take) override {
    if (failed_) return void_handle();
    auto chain = chain_at(after);
    if (!chain) return chain.error();
    const Reading reading(select_after_);
    select_after_.bind(1, after);
    for (;;) {
      auto row = select_after_.step();
      if (!row) return row.error();
      if (!*row) break;
      auto block = stored(select_after_);
      if (!block) return block.error();
      if (auto extended = chain->extend(*block); !extended) return wrong(extended.error());
      take(std::move(*block));
    }
    return {};
  }

  Result<std::optional<Hash>, LogError> hash_of(std::uint64_t number) override {
    if (failed_) return void_handle();
    if (number == 0 || number > end_.number()) return std::optional<Hash>();
    auto chain = chain_at(number);
    if (!chain) return chain.error();
    return std::optional(chain->hash());
  }

  Result<void, LogError> append(const std::vector<std::shared_ptr<const Block>>& blocks) override {
    if (failed_) return void_handle();
    failed_ = true;
    auto appended = commit(blocks);
    if (appended) {
      failed_ = false;
    } else {
      database_->abandon();
    }
    return appended;
  }

 private:
  LogError void_handle() const {
    return wrong("an append failed before; the log must be opened anew");
  }
  LogError wrong(std::string_view what) const { return {fmt::format("{}: {}", path_, what)}; }

  Result<void, LogError> commit(const std::vector<std::shared_ptr<const Block>>& blocks) {
    // First, so that its failure leaves nothing written that would be reported as failed.
    if (auto moved = database_->checkpoint(kCheckpointPages); !moved) return moved;
    Chain end = end_;
    if (auto begun = begin_.run(); !begun) return begun;
    for (const auto& block : blocks) {
      if (auto extended = end.extend(*block); !extended) return wrong(extended.error());
      if (block->records.empty() || block->records.size() > limits::kRecordsPerBlockMax) {
        return wrong(fmt::format("block {} has {} records, not 1 to {}", block->number,
                                 block->records.size(), limits::kRecordsPerBlockMax));
      }
      const std::string bytes = encode_block(*block);
      if (bytes.size() > kEncodedBlockBytesMax) {
        return wrong(fmt::format("block {} has {} bytes, above {}", block->number, bytes.size(),
                                 kEncodedBlockBytesMax));
      }
      insert_.bind(1, block->number);
      insert_.bind(2, bytes);
      if (auto inserted = insert_.run(); !inserted) return inserted;
    }
    if (auto committed = commit_.run(); !committed) return committed;
    // What is in a file without a name is gone with the process.
    if (auto there = database_->in_place(); !there) return there;
    end_ = end;
    return {};
  }

  /// The block in the statement's row, verified.
  Result<Block, LogError> stored(const Statement& row) const {
    const std::uint64_t number = row.number(0);
    auto block = decode_block(row.bytes(1));
    if (!block) return wrong(fmt::format("block {} is damaged: {}", number, block.error()));
    if (block->number != number) {
      return wrong(fmt::format("block {} is stored as block {}", block->number, number));
    }
    if (!verify(*block)) return wrong(fmt::format("block {} does not match its hash", number));
    return std::move(*block);
  }

  Result<Chain, LogError> chain_at(std::uint64_t number) {
    if (number == 0) return Chain();
    if (number > end_.number()) {
      return wrong(fmt::format("ends at block {}, before block {}", end_.number(), number));
    }
    const Reading reading(select_one_);
    select_one_.bind(1, number);
    auto row = select_one_.step();
    if (!row) return row.error();
    if (!*row) return wrong(fmt::format("block {} is missing", number));
    auto block = stored(select_one_);
    if (!block) return block.error();
    return Chain(*block);
  }

  std::string path_;
  std::unique_ptr<Database> database_;
  Statement begin_, commit_, insert_, select_after_, select_one_, select_last_;
  Chain end_;
  bool failed_ = false;
};

}  // namespace

Result<std::unique_ptr<EventLog>, LogError> open_sqlite_log(const std::string& path,
                                                            const std::string& vfs,
                                                            Missing missing) {
  Database::Opened opened = Database::open(path, vfs, kFormat, missing);
  if (!opened.database) return std::move(opened.error);
  auto log = std::make_unique<SqliteLog>(path, std::move(opened.database));
  if (auto begun = log->begin(); !begun) return begun.error();
  return std::unique_ptr<EventLog>(std::move(log));
}

}  // namespace claims::server
