#pragma once
// PacketText: what the bytes of a trace entry mean, for a person: the MQTT packets that they
// complete.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/mqtt/decoder.h"

namespace claims::storm {

class PacketText {
 public:
  /// With a space before each packet; of what is no packet, a count or nothing. Packets are told
  /// with the entry that completes them.
  std::string describe(std::string_view kind, std::uint64_t connection, std::string_view bytes);

 private:
  struct Streams {
    mqtt::Decoder from_user, from_server;
  };
  std::map<std::uint64_t, Streams> connections_;
};

}  // namespace claims::storm
