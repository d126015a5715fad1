#pragma once
// RoomIndex: which rooms belong to a garage, an insurer or a vehicle (CPC-004-3). A part of State.
//
// Rooms are many, most keys have few of them: numbers are kept in half their width, and a key's
// first room needs no memory of its own.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/chat/ids.h"
#include "reference-server/chat/service.h"

namespace claims::server {

/// The number of a room; chat::RoomId{n} names it.
using RoomNumber = std::uint32_t;

class RoomIndex {
 public:
  /// Rising. Valid until a room opens or gets a vehicle.
  using Rooms = std::span<const RoomNumber>;

  /// The garage that the room is of; it is a member for as long as the room is there.
  Rooms of_garage(UserIndex garage) const;
  /// The insurer of an adjuster in charge; a negotiation has two.
  Rooms of_insurer(std::string_view insurer) const;
  Rooms of_vehicle(std::string_view plate) const;

  // Room numbers come in any order; one that is known with the key already changes nothing.
  void add_garage(UserIndex garage, chat::RoomId room);
  void add_insurer(std::string_view insurer, chat::RoomId room);
  void add_vehicle(std::string_view plate, chat::RoomId room);

 private:
  class Postings {
   public:
    Rooms rooms() const;
    void add(RoomNumber room);

   private:
    RoomNumber only_ = 0;  ///< 0: none, or several.
    std::vector<RoomNumber> several_;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using ByText = std::unordered_map<std::string, Postings, TextHash, std::equal_to<>>;

  static Rooms find(const ByText& postings, std::string_view key);
  static void add(ByText& postings, std::string_view key, chat::RoomId room);

  std::unordered_map<std::uint32_t, Postings> of_garage_;  // Look-ups only, all three.
  ByText of_insurer_, of_vehicle_;
};

}  // namespace claims::server
