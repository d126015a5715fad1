#include "reference-server/net/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "reference-server/net/clock.h"
#include "reference-server/net/process_setup.h"

namespace claims::server {
namespace {

// Tokens of what is not a client; clients' numbers are above (connection_table.cpp).
constexpr Epoll::Token kListener = 1, kMailbox = 2, kStopSignals = 3;

constexpr int kAcceptsPerTurn = 64;
constexpr int kDrainsPerTurn = 8;
// Descriptors that are not clients: log, history, HTTP sessions, the loop's own.
constexpr std::size_t kDescriptorsReserved = 192;

Generation next(Generation generation) {
  return Generation{static_cast<std::uint64_t>(generation) + 1};
}

}  // namespace

Server::Server(ServerConfig config, TcpListener listener, std::unique_ptr<HttpServer> http,
               std::size_t connections_max)
    : config_(std::move(config)),
      listener_(std::move(listener)),
      connections_(epoll_, connections_max),
      history_(config_.open_history, mailbox_),
      http_(std::move(http)) {}

Server::~Server() = default;

Result<std::unique_ptr<Server>, StartError> Server::start(ServerConfig config) {
  // Addresses first: that one is taken should show before a long log is folded.
  auto listener = TcpListener::bind(config.listen);
  if (!listener) return StartError{ExitCode::cannot_listen, listener.error()};
  std::unique_ptr<HttpServer> http;
  if (config.http) {
    auto bound = HttpServer::bind(*config.http);
    if (!bound) return StartError{ExitCode::cannot_listen, bound.error()};
    http = std::move(*bound);
  }
  const std::size_t descriptors = raise_descriptor_limit();
  const std::size_t connections_max =
      std::min(config.node.broker.connections_max,
               descriptors - std::min(descriptors / 2, kDescriptorsReserved));
  std::unique_ptr<Server> server(
      new Server(std::move(config), std::move(*listener), std::move(http), connections_max));
  auto opened = server->open();
  if (!opened) return opened.error();
  return server;
}

Result<void, StartError> Server::open() {
  if (config_.open_snapshot) {
    snapshots_.emplace(config_.open_snapshot, config_.snapshot_pacing, mailbox_);
  }
  auto restored =
      restore(config_.open_log, nullptr, history_, snapshots(), generation_, config_.node);
  if (!restored) return StartError{ExitCode::log_unusable, restored.error().what};
  now_ = read_clock();
  started_ = now_.steady;
  take_over(restored->started, restored->took);
  const auto begun = node_->start(config_.directory_json, now_);
  if (!begun) return StartError{ExitCode::bad_usage, begun.error()};
  const ServiceCounters counters = node_->counters().service;
  config_.tell(fmt::format("{}: {} users, {} rooms", told(restored->started, restored->took),
                           counters.users, counters.rooms));
  log_.emplace(std::move(restored->log), restored->acknowledged, config_.open_log, config_.node,
               history_, snapshots(), mailbox_);

  const auto listening = listener_->listen();
  if (!listening) return StartError{ExitCode::cannot_listen, listening.error()};
  bool watched =
      epoll_.add(listener_->descriptor(), kListener) && epoll_.add(mailbox_.descriptor(), kMailbox);
  if (config_.stop_signals >= 0) watched &= epoll_.add(config_.stop_signals, kStopSignals);
  if (!watched) return StartError{ExitCode::cannot_listen, "the kernel is out of epoll watches"};
  if (http_) {
    const auto serving =
        http_->start([this](std::uint64_t request) { mailbox_.post(SnapshotWanted{request}); });
    if (!serving) return StartError{ExitCode::cannot_listen, serving.error()};
  }
  return {};
}

std::optional<SocketAddress> Server::http_address() const {
  if (!http_) return std::nullopt;
  return http_->address();
}

void Server::shut_down() {
  mailbox_.post(StopWanted{});
}

ExitCode Server::run() {
  while (phase_ != Phase::done) {
    const std::span<const Epoll::Ready> ready = epoll_.wait(timeout());
    now_ = read_clock();
    for (const Epoll::Ready& one : ready) handle(one);
    end_turn();
  }
  http_.reset();
  log_->stop();
  history_.stop();
  if (snapshots_) snapshots_->stop();
  return exit_code_;
}

std::optional<Microseconds> Server::timeout() const {
  if (actions_left_) return Microseconds{0};
  std::optional<Microseconds> deadline = node_->next_deadline();
  const auto sooner = [&deadline](Microseconds other) {
    deadline = deadline ? std::min(*deadline, other) : other;
  };
  if (const auto closing = connections_.next_deadline()) sooner(*closing);
  if (phase_ != Phase::serving) sooner(phase_deadline_);
  if (!deadline) return std::nullopt;
  // Not now_: the turn itself has taken time.
  return std::max(*deadline - read_clock().steady, Microseconds{0});
}

void Server::handle(const Epoll::Ready& ready) {
  switch (ready.token) {
    case kListener:
      accept_clients();
      break;
    case kMailbox:
      read_mailbox();
      break;
    case kStopSignals: {
      std::array<char, 1'024> ignored{};
      if (::read(config_.stop_signals, ignored.data(), ignored.size()) > 0) begin_stop();
      break;
    }
    default:
      serve_client(ConnectionId{ready.token}, ready);
  }
}

void Server::accept_clients() {
  if (phase_ != Phase::serving) return;
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    TcpListener::Accepted accepted = listener_->accept();
    if (accepted.socket) {
      if (const auto connection = connections_.add(std::move(accepted.socket))) {
        node_->opened(*connection, now_);
      } else {
        ++turned_away_;
      }
    } else if (!accepted.more) {
      return;
    } else {
      ++turned_away_;
    }
  }
}

void Server::serve_client(ConnectionId connection, const Epoll::Ready& ready) {
  if (ready.writable) {
    const ConnectionTable::Sent sent = connections_.flush(connection);
    if (sent.bytes > 0) node_->written(connection, sent.bytes, now_);
    if (sent.gone) node_->closed(connection, now_);
  }
  if (ready.readable) {
    const ConnectionTable::Received received =
        connections_.receive(connection, buffer_, ready.ended);
    if (received.bytes > 0) {
      node_->received(connection, std::string_view(buffer_.data(), received.bytes), now_);
    }
    if (received.gone) node_->closed(connection, now_);
  }
}

void Server::read_mailbox() {
  mailbox_.take(messages_);
  for (Message& message : messages_) {
    std::visit([this](auto& one) { receive(one); }, message);
  }
  messages_.clear();
}

void Server::end_turn() {
  if (const auto due = node_->next_deadline(); due && *due <= now_.steady) node_->tick(now_);
  connections_.expire(now_);
  // What is carried out (bytes that left, connections that broke) gives the node new input, and
  // that may give actions again.
  actions_left_ = true;
  for (int i = 0; i < kDrainsPerTurn && actions_left_; ++i) {
    actions_.clear();
    node_->drain(actions_, now_);
    for (Action& action : actions_) {
      std::visit([this](auto& one) { carry_out(one); }, action);
    }
    actions_left_ = !actions_.empty();
  }
  if (phase_ != Phase::serving) go_on_stopping();
}

void Server::carry_out(ConnectionOutput& output) {
  const ConnectionTable::Sent sent = connections_.send(output.connection, std::move(output.bytes));
  if (sent.bytes > 0) node_->written(output.connection, sent.bytes, now_);
  if (output.close) connections_.close(output.connection, now_);
  if (sent.gone || output.close) node_->closed(output.connection, now_);
}

void Server::carry_out(AppendBlock& append) {
  if (available_) log_->append(generation_, std::move(append.block));
}

void Server::carry_out(ReadRows& read) {
  if (!available_) return;  // The node's state is void; nobody waits for the answer.
  if (!history_.ask(generation_, read.id, std::move(read.query))) {
    node_->rows(read.id, LogError{"too many reads are waiting"}, now_);
  }
}

void Server::carry_out(StoreCheckpoint& store) {
  if (available_ && snapshots_) snapshots_->offer(std::move(store.checkpoint));
}

void Server::receive(BlockDurable& message) {
  commits_.add(message.took);
  if (message.generation != generation_ || !available_) return;
  retry_delay_ = kRetryFirst;
  node_->durable(message.last, now_);
}

void Server::receive(StorageFailed& message) {
  if (message.generation == generation_ && available_) storage_failed(message.why);
}

void Server::receive(RowsRead& message) {
  if (message.generation != generation_ || !available_) return;
  node_->rows(message.query, std::move(message.rows), now_);
}

void Server::storage_failed(const std::string& why) {
  ++storage_failures_;
  available_ = false;
  config_.tell(fmt::format("all sessions closed, nothing is acknowledged: {}", why));
  node_->append_failed(now_);
  retry_restore(why);
}

void Server::retry_restore(const std::string& why) {
  why_not_ = why;
  if (phase_ != Phase::serving) {
    exit_code_ = ExitCode::log_unusable;
    phase_ = Phase::done;
    return;
  }
  generation_ = next(generation_);
  log_->reopen(generation_, retry_delay_);
  retry_delay_ = std::min(2 * retry_delay_, kRetryLongest);
}

void Server::receive(RestoreFailed& message) {
  if (message.generation != generation_) return;
  config_.tell(fmt::format("still unavailable: {}", message.why));
  retry_restore(message.why);
}

void Server::receive(StorageRestored& message) {
  if (message.generation != generation_ || phase_ != Phase::serving) return;
  const auto begun = message.started.node->start(config_.directory_json, now_);
  if (!begun) {
    config_.tell(fmt::format("still unavailable: {}", begun.error()));
    retry_restore(begun.error());
    return;
  }
  // The new node does not know these; their clients connect again.
  connections_.close_all(now_);
  take_over(message.started, message.took);
  available_ = true;
  why_not_.clear();
  config_.tell("available again: " + told(message.started, message.took));
}

void Server::take_over(StartedUp& started, Microseconds took) {
  node_ = std::move(started.node);
  start_up_ = {took, started.snapshot_blocks, started.folded_blocks};
}

void Server::receive(SnapshotFailed& message) {
  config_.tell(message.why);
}

void Server::receive(SnapshotWanted& message) {
  if (http_) http_->answer(message.request, snapshot());
}

void Server::receive(StopWanted& /*message*/) {
  begin_stop();
}

void Server::begin_stop() {
  if (phase_ != Phase::serving) return;
  config_.tell(fmt::format("stopping, {} clients are connected", connections_.open()));
  phase_ = Phase::finishing;
  phase_deadline_ = now_.steady + kStopTime;
  epoll_.remove(listener_->descriptor());
  if (!available_) {
    config_.tell(fmt::format("stopped while unavailable: {}", why_not_));
    exit_code_ = ExitCode::log_unusable;
    phase_ = Phase::done;
    return;
  }
  node_->shut_down(now_);
}

void Server::go_on_stopping() {
  if (phase_ == Phase::finishing && node_->idle() && !actions_left_) {
    connections_.close_all(now_);
    phase_ = Phase::lingering;
    phase_deadline_ = now_.steady + kLingerTime;
  }
  if (phase_ == Phase::lingering && connections_.closing() == 0) phase_ = Phase::done;
  if (phase_ == Phase::done || now_.steady < phase_deadline_) return;
  if (phase_ == Phase::finishing) {
    config_.tell("gave up waiting for the log");
    exit_code_ = ExitCode::log_unusable;
  }
  phase_ = Phase::done;
}

ServerSnapshot Server::snapshot() {
  ServerSnapshot snapshot;
  snapshot.serving = available_ && phase_ == Phase::serving;
  snapshot.why_not = phase_ != Phase::serving ? "stopping" : why_not_;
  snapshot.uptime = now_.steady - started_;
  snapshot.connections = connections_.open();
  snapshot.connections_turned_away_total = turned_away_;
  snapshot.storage_failures_total = storage_failures_;
  snapshot.commits = commits_;
  snapshot.start_up = start_up_;
  if (snapshots_) {
    snapshot.state_snapshot = snapshots_->status();
    snapshot.state_snapshot_age = now_.steady - snapshot.state_snapshot.stored_at;
  }
  snapshot.node = node_->counters();
  return snapshot;
}

}  // namespace claims::server
