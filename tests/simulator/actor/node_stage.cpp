#include "tests/simulator/actor/node_stage.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cassert>
#include <optional>

#include "protocol/chat/token.h"

namespace claims::storm::testing {

struct TraceHash::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

TraceHash::TraceHash() : state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
}

TraceHash::~TraceHash() {
  EVP_MD_CTX_free(state_->context);
}

void TraceHash::add(Microseconds at, std::string_view kind, std::uint64_t connection,
                    std::string_view bytes) {
  const std::string head =
      fmt::format("{} {} {} {} {}\n", at.count(), ++sequence_, kind, connection, bytes.size());
  EVP_DigestUpdate(state_->context, head.data(), head.size());
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string TraceHash::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned bytes = 0;
  EVP_DigestFinal_ex(state_->context, digest.data(), &bytes);
  std::string text;
  for (unsigned i = 0; i < bytes; ++i) text += fmt::format("{:02x}", digest.at(i));
  return text;
}

NodeStage::NodeStage(Scenario played, std::uint64_t seed)
    : scenario(std::move(played)),
      population(make_population(scenario.population, seed, kWall.count() / 1'000)),
      player(scenario, population, auditor, recorder, seed,
             static_cast<std::uint64_t>(kWall.count())),
      log_(server::make_memory_log()),
      seed_(seed) {
  start_node();
}

void NodeStage::start_node() {
  ++life_;
  server::NodeConfig config;
  const auto key = chat::parse_token_key(population.token_key_hex);
  assert(key);
  config.token_key = *key;
  config.broker.open_topics.on = uses_open_topics(scenario);
  node_ = std::make_unique<server::Node>(config, seed_ + life_ - 1);
  history_ = server::make_memory_history();
  const auto read = log_->read(0, [&](server::Block&& block) {
    const auto restored = node_->restored(block);
    assert(restored);
    const auto folded = history_->fold(block);
    assert(folded);
  });
  assert(read);
  const auto started = node_->start(population.directory_json, now());
  assert(started);
}

Now NodeStage::now() const {
  return {now_, kWall + std::chrono::duration_cast<Milliseconds>(now_ - kStart)};
}

void NodeStage::in(Microseconds time, std::function<void()> then) {
  agenda_.emplace(std::pair{now_ + time, agenda_sequence_++}, std::move(then));
}

bool NodeStage::play(Microseconds limit) {
  player.start(now());
  pump();
  while (!player.done()) {
    const auto node_due = node_ ? node_->next_deadline() : std::nullopt;
    const auto player_due = player.next_deadline();
    std::optional<Microseconds> next = player_due;
    if (node_due && (!next || *node_due < *next)) next = node_due;
    if (!agenda_.empty() && (!next || agenda_.begin()->first.first <= *next)) {
      next = agenda_.begin()->first.first;
    }
    assert(next);
    now_ = std::max(now_, *next);
    if (now_ - kStart > limit) return false;
    if (!agenda_.empty() && agenda_.begin()->first.first <= now_) {
      const auto then = std::move(agenda_.begin()->second);
      agenda_.erase(agenda_.begin());
      then();
    } else if (node_due && *node_due <= now_) {
      trace.add(now_, "tick", 0, "");
      node_->tick(now());
    } else {
      player.tick(now());
    }
    pump();
  }
  return true;
}

void NodeStage::pump() {
  std::vector<server::Action> actions;
  if (node_) node_->drain(actions, now());
  for (server::Action& action : actions) act(action);
  std::vector<PlayerAction> wishes;
  player.drain(wishes);
  for (const PlayerAction& wish : wishes) act(wish);
}

void NodeStage::act(const PlayerAction& action) {
  if (const auto* open = std::get_if<OpenConnection>(&action)) {
    const ConnectionNumber user = open->connection;
    if (now_ < connects_hang_until_) return;
    in(kWire, [this, user] {
      if (!node_) return player.open_failed(user, now(), "refused");
      const server::ConnectionId connection{++connections_};
      pipes_[connection] = {user, true};
      connection_of_[user] = connection;
      trace.add(now_, "opened", static_cast<std::uint64_t>(connection), "");
      node_->opened(connection, now());
      player.opened(user, now());
    });
    return;
  }
  if (const auto* send = std::get_if<SendBytes>(&action)) {
    const auto found = connection_of_.find(send->connection);
    if (found == connection_of_.end()) return;
    const server::ConnectionId connection = found->second;
    on_wire(connection, [this, connection, bytes = send->bytes] {
      if (!pipes_[connection].open) return;
      trace.add(now_, "received", static_cast<std::uint64_t>(connection), bytes);
      node_->received(connection, bytes, now());
    });
    return;
  }
  const auto* close = std::get_if<CloseConnection>(&action);
  assert(close != nullptr);  // Nothing else is asked for here.
  const auto found = connection_of_.find(close->connection);
  if (found == connection_of_.end()) return;
  // Behind the bytes that were sent before it.
  on_wire(found->second, [this, connection = found->second] { hang_up(connection); });
  connection_of_.erase(found);
}

void NodeStage::act(server::Action& action) {
  if (auto* output = std::get_if<server::ConnectionOutput>(&action)) {
    const server::ConnectionId connection = output->connection;
    if (output->close && pipes_[connection].silent) {
      in(kWire, [this, connection] { hang_up(connection); });
    }
    trace.add(now_, output->close ? "bytes, close" : "bytes",
              static_cast<std::uint64_t>(connection), output->bytes);
    on_wire(connection, [this, connection, bytes = output->bytes, close = output->close] {
      Pipe& pipe = pipes_[connection];
      if (!pipe.open) return;
      const ConnectionNumber user = pipe.user;
      trace.add(now_, "written", static_cast<std::uint64_t>(connection), "");
      node_->written(connection, bytes.size(), now());
      if (pipe_of(user) == &pipe && !bytes.empty()) player.received(user, bytes, {now(), now_});
      if (!close) return;
      hang_up(connection);
      tell_closed(connection);
    });
  } else if (auto* append = std::get_if<server::AppendBlock>(&action)) {
    trace.add(now_, "append", 0, server::encode_block(*append->block));
    appending_ = append->block;
    in(kCommit, [this, block = append->block, life = life_] {
      if (life != life_ || !node_) return;
      appending_ = nullptr;
      const auto appended = log_->append({block});
      assert(appended);
      const auto folded = history_->fold(*block);
      assert(folded);
      trace.add(now_, "durable", 0, fmt::format("{}", static_cast<std::uint64_t>(block->last())));
      node_->durable(block->last(), now());
    });
  } else {
    const auto& read = std::get<server::ReadRows>(action);
    trace.add(now_, "read", static_cast<std::uint64_t>(read.id), "");
    in(kQuery, [this, id = read.id, query = read.query, life = life_] {
      if (life != life_ || !node_) return;
      auto rows = history_->query(query);
      assert(rows);
      std::string all;
      for (const server::Row& row : *rows) all += row.event;
      trace.add(now_, "rows", static_cast<std::uint64_t>(id), all);
      node_->rows(id, std::move(rows), now());
    });
  }
}

void NodeStage::on_wire(server::ConnectionId connection, std::function<void()> then) {
  const Pipe& pipe = pipes_[connection];
  if (pipe.silent) return;
  in(std::max(kWire, pipe.held_until - now_), [this, connection, then = std::move(then)] {
    if (!pipes_[connection].silent) then();
  });
}

NodeStage::Pipe* NodeStage::pipe_of(ConnectionNumber user) {
  const auto found = connection_of_.find(user);
  return found == connection_of_.end() ? nullptr : &pipes_[found->second];
}

void NodeStage::hang_up(server::ConnectionId connection) {
  Pipe& pipe = pipes_[connection];
  if (!pipe.open) return;
  pipe.open = false;
  trace.add(now_, "closed", static_cast<std::uint64_t>(connection), "");
  node_->closed(connection, now());
}

/// The user's end, if this is its connection still.
void NodeStage::tell_closed(server::ConnectionId connection) {
  const ConnectionNumber user = pipes_[connection].user;
  if (pipe_of(user) != &pipes_[connection]) return;
  connection_of_.erase(user);
  player.closed(user, now());
}

void NodeStage::cut(ConnectionNumber user) {
  const auto found = connection_of_.find(user);
  if (found == connection_of_.end() || !pipes_[found->second].open) return;
  const server::ConnectionId connection = found->second;
  hang_up(connection);
  tell_closed(connection);
}

void NodeStage::lose(ConnectionNumber user) {
  const auto found = connection_of_.find(user);
  if (found != connection_of_.end()) tell_closed(found->second);
}

void NodeStage::silence(ConnectionNumber user, std::optional<Microseconds> reset_after) {
  const auto found = connection_of_.find(user);
  if (found == connection_of_.end()) return;
  pipes_[found->second].silent = true;
  if (!reset_after) return;
  in(*reset_after, [this, connection = found->second] { tell_closed(connection); });
}

void NodeStage::hold_back(ConnectionNumber user, Microseconds time) {
  if (Pipe* pipe = pipe_of(user)) pipe->held_until = std::max(pipe->held_until, now_ + time);
}

void NodeStage::crash(Microseconds down, bool keeps_open_block) {
  if (!node_) return;
  trace.add(now_, "crash", 0, "");
  node_ = nullptr;
  if (keeps_open_block && appending_) {
    const auto appended = log_->append({appending_});
    assert(appended);
  }
  appending_ = nullptr;
  std::vector<server::ConnectionId> ended;
  for (auto& [connection, pipe] : pipes_) {
    if (!pipe.open) continue;
    pipe.open = false;
    if (!pipe.silent) ended.push_back(connection);
  }
  for (const server::ConnectionId connection : ended) tell_closed(connection);
  in(down, [this] { start_node(); });
}

}  // namespace claims::storm::testing
