// Open topics: what clients send each other.

#include <algorithm>
#include <utility>

#include "protocol/mqtt/utf8.h"
#include "reference-server/broker/broker_impl.h"

namespace claims::server {
namespace {

using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::ReasonCode;

using Identifiers = std::span<const std::uint32_t>;

Microseconds seconds(std::uint32_t count) {
  return Microseconds{std::int64_t{count} * 1'000'000};
}

/// What is left, in whole seconds begun: the waiting counts by whole seconds [MQTT-3.3.2-6].
std::uint32_t seconds_left(Microseconds expires_at, Microseconds now) {
  const Microseconds left = std::max(expires_at - now, Microseconds{0});
  return static_cast<std::uint32_t>((left.count() + 999'999) / 1'000'000);
}

bool is_online(const Session& session) {
  return session.connection != nullptr && session.connection->state != Connection::State::closing;
}

OutgoingMessage outgoing(SharedMessage message, QoS qos, bool retain, Identifiers identifiers) {
  return {std::move(message), {identifiers.begin(), identifiers.end()}, qos, retain};
}

/// Keeps the sum over all sessions.
class Recount {
 public:
  Recount(std::size_t& total, const OutgoingMessages& messages)
      : total_(total), messages_(messages), before_(messages.bytes()) {}
  ~Recount() { total_ += messages_.bytes() - before_; }
  Recount(const Recount&) = delete;
  Recount& operator=(const Recount&) = delete;

 private:
  std::size_t& total_;
  const OutgoingMessages& messages_;
  std::size_t before_;
};

}  // namespace

Publisher Broker::Impl::publisher_of(const Session& session) {
  return {session.state.key.user, session.state.key.client_id};
}

OpenSession& Broker::Impl::open_of(Session& session) {
  if (!session.open) session.open = std::make_unique<OpenSession>();
  return *session.open;
}

// Publishing.

ReasonCode Broker::Impl::take_open(const Session& session, const mqtt::Publish& packet) {
  MessageView view{.topic = packet.topic,
                   .payload = packet.payload,
                   .qos = packet.qos,
                   .retain = packet.retain,
                   .publisher = publisher_of(session)};
  if (!packet.properties.empty()) {
    const bool text =
        mqtt::number_or(packet.properties, PropertyId::payload_format_indicator, 0) == 1;
    if (text && mqtt::check_utf8(packet.payload) == mqtt::Utf8::ill_formed) {
      return ReasonCode::payload_format_invalid;  // 5.0 section 3.3.2.3.2
    }
    if (const auto* expiry = mqtt::find(packet.properties, PropertyId::message_expiry_interval)) {
      view.expires_at = now.steady + seconds(expiry->number);
    }
    forwarded.clear();
    mqtt::write_forwarded_properties(packet.properties, forwarded);
    view.properties = forwarded;
  }
  MessageOnItsWay message(view);
  if (packet.retain && !open.retained.put(message, now.steady)) {
    ++counts.messages_dropped_total;
    // Who can be told is told, and it counts as not published.
    const bool told =
        packet.qos != QoS::at_most_once && session.connection->version == mqtt::Version::v5_0;
    if (told) return ReasonCode::quota_exceeded;
  }
  return route(message) ? ReasonCode::success : ReasonCode::no_matching_subscribers;
}

bool Broker::Impl::route(MessageOnItsWay& message) {
  const std::span<const Receiver> receivers = open.find_receivers(message.view());
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    const Receiver& one = receivers[i];
    // [MQTT-3.3.1-12, -13]
    const bool retain = message.view().retain && one.retain_as_published;
    deliver_open(*one.session, message, std::min(message.view().qos, one.qos), retain,
                 open.identifiers_of(i));
  }
  return !receivers.empty();
}

// Subscribing.

Broker::Impl::OpenSubscription Broker::Impl::subscribe_open(Session& session,
                                                            const mqtt::TopicFilter& filter,
                                                            std::uint32_t identifier) {
  std::vector<std::string>& filters = open_of(session).filters;
  const bool fresh = std::ranges::find(filters, filter.filter) == filters.end();
  const bool full = filters.size() >= config.open_topics.subscriptions_per_session_max ||
                    open.subscriptions.size() >= config.open_topics.subscriptions_max;
  if (fresh && full) return {ReasonCode::quota_exceeded, false};
  if (fresh) filters.emplace_back(filter.filter);
  open.subscriptions.add(filter.filter, session,
                         {.qos = filter.qos,
                          .no_local = filter.no_local,
                          .retain_as_published = filter.retain_as_published,
                          .identifier = identifier});
  return {static_cast<ReasonCode>(filter.qos), fresh};
}

bool Broker::Impl::unsubscribe_open(Session& session, std::string_view filter) {
  if (!session.open) return false;
  std::vector<std::string>& filters = session.open->filters;
  const auto place = std::ranges::find(filters, filter);
  if (place == filters.end()) return false;
  filters.erase(place);
  open.subscriptions.remove(filter, session);
  return true;
}

void Broker::Impl::leave_open_topics(Session& session) {
  open_offline.erase({session.offline_since, session.id});
  if (!session.open) return;
  for (const std::string& filter : session.open->filters) {
    open.subscriptions.remove(filter, session);
  }
  session.open->filters.clear();
  const Recount recount(open.queued_bytes, session.open->outgoing);
  session.open->outgoing.connection_lost(false);
}

/// [MQTT-3.3.1-8]: they say that they are retained, whatever the subscription asks.
void Broker::Impl::send_retained(Session& session, const mqtt::TopicFilter& filter,
                                 std::uint32_t identifier) {
  const Identifiers identifiers(&identifier, identifier == 0 ? 0 : 1);
  for (const SharedMessage& retained : open.retained.match(filter.filter, now.steady)) {
    MessageOnItsWay message(retained);
    if (filter.no_local && message.view().publisher.is(session.state.key)) continue;
    deliver_open(session, message, std::min(filter.qos, message.view().qos), true, identifiers);
  }
}

// Delivering.

void Broker::Impl::deliver_open(Session& session, MessageOnItsWay& message, QoS qos, bool retain,
                                Identifiers identifiers) {
  const OutgoingMessages& waiting = session.open->outgoing;
  if (!is_online(session)) {
    // QoS 0 is not kept for who is away (5.0 section 4.1).
    const bool kept = qos != QoS::at_most_once && session.state.expiry_s != 0;
    if (kept) queue_open(session, message, qos, retain, identifiers);
    return;
  }
  const Connection& connection = *session.connection;
  const bool room = qos == QoS::at_most_once
                        ? waiting.queued_at_most_once() == 0
                        : waiting.queued() == 0 && !waiting.must_send_again() &&
                              session.in_flight() < connection.window;
  if (room && takes_events(connection)) {
    send_open(session, message, qos, retain, identifiers);
  } else {
    queue_open(session, message, qos, retain, identifiers);
  }
}

void Broker::Impl::queue_open(Session& session, MessageOnItsWay& message, QoS qos, bool retain,
                              Identifiers identifiers) {
  OutgoingMessages& waiting = session.open->outgoing;
  const Recount recount(open.queued_bytes, waiting);
  OutgoingMessage one = outgoing(message.shared(), qos, retain, identifiers);
  const auto full = [&] {
    return waiting.queued() >= config.open_topics.queue_messages_max ||
           waiting.bytes() + one.bytes() > config.open_topics.queue_bytes_max ||
           open.queued_bytes + one.bytes() > config.open_topics.queue_bytes_total_max;
  };
  while (full() && waiting.queued() > 0 && waiting.front().message->expired(now.steady)) {
    waiting.take();
  }
  if (full()) {
    ++counts.messages_dropped_total;
    return;
  }
  waiting.queue(std::move(one));
}

void Broker::Impl::send_open(Session& session, MessageOnItsWay& message, QoS qos, bool retain,
                             Identifiers identifiers) {
  mqtt::ForwardedPublish publish{.subscription_ids = identifiers, .qos = qos, .retain = retain};
  if (qos == QoS::at_most_once) {
    append(*session.connection, message.view(), publish);
    return;
  }
  OutgoingMessages& messages = session.open->outgoing;
  const Recount recount(open.queued_bytes, messages);
  // A session that ends with its connection sends nothing again.
  const bool kept = session.state.expiry_s != 0;
  publish.packet_id = messages.add(kept ? outgoing(message.shared(), qos, retain, identifiers)
                                        : outgoing(nullptr, qos, retain, {}));
  if (append(*session.connection, message.view(), publish)) return;
  // As if it had been sent and acknowledged [MQTT-3.1.2-25].
  messages.remove(*messages.find(publish.packet_id));
}

/// False, and nothing sent, when the packet is larger than the client takes.
bool Broker::Impl::append(Connection& connection, const MessageView& message,
                          mqtt::ForwardedPublish& publish) {
  publish.topic = message.topic;
  publish.payload = message.payload;
  SentAliases::Alias alias;
  if (connection.version == mqtt::Version::v5_0) {
    publish.properties = message.properties;
    if (message.expires_at != MessageView::kNever) {
      publish.expiry_s = seconds_left(message.expires_at, now.steady);
    }
    if (connection.sent_aliases) {
      alias = connection.sent_aliases->find(message.topic);
      publish.topic_alias = alias.number;
      if (alias.known) publish.topic = {};
    }
  }
  if (!connection.append(publish)) return false;
  if (alias.number != 0 && !alias.known) connection.sent_aliases->set(message.topic, alias);
  ++counts.deliveries_total;
  mark(connection);
  check_hard_bound(connection);
  return true;
}

void Broker::Impl::send_again(Session& session, OutgoingMessages::InFlight& one) {
  if (one.stage == OutgoingMessages::Stage::released) {
    mqtt::Pubrel pubrel;
    pubrel.packet_id = one.packet_id;
    return send(*session.connection, mqtt::Packet{pubrel});
  }
  mqtt::ForwardedPublish publish{.subscription_ids = one.what.subscription_ids,
                                 .packet_id = one.packet_id,
                                 .qos = one.what.qos,
                                 .retain = one.what.retain,
                                 .dup = true};
  if (append(*session.connection, one.what.message->view(), publish)) return;
  const Recount recount(open.queued_bytes, session.open->outgoing);
  session.open->outgoing.remove(one);
}

void Broker::Impl::finish_open(Session& session, OutgoingMessages::InFlight& one) {
  {
    const Recount recount(open.queued_bytes, session.open->outgoing);
    session.open->outgoing.remove(one);
  }
  send_waiting(session);
}

void Broker::Impl::send_waiting(Session& session) {
  if (!session.open) return;
  OutgoingMessages& waiting = session.open->outgoing;
  while (is_online(session) && session.in_flight() < session.connection->window) {
    OutgoingMessages::InFlight* one = waiting.send_again();
    if (one == nullptr) break;
    send_again(session, *one);
  }
  while (is_online(session) && waiting.queued() > 0 && takes_events(*session.connection)) {
    const OutgoingMessage& next = waiting.front();
    const bool expired = next.message->expired(now.steady);  // [MQTT-3.3.2-5]
    const bool window =
        next.qos == QoS::at_most_once ||
        (!waiting.must_send_again() && session.in_flight() < session.connection->window);
    if (!expired && !window) return;
    OutgoingMessage one;
    {
      const Recount recount(open.queued_bytes, waiting);
      one = waiting.take();
    }
    if (expired) continue;
    MessageOnItsWay message(std::move(one.message));
    send_open(session, message, one.qos, one.retain, one.subscription_ids);
  }
}

// Wills.

void Broker::Impl::publish_will(const PendingWill& will) {
  MessageView view = will.text->view();
  if (will.message_expiry_s) view.expires_at = now.steady + seconds(*will.message_expiry_s);
  MessageOnItsWay message(view);
  // Nobody is there to be told that it is not retained.
  if (view.retain && !open.retained.put(message, now.steady)) ++counts.messages_dropped_total;
  route(message);
}

/// The session's connection is gone, and its will was not taken back.
void Broker::Impl::leave_will(const Session& session, Detached why) {
  const PendingWill* will = open.wills.find(session.id);
  if (will == nullptr) return;
  if (why == Detached::shutdown) {  // All go at once; nobody is left to hear of it.
    open.wills.take(session.id);
    return;
  }
  const std::uint32_t delay_s = std::min(will->delay_s, session.state.expiry_s);
  if (delay_s == 0) {
    const auto due = open.wills.take(session.id);
    return publish_will(*due);
  }
  open.wills.schedule(session.id, now.steady + seconds(delay_s));
}

void Broker::Impl::tick_wills() {
  while (const auto session = open.wills.due(now.steady)) {
    const auto will = open.wills.take(*session);
    publish_will(*will);
  }
}

}  // namespace claims::server
