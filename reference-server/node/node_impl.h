#pragma once
// The node's inside, shared by node.cpp (inputs and outputs) and node_delivery.cpp (effects and the
// users' streams). Nothing else includes it.

#include <map>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "reference-server/node/chat_session.h"
#include "reference-server/node/commit_queue.h"
#include "reference-server/node/kept_sessions.h"
#include "reference-server/node/node.h"

namespace claims::server {

struct Node::Impl {
  Impl(Node& node, const NodeConfig& configuration, std::uint64_t random_seed);

  // node.cpp
  Result<void, std::string> restored(const Record& record, Position position);
  void log(Record record);
  void decided(const SessionTurn& from, std::uint16_t packet_id, Decided&& decision);
  /// Logs the records together, and delivers their events when they are durable.
  void log_decision(std::vector<Emitted>&& emitted);
  bool may_carry_out_orders() const;
  /// Some of what orders bring about and has no outcome yet.
  void carry_out_orders();
  void finish_shut_down();
  ChatSession& session(SessionId id);       ///< Exists.
  ChatSession* find_session(SessionId id);  ///< Null: it has ended.
  /// The session if this is still the same connection of it.
  ChatSession* current(const SessionTurn& turn);

  // node_sessions.cpp
  Result<void, std::string> restore_sessions();
  void log_session(ChatSession& session, const SessionState& state);
  void log_end(ChatSession& session, const SessionKey& key);
  void store_cursor(SessionId id, ChatSession& session);
  /// Where a `sync` puts a kept session is durable before it is answered: the client counts on it,
  /// and after a crash resumes the session without asking again.
  void log_sync(SessionId id, ChatSession& session, const SyncRead& sync);
  /// Cursors are stored now and then: what a crash may send again is bounded.
  void store_lagging_cursor(SessionId id, ChatSession& session);
  void drop_held(ChatSession& session);

  // node_checkpoint.cpp
  /// The log has the position, and the state is what it came to there.
  void take_checkpoint(const BlockMark& at);
  bool checkpoint_due(Position last) const;
  /// The block is on its way to the disk.
  void block_began(const Block& block);
  void checkpoint_durable(Position last);

  // node_delivery.cpp
  /// Now if nothing waits for the disk, else behind everything that does.
  void after_durable(Effect effect);
  void happen(Effect&& effect);
  void gone(const Effect& effect);
  void acknowledge(const SessionTurn& to, std::uint16_t packet_id);
  void subscribed(SessionId id, ChatSession& session);
  /// The session has a subscription to its user's events.
  bool takes_events(SessionId id);
  void operator()(AcceptSession& effect);
  void operator()(CompleteSubscription& effect);
  void operator()(SendReply& effect);
  void operator()(RunPageRead& effect);
  void operator()(RunSync& effect);
  void operator()(DeliverEvent& effect);
  void operator()(DeliverRead& effect);
  void operator()(EndSessions& effect);
  void reply(const SessionTurn& to, std::string_view text);
  /// False: not now; `feed` says how the session goes on.
  bool send_event(SessionId id, ChatSession& session, Position position, std::string_view event);
  void read_on(SessionId id, ChatSession& session);
  /// The read that comes back under the number.
  struct PageRows {
    RunPageRead read;
  };
  struct StreamRows {
    SessionId to{};
    Position last{};
    std::size_t limit = 0, bytes_max = 0;
  };
  struct ReadOut {
    UserIndex user{};
    std::variant<PageRows, StreamRows> what;
  };
  std::uint64_t ask(Query query, ReadOut out);
  // `rows` null: the read failed, and the session with it.
  void take_rows(std::uint64_t id, const PageRows& out, const std::vector<Row>* rows);
  void take_rows(std::uint64_t id, const StreamRows& out, const std::vector<Row>* rows);

  NodeConfig config;
  Broker broker;
  Service service;
  RandomSource random;
  CommitQueue queue;
  KeptSessions kept_sessions;
  Now now;  ///< Of the input being handled.
  bool is_available = false, shutting_down = false, closed_all = false;

  std::unordered_map<SessionId, ChatSession> sessions;  // References stay valid; look-ups only.
  /// Sessions with a connection, by user.
  std::vector<std::vector<SessionId>> attached_of;
  /// Everything up to here has been delivered to live sessions.
  Position delivered{};

  Position checkpointed{};  ///< Of the last checkpoint.
  /// Taken, and its block is not durable yet.
  std::shared_ptr<const Checkpoint> checkpoint;

  std::uint64_t next_query = 1;
  std::map<std::uint64_t, ReadOut> reads;
  std::vector<std::uint16_t> reads_of;  ///< How many of them, by user.
  std::vector<Action> actions;
  NodeCounters counts;
  std::string cursor_end;  ///< Reused: `,"cursor":"0:…"}`
};

}  // namespace claims::server
