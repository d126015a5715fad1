#pragma once
// A scripted MQTT server on a loopback port, in a thread of its own.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/json/parse.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "protocol/limits.h"
#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/encoder.h"
#include "simulator/world/real/descriptor.h"

namespace claims::storm::testing {

class LoopbackServer {
 public:
  /// `answer`: the reply's payload to a command's; empty: the connection is closed instead.
  explicit LoopbackServer(std::function<std::string(const boost::json::object&)> answer)
      : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static_cast<void>(
        ::bind(listener_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
    ::listen(listener_.number(), 64);
    socklen_t bytes = sizeof address;
    ::getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&address), &bytes);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    stop_ = true;
    thread_.join();
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url() const { return "mqtt://127.0.0.1:" + std::to_string(port_); }
  int accepted() const { return accepted_; }
  int open_at_once() const { return open_at_once_; }  ///< Connections, at the most.
  /// From which addresses connections came, and of which versions of MQTT.
  std::set<std::string> peers() const {
    const std::lock_guard lock(mutex_);
    return peers_;
  }
  std::set<int> versions() const {
    const std::lock_guard lock(mutex_);
    return versions_;
  }
  /// From now on every CONNECT.
  void refuse(mqtt::ReasonCode reason) { refusal_ = reason; }

 private:
  struct Client {
    Descriptor socket;
    mqtt::Decoder decoder{mqtt::Decoder::Side::server, claims::limits::kPacketBytesMax};
    std::string user;
  };

  void serve() {
    while (!stop_) {
      std::vector<pollfd> waits{{listener_.number(), POLLIN, 0}};
      for (const auto& [number, client] : clients_) waits.push_back({number, POLLIN, 0});
      ::poll(waits.data(), waits.size(), 20);
      for (const pollfd& wait : waits) {
        if (wait.revents == 0) continue;
        if (wait.fd == listener_.number()) {
          sockaddr_in peer{};
          socklen_t peer_bytes = sizeof peer;
          Descriptor socket(
              ::accept(listener_.number(), reinterpret_cast<sockaddr*>(&peer), &peer_bytes));
          char text[INET_ADDRSTRLEN];
          ::inet_ntop(AF_INET, &peer.sin_addr, text, sizeof text);
          const std::lock_guard lock(mutex_);
          peers_.insert(text);
          ++accepted_;
          const int number = socket.number();
          clients_[number] = std::make_unique<Client>();
          clients_[number]->socket = std::move(socket);
          open_at_once_ = std::max(open_at_once_.load(), static_cast<int>(clients_.size()));
        } else if (!read(*clients_.at(wait.fd))) {
          clients_.erase(wait.fd);
        }
      }
    }
  }

  bool read(Client& client) {
    char bytes[4096];
    const ssize_t count = ::recv(client.socket.number(), bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    client.decoder.feed({bytes, static_cast<std::size_t>(count)});
    std::string out;
    bool stays = true;
    while (const auto packet = client.decoder.next()) {
      stays = stays && !packet->has_error() && take(client, **packet, out);
      if (!stays) break;
    }
    ::send(client.socket.number(), out.data(), out.size(), MSG_NOSIGNAL);
    return stays;
  }

  bool take(Client& client, const mqtt::Packet& packet, std::string& out) {
    const mqtt::Version version = client.decoder.version();
    if (const auto* connect = std::get_if<mqtt::Connect>(&packet)) {
      client.user = connect->username.value_or("");
      const std::lock_guard lock(mutex_);
      versions_.insert(static_cast<int>(version));
      mqtt::encode(mqtt::Packet(mqtt::Connack{.reason = refusal_}), version, out);
    } else if (const auto* subscribe = std::get_if<mqtt::Subscribe>(&packet)) {
      mqtt::Suback suback;
      suback.packet_id = subscribe->packet_id;
      suback.reasons.resize(subscribe->filters.size());
      mqtt::encode(mqtt::Packet(suback), version, out);
    } else if (const auto* publish = std::get_if<mqtt::Publish>(&packet)) {
      mqtt::Puback puback;
      puback.packet_id = publish->packet_id;
      mqtt::encode(puback, version, out);
      const std::string payload =
          answer(boost::json::parse(std::string(publish->payload)).as_object());
      if (payload.empty()) return false;
      const std::string topic = "aos/v1/" + client.user + "/reply";
      mqtt::encode(mqtt::Publish{.topic = topic, .payload = payload, .properties = {}}, version,
                   out);
    }
    return true;
  }

  /// Where a user stands, who sees no events here, is ours to say, everything else the test's.
  std::string answer(const boost::json::object& asked) const {
    if (asked.at("type").as_string() != "sync") return answer_(asked);
    return R"({"type":"reply","re":")" + std::string(asked.at("id").as_string()) +
           R"(","ok":true,"result":{"cursor":"c0"},"as_of":{}})";
  }

  std::function<std::string(const boost::json::object&)> answer_;
  Descriptor listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<int> accepted_ = 0, open_at_once_ = 0;
  std::atomic<mqtt::ReasonCode> refusal_ = mqtt::ReasonCode::success;
  mutable std::mutex mutex_;
  std::set<std::string> peers_;
  std::set<int> versions_;
  std::map<int, std::unique_ptr<Client>> clients_;
  std::thread thread_;
};

}  // namespace claims::storm::testing
