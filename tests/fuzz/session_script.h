#pragma once
// What the bytes of a session's input mean, for the target and for its seeds.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace claims::fuzz {

/// The first byte of a step, modulo their number; then its arguments, a byte each.
enum class SessionStep : std::uint8_t {
  open,             ///< A connection. Steps name one by a number, modulo all so far.
  connect,          ///< connection, who, flags (below), window
  subscribe,        ///< connection, topic and QoS
  unsubscribe,      ///< connection, topic
  command,          ///< connection, which of kCommands, packet identifier (0: the next)
  acknowledge,      ///< connection, 0: everything, 1: the oldest, else that identifier
  ping,             ///< connection
  disconnect,       ///< connection, seconds of expiry
  raw,              ///< connection, count, so many bytes
  pieces,           ///< size in which bytes are sent from now on; 0: whole
  time,             ///< which of kTimes
  drop,             ///< connection: it breaks
  disk_holds,       ///< Appends do not become durable
  disk_goes_on,     ///< until now.
  disk_fails,       ///< The append that is out fails; odd: though the block is in the log.
  crash,            ///< A new node, from what is durable.
  history_holds,    ///< Reads are not answered
  history_goes_on,  ///< until now.
  output_stands,    ///< What is sent does not leave
  output_goes_on,   ///< until now.
};
inline constexpr std::uint8_t kSessionSteps = 20;

/// Of `connect`.
inline constexpr std::uint8_t kV5 = 1, kClean = 2, kExpires = 4, kSmallPackets = 8,
                              kWrongToken = 16, kKeepAlive = 32, kWindow = 64;

/// Ids are filled in for `#`: the sender's next, for `=` its last once more.
inline constexpr std::array<std::string_view, 16> kCommands{
    R"({"type":"receipt.register","id":"#","receipt":"2024-1","plate":"12가3456","model":"아반떼","adjuster":"adj-00001"})",
    R"({"type":"intake.register","id":"#","receipt":"2024-1"})",
    R"({"type":"message.send","id":"#","room":"r1","text":"네"})",
    R"({"type":"message.send","id":"=","room":"r1","text":"네"})",
    R"({"type":"room.read","id":"#","room":"r1","seq":4})",
    R"({"type":"general.open","id":"#","adjuster":"adj-00001","vehicles":["12가3456"]})",
    R"({"type":"bulk.send","id":"#","text":"안내","targets":[{"garage":"gar-00001","vehicle":"12가3456"},{"garage":"gar-00002","vehicle":"12가3456"}]})",
    R"({"type":"negotiation.open","id":"#","receipt":"2024-1","counterpart":"adj-00002","ratio":"70:30"})",
    R"({"type":"message.send","id":"#","room":"r2","text":"확인했습니다"})",
    R"({"type":"room.messages","id":"q","room":"r1"})",
    R"({"type":"unread.counts","id":"q"})",
    R"({"type":"sync","id":"q"})",
    R"({"type":"sync","id":"q","cursor":"0:9"})",
    R"({"type":"receipt.register","id":"#","receipt":"2024-2","plate":"34나5678","model":"쏘나타","adjuster":"adj-00001"})",
    R"({"type":"intake.register","id":"#","receipt":"2024-2"})",
    R"({"type":"nothing","id":"#"})",
};
/// Milliseconds.
inline constexpr std::array<std::uint64_t, 8> kTimes{1,      3,         100,        1'000,
                                                     16'000, 3'600'000, 86'400'000, 691'200'000};

/// Steps, written down.
class SessionScript {
 public:
  template <class... Arguments>
  SessionScript& add(SessionStep step, Arguments... arguments) {
    bytes_ += static_cast<char>(step);
    ((bytes_ += static_cast<char>(arguments)), ...);
    return *this;
  }
  SessionScript& add_bytes(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace claims::fuzz
