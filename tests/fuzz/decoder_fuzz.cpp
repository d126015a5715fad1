// The decoder of MQTT packets, fed whole and in pieces: the same packets and the same error either
// way, and what decodes encodes again and decodes to the same.
//
// Input: a byte for side and version, a byte for the sizes of the pieces, then what is decoded.
// The canary's encoder forgets the retain handling of a subscription among several.

#include <memory>
#include <vector>

#include "protocol/limits.h"
#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/encoder.h"
#include "tests/fuzz/oracle.h"

namespace claims::fuzz {
namespace {

using mqtt::Decoder;
using mqtt::Packet;
using mqtt::Version;

struct Setting {
  Decoder::Side side{};
  Version version{};
};

std::string encoded(const Packet& packet, Version version) {
  std::string bytes;
  const auto* subscribe = std::get_if<mqtt::Subscribe>(&packet);
  if (kCanary && subscribe != nullptr && subscribe->filters.size() > 1) {
    mqtt::Subscribe wrong = *subscribe;
    wrong.filters.back().retain_handling = 0;
    mqtt::encode(wrong, version, bytes);
    return bytes;
  }
  mqtt::encode(packet, version, bytes);
  return bytes;
}

/// Returns the packet's bytes as the encoder writes them.
std::string go_round(const Packet& packet, Decoder::Side side, Version version) {
  const std::string bytes = encoded(packet, version);
  require(bytes.size() <= limits::kPacketBytesMax, "an encoding longer than what was decoded");
  std::string before;
  if (side == Decoder::Side::server && !std::holds_alternative<mqtt::Connect>(packet)) {
    mqtt::encode(mqtt::Connect{.version = version}, version, before);
  }
  Decoder again(side, limits::kPacketBytesMax, version);
  if (!before.empty()) {
    again.feed(before);
    require(again.next()->has_value() && !again.next(), "a plain CONNECT does not decode");
  }
  again.feed(bytes);
  const auto second = again.next();
  require(second.has_value() && second->has_value(), "what was encoded does not decode",
          second && second->has_error() ? second->error().what : std::string_view());
  require(**second == packet, "encoded and decoded it is another packet");
  require(encoded(**second, version) == bytes, "encoded again it is other bytes");
  require(!again.next(), "bytes after the packet");
  return bytes;
}

/// Everything that comes out: packets as the encoder writes them, then the error.
std::vector<std::string> decode(const Setting& setting, std::string_view bytes,
                                std::uint8_t pieces) {
  std::vector<std::string> seen;
  Decoder decoder(setting.side, limits::kPacketBytesMax, setting.version);
  std::uint32_t state = pieces;
  bool failed = false;
  while (!bytes.empty() && !failed) {
    state = state * 1'664'525 + 1'013'904'223;
    const std::size_t size = pieces == 0 ? bytes.size() : 1 + (state >> 16U) % pieces;
    // A buffer of its own, gone before the next: a view that outlives its bytes shows.
    const auto piece = std::make_unique<std::string>(bytes.substr(0, size));
    bytes.remove_prefix(piece->size());
    decoder.feed(*piece);
    while (auto packet = decoder.next()) {
      if (packet->has_error()) {
        seen.push_back("error " + std::to_string(static_cast<int>(packet->error().reason)) + ' ' +
                       std::string(packet->error().what));
        failed = true;
        break;
      }
      const auto* connect = std::get_if<mqtt::Connect>(&**packet);
      seen.push_back(go_round(**packet, setting.side,
                              connect != nullptr ? connect->version : decoder.version()));
    }
  }
  return seen;
}

}  // namespace
}  // namespace claims::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claims::fuzz;
  Bytes input(data, size);
  const std::uint8_t how = input.number();
  const Setting setting{.side = (how & 1U) != 0 ? Decoder::Side::server : Decoder::Side::client,
                        .version = (how & 2U) != 0 ? Version::v5_0 : Version::v3_1_1};
  const std::uint8_t pieces = input.number();
  const std::string_view bytes = input.rest();
  const auto whole = decode(setting, bytes, 0);
  require(decode(setting, bytes, pieces) == whole, "in pieces it decodes to something else");
  return 0;
}
