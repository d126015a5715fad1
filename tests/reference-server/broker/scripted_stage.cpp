#include "tests/reference-server/broker/scripted_stage.h"

#include <gtest/gtest.h>

#include <sstream>
#include <utility>

namespace claims::server {
namespace {

using mqtt::ReasonCode;

template <class... Parts>
std::string line_of(const Parts&... parts) {
  std::ostringstream line;
  (line << ... << parts);
  return line.str();
}

const char* name(Detached why) {
  switch (why) {
    case Detached::disconnect:
      return "disconnect";
    case Detached::closed:
      return "closed";
    case Detached::taken_over:
      return "taken_over";
    case Detached::keep_alive:
      return "keep_alive";
    case Detached::token_expired:
      return "token_expired";
    case Detached::protocol_error:
      return "protocol_error";
    case Detached::refused_output:
      return "refused_output";
    case Detached::shutdown:
      return "shutdown";
  }
  return "?";
}

std::string name(SessionId session) {
  return line_of("s", static_cast<unsigned>(session));
}

}  // namespace

Lines RecordingHandler::calls() {
  return std::exchange(calls_, {});
}

ConnectDecision RecordingHandler::authenticate(const ConnectRequest& request, const Now&) {
  ConnectDecision answer = decision;
  if (opens && !request.has_username) {
    answer.open_only = true;
    return answer;
  }
  if (answer.user.empty()) answer.user = std::string(request.username);
  return answer;
}

void RecordingHandler::attached(SessionId session, const SessionState& state, bool present,
                                const std::vector<std::uint64_t>& inflight) {
  std::string line = line_of("attached ", name(session), " ", state.key.user, "/",
                             state.key.client_id, present ? " present" : "");
  for (const std::uint64_t tag : inflight) line += line_of(" ", tag);
  calls_.push_back(line);
  last_attached = session;
  if (accepts) broker->accept(session);
}

void RecordingHandler::detached(SessionId session, Detached why) {
  EXPECT_FALSE(broker->connected(session));
  calls_.push_back(line_of("detached ", name(session), " ", name(why)));
}

void RecordingHandler::ended(SessionId session) {
  EXPECT_NE(broker->state_of(session), nullptr);
  calls_.push_back("ended " + name(session));
}

bool RecordingHandler::may_subscribe(SessionId, std::string_view filter) {
  return filter.starts_with("aos/v1/alice/");
}

void RecordingHandler::subscriptions_changed(SessionId session, const SessionState& state,
                                             std::uint16_t packet_id) {
  std::string line = line_of("subscriptions ", name(session), " #", packet_id);
  for (const Subscription& one : state.subscriptions) {
    line += line_of(" ", one.filter, ":", static_cast<int>(one.qos));
  }
  calls_.push_back(line);
  if (completes) broker->complete(session, packet_id);
}

bool RecordingHandler::may_publish(SessionId, std::string_view topic) {
  return topic == kCommands;
}

void RecordingHandler::published(SessionId session, const mqtt::Publish& publish) {
  calls_.push_back(
      line_of("published ", name(session), " #", publish.packet_id, " ", publish.payload));
  if (on_published) on_published(session);
  if (acknowledges && publish.packet_id != 0) {
    broker->acknowledge(session, publish.packet_id, ReasonCode::success);
  }
}

void RecordingHandler::delivered(SessionId session, std::uint64_t tag) {
  calls_.push_back(line_of("delivered ", name(session), " ", tag));
  if (on_delivered) on_delivered(session);
}

void RecordingHandler::room_for_output(SessionId session) {
  calls_.push_back("room " + name(session));
  if (on_room) on_room(session);
}

void Client::says(const mqtt::Packet& packet) {
  std::string bytes;
  mqtt::encode(packet, version, bytes);
  says_bytes(bytes);
}

void Client::says_bytes(std::string_view bytes) {
  // A copy of its own: a view kept beyond the call is a bug that the sanitizer finds.
  const std::string copy(bytes);
  stage_->broker.received(id, copy, stage_->now);
}

void Client::hangs_up() {
  stage_->drain();
  stage_->broker.closed(id, stage_->now);
}

Lines Client::hears() {
  stage_->drain();
  return std::exchange(stage_->heard.at(id).lines, {});
}

void Client::publishes(std::string_view topic, std::uint16_t packet_id, std::string_view payload,
                       bool dup) {
  mqtt::Publish publish{.topic = topic, .payload = payload, .dup = dup, .packet_id = packet_id};
  if (packet_id != 0) publish.qos = mqtt::QoS::at_least_once;
  says(publish);
}

void Client::acknowledges(std::uint16_t packet_id) {
  mqtt::Puback puback;
  puback.packet_id = packet_id;
  says(puback);
}

void Client::releases(std::uint16_t packet_id) {
  mqtt::Pubrel pubrel;
  pubrel.packet_id = packet_id;
  says(pubrel);
}

void Client::receives(std::uint16_t packet_id, ReasonCode reason) {
  mqtt::Pubrec pubrec;
  pubrec.packet_id = packet_id;
  pubrec.reason = reason;
  says(pubrec);
}

void Client::completes(std::uint16_t packet_id) {
  mqtt::Pubcomp pubcomp;
  pubcomp.packet_id = packet_id;
  says(pubcomp);
}

void Client::publishes_open(std::string_view topic, std::string_view payload, mqtt::QoS qos,
                            bool retain, const mqtt::Properties& properties,
                            std::uint16_t packet_id) {
  mqtt::Publish publish{.topic = topic, .payload = payload, .qos = qos, .retain = retain};
  if (qos != mqtt::QoS::at_most_once) publish.packet_id = packet_id;
  publish.properties = properties;
  says(publish);
}

void Client::subscribes(std::uint16_t packet_id, std::string_view filter, mqtt::QoS qos) {
  says(mqtt::Subscribe{packet_id, {mqtt::TopicFilter{.filter = filter, .qos = qos}}, {}});
}

Stage::Stage(const BrokerConfig& config) : broker(config, handler) {
  handler.broker = &broker;
}

Client Stage::opens(mqtt::Version version) {
  const ConnectionId id{++last_connection_};
  heard.emplace(id, Heard{{}, {}, false, 0, {mqtt::Decoder::Side::client, 1U << 20U, version}});
  broker.opened(id, now);
  return Client{*this, id, version};
}

Client Stage::connects(const mqtt::Connect& connect) {
  Client client = opens(connect.version);
  client.says(connect);
  client.hears();
  return client;
}

Client Stage::subscriber(mqtt::Version version) {
  Client client = connects(clean_connect(version));
  client.subscribes(1, kEvents);
  client.subscribes(2, kReplies);
  client.hears();
  handler.calls();
  return client;
}

void Stage::passes(Microseconds time) {
  now.steady += time;
  now.wall += std::chrono::duration_cast<Milliseconds>(time);
  // The shell ticks when the broker asks for it, and then only.
  if (const auto deadline = broker.next_deadline(); deadline && *deadline <= now.steady) {
    broker.tick(now);
  }
}

void Stage::drain() {
  std::vector<ConnectionOutput> output;
  broker.drain(output);
  for (ConnectionOutput& one : output) {
    Heard& here = heard.at(one.connection);
    EXPECT_FALSE(here.closed) << "output after close";
    here.bytes += one.bytes;
    here.decoder.feed(one.bytes);
    while (auto packet = here.decoder.next()) {
      if (packet->has_error()) {
        here.lines.emplace_back(packet->error().what);
        break;
      }
      here.lines.push_back(describe(**packet));
    }
    here.unwritten += one.bytes.size();
    if (one.close) {
      here.closed = true;
      here.lines.emplace_back("closed");
      broker.closed(one.connection, now);
    } else if (!slow) {
      writes(one.connection);
    }
  }
}

void Stage::writes(ConnectionId id) {
  broker.written(id, std::exchange(heard.at(id).unwritten, 0), now);
}

mqtt::Connect clean_connect(mqtt::Version version, std::string_view client_id) {
  mqtt::Connect connect;
  connect.version = version;
  connect.client_id = client_id;
  connect.username = "alice";
  connect.password = "secret";
  return connect;
}

BrokerConfig open_config() {
  BrokerConfig config;
  config.open_topics.on = true;
  config.open_topics.handled_level = "aos";
  config.open_topics.forbidden = {"test/nosubscribe", "plant/#"};
  config.topic_alias_maximum = 3;
  return config;
}

OpenStage::OpenStage(const BrokerConfig& config) : Stage(config) {
  handler.opens = true;
}

mqtt::Connect open_connect(mqtt::Version version, std::string_view client_id,
                           std::uint32_t expiry_s) {
  mqtt::Connect connect;
  connect.version = version;
  connect.client_id = client_id;
  connect.clean_start = expiry_s == 0;
  if (version == kV5 && expiry_s != 0) {
    connect.properties.push_back(
        {.id = mqtt::PropertyId::session_expiry_interval, .number = expiry_s});
  }
  return connect;
}

mqtt::Connect persistent_connect(mqtt::Version version, std::string_view client_id) {
  mqtt::Connect connect = clean_connect(version, client_id);
  connect.clean_start = false;
  if (version == kV5) {
    connect.properties.push_back(
        {.id = mqtt::PropertyId::session_expiry_interval, .number = 3'600});
  }
  return connect;
}

}  // namespace claims::server
