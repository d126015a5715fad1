#pragma once
// Topic aliases of one connection (MQTT 5.0 section 3.3.2.3.4): those that the client set, and
// those that the server set towards it. Both end with the connection.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reference-server/broker/topic_tree.h"

namespace claims::server {

/// Of what the client publishes.
class ReceivedAliases {
 public:
  explicit ReceivedAliases(std::uint16_t maximum) : maximum_(maximum) {}
  /// The topic that is meant: `topic`, which the alias stands for from now on, or, where that is
  /// empty, what the alias stands for. Nothing: the alias is 0, beyond the maximum, or unknown. The
  /// view lives until the next call.
  std::optional<std::string_view> resolve(std::uint16_t alias, std::string_view topic);

 private:
  std::uint16_t maximum_;
  std::vector<std::string> topics_;  // The alias less one.
};

/// Of what the client gets: the first topics have them, and keep them.
class SentAliases {
 public:
  explicit SentAliases(std::uint16_t maximum) : maximum_(maximum) {}
  struct Alias {
    std::uint16_t number = 0;  ///< 0: none is left.
    bool known = false;        ///< The client knows what it stands for.
  };
  Alias find(std::string_view topic) const;
  /// The packet with the topic and its new alias was sent.
  void set(std::string_view topic, Alias alias);

 private:
  std::uint16_t maximum_;
  std::unordered_map<std::string, std::uint16_t, TopicHash, std::equal_to<>> numbers_;
};

}  // namespace claims::server
