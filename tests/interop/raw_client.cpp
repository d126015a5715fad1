#include "tests/interop/raw_client.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "protocol/mqtt/encoder.h"
#include "tests/interop/packet_reader.h"
#include "tests/reference-server/broker/packet_text.h"

namespace claims::interop {
namespace {

constexpr std::size_t kPacketBytesMax = 1U << 20U;

}  // namespace

RawClient::RawClient(const server::SocketAddress& server, mqtt::Version version)
    : version_(version), decoder_(mqtt::Decoder::Side::client, kPacketBytesMax, version) {
  sockaddr_storage address{};
  const socklen_t size = server.to_sockaddr(address);
  socket_ = server::Descriptor(::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket_.number(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    heard_ = {"closed"};
  }
}

void RawClient::says(const mqtt::Packet& packet) {
  std::string bytes;
  mqtt::encode(packet, version_, bytes);
  says_bytes(bytes);
}

void RawClient::says_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // What the server said before it closed can still be heard.
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool RawClient::read_more() {
  if (!heard_.empty() && heard_.back() == "closed") return false;
  pollfd ready{socket_.number(), POLLIN, 0};
  const int patience = static_cast<int>(std::chrono::milliseconds(kPatience).count());
  if (::poll(&ready, 1, patience) <= 0) return false;
  std::array<char, 4'096> bytes{};
  const ssize_t count = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
  if (count <= 0) {
    heard_.emplace_back("closed");
    return true;
  }
  decoder_.feed({bytes.data(), static_cast<std::size_t>(count)});
  while (const auto packet = decoder_.next()) {
    if (packet->has_error()) {
      heard_.emplace_back(packet->error().what);
      return false;
    }
    if (const auto* connack = std::get_if<mqtt::Connack>(&**packet)) {
      connack_properties_.clear();
      for (const auto& one : connack->properties) connack_properties_.push_back(property_text(one));
    }
    heard_.push_back(server::describe(**packet));
  }
  return true;
}

Lines RawClient::hears(std::size_t count) {
  while (heard_.size() < count && read_more()) continue;
  const auto end = heard_.begin() + static_cast<std::ptrdiff_t>(std::min(count, heard_.size()));
  Lines lines(heard_.begin(), end);
  heard_.erase(heard_.begin(), end);
  return lines;
}

Lines RawClient::hears_all() {
  while (read_more()) continue;
  Lines lines;
  lines.swap(heard_);
  return lines;
}

void RawClient::hangs_up() {
  socket_ = server::Descriptor();
}

}  // namespace claims::interop
