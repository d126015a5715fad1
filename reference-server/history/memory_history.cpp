#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reference-server/history/history.h"

namespace claims::server {
namespace {

class MemoryHistory final : public History {
 public:
  std::uint64_t folded() const override { return hashes_.size(); }

  Hash folded_hash() const override { return hashes_.empty() ? Hash{} : hashes_.back(); }

  Result<void, LogError> fold(const Block& block) override {
    if (block.number == 0 || block.number > hashes_.size() + 1) {
      return LogError{fmt::format("memory history: block {} where block {} must follow",
                                  block.number, hashes_.size() + 1)};
    }
    if (block.number <= hashes_.size()) {
      if (hashes_[block.number - 1] == block.hash) return {};
      drop_from(block);
    }
    hashes_.push_back(block.hash);
    auto position = static_cast<std::uint64_t>(block.first);
    for (const Record& record : block.records) {
      if (record.kind == RecordKind::event && !record.destroyed) {
        rooms_[record.room].push_back(
            {Position{position}, record.room, record.seq, record.payload});
      }
      ++position;
    }
    return {};
  }

  Result<void, LogError> commit(bool) override { return {}; }

  Result<std::vector<Row>, LogError> query(const Query& query) override {
    return std::visit([this](const auto& one) { return answer(one); }, query);
  }

 private:
  void drop_from(const Block& block) {
    hashes_.resize(block.number - 1);
    for (auto& [room, rows] : rooms_) {
      std::erase_if(rows, [&](const Row& row) { return row.position >= block.first; });
    }
  }

  std::vector<Row> answer(const PageQuery& page) const {
    Rows found(page);
    const auto room = rooms_.find(page.room);
    if (room == rooms_.end()) return {};
    for (const Row& row : room->second) {
      if (row.seq > page.last || found.full()) break;
      const bool asked = page.vehicle.empty() || vehicle_of(row.event) == page.vehicle;
      if (row.seq > page.after && asked) found.add(row);
    }
    return found.take();
  }

  std::vector<Row> answer(const StreamQuery& stream) const {
    std::vector<const Row*> seen;
    for (const StreamRange& range : stream.ranges) {
      const auto room = rooms_.find(range.room);
      if (room == rooms_.end()) continue;
      for (const Row& row : room->second) {
        if (row.seq >= range.first && row.seq <= range.last && row.position > stream.after &&
            row.position <= stream.last) {
          seen.push_back(&row);
        }
      }
    }
    std::sort(seen.begin(), seen.end(),
              [](const Row* a, const Row* b) { return a->position < b->position; });
    // Ranges of one room may overlap.
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    Rows found(stream);
    for (const Row* row : seen) {
      if (found.full()) break;
      found.add(*row);
    }
    return found.take();
  }

  std::vector<Hash> hashes_;  ///< Of block 1, 2, 3 …
  std::map<chat::RoomId, std::vector<Row>> rooms_;
};

}  // namespace

std::unique_ptr<History> make_memory_history() {
  return std::make_unique<MemoryHistory>();
}

}  // namespace claims::server
