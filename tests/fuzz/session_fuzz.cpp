// Sequences of packets, breaks, time and failures of the disk, by several clients of one node.
//
// Input: steps (session_script.h). Each connection is watched by a ClientModel; beside what that
// says, the node comes to rest, keeps its bounds of output, never has two appends out, and reads
// its own log again after every crash. When everything works again at the end, whatever waits for
// an answer gets it. The canary's network repeats a PUBACK to a client that came back to its
// session.

#include <map>
#include <memory>
#include <vector>

#include "protocol/chat/token.h"
#include "protocol/chat/topics.h"
#include "protocol/limits.h"
#include "protocol/mqtt/encoder.h"
#include "reference-server/node/node.h"
#include "tests/fuzz/client_model.h"
#include "tests/fuzz/contract_users.h"
#include "tests/fuzz/oracle.h"
#include "tests/fuzz/session_script.h"

namespace claims::fuzz {
namespace {

using namespace claims::server;

constexpr std::size_t kStepsMax = 200;
constexpr std::size_t kClientsMax = 24;
constexpr int kTurnsMax = 2'000;

/// Small, so that every bound is met.
NodeConfig small_node() {
  NodeConfig config;
  config.broker.receive_maximum = 4;
  config.broker.connections_max = 12;
  config.broker.sessions_per_user_max = 3;
  config.broker.inflight_max = 4;
  config.broker.first_packet_id = 65'533;
  config.broker.output_bytes_max = 1'500;
  config.broker.output_bytes_hard_max = 8'000;
  config.broker.output_bytes_total_max = 20'000;
  config.broker.subscriptions_max = 3;
  config.token_key = *chat::parse_token_key(std::string(64, 'a'));
  return config;
}

struct Client {
  Client(std::uint64_t number, const NodeConfig& config, Sessions& sessions)
      : connection{number}, model(number, config.broker.inflight_max, sessions) {}

  ConnectionId connection;
  ClientModel model;
  bool closed = false;
  std::size_t standing = 0;  // Bytes that have not left.
  std::uint16_t packet_id = 0;
};

class Play {
 public:
  Play() : config_(small_node()), log_(make_memory_log()) { start(); }

  void run(Bytes& input) {
    for (std::size_t steps = 0; !input.empty() && steps < kStepsMax; ++steps) step(input);
    settle();
  }

 private:
  void start() {
    node_ = std::make_unique<Node>(config_, ++lives_);
    history_ = make_memory_history();
    const auto read = log_->read(0, [&](Block&& block) {
      const auto restored = node_->restored(block);
      require(restored.has_value(),
              "the node cannot read its own log:", restored ? std::string() : restored.error());
      require(history_->fold(block).has_value(), "the history cannot fold the log");
    });
    require(read.has_value(), "the log cannot be read");
    require(node_->start(kContractDirectory, now_).has_value(), "the node does not start");
    turn();
  }

  /// All connections break; what was not durable is gone.
  void restart() {
    for (Client& client : clients_) client.closed = true;
    out_.reset();
    reads_.clear();
    start();
  }

  void step(Bytes& input) {
    const auto what = static_cast<SessionStep>(input.choice(kSessionSteps));
    if (what == SessionStep::open) return open();
    if (of_client(what)) {
      const std::uint8_t number = input.number();
      if (clients_.empty()) return;
      return step(what, clients_[number % clients_.size()], input);
    }
    switch (what) {
      case SessionStep::pieces:
        pieces_ = input.number();
        break;
      case SessionStep::time:
        pass(kTimes.at(input.choice(kTimes.size())));
        break;
      case SessionStep::disk_holds:
      case SessionStep::disk_goes_on:
        disk_holds_ = what == SessionStep::disk_holds;
        break;
      case SessionStep::disk_fails:
        fail(input.choice(2) == 1);
        break;
      case SessionStep::crash:
        restart();
        break;
      case SessionStep::history_holds:
      case SessionStep::history_goes_on:
        history_holds_ = what == SessionStep::history_holds;
        break;
      default:
        output_stands_ = what == SessionStep::output_stands;
        if (!output_stands_) let_out();
    }
    turn();
  }

  static bool of_client(SessionStep step) {
    return (step >= SessionStep::connect && step <= SessionStep::raw) || step == SessionStep::drop;
  }

  void step(SessionStep what, Client& client, Bytes& input) {
    switch (what) {
      case SessionStep::connect:
        return connect(client, input);
      case SessionStep::subscribe:
      case SessionStep::unsubscribe:
        return subscribe(client, input.number(), what == SessionStep::unsubscribe);
      case SessionStep::command: {
        const std::string_view form = kCommands.at(input.choice(kCommands.size()));
        return command(client, form, input.number());
      }
      case SessionStep::acknowledge:
        return acknowledge(client, input.number());
      case SessionStep::ping:
        return send(client, mqtt::Pingreq{});
      case SessionStep::disconnect: {
        mqtt::Disconnect packet;
        const std::uint32_t expiry = input.number();
        if (expiry > 0 && client.model.version() == mqtt::Version::v5_0) {
          packet.properties.push_back({mqtt::PropertyId::session_expiry_interval, expiry});
        }
        return send(client, packet);
      }
      case SessionStep::raw: {
        const std::size_t count = input.number();
        return send_bytes(client, input.take(count));
      }
      default:
        if (client.closed) return;
        client.closed = true;
        node_->closed(client.connection, now_);
        turn();
    }
  }

  void open() {
    if (clients_.size() >= kClientsMax) return;
    const std::uint64_t number = clients_.size() + 1;
    clients_.emplace_back(number, config_, sessions_);
    node_->opened(clients_.back().connection, now_);
    turn();
  }

  void connect(Client& client, Bytes& input) {
    constexpr std::array<std::string_view, 4> kIds{"a", "b", "", "no id"};
    const std::uint8_t who = input.number();
    const std::uint8_t flags = input.number();
    const std::uint8_t window = input.number();
    const bool stranger = who % 6 == 5;
    const std::string user(stranger ? "nobody" : kContractUsers.at(who % 6));
    const std::int64_t until = now_.wall.count() / 1'000 + 7'200;
    const std::string token =
        chat::sign_token(config_.token_key, (flags & kWrongToken) != 0 ? "another" : user, until);
    mqtt::Connect packet;
    packet.version = (flags & kV5) != 0 ? mqtt::Version::v5_0 : mqtt::Version::v3_1_1;
    packet.clean_start = (flags & kClean) != 0;
    packet.keep_alive_s = (flags & kKeepAlive) != 0 ? 10 : 0;
    packet.client_id = kIds.at(who / 6 % 4);
    packet.username = user;
    packet.password = token;
    if (packet.version == mqtt::Version::v5_0) {
      const auto add = [&](std::uint8_t flag, mqtt::PropertyId id, std::uint32_t number) {
        if ((flags & flag) != 0) packet.properties.push_back({id, number});
      };
      add(kExpires, mqtt::PropertyId::session_expiry_interval, 7'200);
      add(kSmallPackets, mqtt::PropertyId::maximum_packet_size, 300);
      add(kWindow, mqtt::PropertyId::receive_maximum, window);
    }
    send(client, packet);
  }

  void subscribe(Client& client, std::uint8_t which, bool unsubscribes) {
    const std::string& user = client.model.user();
    const std::array<std::string, 4> topics{chat::event_topic(user), chat::reply_topic(user),
                                            chat::event_topic("gar-00002"), "#"};
    const std::string& topic = topics.at(which % 4);
    const auto qos = static_cast<mqtt::QoS>(which / 4 % 3);
    if (unsubscribes) {
      send(client, mqtt::Unsubscribe{next_id(client), {topic}, {}});
    } else {
      send(client, mqtt::Subscribe{next_id(client), {{.filter = topic, .qos = qos}}, {}});
    }
  }

  void command(Client& client, std::string_view form, std::uint8_t packet_id) {
    const std::string& user = client.model.user();
    const std::size_t id = form.find_first_of("#=");
    std::string payload(form);
    if (id != std::string_view::npos) {
      std::uint64_t& last = ids_[user];
      if (form[id] == '#') ++last;
      payload.replace(id, 1, "1." + std::to_string(last));
    }
    const std::string topic = chat::command_topic(user);
    mqtt::Publish packet{.topic = topic, .payload = payload, .qos = mqtt::QoS::at_least_once};
    packet.packet_id = packet_id == 0 ? next_id(client) : packet_id;
    send(client, packet);
  }

  void acknowledge(Client& client, std::uint8_t which) {
    std::vector<std::uint16_t> ids = client.model.open();
    if (which == 1) ids.resize(std::min<std::size_t>(ids.size(), 1));
    if (which > 1) ids = {which};
    for (const std::uint16_t id : ids) {
      mqtt::Puback packet;
      packet.packet_id = id;
      send(client, packet);
    }
  }

  static std::uint16_t next_id(Client& client) {
    if (++client.packet_id == 0) ++client.packet_id;
    return client.packet_id;
  }

  void send(Client& client, const mqtt::Packet& packet) {
    const auto* connect = std::get_if<mqtt::Connect>(&packet);
    std::string bytes;
    mqtt::encode(packet, connect != nullptr ? connect->version : version_of(client), bytes);
    send_bytes(client, bytes);
  }

  static mqtt::Version version_of(const Client& client) {
    const mqtt::Version version = client.model.version();
    return version == mqtt::Version::v5_0 ? version : mqtt::Version::v3_1_1;
  }

  void send_bytes(Client& client, std::string_view bytes) {
    while (!bytes.empty() && !client.closed) {
      const std::string piece(bytes.substr(0, pieces_ == 0 ? bytes.size() : pieces_));
      bytes.remove_prefix(piece.size());
      client.model.sent(piece);
      node_->received(client.connection, piece, now_);
      turn();
    }
  }

  void pass(std::uint64_t ms) {
    now_.steady += Milliseconds(ms);
    now_.wall += Milliseconds(ms);
  }

  void fail(bool written) {
    if (!out_) return;
    if (written) require(log_->append({out_}).has_value(), "the log refuses a block");
    out_.reset();
    node_->append_failed(now_);
    require(!node_->available(), "available without a log");
    turn();
    for (const Client& client : clients_) {
      require(client.closed || !client.model.connected(), "a session that outlives the log");
    }
    restart();
  }

  void let_out() {
    for (Client& client : clients_) {
      const std::size_t bytes = std::exchange(client.standing, 0);
      if (bytes > 0 && !client.closed) node_->written(client.connection, bytes, now_);
    }
  }

  /// Until the node is at rest.
  void turn() {
    std::vector<Action> actions;
    for (int i = 0; i < kTurnsMax; ++i) {
      actions.clear();
      node_->drain(actions, now_);
      for (Action& action : actions) {
        std::visit([this](auto& one) { carry_out(one); }, action);
      }
      if (answer()) continue;
      if (!actions.empty()) continue;
      const auto due = node_->next_deadline();
      if (!due || *due > now_.steady) return;
      if (due_while_out_ == now_.steady && out_) return;
      // An append that is out holds up what is due at once.
      due_while_out_ = out_ ? now_.steady : Microseconds{-1};
      node_->tick(now_);
    }
    require(false, "the node does not come to rest");
  }

  /// What disk and history have to say.
  bool answer() {
    bool any = false;
    if (!history_holds_) {
      for (const ReadRows& read : std::exchange(reads_, {})) {
        any = true;
        node_->rows(read.id, history_->query(read.query), now_);
      }
    }
    if (!disk_holds_ && out_) {
      any = true;
      const auto block = std::exchange(out_, nullptr);
      require(log_->append({block}).has_value(), "the log refuses a block");
      require(history_->fold(*block).has_value(), "the history refuses a block");
      node_->durable(block->last(), now_);
    }
    return any;
  }

  /// Starts here read the log alone.
  void carry_out(const StoreCheckpoint&) {}
  void carry_out(AppendBlock& append) {
    require(out_ == nullptr, "two appends are out");
    out_ = std::move(append.block);
  }
  void carry_out(ReadRows& read) { reads_.push_back(std::move(read)); }
  void carry_out(const ConnectionOutput& output) {
    const auto number = static_cast<std::uint64_t>(output.connection);
    require(number >= 1 && number <= clients_.size(), "output for nobody");
    Client& client = clients_[number - 1];
    if (client.closed) return;
    client.standing += output.bytes.size();
    require(client.standing <= config_.broker.output_bytes_hard_max + limits_of_one_turn(),
            "more output than its bound");
    client.model.received(output.bytes);
    if (kCanary && client.model.present() && output.bytes.starts_with('\x40')) {
      client.model.received(output.bytes);
    }
    if (!output_stands_) node_->written(output.connection, std::exchange(client.standing, 0), now_);
    if (!output.close) return;
    client.closed = true;
    node_->closed(output.connection, now_);
  }

  /// The packet that passed the bound, and what says good-bye.
  static std::size_t limits_of_one_turn() { return claims::limits::kPacketBytesMax + 64; }

  /// Everything works again: nobody waits for an answer.
  void settle() {
    disk_holds_ = history_holds_ = output_stands_ = false;
    let_out();
    turn();
    pass(100);
    turn();
    for (const Client& client : clients_) {
      require(client.closed || client.model.is_served(), "an answer that does not come");
    }
    restart();
  }

  const NodeConfig config_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<History> history_;
  std::unique_ptr<Node> node_;
  std::uint64_t lives_ = 0;
  Now now_{Microseconds{1'000'000}, Milliseconds{1'760'000'000'000}};
  Sessions sessions_;
  std::vector<Client> clients_;
  std::map<std::string, std::uint64_t> ids_;
  std::uint8_t pieces_ = 0;
  bool disk_holds_ = false, history_holds_ = false, output_stands_ = false;
  Microseconds due_while_out_{-1};
  std::shared_ptr<const Block> out_;
  std::vector<ReadRows> reads_;
};

}  // namespace
}  // namespace claims::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  claims::fuzz::Bytes input(data, size);
  claims::fuzz::Play().run(input);
  return 0;
}
