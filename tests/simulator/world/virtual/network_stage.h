#pragma once
// NetworkStage: a virtual network whose handler writes down what it hears, and does what a test
// wants done then.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/world/virtual/network.h"

namespace claims::storm {

class NetworkStage : public NetworkHandler {
 public:
  explicit NetworkStage(std::uint64_t seed = 1, const NetworkSpec& spec = {})
      : network(queue, *this, spec, Random(seed)) {
    network.listen();
  }

  void connected(LinkId link, ConnectionNumber user) override {
    note(link, "connected");
    at[link].user = user;
    if (on_connected) on_connected(link);
  }
  void refused(LinkId link, ConnectionNumber /*user*/, std::string_view why) override {
    note(link, "refused: " + std::string(why));
    if (on_refused) on_refused(link);
  }
  void accepted(LinkId link) override {
    note(link, "accepted");
    if (on_accepted) on_accepted(link);
  }
  void arrived(LinkId link, Side side, std::string_view bytes) override {
    note(link, name(side) + " got " + std::to_string(bytes.size()));
    (side == Side::user ? at[link].user_got : at[link].server_got) += bytes;
    ++pieces;
    if (on_arrived) on_arrived(link, side, bytes);
  }
  void left(LinkId link, Side side, std::size_t bytes) override {
    (side == Side::user ? at[link].user_left : at[link].server_left) += bytes;
    if (on_left) on_left(link, side, bytes);
  }
  void ended(LinkId link, Side side) override {
    note(link, name(side) + " ended");
    ++(side == Side::user ? at[link].user_ends : at[link].server_ends);
    if (on_ended) on_ended(link, side);
  }

  void run_for(Microseconds duration) {
    const Microseconds until = queue.now() + duration;
    while (queue.next() && *queue.next() <= until) queue.run_next();
    queue.advance(until);
  }
  void run() {
    while (queue.next()) queue.run_next();
  }
  /// A link that both sides know.
  LinkId open(ConnectionNumber user) {
    const LinkId link = network.connect(user);
    run_for(Microseconds{10'000});
    return link;
  }

  struct Seen {
    ConnectionNumber user{};
    std::string user_got, server_got;
    std::size_t user_left = 0, server_left = 0;
    int user_ends = 0, server_ends = 0;
    std::vector<std::pair<Microseconds, std::string>> story;

    std::vector<std::string> words() const {
      std::vector<std::string> all;
      all.reserve(story.size());
      for (const auto& [time, text] : story) all.push_back(text);
      return all;
    }
  };

  EventQueue queue{Microseconds{0}};
  VirtualNetwork network;
  std::map<LinkId, Seen> at;
  std::uint64_t pieces = 0;
  std::function<void(LinkId)> on_connected, on_refused, on_accepted;
  std::function<void(LinkId, Side, std::string_view)> on_arrived;
  std::function<void(LinkId, Side, std::size_t)> on_left;
  std::function<void(LinkId, Side)> on_ended;

 private:
  static std::string name(Side side) { return side == Side::user ? "user" : "server"; }
  void note(LinkId link, std::string text) {
    at[link].story.emplace_back(queue.now(), std::move(text));
  }
};

inline Side other_side(Side side) {
  return side == Side::user ? Side::server : Side::user;
}

/// Bytes of which each tells its place.
inline std::string stretch(std::size_t from, std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = from + i;
    bytes[i] = static_cast<char>(place ^ (place >> 8U) ^ (place >> 16U));
  }
  return bytes;
}

}  // namespace claims::storm
