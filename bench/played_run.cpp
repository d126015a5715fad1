#include "bench/played_run.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "protocol/chat/token.h"

namespace claims::bench {
namespace {

constexpr Milliseconds kWall{1'714'521'600'000};

/// Nobody connects twice in a run, so that the numbers of both sides go together.
server::ConnectionId connection_of(storm::ConnectionNumber connection) {
  return server::ConnectionId{static_cast<std::uint64_t>(connection) + 1};
}
storm::ConnectionNumber player_connection(server::ConnectionId connection) {
  return storm::ConnectionNumber{static_cast<std::uint32_t>(connection) - 1};
}

}  // namespace

PlayedRun::PlayedRun(storm::Scenario scenario, std::uint64_t seed)
    : scenario_(std::move(scenario)),
      population_(make_population(scenario_.population, seed, kWall.count() / 1'000)),
      player_(scenario_, population_, auditor_, recorder_, seed,
              static_cast<std::uint64_t>(kWall.count())) {
  server::NodeConfig config;
  config.token_key = *chat::parse_token_key(population_.token_key_hex);
  config.broker.open_topics.on = uses_open_topics(scenario_);
  node_ = std::make_unique<server::Node>(config, seed);
  const auto started = node_->start(population_.directory_json, now());
  assert(started);
}

Now PlayedRun::now() const {
  return {now_, kWall + std::chrono::duration_cast<Milliseconds>(now_)};
}

template <class Call>
void PlayedRun::time(std::chrono::nanoseconds& total, Call call) {
  if (!timed_) return call();
  const auto begin = std::chrono::steady_clock::now();
  call();
  total += std::chrono::steady_clock::now() - begin;
}

void PlayedRun::play() {
  player_.start(now());
  pump();
  while (!player_.done()) {
    const auto player_due = player_.next_deadline();
    const auto node_due = node_->next_deadline();
    assert(player_due);
    const bool player_first = !node_due || *player_due <= *node_due;
    now_ = std::max(now_, player_first ? *player_due : *node_due);
    const storm::RunPhase phase = player_.progress(now()).phase;
    timed_ = phase == storm::RunPhase::ramp || phase == storm::RunPhase::hold ||
             phase == storm::RunPhase::drain;
    if (player_first) {
      time(player_time_, [&] { player_.tick(now()); });
    } else {
      time(node_time_, [&] { node_->tick(now()); });
    }
    pump();
  }
}

void PlayedRun::pump() {
  std::vector<storm::PlayerAction> wishes;
  std::vector<server::Action> actions;
  do {
    wishes.clear();
    actions.clear();
    time(player_time_, [&] { player_.drain(wishes); });
    for (const storm::PlayerAction& wish : wishes) act(wish);
    time(node_time_, [&] { node_->drain(actions, now()); });
    for (const server::Action& action : actions) act(action);
  } while (!wishes.empty() || !actions.empty());
}

void PlayedRun::act(const storm::PlayerAction& action) {
  if (const auto* open = std::get_if<storm::OpenConnection>(&action)) {
    node_->opened(connection_of(open->connection), now());
    player_.opened(open->connection, now());
  } else if (const auto* send = std::get_if<storm::SendBytes>(&action)) {
    time(node_time_, [&] { node_->received(connection_of(send->connection), send->bytes, now()); });
  } else if (const auto* close = std::get_if<storm::CloseConnection>(&action)) {
    node_->closed(connection_of(close->connection), now());
  }
}

void PlayedRun::act(const server::Action& action) {
  if (const auto* output = std::get_if<server::ConnectionOutput>(&action)) {
    time(node_time_, [&] { node_->written(output->connection, output->bytes.size(), now()); });
    assert(!output->close || player_.done());
    if (output->bytes.empty()) return;
    time(player_time_, [&] {
      player_.received(player_connection(output->connection), output->bytes, {now(), now_});
    });
  } else if (const auto* append = std::get_if<server::AppendBlock>(&action)) {
    const auto appended = log_->append({append->block});
    const auto folded = history_->fold(*append->block);
    assert(appended && folded);
    time(node_time_, [&] { node_->durable(append->block->last(), now()); });
  } else {
    const auto& read = std::get<server::ReadRows>(action);
    auto rows = history_->query(read.query);
    time(node_time_, [&] { node_->rows(read.id, std::move(rows), now()); });
  }
}

std::uint64_t PlayedRun::steps() const {
  assert(scenario_.workflows.size() == 1);
  return player_.progress(now()).completed * scenario_.workflows[0].steps.size();
}

bool PlayedRun::passed() const {
  const storm::Progress progress = player_.progress(now());
  return player_.done() && player_.end() == storm::Player::End::finished && progress.started > 0 &&
         progress.completed == progress.started && progress.violations == 0;
}

}  // namespace claims::bench
