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
    ChatSession* to = current(*turn);
    if (to == nullptr) return gone(effect);
    if (to->page_query != 0) {  // Answers leave in session order.
      to->held.push_back(std::move(effect));
      return;
    }
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
  return state != nullptr && server::takes_events(*state);
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
  ChatSession& to = session(effect.to.session);
  Query query = effect.read.query;
  to.page_query = ask(std::move(query), {to.user, PageRows{std::move(effect)}});
}

void Node::Impl::operator()(RunSync& effect) {
  acknowledge(effect.to, effect.packet_id);
  ChatSession& to = session(effect.to.session);
  const auto& asked = effect.read.cursor;
  const Position stands_at = to.has_cursor ? to.cursor : delivered;
  const auto cursor = asked ? parse_cursor_text(*asked) : stands_at;
  if (!cursor || *cursor > delivered) {
    reply(effect.to, chat::error_reply(effect.read.re, {chat::ErrorCode::bad_cursor, "cursor",
                                                        *asked, "a cursor of an event"}));
    return;
  }
  std::string result = R"({"cursor":")" + cursor_text(*cursor) + R"("})";
  reply(effect.to, chat::read_reply(effect.read.re, result, "{}"));
  if (!asked) return;
  if (to.syncs > 0) --to.syncs;
  to.start_at(*cursor);
  // An acknowledgement of an event's earlier copy must not count for the one that comes now.
  broker.forget_deliveries(effect.to.session);
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

void Node::Impl::operator()(DeliverRead& effect) {
  for (const UserIndex user : effect.notice.recipients) {
    const auto index = static_cast<std::size_t>(user);
    if (index >= attached_of.size()) continue;
    const std::string topic = chat::event_topic(service.user_id(user));
    for (const SessionId id : attached_of[index]) {
      const ChatSession& to = session(id);
      const bool asked = id == effect.asker.session && to.generation == effect.asker.generation;
      if (asked || to.feed == Feed::off) continue;
      // Whoever has no room for it now does without.
      broker.deliver(id, topic, effect.notice.json, {}, mqtt::QoS::at_most_once, 0, true);
    }
  }
}

void Node::Impl::operator()(EndSessions& effect) {
  const auto index = static_cast<std::size_t>(effect.user);
  if (index >= attached_of.size()) return;
  // Copied: a session that ends leaves the list.
  for (const SessionId id : std::vector(attached_of[index])) {
    broker.disconnect(id, mqtt::ReasonCode::not_authorized, now);
  }
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
      store_lagging_cursor(id, session);
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
  // One read a session: who asks for ever more must not fill the history's queue.
  if (session.stream_query != 0) {
    session.feed = Feed::reading;
    session.read_again = true;
    return;
  }
  if (shutting_down) {  // What is left comes after the restart.
    session.feed = Feed::waiting;
    return;
  }
  StreamQuery query;
  query.ranges = service.stream_ranges(session.user, session.sent);
  query.after = session.sent;
  query.last = delivered;
  query.limit = limits::kCatchUpRows;
  query.bytes_max = limits::kCatchUpBytes;
  if (query.ranges.empty() || query.after >= query.last) {
    session.skip_to(std::max(session.sent, delivered));
    session.feed = Feed::live;
    return;
  }
  session.feed = Feed::reading;
  ++counts.catch_up_reads_total;
  const StreamRows out{id, query.last, query.limit, query.bytes_max};
  session.stream_query = ask(std::move(query), {session.user, out});
}

std::uint64_t Node::Impl::ask(Query query, ReadOut out) {
  const std::uint64_t id = next_query++;
  const auto user = static_cast<std::size_t>(out.user);
  if (user >= reads_of.size()) reads_of.resize(user + 1);
  ++reads_of[user];
  reads.emplace(id, std::move(out));
  actions.emplace_back(ReadRows{QueryId{id}, std::move(query)});
  return id;
}

void Node::rows(QueryId query, Result<std::vector<Row>, LogError> rows, const Now& now) {
  impl_->now = now;
  const auto id = static_cast<std::uint64_t>(query);
  const auto found = impl_->reads.find(id);
  if (found == impl_->reads.end()) return;
  const Impl::ReadOut out = std::move(found->second);
  impl_->reads.erase(found);
  --impl_->reads_of[static_cast<std::size_t>(out.user)];
  const std::vector<Row>* given = rows ? &*rows : nullptr;
  std::visit([&](const auto& one) { impl_->take_rows(id, one, given); }, out.what);
  impl_->finish_shut_down();
}

void Node::Impl::take_rows(std::uint64_t id, const PageRows& out, const std::vector<Row>* rows) {
  const SessionTurn& turn = out.read.to;
  ChatSession* to = find_session(turn.session);
  if (to == nullptr || to->page_query != id) return;  // Its connection is gone.
  to->page_query = 0;
  // The history can be built anew from the log; until then its readers must come again.
  if (rows == nullptr) {
    return broker.disconnect(turn.session, mqtt::ReasonCode::server_unavailable, now);
  }
  acknowledge(turn, out.read.packet_id);
  reply(turn, service.finish_page(out.read.read, *rows));
  for (Effect& effect : std::exchange(to->held, {})) happen(std::move(effect));
}

void Node::Impl::take_rows(std::uint64_t id, const StreamRows& out, const std::vector<Row>* rows) {
  ChatSession* to = find_session(out.to);
  if (to == nullptr || to->stream_query != id) return;
  to->stream_query = 0;
  const bool again = std::exchange(to->read_again, false);
  if (to->feed != Feed::reading) return;
  if (rows == nullptr) {
    return broker.disconnect(out.to, mqtt::ReasonCode::server_unavailable, now);
  }
  if (!again) {
    for (const Row& row : *rows) {
      if (!send_event(out.to, *to, row.position, row.event)) return;
    }
    if (!ends_at_bound(out, *rows)) to->skip_to(std::max(to->sent, out.last));
  }
  read_on(out.to, *to);
}

}  // namespace claims::server
