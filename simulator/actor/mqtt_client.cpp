#include "simulator/actor/mqtt_client.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocol/mqtt/encoder.h"

namespace claims::storm {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::ReasonCode;
using mqtt::Version;

constexpr std::size_t kSubscribingMax = 16;
constexpr char kDup = 0x08;  // In the first byte of a PUBLISH.

}  // namespace

struct MqttClient::Context {
  const Now& now;
  MqttClientHandler& handler;
  std::string& out;
};

MqttClient::MqttClient(MqttClientConfig config)
    : config_(std::move(config)),
      decoder_(mqtt::Decoder::Side::client, config_.packet_bytes_max, config_.version),
      last_packet_id_(static_cast<std::uint16_t>(config_.first_packet_id - 1)),
      sent_packet_bytes_max_(config_.packet_bytes_max) {
  assert(config_.inflight_max > 0);
  assert(config_.first_packet_id > 0);
  // Packet identifiers must not run out: subscriptions under way need some too.
  assert(config_.unacknowledged_max < 32'768);
}

void MqttClient::connected(const Now& now, std::string& out) {
  assert(state_ == State::offline);
  mqtt::Connect connect{.version = config_.version,
                        .clean_start = config_.clean,
                        .keep_alive_s = config_.keep_alive_s,
                        .client_id = config_.client_id};
  if (!config_.username.empty()) connect.username = config_.username;
  if (!config_.password.empty()) connect.password = config_.password;
  if (config_.version == Version::v5_0) {
    connect.properties.push_back({.id = PropertyId::maximum_packet_size,
                                  .number = static_cast<std::uint32_t>(config_.packet_bytes_max)});
    if (config_.session_expiry_s != 0) {
      connect.properties.push_back(
          {.id = PropertyId::session_expiry_interval, .number = config_.session_expiry_s});
    }
  }
  mqtt::encode(mqtt::Packet(std::move(connect)), config_.version, out);
  state_ = State::connecting;
  last_sent_ = now.steady;
  answer_deadline_ = now.steady + config_.answer_timeout;
}

void MqttClient::received(std::string_view bytes, const Now& now, MqttClientHandler& handler,
                          std::string& out) {
  if (state_ != State::connecting && state_ != State::online) return;
  const Context context{now, handler, out};
  decoder_.feed(bytes);
  // An end inside a callback leaves the rest undecoded; closed() drops it with the decoder.
  while (state_ == State::connecting || state_ == State::online) {
    const auto packet = decoder_.next();
    if (!packet) return;
    if (packet->has_error()) {
      fail(packet->error().what, packet->error().reason, context);
      return;
    }
    take(**packet, context);
  }
}

void MqttClient::closed() {
  for (std::size_t i = 0; i < in_window_; ++i) {
    char& first = unacknowledged_[i].packet.front();
    first = static_cast<char>(first | kDup);
  }
  in_window_ = 0;
  subscribing_ = {};
  ping_unanswered_ = false;
  decoder_ = mqtt::Decoder(mqtt::Decoder::Side::client, config_.packet_bytes_max, config_.version);
  state_ = State::offline;
}

void MqttClient::tick(const Now& now, MqttClientHandler& handler, std::string& out) {
  const Context context{now, handler, out};
  if (state_ == State::connecting && now.steady >= answer_deadline_) {
    fail("no CONNACK in time", ReasonCode::unspecified_error, context);
  }
  if (state_ != State::online) return;
  if (ping_unanswered_ && now.steady >= answer_deadline_) {
    fail("no PINGRESP in time", ReasonCode::keep_alive_timeout, context);
    return;
  }
  const auto due = ping_due();
  if (due && *due <= now.steady) write_ping(now, out);
}

void MqttClient::ping(const Now& now, std::string& out) {
  if (state_ == State::online && !ping_unanswered_) write_ping(now, out);
}

void MqttClient::write_ping(const Now& now, std::string& out) {
  mqtt::encode(mqtt::Packet(mqtt::Pingreq{}), config_.version, out);
  last_sent_ = now.steady;
  if (!ping_unanswered_) answer_deadline_ = now.steady + config_.answer_timeout;
  ping_unanswered_ = true;
}

std::optional<Microseconds> MqttClient::next_deadline() const {
  if (state_ == State::connecting) return answer_deadline_;
  if (state_ != State::online) return std::nullopt;
  const auto due = ping_due();
  if (!ping_unanswered_) return due;
  return due ? std::min(*due, answer_deadline_) : answer_deadline_;
}

/// Three quarters of the keep-alive after the last packet sent: [MQTT-3.1.2-23] wants no more than
/// the whole between two packets, and a tick may be late.
std::optional<Microseconds> MqttClient::ping_due() const {
  if (keep_alive_s_ == 0) return std::nullopt;
  return last_sent_ + Microseconds(std::int64_t{keep_alive_s_} * 750'000);
}

std::optional<std::uint16_t> MqttClient::subscribe(std::vector<mqtt::TopicFilter> filters,
                                                   const Now& now, std::string& out) {
  if (state_ != State::online || subscribing_.size() >= kSubscribingMax) return std::nullopt;
  const std::uint16_t packet_id = next_packet_id();
  subscribing_.push_back({packet_id, static_cast<std::uint16_t>(filters.size()), false});
  mqtt::encode(mqtt::Packet(mqtt::Subscribe{.packet_id = packet_id, .filters = std::move(filters)}),
               config_.version, out);
  last_sent_ = now.steady;
  return packet_id;
}

std::optional<std::uint16_t> MqttClient::unsubscribe(std::vector<std::string_view> filters,
                                                     const Now& now, std::string& out) {
  if (state_ != State::online || subscribing_.size() >= kSubscribingMax) return std::nullopt;
  mqtt::Unsubscribe unsubscribe;
  unsubscribe.packet_id = next_packet_id();
  unsubscribe.filters = std::move(filters);
  const std::uint16_t packet_id = unsubscribe.packet_id;
  subscribing_.push_back({packet_id, static_cast<std::uint16_t>(unsubscribe.filters.size()), true});
  mqtt::encode(mqtt::Packet(std::move(unsubscribe)), config_.version, out);
  last_sent_ = now.steady;
  return packet_id;
}

std::optional<std::uint16_t> MqttClient::publish(std::string_view topic, std::string_view payload,
                                                 QoS qos, const Now& now, std::string& out) {
  return publish({.topic = topic, .payload = payload, .qos = qos}, now, out);
}

std::optional<std::uint16_t> MqttClient::publish(mqtt::Publish publish, const Now& now,
                                                 std::string& out) {
  const QoS qos = publish.qos;
  assert(qos != QoS::exactly_once);
  if (qos == QoS::at_most_once) {
    if (state_ != State::online) return std::nullopt;
    const std::size_t before = out.size();
    mqtt::encode(publish, config_.version, out);
    if (out.size() - before > sent_packet_bytes_max_) {
      out.resize(before);
      return std::nullopt;
    }
    last_sent_ = now.steady;
    return std::uint16_t{0};
  }
  if (unacknowledged_.size() >= config_.unacknowledged_max || qos > qos_max_) return std::nullopt;
  publish.packet_id = next_packet_id();
  std::string packet;
  mqtt::encode(publish, config_.version, packet);
  if (packet.size() > sent_packet_bytes_max_) return std::nullopt;
  unacknowledged_.push_back({publish.packet_id, std::move(packet)});
  if (state_ == State::online) fill_window(now, out);
  return publish.packet_id;
}

std::optional<mqtt::ReasonCode> MqttClient::forbidden(mqtt::Publish publish) const {
  if (publish.retain && !retain_available_) return mqtt::ReasonCode::retain_not_supported;
  if (publish.qos > qos_max_) return mqtt::ReasonCode::qos_not_supported;
  if (publish.qos != QoS::at_most_once) publish.packet_id = 1;
  std::string packet;
  mqtt::encode(publish, config_.version, packet);
  if (packet.size() > sent_packet_bytes_max_) return mqtt::ReasonCode::packet_too_large;
  return std::nullopt;
}

void MqttClient::disconnect(std::string& out) {
  if (state_ == State::online) {
    mqtt::encode(mqtt::Packet(mqtt::Disconnect{}), config_.version, out);
  }
  if (state_ != State::offline) state_ = State::ended;
}

void MqttClient::take(const mqtt::Packet& packet, const Context& context) {
  if (const auto* connack = std::get_if<mqtt::Connack>(&packet)) return take(*connack, context);
  if (state_ == State::connecting) {
    return fail("a packet before CONNACK [MQTT-3.2.0-1]", ReasonCode::protocol_error, context);
  }
  if (const auto* publish = std::get_if<mqtt::Publish>(&packet)) return take(*publish, context);
  if (const auto* puback = std::get_if<mqtt::Puback>(&packet)) return take(*puback, context);
  if (const auto* suback = std::get_if<mqtt::Suback>(&packet)) return take(*suback, context);
  if (const auto* unsuback = std::get_if<mqtt::Unsuback>(&packet)) return take(*unsuback, context);
  if (std::holds_alternative<mqtt::Pingresp>(packet)) {
    ping_unanswered_ = false;
    return;
  }
  if (const auto* disconnect = std::get_if<mqtt::Disconnect>(&packet)) {
    state_ = State::ended;
    context.handler.on_disconnected(disconnect->reason);
    return;
  }
  fail("a packet that answers nothing this client sent", ReasonCode::protocol_error, context);
}

void MqttClient::take(const mqtt::Connack& connack, const Context& context) {
  if (state_ == State::online) {
    return fail("a second CONNACK", ReasonCode::protocol_error, context);
  }
  if (connack.reason != ReasonCode::success) {
    state_ = State::ended;
    context.handler.on_refused(connack.reason);
    return;
  }
  if (connack.session_present && config_.clean) {
    return fail("session present after a clean start [MQTT-3.2.2-1]", ReasonCode::protocol_error,
                context);
  }
  adopt(connack);
  forget(connack.session_present, context.handler);
  state_ = State::online;
  context.handler.on_connected(connack.session_present);
  // After the callback, so that subscriptions go before the publishes that waited.
  if (state_ == State::online) fill_window(context.now, context.out);
}

/// What the server says of itself (5.0 section 3.2.2.3) holds for this connection.
void MqttClient::adopt(const mqtt::Connack& connack) {
  const auto& properties = connack.properties;
  const auto narrow = [&properties](PropertyId id, std::uint16_t otherwise) {
    return static_cast<std::uint16_t>(mqtt::number_or(properties, id, otherwise));
  };
  keep_alive_s_ = narrow(PropertyId::server_keep_alive, config_.keep_alive_s);
  window_ = std::min(config_.inflight_max, narrow(PropertyId::receive_maximum, 65'535));
  qos_max_ = static_cast<QoS>(mqtt::number_or(properties, PropertyId::maximum_qos, 1));
  retain_available_ = mqtt::number_or(properties, PropertyId::retain_available, 1) != 0;
  sent_packet_bytes_max_ = std::min<std::size_t>(
      config_.packet_bytes_max,
      mqtt::number_or(properties, PropertyId::maximum_packet_size, 0xFFFF'FFFF));
  if (const auto* id = mqtt::find(properties, PropertyId::assigned_client_identifier)) {
    config_.client_id = id->text;
  }
}

void MqttClient::forget(bool session_present, MqttClientHandler& handler) {
  std::vector<Unacknowledged> kept;
  std::vector<Unacknowledged> all = std::exchange(unacknowledged_, {});
  std::vector<std::uint16_t> forgotten;
  for (Unacknowledged& one : all) {
    const bool was_sent = (one.packet.front() & kDup) != 0;
    const bool keep = (session_present || !was_sent) && qos_max_ != QoS::at_most_once &&
                      one.packet.size() <= sent_packet_bytes_max_;
    if (keep) {
      kept.push_back(std::move(one));
    } else {
      forgotten.push_back(one.packet_id);
    }
  }
  unacknowledged_ = std::move(kept);
  for (const std::uint16_t packet_id : forgotten) handler.on_forgotten(packet_id);
}

void MqttClient::take(const mqtt::Publish& publish, const Context& context) {
  if (publish.qos == QoS::exactly_once) {
    return fail("a PUBLISH with QoS 2, which was not subscribed", ReasonCode::protocol_error,
                context);
  }
  if (mqtt::find(publish.properties, PropertyId::topic_alias) != nullptr) {
    return fail("a topic alias, of which this client takes none [MQTT5-3.1.2-26]",
                ReasonCode::topic_alias_invalid, context);
  }
  context.handler.on_publish(publish);
  if (publish.qos == QoS::at_most_once || state_ != State::online) return;
  mqtt::Puback puback;
  puback.packet_id = publish.packet_id;
  mqtt::encode(puback, config_.version, context.out);
  last_sent_ = context.now.steady;
}

void MqttClient::take(const mqtt::Puback& puback, const Context& context) {
  const auto end = unacknowledged_.begin() + static_cast<std::ptrdiff_t>(in_window_);
  const auto found = std::find_if(
      unacknowledged_.begin(), end,
      [&puback](const Unacknowledged& one) { return one.packet_id == puback.packet_id; });
  if (found == end) {
    return fail("a PUBACK for a publish that was not sent", ReasonCode::protocol_error, context);
  }
  unacknowledged_.erase(found);
  --in_window_;
  // A burst's memory is not kept by a user that is idle again.
  if (unacknowledged_.empty() && unacknowledged_.capacity() > 8) unacknowledged_ = {};
  context.handler.on_published(puback.packet_id, puback.reason);
  if (state_ == State::online) fill_window(context.now, context.out);
}

void MqttClient::take(const mqtt::Suback& suback, const Context& context) {
  const auto found = find_subscribing(suback.packet_id, false);
  if (found == subscribing_.end()) {
    return fail("a SUBACK for a SUBSCRIBE that was not sent", ReasonCode::protocol_error, context);
  }
  if (found->filters != suback.reasons.size()) {
    return fail("a SUBACK with another number of answers than filters [MQTT-3.8.4-5]",
                ReasonCode::protocol_error, context);
  }
  subscribing_.erase(found);
  if (subscribing_.empty()) subscribing_ = {};
  context.handler.on_subscribed(suback.packet_id, suback.reasons);
}

void MqttClient::take(const mqtt::Unsuback& unsuback, const Context& context) {
  const auto found = find_subscribing(unsuback.packet_id, true);
  if (found == subscribing_.end()) {
    return fail("an UNSUBACK for an UNSUBSCRIBE that was not sent", ReasonCode::protocol_error,
                context);
  }
  // In 3.1.1 it carries no answers.
  const bool told = config_.version == Version::v5_0;
  if (told && found->filters != unsuback.reasons.size()) {
    return fail("an UNSUBACK with another number of answers than filters [MQTT5-3.11.3-1]",
                ReasonCode::protocol_error, context);
  }
  subscribing_.erase(found);
  if (subscribing_.empty()) subscribing_ = {};
  context.handler.on_unsubscribed(unsuback.packet_id,
                                  told ? unsuback.reasons.front() : ReasonCode::success);
}

std::vector<MqttClient::Subscribing>::iterator MqttClient::find_subscribing(std::uint16_t packet_id,
                                                                            bool unsubscribe) {
  return std::find_if(subscribing_.begin(), subscribing_.end(), [&](const Subscribing& one) {
    return one.packet_id == packet_id && one.unsubscribe == unsubscribe;
  });
}

void MqttClient::fill_window(const Now& now, std::string& out) {
  while (in_window_ < unacknowledged_.size() && in_window_ < window_) {
    out.append(unacknowledged_[in_window_].packet);
    ++in_window_;
    last_sent_ = now.steady;
  }
}

void MqttClient::fail(std::string_view why, ReasonCode reason, const Context& context) {
  // Only 5.0 tells the server why [MQTT5-4.13.1-1].
  if (state_ == State::online && config_.version == Version::v5_0) {
    const bool allowed = reason != ReasonCode::keep_alive_timeout;  // A server's reason alone.
    mqtt::encode(
        mqtt::Packet(mqtt::Disconnect{.reason = allowed ? reason : ReasonCode::unspecified_error}),
        config_.version, context.out);
  }
  state_ = State::ended;
  context.handler.on_failed(why);
}

std::uint16_t MqttClient::next_packet_id() {
  do {
    last_packet_id_ = last_packet_id_ == 65'535 ? std::uint16_t{1}
                                                : static_cast<std::uint16_t>(last_packet_id_ + 1);
  } while (in_use(last_packet_id_));
  return last_packet_id_;
}

bool MqttClient::in_use(std::uint16_t packet_id) const {
  const auto has_id = [packet_id](const auto& one) { return one.packet_id == packet_id; };
  return std::any_of(unacknowledged_.begin(), unacknowledged_.end(), has_id) ||
         std::any_of(subscribing_.begin(), subscribing_.end(), has_id);
}

}  // namespace claims::storm
