#pragma once
// ReceiptBook: the receipts that the harness registered. A receipt tells the adjuster of its room,
// and holds the two rooms that it may have.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/chat/ids.h"
#include "simulator/check/roster.h"

namespace claims::storm::audit {

inline constexpr std::uint32_t kNoReceipt = 0xFFFF'FFFF;

struct Receipt {
  std::string number, plate, model;
  UserNumber adjuster = kNobody;
  bool acknowledged = false, refused = false;
  std::optional<chat::RoomId> room;         ///< The inbound one that it may have.
  std::optional<chat::RoomId> negotiation;  ///< The one of its negotiation.
  /// When the first command went out that may have opened it; 0: none did.
  std::uint64_t room_tick = 0, negotiation_tick = 0;
};

class ReceiptBook {
 public:
  std::uint32_t add(Receipt receipt);
  Receipt& at(std::uint32_t index) { return receipts_[index]; }
  const Receipt& at(std::uint32_t index) const { return receipts_[index]; }
  /// The registration that holds: the acknowledged one, else the first that was not refused.
  std::uint32_t find(std::string_view number) const;

 private:
  std::deque<Receipt> receipts_;
  std::multimap<std::string, std::uint32_t, std::less<>> by_number_;
};

}  // namespace claims::storm::audit
