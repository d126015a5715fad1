#pragma once
// ClientModel: what a client of claimchatd may see, by what it has sent. It reads both directions
// of one connection, and ends the program when the server says what it must not.
//
// - Whatever comes decodes. CONNACK comes first, once, and only after a CONNECT; after a refusal
// and
//   after DISCONNECT nothing comes.
// - Each PUBLISH with QoS 1 is answered by one PUBACK, in their order; SUBSCRIBE, UNSUBSCRIBE and
//   PINGREQ are answered by what is theirs, no more often than they were sent.
// - A PUBLISH comes on a topic that the session subscribes to, within the client's window, no
// larger
//   than the client takes; events in the order of their cursors.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/mqtt/decoder.h"

namespace claims::fuzz {

/// Topics that a session may be sent, with the number of the SUBSCRIBE that said so last.
using Topics = std::map<std::string, std::uint64_t, std::less<>>;
/// By (user, client id).
using Sessions = std::map<std::pair<std::string, std::string>, Topics>;

class ClientModel {
 public:
  /// `number`: of the connection. `sessions` is shared by all.
  ClientModel(std::uint64_t number, std::uint16_t window_max, Sessions& sessions);

  void sent(std::string_view bytes);
  void received(std::string_view bytes);
  void answered(std::uint16_t packet_id);  ///< By a PUBACK.

  /// Nothing that was sent waits for an answer; true also where the client broke the protocol.
  bool is_served() const;
  bool connected() const { return connected_; }
  bool present() const { return present_; }
  mqtt::Version version() const { return version_; }
  const std::string& user() const { return key_.first; }
  /// Deliveries that are not acknowledged, in the order in which they came.
  const std::vector<std::uint16_t>& open() const { return open_; }

 private:
  struct Unsubscribed {
    std::uint16_t packet_id = 0;
    std::vector<std::string> filters;
    std::uint64_t number = 0;
  };

  void broken();
  void on_sent(const mqtt::Packet& packet);
  void on_connect(const mqtt::Connect& connect);
  void on_publish_sent(const mqtt::Publish& publish);
  void on_received(const mqtt::Packet& packet);
  void on_connack(const mqtt::Connack& connack);
  void on_publish(const mqtt::Publish& publish);
  void on_unsuback(std::uint16_t packet_id);
  void check_size(const mqtt::Packet& packet) const;

  const std::uint64_t number_;
  const std::uint16_t window_max_;
  Sessions& sessions_;
  mqtt::Decoder to_server_, to_client_;
  bool broken_ = false;     // What it sent ends the connection.
  bool asked_ = false;      // CONNECT was sent.
  bool connected_ = false;  // Accepted.
  bool present_ = false;
  bool over_ = false;   // Refused, or disconnected by the server.
  bool moved_ = false;  // It sent a sync, which may go back.
  mqtt::Version version_{};
  std::pair<std::string, std::string> key_;
  std::size_t window_ = 0;
  std::size_t packet_bytes_max_ = 0;
  std::uint64_t subscribed_ = 0;  // SUBSCRIBEs and UNSUBSCRIBEs so far.
  std::uint64_t last_cursor_ = 0;
  std::deque<std::uint16_t> unanswered_;
  std::multiset<std::uint16_t> subscribing_;
  std::deque<Unsubscribed> unsubscribing_;
  std::size_t pings_ = 0;
  Topics own_;  // Subscribed to by this connection.
  std::vector<std::uint16_t> open_;
};

}  // namespace claims::fuzz
