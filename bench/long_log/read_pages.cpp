// Reads pages of rooms from a claimchatd that runs, one after the other, and says how long each
// took from the command to its reply: percentiles and the maximum.
//
//   claims_read_pages PORT PAGES_CSV
//
// PAGES_CSV has a line `user,token,room` for each page, as claims_write_log wrote it. Connecting is
// not counted.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "protocol/chat/topics.h"
#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/encoder.h"

namespace claims::bench {
namespace {

constexpr std::size_t kPacketBytesMax = std::size_t{1} << 20U;

class Client {
 public:
  Client(std::uint16_t port, const std::string& user, const std::string& token) : user_(user) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    const int on = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    mqtt::Connect connect;
    connect.version = mqtt::Version::v3_1_1;
    connect.clean_start = true;
    connect.client_id = "pages";
    connect.username = user_;
    connect.password = token;
    send(connect);
    wait<mqtt::Connack>();
    const std::string replies = chat::reply_topic(user_);
    mqtt::Subscribe subscribe;
    subscribe.packet_id = 1;
    subscribe.filters = {{replies, mqtt::QoS::at_most_once}};
    send(subscribe);
    wait<mqtt::Suback>();
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// How long the page took, in microseconds.
  std::int64_t read(const std::string& room) {
    const std::string topic = chat::command_topic(user_);
    const std::string payload =
        fmt::format(R"({{"type":"room.messages","id":"page","room":"{}"}})", room);
    mqtt::Publish publish;
    publish.topic = topic;
    publish.payload = payload;
    const auto begin = std::chrono::steady_clock::now();
    send(publish);
    const std::string reply = wait<mqtt::Publish>();
    const auto took = std::chrono::steady_clock::now() - begin;
    if (reply.find(R"("ok":true)") == std::string::npos) throw std::runtime_error(reply);
    if (reply.find(R"("type":"message")") == std::string::npos) {
      throw std::runtime_error("a page without a message: " + reply);
    }
    return std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  }

 private:
  void send(const mqtt::Packet& packet) {
    std::string bytes;
    mqtt::encode(packet, mqtt::Version::v3_1_1, bytes);
    if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("the connection broke");
    }
  }

  /// The payload, of a PUBLISH.
  template <class Packet>
  std::string wait() {
    for (;;) {
      while (auto packet = decoder_.next()) {
        if (!*packet) throw std::runtime_error("no MQTT came back");
        if constexpr (std::is_same_v<Packet, mqtt::Publish>) {
          if (const auto* publish = std::get_if<Packet>(&**packet)) {
            return std::string(publish->payload);
          }
        } else if (std::holds_alternative<Packet>(**packet)) {
          return {};
        }
      }
      const ssize_t count = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
      if (count <= 0) throw std::runtime_error("no answer for " + user_);
      decoder_.feed({buffer_.data(), static_cast<std::size_t>(count)});
    }
  }

  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string user_;
  mqtt::Decoder decoder_{mqtt::Decoder::Side::client, kPacketBytesMax, mqtt::Version::v3_1_1};
  std::array<char, 64 * 1024> buffer_{};
};

void read_all(std::uint16_t port, const std::string& path) {
  std::ifstream lines(path);
  std::vector<std::int64_t> took;
  for (std::string line; std::getline(lines, line);) {
    std::stringstream fields(line);
    std::string user, token, room;
    std::getline(fields, user, ',');
    std::getline(fields, token, ',');
    std::getline(fields, room, ',');
    took.push_back(Client(port, user, token).read(room));
  }
  if (took.empty()) throw std::runtime_error(path + ": holds no pages");
  std::ranges::sort(took);
  const auto at = [&](std::size_t percent) {
    return static_cast<double>(took[(took.size() * percent + 99) / 100 - 1]) / 1e3;
  };
  fmt::print("{} pages: p50 {:.2f} ms, p90 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n", took.size(),
             at(50), at(90), at(99), at(100));
}

}  // namespace
}  // namespace claims::bench

int main(int argc, char** argv) {
  const unsigned long port = argc == 3 ? std::strtoul(argv[1], nullptr, 10) : 0;
  if (port == 0 || port > 65'535) {
    std::fputs("usage: claims_read_pages PORT PAGES_CSV\n", stderr);
    return 2;
  }
  try {
    claims::bench::read_all(static_cast<std::uint16_t>(port), argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "claims_read_pages: %s\n", error.what());
    return 1;
  }
  return 0;
}
