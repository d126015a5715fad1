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
#include <vector>

#include "protocol/chat/ids.h"
#include "simulator/check/roster.h"

namespace claims::storm::audit {

inline constexpr std::uint32_t kNoReceipt = 0xFFFF'FFFF;

/// Commands that may change something: how many are on their way, and when one was sent, or
/// answered, last.
struct Changes {
  std::uint32_t open = 0;
  std::uint64_t tick = 0;
};

struct Receipt {
  std::string number, plate, model;
  UserNumber adjuster = kNobody;
  UserNumber insurer = kNobody;  ///< Who registered it.
  bool acknowledged = false, refused = false;
  std::optional<chat::RoomId> room;         ///< The inbound one that it may have.
  std::optional<chat::RoomId> negotiation;  ///< The one of its negotiation.
  /// When the first command went out that may have opened it; 0: none did.
  std::uint64_t room_tick = 0, negotiation_tick = 0;
  std::uint64_t freed_tick = 0;  ///< When what may free it of its room was sent last.
  std::uint64_t sent_tick = 0;
  std::vector<chat::RoomId> former;  ///< Rooms that it had.
  Changes changes;                   ///< Of whom it is open to.
};

class ReceiptBook {
 public:
  std::uint32_t add(Receipt receipt);
  Receipt& at(std::uint32_t index) { return receipts_[index]; }
  const Receipt& at(std::uint32_t index) const { return receipts_[index]; }
  /// The registration that holds: the acknowledged one, else the first that was not refused.
  std::uint32_t find(std::string_view number) const;
  /// What was sent to register one of the plate, and not refused.
  std::vector<std::uint32_t> registrations_of(std::string_view plate) const;
  /// Those of a plate that were not refused, in the order of their registration.
  std::vector<std::uint32_t> of_plate(std::string_view plate) const;
  /// The one of that plate; kNoReceipt when there are several, or none.
  std::uint32_t only_one_of(std::string_view plate) const;

 private:
  std::deque<Receipt> receipts_;
  std::multimap<std::string, std::uint32_t, std::less<>> by_number_, by_plate_;
};

}  // namespace claims::storm::audit
