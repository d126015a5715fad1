#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reference-server/history/grams.h"
#include "reference-server/history/history.h"
#include "reference-server/history/logged_event.h"
#include "reference-server/history/visible_ranges.h"

namespace claims::server {
namespace {

bool is_within(const PageQuery& page, chat::Seq seq) {
  if (seq > page.after && seq <= page.last) return true;
  return std::ranges::any_of(
      page.further, [&](const SeqRange& range) { return seq >= range.first && seq <= range.last; });
}

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
        if (const auto seq = deleted_by(record.payload)) {
          deletions_.push_back({Position{position}, record.room, *seq});
        }
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
    std::erase_if(deletions_, [&](const Deletion& one) { return one.position >= block.first; });
  }

  bool is_deleted(const Row& row) const {
    return is_message(row.event) && std::ranges::any_of(deletions_, [&](const Deletion& one) {
             return one.room == row.room && one.of == row.seq;
           });
  }
  Row shown(const Row& row) const {
    if (!is_deleted(row)) return row;
    return {row.position, row.room, row.seq, tombstone_of(row.event)};
  }

  std::vector<Row> answer(const PageQuery& page) const {
    Rows found(page);
    const auto room = rooms_.find(page.room);
    if (room == rooms_.end()) return {};
    for (const Row& row : room->second) {
      if (found.full()) break;
      const bool asked = page.vehicle.empty() || vehicle_of(row.event) == page.vehicle;
      if (asked && is_within(page, row.seq)) found.add(shown(row));
    }
    return found.take();
  }

  std::vector<Row> answer(const ListQuery& list) const {
    Rows found(list);
    for (const StreamRange& range : list.ranges) {
      const PageQuery page{
          range.room,     range.first - 1, range.last, std::numeric_limits<std::size_t>::max(),
          list.bytes_max, list.vehicle,    {}};
      for (Row& row : answer(page)) {
        if (!found.full()) found.add(std::move(row));
      }
    }
    return found.take();
  }

  /// Looks at everything, so that it never ends before the last hit.
  std::vector<Row> answer(const SearchQuery& search) const {
    const VisibleRanges visible(search.ranges);
    const std::string wanted = folded_case(search.text);
    std::vector<const Row*> hits;
    for (const auto& [room, rows] : rooms_) {
      for (const Row& row : rows) {
        const bool seen = row.position < search.before && visible.hold(room, row.seq) &&
                          (search.vehicle.empty() || vehicle_of(row.event) == search.vehicle);
        const auto text = seen && !is_deleted(row) ? message_text_of(row.event) : std::nullopt;
        if (text && folded_case(*text).find(wanted) != std::string::npos) hits.push_back(&row);
      }
    }
    std::ranges::sort(hits, std::greater<>(), &Row::position);
    Rows found(search);
    for (const Row* row : hits) {
      if (!found.full()) found.add(*row);
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
      found.add(shown(*row));
    }
    return found.take();
  }

  std::vector<Hash> hashes_;  ///< Of block 1, 2, 3 …
  std::map<chat::RoomId, std::vector<Row>> rooms_;
  struct Deletion {
    Position position{};
    chat::RoomId room{};
    chat::Seq of = 0;
  };
  std::vector<Deletion> deletions_;
};

}  // namespace

std::unique_ptr<History> make_memory_history() {
  return std::make_unique<MemoryHistory>();
}

}  // namespace claims::server
