#include "simulator/world/virtual/packet_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "protocol/limits.h"

namespace claims::storm {
namespace {

constexpr std::size_t kPayloadBytesShown = 400;

unsigned code(mqtt::ReasonCode reason) {
  return static_cast<unsigned>(reason);
}

std::string shown(std::string_view payload) {
  if (payload.size() <= kPayloadBytesShown) return std::string(payload);
  std::size_t end = kPayloadBytesShown;
  while (end > 0 && (static_cast<unsigned char>(payload[end]) & 0xC0U) == 0x80U) --end;  // UTF-8.
  return fmt::format("{}… ({} bytes)", payload.substr(0, end), payload.size());
}

struct Words {
  std::string operator()(const mqtt::Connect& packet) const {
    return fmt::format("CONNECT {} as {}{} keep-alive {} s", packet.client_id,
                       packet.username.value_or("nobody"), packet.clean_start ? " clean" : "",
                       packet.keep_alive_s);
  }
  std::string operator()(const mqtt::Connack& packet) const {
    return fmt::format("CONNACK 0x{:02x}{}", code(packet.reason),
                       packet.session_present ? " session present" : "");
  }
  std::string operator()(const mqtt::Publish& packet) const {
    return fmt::format("PUBLISH {}{}q{} {} {}",
                       packet.packet_id == 0 ? "" : fmt::format("{} ", packet.packet_id),
                       packet.dup ? "dup " : "", static_cast<int>(packet.qos), packet.topic,
                       shown(packet.payload));
  }
  std::string operator()(const mqtt::Puback& packet) const { return answer("PUBACK", packet); }
  std::string operator()(const mqtt::Pubrec& packet) const { return answer("PUBREC", packet); }
  std::string operator()(const mqtt::Pubrel& packet) const { return answer("PUBREL", packet); }
  std::string operator()(const mqtt::Pubcomp& packet) const { return answer("PUBCOMP", packet); }
  std::string operator()(const mqtt::Subscribe& packet) const {
    std::string text = fmt::format("SUBSCRIBE {}", packet.packet_id);
    for (const auto& one : packet.filters) text += fmt::format(" {}", one.filter);
    return text;
  }
  std::string operator()(const mqtt::Suback& packet) const {
    std::string text = fmt::format("SUBACK {}", packet.packet_id);
    for (const auto one : packet.reasons) text += fmt::format(" 0x{:02x}", code(one));
    return text;
  }
  std::string operator()(const mqtt::Unsubscribe& packet) const {
    return fmt::format("UNSUBSCRIBE {}", packet.packet_id);
  }
  std::string operator()(const mqtt::Unsuback& packet) const {
    return fmt::format("UNSUBACK {}", packet.packet_id);
  }
  std::string operator()(const mqtt::Pingreq&) const { return "PINGREQ"; }
  std::string operator()(const mqtt::Pingresp&) const { return "PINGRESP"; }
  std::string operator()(const mqtt::Disconnect& packet) const {
    return fmt::format("DISCONNECT 0x{:02x}", code(packet.reason));
  }
  std::string operator()(const mqtt::Auth& packet) const {
    return fmt::format("AUTH 0x{:02x}", code(packet.reason));
  }

 private:
  static std::string answer(std::string_view name, const mqtt::Acknowledgement& packet) {
    return fmt::format(
        "{} {}{}", name, packet.packet_id,
        code(packet.reason) == 0 ? "" : fmt::format(" 0x{:02x}", code(packet.reason)));
  }
};

mqtt::Decoder make_decoder(mqtt::Decoder::Side side, mqtt::Version version) {
  return {side, claims::limits::kPacketBytesMax, version};
}

}  // namespace

std::string PacketText::describe(std::string_view kind, std::uint64_t connection,
                                 std::string_view bytes) {
  const bool from_server = kind.starts_with("bytes");
  if (kind == "closed") connections_.erase(connection);
  if (kind != "received" && !from_server) {
    const bool block = kind == "append";
    if (bytes.empty()) return "";
    return block ? fmt::format(" {} bytes", bytes.size()) : fmt::format(" {}", shown(bytes));
  }
  auto found = connections_.find(connection);
  if (found == connections_.end()) {
    found = connections_
                .emplace(connection,
                         Streams{make_decoder(mqtt::Decoder::Side::server, mqtt::Version::v3_1_1),
                                 make_decoder(mqtt::Decoder::Side::client, mqtt::Version::v5_0)})
                .first;
  }
  mqtt::Decoder& decoder = from_server ? found->second.from_server : found->second.from_user;
  std::string text;
  decoder.feed(bytes);
  while (const auto packet = decoder.next()) {
    if (packet->has_error()) {
      return text + fmt::format(" no MQTT: {} ({} bytes)", packet->error().what, bytes.size());
    }
    text += " " + std::visit(Words{}, **packet);
    if (const auto* connect = std::get_if<mqtt::Connect>(&**packet)) {
      found->second.from_server = make_decoder(mqtt::Decoder::Side::client, connect->version);
    }
  }
  return text.empty() ? fmt::format(" {} bytes of a packet", bytes.size()) : text;
}

}  // namespace claims::storm
