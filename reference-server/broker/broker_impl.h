#pragma once
// The broker's inside, shared by the broker_*.cpp files: broker.cpp (inputs and outputs),
// broker_connect.cpp, broker_packets.cpp and broker_publish.cpp (what clients send),
// broker_delivery.cpp (what the handler sends them), broker_open.cpp (what they send each other),
// broker_end.cpp (how connections and sessions end). Nothing else includes it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference-server/broker/broker.h"
#include "reference-server/broker/connection.h"
#include "reference-server/broker/connection_index.h"
#include "reference-server/broker/deadlines.h"
#include "reference-server/broker/open_topics.h"
#include "reference-server/broker/session.h"
#include "reference-server/broker/session_table.h"

namespace claims::server {

struct Broker::Impl {
  Impl(const BrokerConfig& configuration, BrokerHandler& owner)
      : config(configuration), handler(owner), open(config.open_topics) {}

  /// One input. What outputs caused since the last one is told first and last; sessions that end
  /// live until the following input, since callers hold references. Inputs may nest: the handler
  /// calls disconnect().
  class Turn {
   public:
    Turn(Impl& impl, const Now& now);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Impl& impl_;
  };

  // broker.cpp
  Connection* find(ConnectionId id) const { return connections.find(id); }
  void received(Connection& connection, std::string_view bytes);
  void mark(Connection& connection);
  void schedule(Connection& connection);
  void tick_connections();
  void tick_sessions();
  void settle();

  // broker_connect.cpp
  void on(Connection& connection, const mqtt::Connect& packet);
  std::optional<mqtt::ReasonCode> refusal(const Connection& connection,
                                          const mqtt::Connect& packet) const;
  std::string client_id_for(const Connection& connection, const mqtt::Connect& packet) const;
  std::optional<mqtt::ReasonCode> will_refusal(const mqtt::Connect& packet) const;
  /// Makes room for one more session of the user; false when all of them are connected.
  bool make_room(std::string_view user);
  /// The same for one without a user.
  bool make_open_room();
  void attach(Connection& connection, const mqtt::Connect& packet, SessionState state,
              bool open_only);
  void begin(Connection& connection, const mqtt::Connect& packet, Session& session);
  void keep_will(const Session& session, const mqtt::Connect& packet);
  mqtt::Properties connack_properties(const mqtt::Connect& packet, const SessionState& state) const;
  void refuse(Connection& connection, mqtt::ReasonCode reason);
  void accept(Session& session);

  // broker_packets.cpp
  void on(Connection& connection, const mqtt::Subscribe& packet);
  void on(Connection& connection, const mqtt::Unsubscribe& packet);
  void on(Connection& connection, const mqtt::Pingreq& packet);
  void on(Connection& connection, const mqtt::Disconnect& packet);
  /// Everything that a client may not send to this server.
  template <class Packet>
  void on(Connection& connection, const Packet& /*packet*/) {
    end(connection, mqtt::ReasonCode::protocol_error, Detached::protocol_error);
  }
  TopicKind kind_of(const Connection& connection, std::string_view filter) const;
  bool may_hold_answer(Connection& connection, std::uint16_t packet_id);
  /// Of a topic of the handler.
  mqtt::ReasonCode subscribe_handled(Session& session, const mqtt::TopicFilter& filter,
                                     std::uint32_t identifier);
  void broken(Connection& connection, const mqtt::DecodeError& error);

  // broker_publish.cpp
  void on(Connection& connection, const mqtt::Publish& packet);
  void on(Connection& connection, const mqtt::Puback& packet);
  void on(Connection& connection, const mqtt::Pubrec& packet);
  void on(Connection& connection, const mqtt::Pubrel& packet);
  void on(Connection& connection, const mqtt::Pubcomp& packet);
  void publish(Connection& connection, const mqtt::Publish& packet);
  void publish_to_handler(Connection& connection, const mqtt::Publish& packet);
  void publish_open(Connection& connection, const mqtt::Publish& packet);
  void refuse_publish(Connection& connection, const mqtt::Publish& packet, mqtt::ReasonCode reason);
  /// False, and answered, when it is no new publish of QoS 1 or 2, or may not be taken in now.
  bool takes_in(Connection& connection, const mqtt::Publish& packet);
  void answer_at_once(Session& session, const mqtt::Publish& packet, mqtt::ReasonCode reason);

  // broker_open.cpp
  static Publisher publisher_of(const Session& session);
  OpenSession& open_of(Session& session);
  mqtt::ReasonCode take_open(const Session& session, const mqtt::Publish& packet);
  /// False when nobody subscribes to it.
  bool route(MessageOnItsWay& message);
  struct OpenSubscription {
    mqtt::ReasonCode reason{};
    bool fresh = false;  ///< It was not there before.
  };
  OpenSubscription subscribe_open(Session& session, const mqtt::TopicFilter& filter,
                                  std::uint32_t identifier);
  bool unsubscribe_open(Session& session, std::string_view filter);
  void send_retained(Session& session, const mqtt::TopicFilter& filter, std::uint32_t identifier);
  void deliver_open(Session& session, MessageOnItsWay& message, mqtt::QoS qos, bool retain,
                    std::span<const std::uint32_t> identifiers);
  void send_open(Session& session, MessageOnItsWay& message, mqtt::QoS qos, bool retain,
                 std::span<const std::uint32_t> identifiers);
  void queue_open(Session& session, MessageOnItsWay& message, mqtt::QoS qos, bool retain,
                  std::span<const std::uint32_t> identifiers);
  void send_again(Session& session, OutgoingMessages::InFlight& one);
  /// The client has it, or does not want it.
  void finish_open(Session& session, OutgoingMessages::InFlight& one);
  /// What waited, as far as window and output have room now.
  void send_waiting(Session& session);
  bool append(Connection& connection, const MessageView& message, mqtt::ForwardedPublish& publish);
  void leave_open_topics(Session& session);
  void publish_will(const PendingWill& will);
  void leave_will(const Session& session, Detached why);
  void tick_wills();

  // broker_delivery.cpp
  template <class Packet>
  void send(Connection& connection, const Packet& packet);
  void send_publish(Session& session, mqtt::QoS qos, std::string_view topic,
                    std::string_view payload, std::uint64_t tag, std::uint32_t identifier);
  void send_answer(Connection& connection, HeldAnswer answer);
  void send_publish_answers(Session& session);
  void send_replies(Session& session);
  void check_room(Session& session);
  void check_hard_bound(Connection& connection);
  void count_output(Connection& connection);
  bool short_of_memory() const { return output_total > config.output_bytes_total_max; }
  bool takes_events(const Connection& connection) const;
  Delivery deliver(Session& session, std::string_view topic, std::string_view payload,
                   std::string_view payload_end, mqtt::QoS qos, std::uint64_t tag, bool bounded);

  // broker_end.cpp
  /// The server ends a connection: 5.0 is told the reason.
  void end(Connection& connection, mqtt::ReasonCode reason, Detached why);
  /// The same from where the handler must not be called: the output is dropped, and the handler is
  /// told at the following input.
  void doom(Connection& connection, Detached why);
  void close(Connection& connection);
  void detach(Connection& connection, Detached why);
  void end_session(Session& session);
  void remove_session(Session& session);
  void expire_from(Session& session, Microseconds since);
  std::vector<Connection*> connections_in_order();

  const BrokerConfig config;
  BrokerHandler& handler;
  Now now;  ///< Of the input being handled.
  bool available = true, shutting_down = false;
  int turns = 0;

  ConnectionIndex connections;
  SessionTable sessions{config.first_packet_id,
                        config.open_topics.on
                            ? static_cast<std::uint16_t>(OutgoingMessages::kFirstId - 1)
                            : std::uint16_t{65'535}};
  OpenTopics open;
  std::set<std::pair<Microseconds, SessionId>> open_offline;  ///< Without a user, by since when.
  Deadlines<ConnectionId> connection_deadlines;
  Deadlines<SessionId> session_ends;

  std::vector<Connection*> dirty;  ///< In order of the first byte; null where one was closed.
  std::vector<std::pair<ConnectionId, Detached>> doomed;
  /// Deliveries larger than the client takes, not told yet.
  std::vector<std::pair<SessionId, std::uint64_t>> discarded;
  std::vector<std::unique_ptr<Session>> gone;
  std::size_t output_total = 0;     ///< Bytes held for all connections.
  std::vector<SessionId> restored;  ///< Their expiry begins with the first input.
  std::string joined_payload;       ///< Reused.
  std::string forwarded;            ///< Reused: properties of a publish.
  BrokerCounters counts;
};

}  // namespace claims::server
