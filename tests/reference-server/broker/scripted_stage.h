#pragma once
// A stage for dialogues with the broker: scripted clients on one side, a recording handler on the
// other, a clock that the test moves.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/encoder.h"
#include "protocol/mqtt/packet.h"
#include "reference-server/broker/broker.h"
#include "tests/reference-server/broker/packet_text.h"

namespace claims::server {

using Lines = std::vector<std::string>;

constexpr mqtt::Version kV3 = mqtt::Version::v3_1_1;
constexpr mqtt::Version kV5 = mqtt::Version::v5_0;
constexpr std::string_view kEvents = "aos/v1/alice/evt";
constexpr std::string_view kReplies = "aos/v1/alice/reply";
constexpr std::string_view kCommands = "aos/v1/alice/cmd";

/// Records every call as a line; answers at once unless told to hold.
class RecordingHandler : public BrokerHandler {
 public:
  bool accepts = true, completes = true, acknowledges = true;
  bool opens = false;  ///< Who gives no user name is there for open topics alone.
  ConnectDecision decision{
      mqtt::ReasonCode::success, {}, Milliseconds{0}};  ///< User: the username.
  std::function<void(SessionId)> on_published, on_room, on_delivered;

  /// What was called since the last time.
  Lines calls();
  Broker* broker = nullptr;
  SessionId last_attached{};

 private:
  ConnectDecision authenticate(const ConnectRequest& request, const Now& now) override;
  void attached(SessionId session, const SessionState& state, bool present,
                const std::vector<std::uint64_t>& inflight) override;
  void detached(SessionId session, Detached why) override;
  void ended(SessionId session) override;
  bool may_subscribe(SessionId session, std::string_view filter) override;
  void subscriptions_changed(SessionId session, const SessionState& state,
                             std::uint16_t packet_id) override;
  bool may_publish(SessionId session, std::string_view topic) override;
  void published(SessionId session, const mqtt::Publish& publish) override;
  void delivered(SessionId session, std::uint64_t tag) override;
  void room_for_output(SessionId session) override;

  Lines calls_;
};

class Stage;

/// One network connection, as its client sees it.
class Client {
 public:
  Client(Stage& stage, ConnectionId id, mqtt::Version version)
      : id(id), version(version), stage_(&stage) {}
  void says(const mqtt::Packet& packet);
  void says_bytes(std::string_view bytes);
  void hangs_up();
  /// Everything that came since the last time; "closed" when the server closed.
  Lines hears();

  void publishes(std::string_view topic, std::uint16_t packet_id, std::string_view payload = "{}",
                 bool dup = false);
  void acknowledges(std::uint16_t packet_id);
  void releases(std::uint16_t packet_id);  ///< PUBREL.
  void receives(std::uint16_t packet_id,
                mqtt::ReasonCode reason = mqtt::ReasonCode::success);  ///< PUBREC.
  void completes(std::uint16_t packet_id);                             ///< PUBCOMP.
  void publishes_open(std::string_view topic, std::string_view payload,
                      mqtt::QoS qos = mqtt::QoS::at_most_once, bool retain = false,
                      const mqtt::Properties& properties = {}, std::uint16_t packet_id = 1);
  void subscribes(std::uint16_t packet_id, std::string_view filter,
                  mqtt::QoS qos = mqtt::QoS::at_least_once);

  ConnectionId id;
  mqtt::Version version;

 private:
  Stage* stage_;
};

class Stage {
 public:
  explicit Stage(const BrokerConfig& config = {});

  Client opens(mqtt::Version version);
  /// Opens, sends CONNECT and forgets the CONNACK.
  Client connects(const mqtt::Connect& connect);
  /// A clean client with a subscription to kEvents and kReplies at QoS 1.
  Client subscriber(mqtt::Version version);
  void passes(Microseconds time);
  /// What left for a connection: bytes are taken off the broker at once unless `slow`.
  void drain();
  void writes(ConnectionId id);  ///< For `slow`: everything drained has left.

  struct Heard {
    std::string bytes;
    Lines lines;
    bool closed = false;
    std::size_t unwritten = 0;
    mqtt::Decoder decoder;
  };
  std::map<ConnectionId, Heard> heard;
  bool slow = false;

  RecordingHandler handler;
  Broker broker;
  Now now{Microseconds{1'000'000}, Milliseconds{1'700'000'000'000}};

 private:
  std::uint64_t last_connection_ = 0;
};

/// With open topics, three topic aliases, and "aos" as the handler's level.
BrokerConfig open_config();

class OpenStage : public Stage {
 public:
  explicit OpenStage(const BrokerConfig& config = open_config());
};

/// CONNECT without a user name; the session is kept when it has an expiry (3.1.1: for ever).
mqtt::Connect open_connect(mqtt::Version version, std::string_view client_id,
                           std::uint32_t expiry_s = 0);

/// CONNECT of alice with client id "c1", clean.
mqtt::Connect clean_connect(mqtt::Version version, std::string_view client_id = "c1");
/// The same to a session that is kept: 3.1.1 clean session 0, 5.0 expiry one hour.
mqtt::Connect persistent_connect(mqtt::Version version, std::string_view client_id = "c1");

inline std::string version_name(const auto& info) {
  return info.param == kV3 ? "v3_1_1" : "v5_0";
}

}  // namespace claims::server
