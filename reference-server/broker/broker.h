#pragma once
// Broker: the MQTT engine. Connections, sessions, subscriptions, packet identifiers, windows.
//
// A state machine: no socket, no thread, no clock. It knows nothing of chat: who may connect,
// publish and subscribe, and what a publish means, is asked of a BrokerHandler. Calls of the
// handler happen only inside the inputs of the shell and disconnect(), set_available() and
// shut_down(); the handler may call back into the broker except where noted. deliver(), accept(),
// complete(), acknowledge() and drain() never call it: what they cause (a connection past its hard
// bound) is told at the following input, and next_deadline() is then at once.
//
// Topics are of two kinds. Those of the handler have one receiver, whom the handler names: the
// broker carries, the handler means. With OpenTopicsConfig::on all others, but those that begin
// with '$', are open: ordinary publish/subscribe among clients, in memory only, with all that MQTT
// has: QoS 0 to 2 both ways, wildcards, subscription options and identifiers, shared subscriptions,
// retained messages, wills with their delay, expiry of messages, topic aliases both ways. The
// handler hears nothing of them. A publish of QoS 2 to the handler has one effect like one of
// QoS 1.
//
// Without it wills, QoS 2, retained messages, aliases and subscription identifiers are refused
// openly: wills with CONNACK 0x83 (3.1.1: return code 5), QoS 2 publishes with DISCONNECT 0x9B,
// retained ones with 0x9A (5.0 alone; 3.1.1 cannot say so, and the flag is ignored), identifiers
// with 0xA1. Filters of the handler's topics are plain: one with a wildcard or a share is refused
// like one that the handler refuses (3.1.1 0x80, 5.0 0x87). Enhanced authentication is refused with
// 0x8C in any case.
//
// Client ids: 1-64 of [A-Za-z0-9._-], of who is there for open topics alone any UTF-8 of at most
// limits::kOpenClientIdBytesMax; an empty one is replaced where MQTT allows it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/limits.h"
#include "protocol/mqtt/packet.h"
#include "protocol/time.h"
#include "reference-server/limits.h"

namespace claims::server {

/// One network connection, numbered by the shell, never reused.
enum class ConnectionId : std::uint64_t {};
/// One MQTT session, by (user, client id). Never reused within a process.
enum class SessionId : std::uint32_t {};

struct SessionKey {
  std::string user, client_id;
  auto operator<=>(const SessionKey&) const = default;
};

struct Subscription {
  std::string filter;
  mqtt::QoS qos{};
  std::uint32_t identifier = 0;  ///< 0: none.
  bool operator==(const Subscription&) const = default;
};

/// What must survive of a session.
struct SessionState {
  SessionKey key;
  bool clean = true;           ///< 3.1.1: ends with its connection. 5.0: expiry 0.
  std::uint32_t expiry_s = 0;  ///< From the end of the connection; 0xFFFFFFFF: never (3.1.1).
  std::vector<Subscription> subscriptions;
};

struct ConnectRequest {
  mqtt::Version version{};
  std::string_view client_id, username, password;  ///< Empty where absent.
  bool has_username = false, has_password = false;
};
struct ConnectDecision {
  mqtt::ReasonCode reason{};  ///< success, or why not.
  std::string user{};         ///< The session belongs to this user.
  Milliseconds expires{0};    ///< Wall time at which the connection must end with 0x87; 0: never.
  /// The session is for open topics alone: the handler is told nothing of it, and it has no user.
  bool open_only = false;
};

/// Why a session's connection ended.
enum class Detached {
  disconnect,
  closed,
  taken_over,
  keep_alive,
  token_expired,
  protocol_error,
  refused_output,
  shutdown
};

class BrokerHandler {
 public:
  virtual ~BrokerHandler() = default;
  /// Must not call back. A refusal is answered (3.1.1 return code, 5.0 reason) and closes.
  virtual ConnectDecision authenticate(const ConnectRequest& request, const Now& now) = 0;
  /// The session has a connection now. CONNACK is held back until the handler calls
  /// Broker::accept(session) (when a new persistent session's existence is durable). `present`: it
  /// was there before. `inflight`: tags sent before and not acknowledged, oldest first; a deliver()
  /// with such a tag is sent with its old packet identifier and DUP.
  virtual void attached(SessionId session, const SessionState& state, bool present,
                        const std::vector<std::uint64_t>& inflight) = 0;
  /// state_of() has the expiry from here on (a 5.0 DISCONNECT may have changed it). Replies on
  /// their way to the client, and queued ones, are dropped; events in flight stay (see attached()).
  virtual void detached(SessionId session, Detached why) = 0;
  /// The session is gone (clean session closed, expired, replaced by a clean start). During the
  /// call state_of() still has it.
  virtual void ended(SessionId session) = 0;
  /// Must not call back.
  virtual bool may_subscribe(SessionId session, std::string_view filter) = 0;
  /// Subscriptions changed, and are in effect. SUBACK/UNSUBACK is held back until the handler calls
  /// Broker::complete(session, packet_id), on the same connection of the session.
  virtual void subscriptions_changed(SessionId session, const SessionState& state,
                                     std::uint16_t packet_id) = 0;
  /// Must not call back.
  virtual bool may_publish(SessionId session, std::string_view topic) = 0;
  /// A PUBLISH with QoS 1 is answered when the handler calls Broker::acknowledge: once for each, in
  /// receipt order, on the same connection of the session. Views live during the call.
  virtual void published(SessionId session, const mqtt::Publish& publish) = 0;
  /// The client acknowledged the delivery (QoS 1) with that tag, or the packet was larger than the
  /// client takes and counts as delivered [MQTT-3.1.2-25]. Nothing follows a delivery at QoS 0.
  virtual void delivered(SessionId session, std::uint64_t tag) = 0;
  /// After a deliver() that was refused: there is room again (half of the window and of the bound).
  virtual void room_for_output(SessionId session) = 0;
};

/// Ordinary publish/subscribe topics.
struct OpenTopicsConfig {
  bool on = false;
  std::string handled_level;           ///< Topics under this first level are the handler's.
  std::vector<std::string> forbidden;  ///< What these filters match, nobody publishes.
  std::size_t sessions_max = limits::kOpenSessionsMax;  ///< Of who is there for them alone.
  std::size_t subscriptions_max = limits::kOpenSubscriptionsMax;
  std::size_t subscriptions_per_session_max = limits::kOpenSubscriptionsPerSessionMax;
  std::size_t retained_messages_max = limits::kRetainedMessagesMax;
  std::size_t retained_bytes_max = limits::kRetainedBytesMax;
  std::size_t queue_messages_max = limits::kOpenQueueMessagesMax;  ///< Of one session.
  std::size_t queue_bytes_max = limits::kOpenQueueBytesMax;        ///< The same.
  std::size_t queue_bytes_total_max = limits::kOpenQueueBytesTotalMax;
  std::size_t will_bytes_max = limits::kWillBytesTotalMax;
};

struct BrokerConfig {
  std::uint16_t receive_maximum =
      claims::limits::kReceiveMaximum;  ///< QoS 1 publishes a client may have unanswered.
  std::size_t packet_bytes_max = claims::limits::kPacketBytesMax;
  std::size_t connections_max = limits::kConnectionsMax;
  /// One more takes the place of the one offline longest, else it is refused 0x97.
  std::size_t sessions_per_user_max = limits::kSessionsPerUserMax;
  std::uint16_t inflight_max =
      limits::kInflightMax;  ///< QoS 1 deliveries per session not acknowledged.
  /// Of a session's deliveries. They go round anyway; a simulation begins near the end.
  std::uint16_t first_packet_id = 1;
  std::size_t output_bytes_max = limits::kOutputBytesMax;
  std::size_t output_bytes_hard_max = limits::kOutputBytesHardMax;
  /// All connections together. Beyond it events go only to who has drained everything, and whoever
  /// is sent more while holding more than an equal share is closed.
  std::size_t output_bytes_total_max = limits::kOutputBytesTotalMax;
  Microseconds connect_deadline = limits::kConnectDeadline;
  std::uint32_t session_expiry_max_s =
      limits::kSessionExpiryMaxS;  ///< What a 5.0 client asks for is capped.
  std::size_t subscriptions_max =
      limits::kSubscriptionsPerSessionMax;  ///< Per session; more: SUBACK 0x97.
  /// Aliases that a client may set, and at most as many are set towards it (5.0 3.2.2.3.8).
  std::uint16_t topic_alias_maximum = 0;
  /// The longest keep-alive, 0 for no bound: 5.0 is told (section 3.2.2.3.14), 3.1.1 keeps its own.
  std::uint16_t server_keep_alive_s = 0;
  OpenTopicsConfig open_topics{};
};

/// Bytes for a connection, at most one of each per drain; `close` after the bytes.
struct ConnectionOutput {
  ConnectionId connection{};
  std::string bytes;
  bool close = false;
};

struct BrokerCounters {
  std::uint64_t connections = 0, sessions = 0, connects_total = 0, connects_refused_total = 0;
  std::uint64_t publishes_received_total = 0, deliveries_total = 0, protocol_errors_total = 0;
  std::uint64_t bytes_received_total = 0, bytes_sent_total = 0;
  // Of open topics.
  std::uint64_t open_subscriptions = 0, retained_messages = 0, queued_bytes = 0;
  std::uint64_t messages_dropped_total = 0;  ///< A queue was full.
};

class Broker {
 public:
  Broker(const BrokerConfig& config, BrokerHandler& handler);
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // Inputs of the shell.
  void opened(ConnectionId connection, const Now& now);
  /// Takes any bytes. Unknown connections are ignored (closed in the same turn).
  void received(ConnectionId connection, std::string_view bytes, const Now& now);
  /// `bytes` of the output handed out have left.
  void written(ConnectionId connection, std::size_t bytes, const Now& now);
  /// The network connection is gone (also answers a close asked for in the output).
  void closed(ConnectionId connection, const Now& now);
  /// Keep-alive, connect deadline, token expiry, session expiry, wills.
  void tick(const Now& now);
  std::optional<Microseconds> next_deadline() const;  ///< Steady time of the next tick needed.

  // Outputs. Since the last drain, in order of the first byte.
  void drain(std::vector<ConnectionOutput>& out);

  // Calls of the handler's owner.
  void accept(SessionId session);                             ///< Sends the CONNACK held back.
  void complete(SessionId session, std::uint16_t packet_id);  ///< SUBACK or UNSUBACK held back.
  /// PUBACK; a session without its connection ignores it. Out of receipt order: asserted.
  void acknowledge(SessionId session, std::uint16_t packet_id, mqtt::ReasonCode reason);
  /// sent: with QoS 0, done. in_flight: with QoS 1, BrokerHandler::delivered(session, tag) follows.
  enum class Delivery { sent, in_flight, full, no_subscription, offline };
  /// Sends to one session if it has a subscription matching the topic, at the lesser of both QoS.
  /// `full`: window or output bound reached (only with `bounded`); room_for_output follows.
  /// Replies pass `bounded` = false: they only count against the hard bound, and wait for the
  /// window in a queue when their QoS is 1. Tag 0 (replies) is forgotten with the connection: never
  /// sent again, never in `inflight` of attached(). The payload may come in two parts (event,
  /// cursor). Before accept() everything waits behind the CONNACK.
  Delivery deliver(SessionId session, std::string_view topic, std::string_view payload,
                   std::string_view payload_end, mqtt::QoS qos, std::uint64_t tag, bool bounded);
  /// The session's deliveries with a tag are to come anew, beginning where it asked: no
  /// BrokerHandler::delivered() follows for those under way, and none is sent again.
  void forget_deliveries(SessionId session);
  void disconnect(SessionId session, mqtt::ReasonCode reason, const Now& now);
  /// CONNECT is answered with 3.1.1 code 3 / 5.0 0x88 while unavailable; connections are closed.
  void set_available(bool available, const Now& now);
  /// Closes every connection (5.0: DISCONNECT 0x8B).
  void shut_down(const Now& now);

  // State folded from the log, before anything is opened.

  /// A session known already takes the new state. Its expiry counts from the input that follows.
  SessionId restore(const SessionState& state, const Now& now);
  /// The log says that a restored session ended (no call of BrokerHandler::ended).
  void forget(SessionId session);
  std::optional<SessionId> find(const SessionKey& key) const;
  const SessionState* state_of(SessionId session) const;
  bool connected(SessionId session) const;
  BrokerCounters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claims::server
