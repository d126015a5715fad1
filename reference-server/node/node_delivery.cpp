// Effects of what became durable, and the users' streams of events.

#include <algorithm>
#include <utility>

#include "protocol/chat/reply.h"
#include "protocol/chat/topics.h"
#include "reference-server/limits.h"
#include "reference-server/node/node_impl.h"
#include "reference-server/node/session_record.h"

namespace claims::server {
namespace {

using Feed = ChatSession::Feed;

/// The session an effect answers, or nothing for an event.
const SessionTurn* turn_of(const Effect& effect) {
  return std::visit(
      [](const auto& one) -> const SessionTurn* {
        if constexpr (requires { one.to; }) {
          return &one.to;
        } else {
          return nullptr;
        }
      },
      effect);
}

}  // namespace

void Node::Impl::after_durable(Effect effect) {
  if (queue.empty()) {
    happen(std::move(effect));
  } else {
    queue.wait(std::move(effect));
  }
}

void Node::Impl::happen(Effect&& effect) {
  if (const SessionTurn* turn = turn_of(effect)) {
    ChatSession* to = find_session(turn->session);
    if (to != nullptr && to->page_read_out) {  // Answers leave in session order.
      to->held.push_back(std::move(effect));
      return;
    }
    if (current(*turn) == nullptr) return gone(effect);
  }
  std::visit(*this, effect);
}

/// What answers a connection goes with it: the next one of the session may use the same packet
/// identifiers. A subscription stays with the session, and fixes where its events begin.
void Node::Impl::gone(const Effect& effect) {
  const auto* subscription = std::get_if<CompleteSubscription>(&effect);
  if (subscription == nullptr) return;
  if (ChatSession* to = find_session(subscription->to.session)) {
    subscribed(subscription->to.session, *to);
  }
}

void Node::Impl::acknowledge(const SessionTurn& to, std::uint16_t packet_id) {
  if (packet_id != 0) broker.acknowledge(to.session, packet_id, mqtt::ReasonCode::success);
}

bool Node::Impl::takes_events(SessionId id) {
  const SessionState* state = broker.state_of(id);
  if (state == nullptr) return false;
  const std::string events = chat::event_topic(state->key.user);
  return std::ranges::any_of(state->subscriptions,
                             [&](const Subscription& one) { return one.filter == events; });
}

void Node::Impl::operator()(AcceptSession& effect) {
  broker.accept(effect.to.session);
  ChatSession& to = session(effect.to.session);
  if (!to.has_cursor || !takes_events(effect.to.session)) return;
  to.start_at(to.cursor);
  read_on(effect.to.session, to);
}

void Node::Impl::operator()(CompleteSubscription& effect) {
  broker.complete(effect.to.session, effect.packet_id);
  ChatSession& to = session(effect.to.session);
  subscribed(effect.to.session, to);
  if (to.has_cursor && to.feed == Feed::off) read_on(effect.to.session, to);
}

/// What the session's subscriptions are is durable.
void Node::Impl::subscribed(SessionId id, ChatSession& session) {
  if (!takes_events(id)) {
    session.feed = Feed::off;
    session.has_cursor = false;
  } else if (!session.has_cursor) {
    session.start_at(delivered);
  }
}

void Node::Impl::operator()(SendReply& effect) {
  acknowledge(effect.to, effect.packet_id);
  reply(effect.to, effect.reply);
}

void Node::Impl::reply(const SessionTurn& to, std::string_view text) {
  ChatSession* asked = current(to);
  if (asked == nullptr) return;
  if (asked->requests > 0) --asked->requests;
  broker.deliver(to.session, chat::reply_topic(service.user_id(asked->user)), text, {},
                 mqtt::QoS::at_least_once, 0, false);
}

void Node::Impl::operator()(RunPageRead& effect) {
  session(effect.to.session).page_read_out = true;
  const std::uint64_t id = next_query++;
  actions.emplace_back(ReadRows{QueryId{id}, effect.read.query});
  queries.emplace(id, std::move(effect));
}

void Node::Impl::operator()(RunSync& effect) {
  acknowledge(effect.to, effect.packet_id);
  ChatSession& to = session(effect.to.session);
  const auto cursor = parse_cursor_text(effect.read.cursor);
  if (!cursor || *cursor > delivered) {
    reply(effect.to,
          chat::error_reply(effect.read.re, {chat::ErrorCode::bad_cursor, "cursor",
                                             effect.read.cursor, "a cursor of an event"}));
    return;
  }
  std::string result = R"({"cursor":")" + cursor_text(*cursor) + R"("})";
  reply(effect.to, chat::read_reply(effect.read.re, result, "{}"));
  to.start_at(*cursor);
  // A read that is out belongs to the stream before the sync; its rows find another feed.
  if (to.feed != Feed::off) read_on(effect.to.session, to);
}

void Node::Impl::operator()(DeliverEvent& effect) {
  for (const UserIndex user : effect.recipients) {
    const auto index = static_cast<std::size_t>(user);
    if (index >= attached_of.size()) continue;
    for (const SessionId id : attached_of[index]) {
      ChatSession& to = session(id);
      if (to.feed != Feed::live || effect.position <= to.sent) continue;
      send_event(id, to, effect.position, effect.event);
    }
  }
  delivered = effect.position;
}

bool Node::Impl::send_event(SessionId id, ChatSession& session, Position position,
                            std::string_view event) {
  cursor_end = R"(,"cursor":"0:)";
  cursor_end += std::to_string(static_cast<std::uint64_t>(position));
  cursor_end += R"("})";
  event.remove_suffix(1);  // The closing brace.
  const auto sent =
      broker.deliver(id, chat::event_topic(service.user_id(session.user)), event, cursor_end,
                     mqtt::QoS::at_least_once, static_cast<std::uint64_t>(position), true);
  switch (sent) {
    case Broker::Delivery::sent:
    case Broker::Delivery::in_flight:
      session.sent_to(position, sent == Broker::Delivery::in_flight);
      ++counts.deliveries_total;
      return true;
    case Broker::Delivery::full:
      session.feed = Feed::waiting;
      return false;
    case Broker::Delivery::no_subscription:
    case Broker::Delivery::offline:
      session.feed = Feed::off;  // The cursor stays; the session goes on from there.
      return false;
  }
  return false;
}

/// Brings the session's stream on from `sent`: live if there is nothing between, else by a read.
void Node::Impl::read_on(SessionId id, ChatSession& session) {
  StreamQuery query;
  query.ranges = service.stream_ranges(session.user, session.sent);
  query.after = session.sent;
  query.last = delivered;
  query.limit = limits::kCatchUpRows;
  if (query.ranges.empty() || query.after >= query.last) {
    session.skip_to(std::max(session.sent, delivered));
    session.feed = Feed::live;
    return;
  }
  session.feed = Feed::reading;
  ++counts.catch_up_reads_total;
  const std::uint64_t query_id = next_query++;
  session.stream_query = query_id;
  queries.emplace(query_id, StreamRead{{id, session.generation}, query.last});
  actions.emplace_back(ReadRows{QueryId{query_id}, std::move(query)});
}

void Node::rows(QueryId id, Result<std::vector<Row>, LogError> rows, const Now& now) {
  impl_->now = now;
  const auto found = impl_->queries.find(static_cast<std::uint64_t>(id));
  if (found == impl_->queries.end()) return;
  auto query = std::move(found->second);
  impl_->queries.erase(found);
  if (!rows) {
    // The history can be built anew from the log; until then its readers must come again.
    const SessionTurn to = std::visit([](const auto& one) { return one.to; }, query);
    if (impl_->current(to) != nullptr) {
      impl_->broker.disconnect(to.session, mqtt::ReasonCode::server_unavailable, now);
    }
    if (const auto* page = std::get_if<RunPageRead>(&query)) impl_->page_rows(*page, nullptr);
  } else if (const auto* page = std::get_if<RunPageRead>(&query)) {
    impl_->page_rows(*page, &*rows);
  } else {
    const auto& stream = std::get<Impl::StreamRead>(query);
    const ChatSession* to = impl_->current(stream.to);
    if (to != nullptr && to->feed == Feed::reading &&
        to->stream_query == static_cast<std::uint64_t>(id)) {
      impl_->stream_rows(stream.to, stream.last, *rows);
    }
  }
  impl_->finish_shut_down();
}

void Node::Impl::page_rows(const RunPageRead& read, const std::vector<Row>* rows) {
  if (rows != nullptr && current(read.to) != nullptr) {
    acknowledge(read.to, read.packet_id);
    reply(read.to, service.finish_page(read.read, *rows));
  }
  ChatSession* to = find_session(read.to.session);
  if (to == nullptr) return;
  to->page_read_out = false;
  std::vector<Effect> held = std::move(to->held);
  to->held.clear();
  for (Effect& effect : held) happen(std::move(effect));
}

void Node::Impl::stream_rows(const SessionTurn& to, Position last, const std::vector<Row>& rows) {
  ChatSession& reader = session(to.session);
  for (const Row& row : rows) {
    if (!send_event(to.session, reader, row.position, row.event)) return;
  }
  if (rows.size() < limits::kCatchUpRows) reader.skip_to(std::max(reader.sent, last));
  read_on(to.session, reader);
}

}  // namespace claims::server
