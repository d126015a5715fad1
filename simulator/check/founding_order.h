#pragma once
// FoundingOrder: the events that a command makes when it opens a room, in their order
// (docs/contract.md, "How rooms begin").

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/check/event_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

/// What a command makes, one bit each: the first and the second `joined`, the greeting, what it is
/// about (notice, pre-estimate, message, opening of a negotiation), and each vehicle.
namespace effect {
inline constexpr unsigned kFirst = 0, kSecond = 1, kGreeting = 2, kMain = 3, kVehicle = 4;
constexpr std::uint32_t bit(unsigned index) {
  return std::uint32_t{1} << index;
}
}  // namespace effect

struct FoundingOrder {
  CommandType type{};
  UserNumber first = kNobody, second = kNobody;
  std::vector<std::string> vehicles;  ///< Of a general room.

  /// Which of them the event is; nothing when the command makes none like it.
  std::optional<unsigned> effect_of(const Roster& roster, const EventView& event) const;
  /// The seq that it must have.
  chat::Seq due(unsigned effect) const;
  std::uint32_t all() const;
  std::string told(const Roster& roster) const;
};

FoundingOrder founding_order(const Room& room, const Command& command);
FoundingOrder founding_order(const Room& room, const BulkTarget& target);

}  // namespace claims::storm::audit
