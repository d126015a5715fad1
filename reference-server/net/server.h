#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "reference-server/net/connection_table.h"
#include "reference-server/net/epoll.h"
#include "reference-server/net/exit_code.h"
#include "reference-server/net/history_thread.h"
#include "reference-server/net/http_server.h"
#include "reference-server/net/log_thread.h"
#include "reference-server/net/mailbox.h"
#include "reference-server/net/restore.h"
#include "reference-server/net/server_snapshot.h"
#include "reference-server/net/snapshot_thread.h"
#include "reference-server/net/tcp_listener.h"
#include "reference-server/node/node.h"

namespace claims::server {

struct ServerConfig {
  SocketAddress listen;
  std::optional<SocketAddress> http;
  NodeConfig node;
  std::string directory_json;
  OpenLog open_log;          ///< Called on several threads, one at a time.
  OpenHistory open_history;  ///< Called on the history's thread.
  /// As open_log; empty: there are no snapshots. With one, node.checkpoint_records says how often.
  OpenSnapshot open_snapshot;
  SnapshotWriter::Pacing snapshot_pacing;
  int stop_signals = -1;  ///< Readable when the server shall stop; -1: only by shut_down().
  /// One line for the operator; called on the thread of start() and run().
  std::function<void(std::string_view)> tell = [](std::string_view) {};
};

/// claimchatd without its command line: one thread, the caller's, decides (start() and run()); log,
/// history and HTTP have threads of their own and talk to it through its mailbox.
///
/// When an append or a fold fails, all sessions are closed, and log and history are opened and
/// folded anew until that succeeds; meanwhile CONNECT is refused and /healthz tells why.
class Server {
 public:
  static constexpr Microseconds kRetryFirst{100'000}, kRetryLongest{10'000'000};
  static constexpr Microseconds kStopTime{10'000'000};   ///< To finish what was taken in.
  static constexpr Microseconds kLingerTime{1'000'000};  ///< For clients to close their side.

  /// Folds the log and listens: clients are served as soon as run() runs.
  static Result<std::unique_ptr<Server>, StartError> start(ServerConfig config);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const SocketAddress& mqtt_address() const { return listener_->address(); }
  std::optional<SocketAddress> http_address() const;

  /// Serves until it is told to stop.
  ExitCode run();
  /// Any thread: finishes what was taken in, then ends run().
  void shut_down();

 private:
  enum class Phase { serving, finishing, lingering, done };

  Server(ServerConfig config, TcpListener listener, std::unique_ptr<HttpServer> http,
         std::size_t connections_max);
  Result<void, StartError> open();

  // One turn of the loop.
  std::optional<Microseconds> timeout() const;
  void handle(const Epoll::Ready& ready);
  void accept_clients();
  void serve_client(ConnectionId connection, const Epoll::Ready& ready);
  void read_mailbox();
  void end_turn();
  void carry_out(ConnectionOutput& output);
  void carry_out(AppendBlock& append);
  void carry_out(ReadRows& read);
  void carry_out(StoreCheckpoint& store);

  void receive(BlockDurable& message);
  void receive(StorageFailed& message);
  void receive(RowsRead& message);
  void receive(StorageRestored& message);
  void receive(RestoreFailed& message);
  void receive(SnapshotWanted& message);
  void receive(StopWanted& message);
  void receive(SnapshotFailed& message);

  SnapshotThread* snapshots() { return snapshots_ ? &*snapshots_ : nullptr; }
  void take_over(StartedUp& started, Microseconds took);
  void storage_failed(const std::string& why);
  void retry_restore(const std::string& why);
  void begin_stop();
  void go_on_stopping();
  ServerSnapshot snapshot();

  const ServerConfig config_;
  Mailbox mailbox_;
  Epoll epoll_;
  std::optional<TcpListener> listener_;
  ConnectionTable connections_;
  std::unique_ptr<Node> node_;

  Now now_;  ///< Of this turn.
  Microseconds started_{0};
  // What one connection may have decided in a turn: small, so that a flood of costly reads leaves
  // the others their share.
  std::array<char, 16 * 1024> buffer_{};
  std::vector<Action> actions_;
  std::vector<Message> messages_;
  bool actions_left_ = false;

  bool available_ = true;  ///< Log and history work.
  std::string why_not_;
  Generation generation_{1};
  Microseconds retry_delay_{kRetryFirst};

  Phase phase_ = Phase::serving;
  Microseconds phase_deadline_{0};
  ExitCode exit_code_ = ExitCode::ok;

  std::uint64_t turned_away_ = 0, storage_failures_ = 0;
  CommitTimes commits_;
  StartUpFigures start_up_;

  // Last: the threads end before what they use goes.
  HistoryThread history_;
  std::optional<SnapshotThread> snapshots_;
  std::optional<LogThread> log_;
  std::unique_ptr<HttpServer> http_;
};

}  // namespace claims::server
