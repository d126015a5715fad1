#include "reference-server/node/node.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "protocol/chat/ids.h"
#include "protocol/chat/topics.h"
#include "reference-server/limits.h"
#include "reference-server/node/node_impl.h"

namespace claims::server {
namespace {

std::array<char, 16> salt_from(RandomSource& random) {
  return std::bit_cast<std::array<char, 16>>(
      std::array<std::uint64_t, 2>{random.next(), random.next()});
}

/// What begins with the chat's own level is the chat's.
BrokerConfig with_chat_topics(BrokerConfig config) {
  config.open_topics.handled_level = chat::kFirstLevel;
  return config;
}

}  // namespace

Node::Impl::Impl(Node& node, const NodeConfig& configuration, std::uint64_t random_seed)
    : config(configuration),
      broker(with_chat_topics(configuration.broker), node),
      random(random_seed),
      queue({configuration.commit_interval, configuration.load_records}) {
  if (config.checkpoint_records == 0) return;
  service.begin_changes();
  kept_sessions.begin_changes();
}

Node::Node(const NodeConfig& config, std::uint64_t random_seed)
    : impl_(std::make_unique<Impl>(*this, config, random_seed)) {
  impl_->broker.set_available(false, Now{});
}

Node::~Node() = default;

ChatSession* Node::Impl::find_session(SessionId id) {
  const auto found = sessions.find(id);
  return found == sessions.end() ? nullptr : &found->second;
}

ChatSession& Node::Impl::session(SessionId id) {
  ChatSession* found = find_session(id);
  assert(found != nullptr);
  return *found;
}

ChatSession* Node::Impl::current(const SessionTurn& turn) {
  ChatSession* found = find_session(turn.session);
  const bool same = found != nullptr && found->generation == turn.generation;
  return same && broker.connected(turn.session) ? found : nullptr;
}

// Start-up.

Result<void, std::string> Node::restored(const Block& block) {
  auto position = static_cast<std::uint64_t>(block.first);
  for (const Record& record : block.records) {
    const auto folded = impl_->restored(record, Position{position});
    if (!folded) return folded.error();
    ++position;
  }
  impl_->queue.restored(mark_of(block));
  impl_->delivered = block.last();
  if (impl_->checkpoint_due(block.last())) impl_->take_checkpoint(mark_of(block));
  return {};
}

Result<void, std::string> Node::Impl::restored(const Record& record, Position position) {
  if (!KeptSessions::is_session_record(record.kind)) return service.fold(record, position);
  return kept_sessions.fold(record, position);
}

Result<void, std::string> Node::start(std::string_view directory_json, const Now& now) {
  impl_->now = now;
  auto restored = impl_->restore_sessions();
  if (!restored) return restored;
  auto records = impl_->service.reconcile_directory(directory_json);
  if (!records) return records.error();
  for (Record& record : *records) {
    auto folded = impl_->service.fold(record, impl_->queue.next_position());
    if (!folded) return folded.error();
    impl_->log(std::move(record));
  }
  impl_->is_available = true;
  impl_->broker.set_available(true, now);
  return {};
}

// Inputs.

void Node::opened(ConnectionId connection, const Now& now) {
  impl_->now = now;
  impl_->broker.opened(connection, now);
}

void Node::received(ConnectionId connection, std::string_view bytes, const Now& now) {
  impl_->now = now;
  if (impl_->shutting_down) return;  // Not taken in, so not acknowledged.
  impl_->broker.received(connection, bytes, now);
}

void Node::written(ConnectionId connection, std::size_t bytes, const Now& now) {
  impl_->now = now;
  impl_->broker.written(connection, bytes, now);
}

void Node::closed(ConnectionId connection, const Now& now) {
  impl_->now = now;
  impl_->broker.closed(connection, now);
}

void Node::tick(const Now& now) {
  impl_->now = now;
  impl_->broker.tick(now);
}

void Node::durable(Position last, const Now& now) {
  impl_->now = now;
  for (Effect& effect : impl_->queue.durable(last)) impl_->happen(std::move(effect));
  impl_->delivered = last;
  impl_->checkpoint_durable(last);
  impl_->finish_shut_down();
}

void Node::append_failed(const Now& now) {
  impl_->now = now;
  impl_->is_available = false;
  impl_->checkpoint.reset();
  impl_->broker.set_available(false, now);
}

void Node::shut_down(const Now& now) {
  impl_->now = now;
  if (std::exchange(impl_->shutting_down, true)) return;
  std::vector<SessionId> persistent;
  for (const auto& [id, session] : impl_->sessions) {
    if (session.persistent) persistent.push_back(id);
  }
  std::ranges::sort(persistent);  // The log's order is not a hash table's.
  for (const SessionId id : persistent) impl_->store_cursor(id, impl_->session(id));
  impl_->finish_shut_down();
}

void Node::Impl::finish_shut_down() {
  const bool works = !queue.empty() || !reads.empty() || service.has_orders();
  if (!shutting_down || closed_all || works) return;
  closed_all = true;
  // So that the next start folds nothing.
  if (checkpoint_due(queue.end().last)) take_checkpoint(queue.end());
  checkpoint_durable(queue.end().last);
  broker.shut_down(now);
}

bool Node::idle() const {
  return impl_->closed_all;
}

// Outputs.

std::optional<Microseconds> Node::next_deadline() const {
  if (impl_->may_carry_out_orders()) return Microseconds{0};
  // A failed log takes no append: what waits for one is never due.
  const auto commit = impl_->is_available ? impl_->queue.next_deadline() : std::nullopt;
  const auto broker = impl_->broker.next_deadline();
  if (!commit || !broker) return commit ? commit : broker;
  return std::min(*commit, *broker);
}

void Node::drain(std::vector<Action>& actions, const Now& now) {
  impl_->now = now;
  impl_->carry_out_orders();
  if (impl_->is_available) {
    if (auto block = impl_->queue.begin(now.steady)) {
      ++impl_->counts.blocks_total;
      impl_->counts.records_total += block->records.size();
      impl_->block_began(*block);
      actions.emplace_back(AppendBlock{std::move(block)});
    }
  }
  std::vector<ConnectionOutput> output;
  impl_->broker.drain(output);
  for (ConnectionOutput& one : output) actions.emplace_back(std::move(one));
  for (Action& action : impl_->actions) actions.push_back(std::move(action));
  impl_->actions.clear();
}

NodeCounters Node::counters() const {
  NodeCounters counters = impl_->counts;
  counters.broker = impl_->broker.counters();
  counters.service = impl_->service.counters();
  counters.durable = impl_->delivered;
  return counters;
}

bool Node::available() const {
  return impl_->is_available;
}

// The log.

void Node::Impl::log(Record record) {
  // What a restart would find: the same fold.
  if (KeptSessions::is_session_record(record.kind)) {
    const auto folded = kept_sessions.fold(record, queue.next_position());
    assert(folded.has_value());
    (void)folded;
  }
  record.salt = salt_from(random);
  queue.add(std::move(record));
}

// What the broker asks and tells.

ConnectDecision Node::authenticate(const ConnectRequest& request, const Now& now) {
  using mqtt::ReasonCode;
  // Who gives no name is there for open topics alone; whoever gives one has to prove it.
  if (impl_->config.broker.open_topics.on && !request.has_username) {
    return {.reason = ReasonCode::success, .open_only = true};
  }
  if (!request.client_id.empty() && !chat::is_token_text(request.client_id)) {
    return {.reason = ReasonCode::client_identifier_not_valid};
  }
  if (!request.has_username || !request.has_password || !chat::is_user_id(request.username) ||
      !impl_->service.user_index(request.username)) {
    return {.reason = ReasonCode::bad_user_name_or_password};
  }
  const auto expires =
      chat::verify_token(impl_->config.token_key, request.username, request.password, now.wall);
  if (!expires) return {.reason = ReasonCode::bad_user_name_or_password};
  if (impl_->service.is_retired(*impl_->service.user_index(request.username))) {
    return {.reason = ReasonCode::not_authorized};
  }
  // Each session has two reads out at most; whoever ends sessions while reads are out waits.
  const auto user = static_cast<std::size_t>(*impl_->service.user_index(request.username));
  const bool reads_out =
      user < impl_->reads_of.size() && impl_->reads_of[user] >= limits::kReadsPerUserMax;
  if (reads_out || impl_->queue.bytes() >= limits::kWaitingBytesMax) {
    return {.reason = ReasonCode::server_busy};
  }
  return {.reason = ReasonCode::success,
          .user = std::string(request.username),
          .expires = std::chrono::duration_cast<Milliseconds>(std::chrono::seconds(*expires))};
}

bool Node::may_subscribe(SessionId id, std::string_view filter) {
  const std::string& user = impl_->service.user_id(impl_->session(id).user);
  return filter == chat::event_topic(user) || filter == chat::reply_topic(user);
}

bool Node::may_publish(SessionId id, std::string_view topic) {
  return topic == chat::command_topic(impl_->service.user_id(impl_->session(id).user));
}

void Node::published(SessionId id, const mqtt::Publish& publish) {
  ChatSession& session = impl_->session(id);
  // QoS 1 is bounded by the receive maximum; this bounds QoS 0.
  if (session.requests >= limits::kRequestsPerSessionMax) {
    impl_->broker.disconnect(id, mqtt::ReasonCode::quota_exceeded, impl_->now);
    return;
  }
  if (impl_->queue.bytes() >= limits::kWaitingBytesMax) {  // The disk does not keep up.
    impl_->broker.disconnect(id, mqtt::ReasonCode::server_busy, impl_->now);
    return;
  }
  ++session.requests;
  const SessionTurn from{id, session.generation};
  const std::uint16_t packet_id = publish.packet_id;
  Decision decision = impl_->service.decide(session.user, publish.payload,
                                            impl_->queue.next_position(), impl_->now);
  if (auto* decided = std::get_if<Decided>(&decision)) {
    impl_->decided(from, packet_id, std::move(*decided));
  } else if (auto* answered = std::get_if<Answered>(&decision)) {
    impl_->after_durable(SendReply{from, packet_id, std::move(answered->reply)});
  } else if (auto* page = std::get_if<PageRead>(&decision)) {
    impl_->after_durable(RunPageRead{from, packet_id, std::move(*page)});
  } else {
    auto& sync = std::get<SyncRead>(decision);
    impl_->log_sync(id, session, sync);
    impl_->after_durable(RunSync{from, packet_id, std::move(sync)});
  }
}

void Node::Impl::decided(const SessionTurn& from, std::uint16_t packet_id, Decided&& decision) {
  log_decision(std::move(decision.records));
  if (decision.read) queue.wait(DeliverRead{from, std::move(*decision.read)});
  if (decision.retired) queue.wait(EndSessions{*decision.retired});
  after_durable(SendReply{from, packet_id, std::move(decision.reply)});
}

void Node::Impl::log_decision(std::vector<Emitted>&& decision) {
  std::vector<DeliverEvent> events;
  std::vector<Record> records;
  auto position = static_cast<std::uint64_t>(queue.next_position());
  for (Emitted& emitted : decision) {
    if (emitted.record.kind == RecordKind::event) {
      events.push_back({Position{position}, emitted.record.payload, std::move(emitted.recipients)});
    }
    ++position;
    emitted.record.salt = salt_from(random);
    records.push_back(std::move(emitted.record));
  }
  // Together: an effect whose outcome got lost would happen again when the command is repeated.
  queue.add(std::move(records));
  for (DeliverEvent& event : events) queue.wait(std::move(event));
}

bool Node::Impl::may_carry_out_orders() const {
  return is_available && queue.bytes() < limits::kWaitingBytesMax && service.has_orders();
}

void Node::Impl::carry_out_orders() {
  for (std::size_t i = 0; i < limits::kOrderedPerTurn && may_carry_out_orders(); ++i) {
    log_decision(service.carry_out_order(queue.next_position(), now));
  }
}

void Node::room_for_output(SessionId id) {
  ChatSession& session = impl_->session(id);
  if (session.feed == ChatSession::Feed::waiting) impl_->read_on(id, session);
}

}  // namespace claims::server
