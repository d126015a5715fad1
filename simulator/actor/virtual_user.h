#pragma once
// VirtualUser: one device of a user with its MQTT session: connects and subscribes, numbers its
// commands, waits for replies, repeats what was not answered after a reconnect, and goes on where
// it had left off. A patient one, where faults are expected, gives no request of a workflow up: it
// takes a connection without a reply for dead, connects anew and asks again.
//
// A state machine: connections, bytes and times go in; bytes and wishes to open or close come out.
// Small while idle: thousands live in one process.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/mqtt/packet.h"
#include "protocol/time.h"
#include "simulator/actor/inbox.h"
#include "simulator/actor/kept_session.h"
#include "simulator/actor/mqtt_client.h"
#include "simulator/actor/open_client.h"
#include "simulator/actor/payload_reader.h"
#include "simulator/check/auditor.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// Whom a reply goes to: a step of a workflow, the user itself (which goes on from its cursor, or
/// asks where it stands), or the final reading.
struct RequestOwner {
  enum class Kind : std::uint8_t { step, sync, standing, history } kind = Kind::step;
  /// The auditor checks what the scenario asked for; the final reading it checks event by event.
  bool audited() const { return kind == Kind::step || kind == Kind::sync; }
  InstanceNumber instance{};
  std::uint32_t index = 0;  ///< The role of a step, the place of a room in the final reading.
};

struct NewRequest {
  boost::json::object body;          ///< Without `id`.
  std::optional<std::string> raw{};  ///< The payload as it is, in place of `body`.
  bool read = false;
  bool uncounted = false;  ///< See SendStep.
  std::string_view type, step;
  Microseconds intended{0};
  Microseconds held_until{0};  ///< As in SentRequest.
  RequestOwner owner;
};

class VirtualUser;

/// What a user tells while it takes an input. Views live during the call.
class VirtualUserHandler {
 public:
  virtual ~VirtualUserHandler() = default;
  /// Subscribed; for the first time or again.
  virtual void user_ready(VirtualUser& user, const Turn& turn) = 0;
  virtual void user_lost(VirtualUser& user, const Turn& turn) = 0;
  /// An attempt to connect came to nothing; there will be another.
  virtual void user_put_off(VirtualUser& user, std::string_view why, const Turn& turn) {
    static_cast<void>(user), static_cast<void>(why), static_cast<void>(turn);
  }
  /// The server refused CONNECT or SUBSCRIBE for good: another attempt would end the same.
  virtual void user_refused(VirtualUser& user, std::string_view why, const Turn& turn) = 0;
  virtual void user_replied(VirtualUser& user, const RequestOwner& owner, const Value& reply,
                            const Turn& turn) = 0;
  virtual void user_unanswered(VirtualUser& user, const RequestOwner& owner, const Turn& turn) = 0;
  virtual void user_event(VirtualUser& user, const Value& event, std::string_view payload,
                          const Turn& turn) = 0;
  /// The server's answer to what the role asked of open topics.
  virtual void user_open_answered(VirtualUser& user, const RoleKey& owner, mqtt::ReasonCode reason,
                                  const Turn& turn) {
    static_cast<void>(user), static_cast<void>(owner), static_cast<void>(reason);
    static_cast<void>(turn);
  }
  /// On a new connection all subscriptions of the instance stand again.
  virtual void user_open_renewed(VirtualUser& user, InstanceNumber instance, const Turn& turn) {
    static_cast<void>(user), static_cast<void>(instance), static_cast<void>(turn);
  }
  virtual void user_open_message(VirtualUser& user, InstanceNumber instance,
                                 const OpenArrival& message, const Turn& turn) {
    static_cast<void>(user), static_cast<void>(instance), static_cast<void>(message);
    static_cast<void>(turn);
  }
};

/// What all users of a run share.
struct UserShared {
  Auditor& auditor;
  Recorder& recorder;
  VirtualUserHandler& handler;
  mqtt::Version version = mqtt::Version::v5_0;
  std::uint16_t keep_alive_s = 300;
  std::uint64_t instance = 0;  ///< Of command ids; each device of a user adds its place.
  bool patient = false;
  std::uint16_t first_packet_id = 1;  ///< Of each connection.
  bool mix_sessions = false;          ///< Some users keep theirs; see Player::mix_sessions().
  std::uint64_t server_restarts = 0;  ///< As far as the world has told; open topics are gone then.
  PayloadReader reader{};
  /// Users with something to hand out or another deadline, each once, in order.
  std::vector<VirtualUser*> touched{};
};

/// Inputs come with the time. After an input the user stands in UserShared::touched, once, when
/// next_deadline() or what take_output() gives may have changed.
class VirtualUser final : private MqttClientHandler {
 public:
  enum class State : std::uint8_t { idle, waiting, opening, greeting, ready, gone };

  /// What the shell must do for the user, in this order.
  struct Output {
    bool open = false;
    std::string bytes;
    bool close = false;  ///< After the bytes. No closed() follows.
  };

  /// All of them outlive the user. `random` belongs to it alone.
  VirtualUser(UserShared& shared, ConnectionNumber connection, const Person& person, Device device,
              SessionNumber session, Random random);

  // Inputs.
  void open(const Turn& turn);  ///< Wants a connection; opened(), open_failed() or closed() follow.
  void opened(const Turn& turn);
  void open_failed(const Turn& turn);
  void received(std::string_view bytes, const Turn& turn);
  void closed(const Turn& turn);
  void tick(const Turn& turn);
  /// Says goodbye and stays away.
  void leave(const Turn& turn);
  /// One who was refused tries once more.
  void knock(const Turn& turn);

  /// Ready, with fewer than limits::kRequestsPerUserMax outstanding.
  bool can_send() const;
  /// Only when can_send().
  void send(NewRequest request, const Turn& turn);
  /// Patient ones: the last command that has an n once more, if there is one and a connection.
  void repeat_command(const Turn& turn);
  /// That of another device of the user, whose last_command_answered().
  void repeat_command_of(const VirtualUser& other, const Turn& turn);
  bool last_command_answered() const;
  /// Asks the server for a sign of life: a dead connection shows by none coming in time.
  void probe(const Turn& turn);
  // Open topics, virtual_user_open.cpp.
  /// Only when can_send(). The owner is told, but of what is published at QoS 0; over a lost
  /// connection it is asked again.
  void ask_open(OpenRequest request, const Turn& turn);
  /// Subscriptions of the instance are being made again.
  bool renews(InstanceNumber instance) const;
  /// What CONNACK said.
  /// Why the server, as its CONNACK said, will not take what is to be published.
  std::optional<mqtt::ReasonCode> forbidden(const OpenRequest& request) const;
  /// The instance is over: nobody waits, and its subscriptions end.
  void leave_open_topics(InstanceNumber instance, const Turn& turn);
  /// Whether such a message must still come; and that it did not, though it was waited for.
  bool is_owed(InstanceNumber instance, std::string_view filter,
               const std::optional<std::string>& text, Microseconds at) const;
  void open_message_missed(InstanceNumber instance, std::string_view filter,
                           const std::optional<std::string>& text, Microseconds at);
  /// Ends its connection, and connects again after so long.
  void go_away(Microseconds length, const Turn& turn);

  /// Workflow roles that want to send and cannot yet; handed out once they can.
  void wait_to_send(RoleKey role);
  std::optional<RoleKey> next_waiting();

  Output take_output();
  void settled() { touched_ = false; }  ///< UserShared::touched has been seen to.
  std::optional<Microseconds> next_deadline() const;
  ConnectionNumber connection() const { return connection_; }
  Device device() const { return device_; }
  const Person& person() const { return person_; }
  SessionNumber session() const { return session_; }
  State state() const { return state_; }
  bool ready() const { return state_ == State::ready; }
  /// Requests without a reply that somebody still waits for.
  std::size_t outstanding() const;
  /// Nothing is on its way: no request, no sign of life, no connection being made.
  bool settled_down() const;
  /// By the wall clock of the harness: then the server may refuse it, and end its session.
  bool token_has_ended(const Now& now) const;
  std::uint64_t losses() const { return losses_; }  ///< Of connections that were ready.
  Inbox& inbox();

 private:
  struct Request {
    std::string id;
    RequestOwner owner;
    Microseconds deadline{0};  // The time-out that is a sample.
    bool read = false;
    /// Timed out. A command is repeated nevertheless: its n must not be missing.
    bool given_up = false;
    std::string payload;
    std::uint16_t packet_id = 0;  // Of its PUBLISH while that is not acknowledged.
    bool raw = false;             // Its id, if it has one, is none of this user's.
    bool late = false;            // Timed out, and still waited for.
    std::uint32_t again = 0;      // How often it was repeated on this connection, and not answered.
    std::string refusal{};        // Has come, while further copies were still to come.
    /// Of a patient user: without a reply by then this connection is taken for dead.
    std::optional<Microseconds> patience_ends{};
  };

  void on_connected(bool session_present) override;
  void on_refused(mqtt::ReasonCode reason) override;
  void on_subscribed(std::uint16_t packet_id,
                     const std::vector<mqtt::ReasonCode>& reasons) override;
  void on_publish(const mqtt::Publish& publish) override;
  void on_published(std::uint16_t packet_id, mqtt::ReasonCode reason) override;
  void on_forgotten(std::uint16_t packet_id) override;
  void on_unsubscribed(std::uint16_t packet_id, mqtt::ReasonCode reason) override;
  void on_disconnected(mqtt::ReasonCode reason) override;
  void on_failed(std::string_view why) override;

  // virtual_user_open.cpp
  bool open_answered(std::uint16_t packet_id, OpenStep::Kind kind, mqtt::ReasonCode reason);
  void send_open();
  bool send_open(OpenClient::Outstanding& one);
  std::optional<std::uint16_t> publish_open(OpenClient::Outstanding& one);
  void go_on_open(bool resumed);
  std::vector<std::pair<RoleKey, mqtt::ReasonCode>> take_forbidden();
  void take_open(InstanceNumber instance, const mqtt::Publish& message);
  std::optional<Microseconds> open_patience_ends() const;

  void take_event(std::string_view payload);
  void take_reply(std::string_view payload);
  void take_back_number(std::string_view id, const Value& reply);
  std::string next_id(const NewRequest& request);
  std::vector<Request>::iterator find_request(const Value& reply);
  /// Whether the reply to it, of a command that was repeated, will come once more, and only then
  /// may count: what did not use up its n must not be answered again once the n is another's.
  static bool comes_again(Request& request, const Value& reply);
  void settle_refused();
  void remember(const Request& request);
  bool waits_for_ever(const Request& request) const;
  void be_ready(bool resumed);
  void catch_up();
  void ask_again(bool resumed);
  bool waits_for_sync() const;
  bool may_repeat() const;
  std::uint16_t publish(std::string_view payload);
  void expire_requests();
  void lose(bool close);
  void turn_away(mqtt::ReasonCode reason, const std::string& why);
  void refuse(const std::string& why);
  void withdraw_requests();
  void touch();
  MqttClient make_client() const;
  /// The turn of the input being taken, and its time.
  const Turn& turn() const { return *turn_; }
  Now now() const { return {turn_->handled, turn_->begin.wall}; }
  class Input;

  UserShared& shared_;
  const Person& person_;
  ConnectionNumber connection_;
  SessionNumber session_;
  Device device_;
  State state_ = State::idle;
  std::uint8_t attempts_ = 0;  // Connections since it was last ready.
  bool open_ = false, close_ = false, touched_ = false;
  bool ticking_ = false;
  bool ever_ready_ = false;
  std::string_view taking_;  // The bytes of the input being taken.
  bool syncing_ = false;     // What comes before the answer to `sync` will come again.
  const Turn* turn_ = nullptr;
  Random random_;
  Microseconds opened_at_{0};  // When the connection being made was asked for.
  Microseconds connect_sent_{0};
  Microseconds reconnect_at_{0};
  std::uint64_t commands_ = 0, uncounted_ = 0, reads_ = 0;
  std::string cursor_;             // Of the last event.
  std::vector<Request> requests_;  // In the order they were first sent.
  std::vector<RoleKey> waiting_;
  std::uint64_t losses_ = 0;
  std::string last_id_, last_payload_;  // The last command of a patient user; empty: none.
  std::string output_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<KeptSession> kept_;        // Null: a clean session for each connection.
  std::unique_ptr<OpenClient> open_topics_;  // Null until it has used one.
  MqttClient client_;
};

}  // namespace claims::storm
