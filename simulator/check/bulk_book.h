#pragma once
// BulkBook: bulk messages that were sent, until every target's event was seen. A settled one leaves
// a count and a digest of what its outcomes must be.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/time.h"
#include "simulator/check/command_ledger.h"
#include "simulator/check/general_book.h"
#include "simulator/check/key_table.h"

namespace claims::storm::audit {

struct BulkTarget {
  std::string garage_id, vehicle;
  UserNumber garage = kNobody;
  GeneralPair* pair = nullptr;  ///< Null when the directory has no such garage.
  std::uint32_t effects = 0;    ///< See founding_order.h.
  bool settled = false;         ///< Nothing more is to come of it.
  std::string refused;          ///< The code that bulk.outcomes told.
  /// Of the message: as seen, and as bulk.outcomes told before it was seen.
  std::optional<chat::RoomId> room, told_room;
  chat::Seq seq = 0, told_seq = 0;
  chat::Seq acknowledged_before = 0;  ///< Of its room, when the bulk message was sent.
};

struct Bulk {
  CommandKey key;
  std::vector<BulkTarget> targets;
  std::string text;
  std::size_t open = 0;  ///< Targets that are not settled.

  BulkTarget* target(std::string_view garage);
};

struct SettledBulk {
  std::uint32_t targets = 0;
  std::uint64_t outcomes = 0;  ///< Digest: add_outcome() over all targets in their order.
  std::uint64_t tick = 0;
};

class BulkBook {
 public:
  Bulk& add(const CommandKey& key);
  Bulk* find(const CommandKey& key);
  const SettledBulk* settled(const CommandKey& key);
  void settle(const Bulk& bulk, std::uint64_t tick);
  void erase(const Bulk& bulk);
  /// In the order of their keys.
  std::map<std::pair<UserNumber, chat::CommandId>, Bulk>& open() { return open_; }

 private:
  std::map<std::pair<UserNumber, chat::CommandId>, Bulk> open_;
  KeyTable<SettledBulk> settled_;
};

/// One outcome's share of the digest: `room` and `seq`, or `code`.
std::uint64_t add_outcome(std::uint64_t digest, std::string_view garage, chat::RoomId room,
                          chat::Seq seq, std::string_view code);

}  // namespace claims::storm::audit
