#include "tests/simulator/actor/theatre.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cassert>
#include <utility>

#include "protocol/chat/topics.h"
#include "protocol/limits.h"
#include "protocol/mqtt/encoder.h"

namespace claims::storm::testing {
namespace {

Expression expression(const std::string& source) {
  auto compiled = Expression::compile(source);
  assert(compiled);
  return *compiled;
}

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

Play::Play() {
  scenario.name = "test";
  scenario.file = "test.json";
  scenario.population = {.insurers = 1, .adjusters = 1, .garages = 1};
  scenario.phases = {{.name = "hold", .hold = true, .length = Microseconds{1'000'000}}};
  scenario.arrivals = {{.workflow = 0, .rate_milli = 0, .count = 1}};
  scenario.connects_per_second = 1'000;
  Workflow workflow;
  workflow.name = "workflow";
  workflow.roles = {{.name = "adjuster", .kind = chat::Role::adjuster},
                    {.name = "insurer",
                     .kind = chat::Role::insurer,
                     .choice = RoleSpec::Choice::insurer_of,
                     .relative_to = 0},
                    {.name = "garage", .kind = chat::Role::garage}};
  scenario.workflows = {workflow};
}

Step& Play::add(const std::string& role, decltype(Step::action) action, const std::string& name) {
  Step step;
  for (std::size_t i = 0; i < workflow().roles.size(); ++i) {
    if (workflow().roles[i].name == role) step.role = i;
  }
  step.action = std::move(action);
  step.name = name;
  step.place = {"test.json", static_cast<int>(workflow().steps.size()) + 1, "/steps"};
  workflow().steps.push_back(std::move(step));
  return workflow().steps.back();
}

Play& Play::let(const std::string& name, const std::string& source) {
  auto compiled = Template::compile(Value(boost::json::string("${" + source + "}")));
  assert(compiled);
  workflow().let.emplace_back(name, *compiled);
  return *this;
}

Play& Play::send(const std::string& role, const std::string& body, const std::string& error) {
  const Value value = boost::json::parse(body);
  auto compiled = Template::compile(value);
  assert(compiled);
  const std::string type(value.at("type").as_string());
  const bool read = type == "room.messages" || type == "unread.counts";
  SendStep step;
  step.body = *compiled;
  step.read = read;
  step.type = type;
  if (!error.empty()) step.expected_errors.push_back(error);
  add(role, std::move(step), type);
  return *this;
}

Play& Play::await(const std::string& role, const std::string& type,
                  const std::map<std::string, std::string>& conditions, Microseconds within) {
  AwaitStep await{.type = type, .conditions = {}, .within = within};
  for (const auto& [path, source] : conditions) {
    await.conditions.push_back({split(path), expression(source)});
  }
  add(role, std::move(await), type);
  return *this;
}

Play& Play::think(const std::string& role, Microseconds time) {
  add(role, ThinkStep{{ThinkTime::Kind::constant, time, time}}, "think");
  return *this;
}

Play& Play::check(const std::string& role, const std::string& source) {
  add(role, AssertStep{expression(source), {"확인", "a check"}}, "check");
  return *this;
}

Play& Play::save(const std::string& name, const std::string& source) {
  workflow().steps.back().save.emplace_back(name, expression(source));
  return *this;
}

Play& Play::proves(const std::string& clause) {
  workflow().steps.back().proves.push_back(clause);
  return *this;
}

Play& Play::after(std::size_t step) {
  workflow().steps.back().after_step = step;
  return *this;
}

Play& Play::on(Device device) {
  workflow().steps.back().on = device;
  return *this;
}

Play& Play::hold(Microseconds length) {
  scenario.phases[0].length = length;
  return *this;
}

std::string Asked::text(std::string_view key) const {
  const Value* value = body.if_contains(key);
  return value == nullptr || !value->is_string() ? "" : std::string(value->get_string());
}

Theatre::Theatre(Scenario played, std::uint64_t seed)
    : scenario(std::move(played)),
      population(make_population(scenario.population, 1, 1'700'000'000)),
      player(scenario, population, auditor, recorder, seed, 1'700'000'000'000) {}

std::string Theatre::id_of(chat::Role role) const {
  for (const Person& person : population.people) {
    if (person.role == role) return person.id;
  }
  return {};
}

std::vector<Asked> Theatre::asked_of(std::string_view type) const {
  std::vector<Asked> found;
  for (const Asked& one : asked) {
    if (one.text("type") == type) found.push_back(one);
  }
  return found;
}

ConnectionNumber Theatre::number_of(const std::string& user) const {
  const auto found = population.find_connections(user);
  assert(!found.empty());
  return found.front();
}

void Theatre::disconnect(const std::string& user, mqtt::ReasonCode reason) {
  std::string out;
  const ConnectionNumber number = number_of(user);
  mqtt::encode(mqtt::Packet(mqtt::Disconnect{.reason = reason}), peers_[number].decoder->version(),
               out);
  deliver(number, std::move(out));
}

void Theatre::in(Microseconds time, std::function<void()> then) {
  agenda_.emplace(now_ + time, std::move(then));
}

void Theatre::play(Microseconds limit) {
  if (now_ == kStart) player.start(now());
  act();
  while (!player.done() && now_ - kStart < limit) {
    auto due = player.next_deadline();
    assert(due);
    *due = std::max(now_, *due + tick_delay);
    if (!agenda_.empty() && agenda_.begin()->first <= *due) {
      now_ = std::max(now_, agenda_.begin()->first);
      const auto then = std::move(agenda_.begin()->second);
      agenda_.erase(agenda_.begin());
      then();
    } else {
      now_ = *due;
      player.tick(now());
    }
    act();
  }
}

void Theatre::act() {
  std::vector<PlayerAction> actions;
  for (player.drain(actions); !actions.empty(); player.drain(actions)) {
    for (const PlayerAction& action : std::exchange(actions, {})) {
      if (const auto* open = std::get_if<OpenConnection>(&action)) {
        const ConnectionNumber user = open->connection;
        opened.push_back(population.connection_name(user));
        in(kLatency, [this, user] {
          if (!accepts_connections) return player.open_failed(user, now());
          Peer& peer = peers_[user];
          ++peer.connection;
          peer.decoder = std::make_unique<mqtt::Decoder>(mqtt::Decoder::Side::server,
                                                         claims::limits::kPacketBytesMax);
          player.opened(user, now());
        });
      } else if (const auto* send = std::get_if<SendBytes>(&action)) {
        trace += fmt::format("{} {} ", static_cast<std::uint32_t>(send->connection), now_.count());
        trace += send->bytes;
        take(send->connection, send->bytes);
      } else {
        peers_[std::get<CloseConnection>(action).connection].decoder = nullptr;
      }
    }
  }
}

void Theatre::take(ConnectionNumber user, std::string_view bytes) {
  Peer& peer = peers_[user];
  if (!peer.decoder) return;
  peer.decoder->feed(bytes);
  while (const auto packet = peer.decoder->next()) {
    assert(!packet->has_error());
    take(user, **packet);
  }
}

void Theatre::take(ConnectionNumber user, const mqtt::Packet& packet) {
  std::string out;
  const mqtt::Version version = peers_[user].decoder->version();
  if (std::holds_alternative<mqtt::Connect>(packet)) {
    mqtt::Connack answer{.reason = connack};
    if (packet_bytes_max != 0) {
      answer.properties.push_back(
          {.id = mqtt::PropertyId::maximum_packet_size, .number = packet_bytes_max});
    }
    mqtt::encode(mqtt::Packet(answer), version, out);
  } else if (const auto* subscribe = std::get_if<mqtt::Subscribe>(&packet)) {
    subscribed.push_back(population.connection_name(user));
    mqtt::encode(mqtt::Packet(mqtt::Suback{
                     .packet_id = subscribe->packet_id,
                     .reasons = {mqtt::ReasonCode::granted_qos_1, mqtt::ReasonCode::success}}),
                 version, out);
  } else if (std::holds_alternative<mqtt::Pingreq>(packet)) {
    if (answers_pings) mqtt::encode(mqtt::Packet(mqtt::Pingresp{}), version, out);
  } else if (const auto* publish = std::get_if<mqtt::Publish>(&packet)) {
    mqtt::Puback puback;
    puback.packet_id = publish->packet_id;
    const bool open = publish->topic.starts_with("storm/");
    if (!open || acknowledges_open) mqtt::encode(puback, version, out);
    if (open) return deliver(user, std::move(out));
    Asked one{population.connection_name(user),
              boost::json::parse(std::string(publish->payload)).as_object(), now_};
    if (one.text("type") == "sync" && !one.body.contains("cursor")) {
      ok(one, R"({"cursor":"c0"})");  // Where a user stands that has seen nothing.
      if (!out.empty()) deliver(user, std::move(out));
      return;
    }
    asked.push_back(one);
    in(Microseconds{0}, [this, one] {
      if (on_command) on_command(one);
    });
  }
  if (!out.empty()) deliver(user, std::move(out));
}

void Theatre::deliver(ConnectionNumber user, std::string bytes) {
  const std::uint64_t connection = peers_[user].connection;
  in(kLatency, [this, user, connection, bytes = std::move(bytes)] {
    if (peers_[user].decoder == nullptr || peers_[user].connection != connection) return;
    player.received(user, bytes, {now(), now().steady});
  });
}

void Theatre::publish(ConnectionNumber user, const std::string& topic, const std::string& payload,
                      mqtt::QoS qos) {
  Peer& peer = peers_[user];
  if (!peer.decoder) return;
  mqtt::Publish publish{.topic = topic, .payload = payload, .qos = qos};
  if (qos != mqtt::QoS::at_most_once) publish.packet_id = ++peer.packet_id;
  std::string bytes;
  mqtt::encode(publish, peer.decoder->version(), bytes);
  deliver(user, std::move(bytes));
}

void Theatre::ok(const Asked& asked, const std::string& result) {
  publish(number_of(asked.user), chat::reply_topic(asked.user.substr(0, asked.user.find('/'))),
          fmt::format(R"({{"type":"reply","re":"{}","ok":true,"result":{}}})", asked.text("id"),
                      result),
          mqtt::QoS::at_most_once);
}

void Theatre::refuse(const Asked& asked, const std::string& code) {
  publish(number_of(asked.user), chat::reply_topic(asked.user.substr(0, asked.user.find('/'))),
          fmt::format(R"({{"type":"reply","re":"{}","ok":false,"error":{{"code":"{}",)"
                      R"("message":{{"ko":"안 됩니다","en":"not so"}},"field":null}}}})",
                      asked.text("id"), code),
          mqtt::QoS::at_most_once);
}

void Theatre::event(const std::string& user, const std::string& json) {
  publish(number_of(user), chat::event_topic(user.substr(0, user.find('/'))), json,
          mqtt::QoS::at_least_once);
}

void Theatre::cut(const std::string& user) {
  const ConnectionNumber number = number_of(user);
  peers_[number].decoder = nullptr;
  player.closed(number, now());
}

}  // namespace claims::storm::testing
