#pragma once
// PahoClient: Eclipse Paho's C++ client, asked and answered in lines. Answers to what it gets are
// Paho's own affair.

#include <mqtt/async_client.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "protocol/mqtt/packet.h"
#include "reference-server/net/socket_address.h"

namespace claims::interop {

using Lines = std::vector<std::string>;
using PahoProperties = ::mqtt::properties;

struct PahoConnect {
  bool clean = true;
  int keep_alive_s = 60;
  std::unique_ptr<::mqtt::will_options> will{};
  PahoProperties properties{};  ///< 5.0 alone.
};

class PahoClient {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  PahoClient(const server::SocketAddress& server, mqtt::Version version, const std::string& id);
  ~PahoClient();
  PahoClient(const PahoClient&) = delete;
  PahoClient& operator=(const PahoClient&) = delete;

  /// "0x00", "0x00 present", "0x85", and "no connection" without a CONNACK.
  std::string connects(const PahoConnect& connect = {});
  /// Of the CONNACK; 0 and empty where it has none.
  std::uint32_t number(::mqtt::property::code code);
  std::string text(::mqtt::property::code code);
  /// The reason code of the SUBACK.
  std::string subscribes(const std::string& filter, int qos,
                         const ::mqtt::subscribe_options& options = {},
                         const PahoProperties& properties = {});
  /// "0x00", or the reason of a failure.
  std::string unsubscribes(const std::string& filter);
  /// Returns when it is acknowledged: "0x00", or the reason of a failure.
  std::string publishes(const std::string& topic, const std::string& payload, int qos,
                        bool retain = false, const PahoProperties& properties = {});
  /// The next messages: "TOPIC PAYLOAD qosN", with "dup" and "retain" and the properties "id=7",
  /// "key=value". Fewer when kPatience is over.
  Lines hears(std::size_t count);
  void disconnects();

 private:
  mqtt::Version version_;
  ::mqtt::async_client client_;
  PahoProperties connack_;
};

}  // namespace claims::interop
