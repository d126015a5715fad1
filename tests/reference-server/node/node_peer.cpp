#include "tests/reference-server/node/node_peer.h"

#include <gtest/gtest.h>

#include "protocol/chat/token.h"
#include "protocol/chat/topics.h"

namespace claims::server {

NodePeer::NodePeer(std::uint64_t seed, bool open_topics, std::uint64_t checkpoint_records)
    : seed_(seed) {
  config_.broker.open_topics.on = open_topics;
  config_.token_key = *chat::parse_token_key(std::string(64, 'a'));
  config_.checkpoint_records = checkpoint_records;
  start(nullptr);
}

std::string NodePeer::directory() {
  return R"({"format":"claims-directory/1","insurers":[
    {"id":"ins-01","code":"01","name":"가온손해보험","greeting":"안녕하세요, {adjuster}입니다.",
     "centres":[{"id":"c-001","name":"서울보상센터","region":"서울"}]},
    {"id":"ins-02","code":"02","name":"나래화재","greeting":"{adjuster}입니다.",
     "centres":[{"id":"c-002","name":"부산보상센터","region":"부산"}]}],
   "users":[
    {"id":"core-01","role":"insurer","name":"가온손해보험","insurer":"ins-01"},
    {"id":"adj-1","role":"adjuster","name":"김민준","insurer":"ins-01","centre":"c-001"},
    {"id":"adj-2","role":"adjuster","name":"이서연","insurer":"ins-02","centre":"c-002"},
    {"id":"gar-1","role":"garage","name":"한빛공업사","region":"서울"},
    {"id":"gar-2","role":"garage","name":"두리정비","region":"부산"},
    {"id":"adj-3","role":"adjuster","name":"박지훈","insurer":"ins-01","centre":"c-001"}]})";
}

std::string NodePeer::token(const std::string& user, std::int64_t lifetime_s) const {
  return chat::sign_token(config_.token_key, user, now.wall.count() / 1000 + lifetime_s);
}

void NodePeer::start(const CheckpointMerge* snapshot) {
  node = std::make_unique<Node>(config_, seed_);
  std::uint64_t loaded = 0;
  if (snapshot != nullptr) {
    for (const auto& [key, value] : snapshot->rows()) {
      if (!value) continue;
      const auto taken = node->load(key, *value);
      ASSERT_TRUE(taken.has_value()) << taken.error();
    }
    const auto finished = node->loaded(snapshot->at());
    ASSERT_TRUE(finished.has_value()) << finished.error();
    loaded = snapshot->at().number;
  }
  history_ = make_memory_history();
  for (const auto& block : durable_) {
    ASSERT_TRUE(history_->fold(*block).has_value());
    if (block->number <= loaded) continue;
    const auto restored = node->restored(*block);
    if (const auto due = node->take_checkpoint()) checkpoints_.push_back(due);
    ASSERT_TRUE(restored.has_value()) << restored.error();
  }
  const auto started = node->start(directory(), now);
  ASSERT_TRUE(started.has_value()) << started.error();
  run();
  // The directory is load, and the next append would be paced.
  now.steady += std::chrono::seconds(1);
}

void NodePeer::restart() {
  crash();
  checkpoints_.clear();  // The new node begins from nothing, and so do its checkpoints.
  start(nullptr);
}

void NodePeer::restart_from_snapshot() {
  crash();
  CheckpointMerge snapshot{BlockMark{}};
  for (const auto& checkpoint : checkpoints_) snapshot.take(*checkpoint);
  start(&snapshot);
}

void NodePeer::crash() {
  for (Client& client : clients_) client.closed = true;
  out_.reset();
  reads_.clear();
}

void NodePeer::restart(std::vector<std::shared_ptr<const Block>> log) {
  durable_ = std::move(log);
  restart();
}

void NodePeer::drain_output() {
  output_drains = true;
  for (Client& client : clients_) {
    const std::size_t bytes = std::exchange(client.undrained, 0);
    if (bytes > 0 && !client.closed) node->written(client.connection, bytes, now);
  }
  run();
}

int NodePeer::open() {
  clients_.emplace_back();
  clients_.back().connection = ConnectionId{next_connection_++};
  node->opened(clients_.back().connection, now);
  run();
  return static_cast<int>(clients_.size()) - 1;
}

int NodePeer::connect(const std::string& user, const std::string& client, bool clean,
                      std::uint32_t expiry_s) {
  const int number = open();
  mqtt::Connect connect;
  connect.clean_start = clean;
  connect.client_id = client;
  connect.username = user;
  const std::string password = token(user);
  connect.password = password;
  if (expiry_s > 0) {
    connect.properties.push_back({mqtt::PropertyId::session_expiry_interval, expiry_s});
  }
  send(number, connect);
  return number;
}

void NodePeer::send(int client, const mqtt::Packet& packet) {
  std::string bytes;
  mqtt::encode(packet, mqtt::Version::v5_0, bytes);
  send_bytes(client, bytes);
}

void NodePeer::send_bytes(int client, std::string_view bytes) {
  node->received(clients_[client].connection, bytes, now);
  run();
}

void NodePeer::subscribe(int client, const std::string& user) {
  const std::string events = chat::event_topic(user), replies = chat::reply_topic(user);
  mqtt::Subscribe subscribe;
  subscribe.packet_id = 1;
  subscribe.filters = {{events, mqtt::QoS::at_least_once}, {replies, mqtt::QoS::at_most_once}};
  send(client, subscribe);
}

void NodePeer::command(int client, const std::string& user, const std::string& json,
                       std::uint16_t packet_id) {
  const std::string topic = chat::command_topic(user);
  mqtt::Publish publish;
  publish.topic = topic;
  publish.payload = json;
  publish.qos = mqtt::QoS::at_least_once;
  publish.packet_id = packet_id;
  send(client, publish);
}

void NodePeer::drop(int client) {
  clients_[client].closed = true;
  node->closed(clients_[client].connection, now);
  run();
}

void NodePeer::commit() {
  ASSERT_NE(out_, nullptr) << "no append is out";
  const auto block = std::exchange(out_, nullptr);
  durable_.push_back(block);
  ASSERT_TRUE(history_->fold(*block).has_value());
  node->durable(block->last(), now);
  run();
}

void NodePeer::answer_reads() {
  for (const ReadRows& read : std::exchange(reads_, {})) {
    node->rows(read.id, history_->query(read.query), now);
  }
  run();
}

void NodePeer::fail_append() {
  out_.reset();
  node->append_failed(now);
  run();
}

void NodePeer::run() {
  for (int turn = 0; turn < 1000; ++turn) {
    std::vector<Action> actions;
    node->drain(actions, now);
    if (actions.empty()) {
      const auto deadline = node->next_deadline();
      if (!disk_answers || out_ != nullptr || !deadline || *deadline > now.steady) return;
      node->tick(now);
      continue;
    }
    for (Action& action : actions) {
      if (auto* append = std::get_if<AppendBlock>(&action)) {
        ASSERT_EQ(out_, nullptr) << "two appends are out";
        out_ = std::move(append->block);
      } else if (auto* read = std::get_if<ReadRows>(&action)) {
        reads_.push_back(std::move(*read));
      } else if (auto* store = std::get_if<StoreCheckpoint>(&action)) {
        ASSERT_FALSE(durable_.empty());
        EXPECT_LE(store->checkpoint->at.number, durable_.back()->number) << "ahead of the log";
        checkpoints_.push_back(std::move(store->checkpoint));
      } else {
        auto& output = std::get<ConnectionOutput>(action);
        for (Client& client : clients_) {
          if (client.connection == output.connection) deliver(client, output);
        }
      }
    }
    if (history_answers) {
      for (const ReadRows& read : std::exchange(reads_, {})) {
        node->rows(read.id, history_->query(read.query), now);
      }
    }
    if (disk_answers && out_ != nullptr) {
      const auto block = std::exchange(out_, nullptr);
      durable_.push_back(block);
      ASSERT_TRUE(history_->fold(*block).has_value());
      node->durable(block->last(), now);
    }
  }
  FAIL() << "the node does not come to rest";
}

void NodePeer::deliver(Client& client, const ConnectionOutput& output) {
  if (client.closed) return;
  client.undrained += output.bytes.size();
  if (output_drains) {
    node->written(output.connection, std::exchange(client.undrained, 0), now);
  }
  client.decoder.feed(output.bytes);
  std::string answer;
  while (auto packet = client.decoder.next()) {
    ASSERT_TRUE(packet->has_value()) << packet->error().what;
    Received received;
    if (const auto* connack = std::get_if<mqtt::Connack>(&**packet)) {
      received.kind = "connack " + std::to_string(static_cast<int>(connack->reason)) +
                      (connack->session_present ? " present" : "");
    } else if (const auto* suback = std::get_if<mqtt::Suback>(&**packet)) {
      received.kind = "suback";
      for (const auto reason : suback->reasons) {
        received.kind += " " + std::to_string(static_cast<int>(reason));
      }
    } else if (const auto* puback = std::get_if<mqtt::Puback>(&**packet)) {
      received.kind = "puback " + std::to_string(puback->packet_id);
    } else if (const auto* pubrec = std::get_if<mqtt::Pubrec>(&**packet)) {
      received.kind = "pubrec " + std::to_string(pubrec->packet_id);
    } else if (const auto* disconnect = std::get_if<mqtt::Disconnect>(&**packet)) {
      received.kind = "disconnect " + std::to_string(static_cast<int>(disconnect->reason));
    } else if (const auto* publish = std::get_if<mqtt::Publish>(&**packet)) {
      received = {"publish", std::string(publish->topic), std::string(publish->payload),
                  publish->packet_id, publish->dup};
      if (publish->packet_id != 0 && acknowledge) {
        mqtt::Puback ack;
        ack.packet_id = publish->packet_id;
        mqtt::encode(ack, mqtt::Version::v5_0, answer);
      }
    } else {
      received.kind = "other";
    }
    client.received.push_back(std::move(received));
  }
  if (!answer.empty()) node->received(client.connection, answer, now);
  if (output.close) {
    client.received.push_back({"closed", {}, {}, 0, false});
    client.closed = true;
    node->closed(client.connection, now);
  }
}

std::vector<Received> NodePeer::take(int client) {
  return std::exchange(clients_[client].received, {});
}

}  // namespace claims::server
