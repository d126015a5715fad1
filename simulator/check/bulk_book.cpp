#include "simulator/check/bulk_book.h"

#include <algorithm>

#include "simulator/check/digest.h"

namespace claims::storm::audit {
namespace {

TableKey table_key(const CommandKey& key) {
  return {static_cast<std::uint64_t>(key.user), key.id.instance, key.id.n};
}

}  // namespace

BulkTarget* Bulk::target(std::string_view garage) {
  const auto found = std::find_if(targets.begin(), targets.end(),
                                  [&](const BulkTarget& it) { return it.garage_id == garage; });
  return found == targets.end() ? nullptr : &*found;
}

Bulk& BulkBook::add(const CommandKey& key) {
  Bulk& bulk = open_[{key.user, key.id}];
  bulk.key = key;
  return bulk;
}

Bulk* BulkBook::find(const CommandKey& key) {
  const auto found = open_.find({key.user, key.id});
  return found == open_.end() ? nullptr : &found->second;
}

const SettledBulk* BulkBook::settled(const CommandKey& key) {
  return settled_.find(table_key(key));
}

void BulkBook::settle(const Bulk& bulk, std::uint64_t tick) {
  SettledBulk& settled = settled_.put(table_key(bulk.key));
  settled = {static_cast<std::uint32_t>(bulk.targets.size()), 0, tick};
  for (const BulkTarget& target : bulk.targets) {
    settled.outcomes =
        add_outcome(settled.outcomes, target.garage_id, target.room.value_or(chat::RoomId{}),
                    target.seq, target.refused);
  }
  erase(bulk);
}

void BulkBook::erase(const Bulk& bulk) {
  open_.erase({bulk.key.user, bulk.key.id});
}

std::uint64_t add_outcome(std::uint64_t digest, std::string_view garage, chat::RoomId room,
                          chat::Seq seq, std::string_view code) {
  Digest next;
  next.add(digest);
  next.add(garage);
  next.add(static_cast<std::uint64_t>(room));
  next.add(seq);
  next.add(code);
  return next.value();
}

}  // namespace claims::storm::audit
