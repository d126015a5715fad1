#pragma once
// GeneralBook: the pairs of a garage and an adjuster that may have a general room, and what is
// known of the vehicles in it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/ids.h"
#include "simulator/check/key_table.h"
#include "simulator/check/roster.h"

namespace claims::storm::audit {

struct GeneralPair {
  std::optional<chat::RoomId> room;
  std::vector<chat::RoomId> former;  ///< Rooms that it had, deleted.
  std::uint64_t freed_tick = 0;      ///< When a deletion of its room was sent last.
  std::uint64_t tick = 0;            ///< When the first command went out that may have opened it.
  std::uint32_t messages_open = 0;   ///< Of bulk messages: sent, not refused, event not seen.
};

class GeneralBook {
 public:
  /// Stays where it is.
  GeneralPair& pair(UserNumber garage, UserNumber adjuster) {
    return pairs_.put(
        {static_cast<std::uint64_t>(garage), static_cast<std::uint64_t>(adjuster), 0});
  }

 private:
  KeyTable<GeneralPair> pairs_;
};

/// The plates of a general room, and which of them each event is about.
struct GeneralVehicles {
  static constexpr std::size_t kMost = 254;
  struct Vehicle {
    std::string plate;
    chat::Seq added = 0;  ///< Its vehicle_added was seen there.
  };
  std::vector<Vehicle> all;
  std::vector<std::uint8_t> about;  ///< By seq - 1: index + 1. 0: unknown, or about none.
  std::size_t added = 0;

  /// Index + 1; 0 when it is not there.
  std::uint8_t find(std::string_view plate) const {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].plate == plate) return static_cast<std::uint8_t>(i + 1);
    }
    return 0;
  }
  /// The same, and it is there from now on; 0 when it is empty, or there are too many.
  std::uint8_t number(std::string_view plate) {
    if (const std::uint8_t found = find(plate)) return found;
    if (plate.empty() || all.size() >= kMost) return 0;
    all.push_back({std::string(plate), 0});
    return static_cast<std::uint8_t>(all.size());
  }
  bool holds(std::string_view plate) const {
    const std::uint8_t found = find(plate);
    return found != 0 && all[found - 1U].added != 0;
  }
};

}  // namespace claims::storm::audit
