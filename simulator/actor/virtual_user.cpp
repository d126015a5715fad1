#include "simulator/actor/virtual_user.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cassert>
#include <utility>

#include "protocol/chat/topics.h"
#include "protocol/limits.h"
#include "simulator/actor/json_member.h"
#include "simulator/actor/virtual_user_input.h"
#include "simulator/check/open_topics_checker.h"
#include "simulator/limits.h"
#include "simulator/scenario/open_topic.h"

namespace claims::storm {
namespace {

constexpr Microseconds kBackOffMin{100'000}, kBackOffMax{5'000'000};

/// Refusals that may end: the server is starting, stopping, or has too much to do.
bool may_pass(mqtt::ReasonCode reason) {
  return reason == mqtt::ReasonCode::server_unavailable ||
         reason == mqtt::ReasonCode::server_busy ||
         reason == mqtt::ReasonCode::server_shutting_down ||
         reason == mqtt::ReasonCode::connection_rate_exceeded;
}

std::string connect_refusal(mqtt::ReasonCode reason) {
  const bool token = reason == mqtt::ReasonCode::bad_user_name_or_password ||
                     reason == mqtt::ReasonCode::not_authorized;
  return fmt::format("CONNECT was refused with reason 0x{:02x}{}", static_cast<unsigned>(reason),
                     token ? " (user name or token refused; population and server must have the "
                             "same directory and key, and whom an earlier run retired there is "
                             "refused for good)"
                           : "");
}

/// For a person to recognise what speaks there.
std::string beginning(std::string_view bytes) {
  constexpr std::size_t kShown = 32;
  std::string text;
  for (const char c : bytes.substr(0, kShown)) {
    const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    text += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

/// What a server that reads as much as it can takes for the id.
std::string readable_id(std::string_view payload) {
  if (payload.size() > claims::limits::kCommandBytesMax) return {};
  boost::system::error_code error;
  const Value value = boost::json::parse({payload.data(), payload.size()}, error);
  return error ? std::string() : std::string(text_member(value, "id"));
}

}  // namespace

VirtualUser::VirtualUser(UserShared& shared, ConnectionNumber connection, const Person& person,
                         Device device, SessionNumber session, Random random)
    : shared_(shared),
      person_(person),
      connection_(connection),
      session_(session),
      device_(device),
      random_(random),
      client_(make_client()) {}

/// For a session that begins anew. A clean one leaves nothing after its connection, so neither does
/// its client.
MqttClient VirtualUser::make_client() const {
  std::string client_id = "storm-" + person_.id;  // Other servers know a session by it alone.
  if (device_ != Device::pc) client_id += fmt::format("-{}", to_string(device_));
  return MqttClient({.version = shared_.version,
                     .client_id = std::move(client_id),
                     .username = person_.id,
                     .password = person_.token,
                     .session_expiry_s = kept_ ? kept_->expiry_s : 0,
                     .keep_alive_s = shared_.keep_alive_s,
                     .first_packet_id = shared_.first_packet_id});
}

void VirtualUser::open(const Turn& turn) {
  const Input input(*this, turn);
  assert(state_ == State::idle || state_ == State::waiting);
  state_ = State::opening;
  opened_at_ = turn.handled;
  open_ = true;
}

void VirtualUser::opened(const Turn& turn) {
  const Input input(*this, turn);
  if (state_ != State::opening) return;
  state_ = State::greeting;
  if (shared_.mix_sessions && !ever_ready_ && !kept_) kept_ = draw_kept_session(random_);
  if (kept_ && kept_->stands() && !waits_for_sync()) {
    client_.closed();
  } else {
    client_ = make_client();
    if (kept_) kept_->subscribed = false;
    for (Request& request : requests_) request.packet_id = 0;
    if (open_topics_) open_topics_->forget_packets();
  }
  if (kept_) kept_->unanswered = true;
  shared_.auditor.connecting(session_);
  connect_sent_ = turn.handled;
  client_.connected(now(), output_);
}

void VirtualUser::open_failed(const Turn& turn) {
  const Input input(*this, turn);
  if (state_ == State::opening || state_ == State::greeting) lose(false);
}

void VirtualUser::received(std::string_view bytes, const Turn& turn) {
  const Input input(*this, turn);
  if (state_ != State::greeting && state_ != State::ready) return;
  shared_.auditor.received(session_, bytes.size());
  taking_ = bytes;
  client_.received(bytes, now(), *this, output_);
  taking_ = {};
}

void VirtualUser::closed(const Turn& turn) {
  const Input input(*this, turn);
  if (state_ == State::opening || state_ == State::greeting || state_ == State::ready) lose(false);
}

void VirtualUser::tick(const Turn& turn) {
  const Input input(*this, turn);
  if (state_ == State::waiting && reconnect_at_ <= turn.handled) open(turn);
  if ((state_ == State::opening || state_ == State::greeting) &&
      turn.handled >= opened_at_ + limits::kConnectTimeout) {
    shared_.handler.user_put_off(
        *this, state_ == State::opening ? "no connection in time" : "no CONNACK in time", turn);
    lose(true);
  }
  expire_requests();
  if (state_ != State::greeting && state_ != State::ready) return;
  ticking_ = true;
  client_.tick(now(), *this, output_);
  ticking_ = false;
}

void VirtualUser::leave(const Turn& turn) {
  const Input input(*this, turn);
  if (state_ == State::ready) {
    shared_.auditor.connection_lost(session_, now());
    shared_.recorder.connected(-1, turn.handled);
  }
  client_.disconnect(output_);
  if (state_ == State::opening || state_ == State::greeting || state_ == State::ready) {
    close_ = true;
  }
  open_ = false;
  state_ = State::gone;
  waiting_.clear();
  requests_.clear();
}

void VirtualUser::send(NewRequest request, const Turn& turn) {
  assert(can_send());
  const Input input(*this, turn);
  const bool raw = request.raw.has_value();
  std::string id = raw ? readable_id(*request.raw) : next_id(request);
  std::string payload;
  if (raw) {
    payload = std::move(*request.raw);
  } else {
    request.body["id"] = id;
    payload = boost::json::serialize(request.body);
  }
  const std::uint16_t packet_id = publish(payload);
  if (request.owner.audited()) {
    shared_.auditor.sent(session_, {.id = id,
                                    .type = request.type,
                                    .read = request.read,
                                    .body = raw ? nullptr : &request.body,
                                    .step = request.step,
                                    .intended = request.intended,
                                    .sent = turn.handled,
                                    .held_until = request.held_until});
  }
  const Microseconds deadline = turn.handled + limits::kReplyTimeout;
  requests_.push_back({std::move(id), request.owner, deadline, request.read, false,
                       std::move(payload), packet_id, raw});
  if (!shared_.patient) return;
  if (request.owner.kind != RequestOwner::Kind::history) requests_.back().patience_ends = deadline;
  remember(requests_.back());
}

void VirtualUser::probe(const Turn& turn) {
  if (state_ != State::ready) return;
  const Input input(*this, turn);
  client_.ping(now(), output_);
}

void VirtualUser::on_connected(bool session_present) {
  if (kept_) kept_->unanswered = false;
  if (session_present) return be_ready(true);
  if (kept_) {
    if (kept_->must_be_there()) {
      shared_.auditor.malformed(session_, "CONNACK", "no session, though it was to be kept");
    }
    kept_->subscribed = false;
  }
  const std::string events = chat::event_topic(person_.id);
  const std::string replies = chat::reply_topic(person_.id);
  client_.subscribe({{.filter = events, .qos = mqtt::QoS::at_least_once},
                     {.filter = replies, .qos = kept_ ? kept_->replies : mqtt::QoS::at_most_once}},
                    now(), output_);
}

void VirtualUser::on_refused(mqtt::ReasonCode reason) {
  if (may_pass(reason)) {
    shared_.handler.user_put_off(*this, connect_refusal(reason), turn());
    lose(true);
  } else {
    turn_away(reason, connect_refusal(reason));
  }
}

void VirtualUser::on_subscribed(std::uint16_t packet_id,
                                const std::vector<mqtt::ReasonCode>& reasons) {
  if (open_answered(packet_id, OpenStep::Kind::subscribe, reasons.front())) return;
  const auto failed = [](mqtt::ReasonCode reason) { return static_cast<unsigned>(reason) >= 0x80; };
  if (std::any_of(reasons.begin(), reasons.end(), failed)) {
    refuse("SUBSCRIBE to its own evt and reply topics was refused");
    return;
  }
  if (kept_) {
    kept_->subscribed = true;
    client_.keep_session();
  }
  be_ready(false);
}

/// `resumed`: the server kept the session, and goes on where it was.
void VirtualUser::be_ready(bool resumed) {
  state_ = State::ready;
  ever_ready_ = true;
  attempts_ = 0;
  shared_.recorder.connected(+1, turn().handled);
  shared_.recorder.record(Figure::connect, {opened_at_, opened_at_, turn().handled});
  shared_.auditor.open_topics().connected(session_, resumed, connect_sent_, turn().handled);
  if (resumed) {
    shared_.auditor.resumed(session_, now());
    ask_again(true);
  } else {
    shared_.auditor.subscribed(session_, now());
    catch_up();
  }
  go_on_open(resumed);
  shared_.handler.user_ready(*this, turn());
}

void VirtualUser::on_publish(const mqtt::Publish& message) {
  const std::string_view topic = message.topic;
  if (topic == chat::event_topic(person_.id)) {
    take_event(message.payload);
  } else if (topic == chat::reply_topic(person_.id)) {
    take_reply(message.payload);
  } else if (const auto instance = open_instance_of(shared_.instance, topic)) {
    take_open(InstanceNumber{*instance}, message);
  } else {
    shared_.auditor.malformed(session_, topic, message.payload);
  }
}

void VirtualUser::take_event(std::string_view payload) {
  const Value* value = shared_.reader.read(payload);
  if (value == nullptr || !value->is_object()) {
    shared_.auditor.malformed(session_, chat::event_topic(person_.id), payload);
    return;
  }
  shared_.auditor.event(session_, value->get_object(), turn());
  // A read receipt is no event of the room: it moves no cursor, and comes never again.
  const bool receipt = text_member(*value, "type") == "read";
  if (receipt) return shared_.handler.user_event(*this, *value, payload, turn());
  if (syncing_) return;
  if (kept_ && kept_->came_before(*value)) return;
  if (const auto cursor = text_member(*value, "cursor"); !cursor.empty()) {
    cursor_ = cursor;
  }
  shared_.handler.user_event(*this, *value, payload, turn());
}

void VirtualUser::on_published(std::uint16_t packet_id, mqtt::ReasonCode reason) {
  if (open_answered(packet_id, OpenStep::Kind::publish, reason)) return;
  // The outcome is in the reply; a refusal without one shows as its time-out.
  on_forgotten(packet_id);
  send_open();  // There is room for it now.
}

void VirtualUser::on_forgotten(std::uint16_t packet_id) {
  for (Request& request : requests_) {
    if (request.packet_id == packet_id) request.packet_id = 0;
  }
  if (!open_topics_) return;
  const auto found = open_topics_->find(packet_id, OpenStep::Kind::publish);
  if (found != open_topics_->outstanding.end()) found->packet_id = 0;
}

void VirtualUser::on_disconnected(mqtt::ReasonCode reason) {
  // What the server will not take back must not be tried for ever: an expired token, a takeover.
  // Where faults are expected, it is the user itself that took its session over.
  const bool taken_over = reason == mqtt::ReasonCode::session_taken_over && !shared_.patient;
  // Who has retired comes again all the same, to be refused.
  const bool shut_out =
      reason == mqtt::ReasonCode::not_authorized && !shared_.auditor.may_have_retired(session_);
  if (shut_out || taken_over) {
    turn_away(reason, fmt::format("the server ended the session with reason 0x{:02x}",
                                  static_cast<unsigned>(reason)));
  } else {
    if (reason == mqtt::ReasonCode::not_authorized) shared_.auditor.shown_out(session_);
    lose(true);
  }
}

void VirtualUser::on_failed(std::string_view why) {
  if (state_ == State::greeting && !ever_ready_ && !ticking_) {
    refuse(fmt::format("what answered is no MQTT ({}); it began with \"{}\"", why,
                       beginning(taking_)));
    return;
  }
  // On a tick it is a missing answer; on bytes the server broke the protocol.
  if (!ticking_) shared_.auditor.malformed(session_, "MQTT", why);
  lose(true);
}

void VirtualUser::lose(bool close) {
  const bool was_ready = state_ == State::ready;
  syncing_ = false;
  if (!close) output_.clear();
  open_ = false;
  close_ = close_ || close;
  state_ = State::waiting;
  const Microseconds whole =
      std::min(kBackOffMax, kBackOffMin * (1U << std::min<unsigned>(attempts_, 6)));
  if (attempts_ < 255) ++attempts_;
  const auto half = static_cast<std::uint64_t>(whole.count() / 2);
  const std::uint64_t jitter = random_.below(half + 1);
  reconnect_at_ = turn().handled + Microseconds(static_cast<std::int64_t>(half + jitter));
  if (!was_ready) return;
  ++losses_;
  shared_.auditor.connection_lost(session_, now());
  shared_.auditor.open_topics().connection_lost(session_);
  shared_.recorder.connected(-1, turn().handled);
  shared_.handler.user_lost(*this, turn());
}

void VirtualUser::knock(const Turn& turn) {
  if (state_ != State::gone) return;
  state_ = State::waiting;
  open(turn);
}

void VirtualUser::refuse(const std::string& why) {
  lose(true);
  state_ = State::gone;
  shared_.handler.user_refused(*this, why, turn());
}

void VirtualUser::touch() {
  if (touched_) return;
  touched_ = true;
  shared_.touched.push_back(this);
}

VirtualUser::Output VirtualUser::take_output() {
  return {std::exchange(open_, false), std::exchange(output_, {}), std::exchange(close_, false)};
}

std::optional<Microseconds> VirtualUser::next_deadline() const {
  if (state_ == State::gone) return std::nullopt;
  std::optional<Microseconds> next;
  const auto add = [&](Microseconds at) { next = next ? std::min(*next, at) : at; };
  if (state_ == State::greeting || state_ == State::ready) next = client_.next_deadline();
  if (state_ == State::waiting) add(reconnect_at_);
  if (state_ == State::opening || state_ == State::greeting) {
    add(opened_at_ + limits::kConnectTimeout);
  }
  for (const Request& request : requests_) {
    if (!request.given_up && !request.late) add(request.deadline);
    if (state_ == State::ready && request.patience_ends) add(*request.patience_ends);
  }
  if (const auto ends = open_patience_ends()) add(*ends);
  return next;
}

Inbox& VirtualUser::inbox() {
  if (!inbox_) inbox_ = std::make_unique<Inbox>();
  return *inbox_;
}

}  // namespace claims::storm
