#include "tests/fuzz/client_model.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "protocol/limits.h"
#include "protocol/mqtt/encoder.h"
#include "tests/fuzz/oracle.h"

namespace claims::fuzz {
namespace {

using mqtt::Decoder;
using mqtt::QoS;

/// "0:<position>" at the end of an event; nothing for read receipts.
std::optional<std::uint64_t> cursor_of(std::string_view event) {
  constexpr std::string_view kKey = R"("cursor":"0:)";
  const std::size_t at = event.rfind(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t cursor = 0;
  std::from_chars(event.data() + at + kKey.size(), event.data() + event.size(), cursor);
  return cursor;
}

}  // namespace

ClientModel::ClientModel(std::uint64_t number, std::uint16_t window_max, Sessions& sessions)
    : number_(number),
      window_max_(window_max),
      sessions_(sessions),
      to_server_(Decoder::Side::server, limits::kPacketBytesMax),
      to_client_(Decoder::Side::client, limits::kPacketBytesMax) {}

void ClientModel::sent(std::string_view bytes) {
  if (broken_) return;
  to_server_.feed(bytes);
  while (auto packet = to_server_.next()) {
    if (packet->has_error()) return broken();
    if (broken_) return;
    on_sent(**packet);
  }
}

/// A CONNECT that does not decode may be refused, in its own version.
void ClientModel::broken() {
  broken_ = true;
  if (asked_) return;
  asked_ = true;
  version_ = to_server_.version();
  to_client_ = Decoder(Decoder::Side::client, limits::kPacketBytesMax, version_);
}

void ClientModel::on_sent(const mqtt::Packet& packet) {
  if (const auto* connect = std::get_if<mqtt::Connect>(&packet)) return on_connect(*connect);
  if (!asked_) {
    broken_ = true;
  } else if (const auto* publish = std::get_if<mqtt::Publish>(&packet)) {
    on_publish_sent(*publish);
  } else if (const auto* puback = std::get_if<mqtt::Puback>(&packet)) {
    std::erase(open_, puback->packet_id);
  } else if (const auto* subscribe = std::get_if<mqtt::Subscribe>(&packet)) {
    ++subscribed_;
    subscribing_.insert(subscribe->packet_id);
    for (const mqtt::TopicFilter& filter : subscribe->filters) {
      own_.insert_or_assign(std::string(filter.filter), subscribed_);
      sessions_[key_].insert_or_assign(std::string(filter.filter), subscribed_);
    }
  } else if (const auto* unsubscribe = std::get_if<mqtt::Unsubscribe>(&packet)) {
    Unsubscribed& one = unsubscribing_.emplace_back();
    one.packet_id = unsubscribe->packet_id;
    one.number = ++subscribed_;
    for (const std::string_view filter : unsubscribe->filters) one.filters.emplace_back(filter);
  } else if (std::holds_alternative<mqtt::Pingreq>(packet)) {
    ++pings_;
  } else {
    broken_ = true;  // DISCONNECT, or what the server does not take.
  }
}

void ClientModel::on_connect(const mqtt::Connect& connect) {
  if (asked_) {
    broken_ = true;
    return;
  }
  asked_ = true;
  version_ = connect.version;
  to_client_ = Decoder(Decoder::Side::client, limits::kPacketBytesMax, version_);
  key_ = {std::string(connect.username.value_or("")), std::string(connect.client_id)};
  if (key_.second.empty()) key_.second = "?" + std::to_string(number_);
  const auto number = [&](mqtt::PropertyId id, std::uint32_t otherwise) {
    return mqtt::number_or(connect.properties, id, otherwise);
  };
  window_ = std::min<std::size_t>(window_max_, number(mqtt::PropertyId::receive_maximum, 65'535));
  packet_bytes_max_ =
      number(mqtt::PropertyId::maximum_packet_size, std::numeric_limits<std::uint32_t>::max());
}

void ClientModel::on_publish_sent(const mqtt::Publish& publish) {
  if (publish.payload.find(R"("sync")") != std::string_view::npos) moved_ = true;
  if (publish.qos == QoS::at_most_once) return;
  const bool again = std::ranges::find(unanswered_, publish.packet_id) != unanswered_.end();
  if (publish.qos == QoS::exactly_once) {
    broken_ = true;
  } else if (!again) {
    unanswered_.push_back(publish.packet_id);
  } else if (version_ == mqtt::Version::v5_0 || !publish.dup) {
    broken_ = true;  // 3.1.1 alone lets it send the same again on the same connection.
  }
}

void ClientModel::received(std::string_view bytes) {
  require(bytes.empty() || asked_, "bytes before any CONNECT");
  to_client_.feed(bytes);
  while (auto packet = to_client_.next()) {
    require(packet->has_value(), "the server's bytes do not decode:",
            packet->has_error() ? packet->error().what : std::string_view());
    require(!over_, "a packet after a refusal or a DISCONNECT");
    check_size(**packet);
    on_received(**packet);
  }
}

void ClientModel::check_size(const mqtt::Packet& packet) const {
  std::string bytes;
  mqtt::encode(packet, version_, bytes);
  const auto* connack = std::get_if<mqtt::Connack>(&packet);
  if (connack != nullptr && connack->reason != mqtt::ReasonCode::success) return;
  require(bytes.size() <= packet_bytes_max_, "a packet larger than the client takes");
}

void ClientModel::on_received(const mqtt::Packet& packet) {
  if (const auto* connack = std::get_if<mqtt::Connack>(&packet)) return on_connack(*connack);
  require(connected_, "a packet before CONNACK, of kind", std::to_string(packet.index()));
  if (const auto* publish = std::get_if<mqtt::Publish>(&packet)) {
    on_publish(*publish);
  } else if (const auto* puback = std::get_if<mqtt::Puback>(&packet)) {
    answered(puback->packet_id);
  } else if (const auto* suback = std::get_if<mqtt::Suback>(&packet)) {
    const auto found = subscribing_.find(suback->packet_id);
    require(found != subscribing_.end(), "a SUBACK that answers nothing");
    subscribing_.erase(found);
  } else if (const auto* unsuback = std::get_if<mqtt::Unsuback>(&packet)) {
    on_unsuback(unsuback->packet_id);
  } else if (std::holds_alternative<mqtt::Pingresp>(packet)) {
    require(pings_ > 0, "a PINGRESP that answers nothing");
    --pings_;
  } else {
    require(std::holds_alternative<mqtt::Disconnect>(packet) && version_ == mqtt::Version::v5_0,
            "a packet that no server sends here");
    over_ = true;
  }
}

void ClientModel::on_connack(const mqtt::Connack& connack) {
  require(!connected_, "a second CONNACK");
  if (connack.reason != mqtt::ReasonCode::success) {
    require(!connack.session_present, "refused, with a session");
    over_ = true;
    return;
  }
  connected_ = true;
  present_ = connack.session_present;
  if (!present_) sessions_[key_] = own_;
}

void ClientModel::on_publish(const mqtt::Publish& publish) {
  const Topics& topics = sessions_[key_];
  require(topics.contains(publish.topic), "a delivery without a subscription:", publish.topic);
  require(publish.payload.starts_with(R"({"type":")") && publish.payload.ends_with("}"),
          "a delivery that is no object:", publish.payload);
  require(publish.qos != QoS::exactly_once && !publish.retain, "a delivery as none is sent");
  if (const auto cursor = cursor_of(publish.payload); cursor && publish.topic.ends_with("/evt")) {
    require(moved_ || *cursor > last_cursor_, "events out of order:", publish.payload);
    last_cursor_ = *cursor;
  }
  if (publish.qos == QoS::at_most_once) return;
  require(std::ranges::find(open_, publish.packet_id) == open_.end(),
          "a packet identifier that is in use");
  open_.push_back(publish.packet_id);
  require(open_.size() <= window_, "more deliveries open than the window takes");
}

void ClientModel::answered(std::uint16_t packet_id) {
  require(!unanswered_.empty(), "a PUBACK that answers nothing");
  require(unanswered_.front() == packet_id, "PUBACKs out of order");
  unanswered_.pop_front();
}

void ClientModel::on_unsuback(std::uint16_t packet_id) {
  const auto found = std::ranges::find(unsubscribing_, packet_id, &Unsubscribed::packet_id);
  require(found != unsubscribing_.end(), "an UNSUBACK that answers nothing");
  for (const std::string& filter : found->filters) {
    for (Topics* topics : {&own_, &sessions_[key_]}) {
      const auto topic = topics->find(filter);
      if (topic != topics->end() && topic->second < found->number) topics->erase(topic);
    }
  }
  unsubscribing_.erase(found);
}

bool ClientModel::is_served() const {
  if (broken_ || over_ || !asked_) return true;
  return connected_ && unanswered_.empty() && subscribing_.empty() && unsubscribing_.empty() &&
         pings_ == 0;
}

}  // namespace claims::fuzz
