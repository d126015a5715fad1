#pragma once
// A seeded stream of commands by the users of kSmallDirectory: mostly legal ones, some refused.

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/reference-server/chat/played_service.h"

namespace claims::server {

class RandomPlay {
 public:
  struct Sent {
    std::string user, payload, reply;
  };

  explicit RandomPlay(std::uint32_t seed) : random_(seed) {}

  /// Who sends what next. Ids count by one for each user, sometimes with a new instance.
  Sent next();
  /// The last command of this user did not use up its n.
  void take_back(const std::string& user) { --ids_.at(user).second; }
  std::uint32_t draw(std::uint32_t below) {
    return static_cast<std::uint32_t>(random_() % below);  // Not uniform, but the same everywhere.
  }

 private:
  std::string id_of(const std::string& user);
  /// Mostly one of the first; negotiations come later.
  std::string room() { return "r" + std::to_string(1 + draw(draw(3) == 0 ? kRooms : kRooms / 4)); }
  std::string plate() { return std::to_string(12 + draw(4)) + "가3456"; }
  std::string target(const std::string& garage);
  std::string action_fields();
  Sent by_insurer(const std::string& receipt);
  Sent about_rooms(const std::string& user);
  Sent sent(const std::string& user, const std::string& type, const std::string& fields);
  std::string adjuster(std::uint32_t of) { return "adj-" + std::to_string(1 + draw(of)); }
  std::string text();

  static constexpr std::uint32_t kRooms = 48;

  std::mt19937 random_;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> ids_;
};

}  // namespace claims::server
