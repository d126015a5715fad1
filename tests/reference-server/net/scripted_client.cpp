#include "tests/reference-server/net/scripted_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "protocol/chat/topics.h"
#include "protocol/limits.h"
#include "protocol/mqtt/encoder.h"

namespace claims::server::testing {
namespace {

using Type = Incoming::Type;

Incoming take(const mqtt::Connack& packet) {
  return {.type = Type::connack,
          .reason = packet.reason,
          .session_present = packet.session_present,
          .packet_id = 0,
          .topic = {},
          .payload = {}};
}
Incoming take(const mqtt::Publish& packet) {
  return {.type = Type::publish,
          .reason = {},
          .session_present = false,
          .packet_id = packet.packet_id,
          .topic = std::string(packet.topic),
          .payload = std::string(packet.payload)};
}
Incoming simple(Type type, mqtt::ReasonCode reason, std::uint16_t packet_id = 0) {
  Incoming incoming;
  incoming.type = type;
  incoming.reason = reason;
  incoming.packet_id = packet_id;
  return incoming;
}
Incoming take(const mqtt::Puback& packet) {
  return simple(Type::puback, packet.reason, packet.packet_id);
}
Incoming take(const mqtt::Suback& packet) {
  return simple(Type::suback, packet.reasons.at(0), packet.packet_id);
}
Incoming take(const mqtt::Pingresp& /*packet*/) {
  return simple(Type::pingresp, {});
}
Incoming take(const mqtt::Disconnect& packet) {
  return simple(Type::disconnect, packet.reason);
}
template <class Other>
Incoming take(const Other& /*packet*/) {
  return {};  // A server sends no such packet.
}

}  // namespace

ScriptedClient::ScriptedClient(const SocketAddress& server, mqtt::Version version)
    : version_(version),
      decoder_(mqtt::Decoder::Side::client, limits::kPacketBytesMax, version),
      socket_(::socket(server.is_v6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      bytes_(64 * 1024) {
  sockaddr_storage address{};
  const socklen_t size = server.to_sockaddr(address);
  if (::connect(socket_.number(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    socket_.reset();
    return;
  }
  const int on = 1;
  ::setsockopt(socket_.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void ScriptedClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // The next next() tells.
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void ScriptedClient::send(const mqtt::Packet& packet) {
  std::string bytes;
  mqtt::encode(packet, version_, bytes);
  send(bytes);
}

std::optional<Incoming> ScriptedClient::decode() {
  const auto packet = decoder_.next();
  if (!packet) return std::nullopt;
  if (!*packet) return simple(Type::closed, packet->error().reason);
  return std::visit([](const auto& one) { return take(one); }, **packet);
}

Incoming ScriptedClient::next(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (true) {
    if (auto incoming = decode()) return *incoming;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd waiting{.fd = socket_.number(), .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0) return {};
    const ssize_t count = ::recv(socket_.number(), bytes_.data(), bytes_.size(), 0);
    if (count <= 0) return simple(Type::closed, {});
    decoder_.feed({bytes_.data(), static_cast<std::size_t>(count)});
  }
}

Incoming ScriptedClient::connect(std::string_view user, std::string_view token,
                                 std::string_view client_id, bool clean) {
  user_ = user;
  mqtt::Connect connect;
  connect.version = version_;
  connect.clean_start = clean;
  connect.keep_alive_s = 60;
  connect.client_id = client_id;
  connect.username = user;
  connect.password = token;
  send(connect);
  return next();
}

Incoming ScriptedClient::subscribe() {
  const std::string replies = chat::reply_topic(user_), topic = chat::event_topic(user_);
  mqtt::Subscribe subscribe;
  subscribe.packet_id = ++last_packet_id_;
  for (const std::string& filter : {replies, topic}) {
    mqtt::TopicFilter one;
    one.filter = filter == replies ? std::string_view(replies) : std::string_view(topic);
    one.qos = mqtt::QoS::at_least_once;
    subscribe.filters.push_back(one);
  }
  send(subscribe);
  return next();
}

std::string ScriptedClient::command(std::string_view json) {
  const std::string topic = chat::command_topic(user_), replies = chat::reply_topic(user_);
  mqtt::Publish publish;
  publish.topic = topic;
  publish.payload = json;
  publish.qos = mqtt::QoS::at_least_once;
  publish.packet_id = ++last_packet_id_;
  send(mqtt::Packet{publish});
  while (true) {
    Incoming incoming = next();
    if (incoming.type == Type::puback) continue;
    if (incoming.type != Type::publish) return {};
    if (incoming.packet_id != 0) {
      mqtt::Puback puback;
      puback.packet_id = incoming.packet_id;
      send(mqtt::Packet{puback});
    }
    if (incoming.topic == replies) return incoming.payload;
    events.push_back(std::move(incoming.payload));
  }
}

std::string ScriptedClient::event() {
  while (events.empty()) {
    Incoming incoming = next();
    if (incoming.type != Type::publish) return {};
    if (incoming.packet_id != 0) {
      mqtt::Puback puback;
      puback.packet_id = incoming.packet_id;
      send(mqtt::Packet{puback});
    }
    events.push_back(std::move(incoming.payload));
  }
  std::string first = std::move(events.front());
  events.erase(events.begin());
  return first;
}

}  // namespace claims::server::testing
