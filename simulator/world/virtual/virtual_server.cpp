#include "simulator/world/virtual/virtual_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

namespace claims::storm {
namespace {

constexpr std::uint64_t kStorageStream = 1, kTurnStream = 2;
// As claimchatd's (reference-server/net/server.h).
constexpr Microseconds kRetryFirst{100'000}, kRetryLongest{10'000'000};
constexpr int kDrainsPerTurn = 8;

std::uint64_t number(server::ConnectionId connection) {
  return static_cast<std::uint64_t>(connection);
}

/// A link is a connection of the same number.
server::ConnectionId connection_of(LinkId link) {
  return server::ConnectionId{static_cast<std::uint64_t>(link)};
}

}  // namespace

VirtualServer::VirtualServer(EventQueue& queue, VirtualNetwork& network, Trace& trace,
                             ServerSpec spec, Milliseconds wall, const Random& random)
    : queue_(queue),
      network_(network),
      trace_(trace),
      spec_(std::move(spec)),
      random_(random.split(kTurnStream)),
      wall_start_(wall - std::chrono::duration_cast<Milliseconds>(queue.now())),
      storage_(queue, *this, spec_.disk, random.split(kStorageStream),
               [this] { return this->wall(); }),
      retry_delay_(kRetryFirst) {}

VirtualServer::~VirtualServer() = default;

Milliseconds VirtualServer::wall() const {
  const std::int64_t drifted = (queue_.now() - drift_since_).count() * drift_ppm_ / 1'000'000;
  return wall_start_ + std::chrono::duration_cast<Milliseconds>(queue_.now() + wall_offset_us_ +
                                                                Microseconds(drifted));
}

void VirtualServer::drift_clock(std::int64_t parts_per_million) {
  wall_offset_us_ += Microseconds((queue_.now() - drift_since_).count() * drift_ppm_ / 1'000'000);
  drift_since_ = queue_.now();
  drift_ppm_ = parts_per_million;
}

// Its life.

void VirtualServer::start() {
  if (running_ || broken_) return;
  running_ = true;
  node_seed_ = random_.next();
  note_down();
  queue_.in(spec_.start_time, [this, life = ++life_] {
    if (life == life_) restore();
  });
}

void VirtualServer::kill() {
  if (!running_) return;
  trace_.add(queue_.now(), "kill", 0, "");
  running_ = available_ = paused_ = false;
  ++life_;
  note_down();
  storage_.crash();
  node_.reset();
  inputs_.clear();
  links_.clear();
  wake_.reset();
  network_.server_gone();
}

void VirtualServer::pause(bool pause) {
  if (!running_ || paused_ == pause) return;
  paused_ = pause;
  if (pause) return note_down();
  if (available_) note_up();
  wake_at(queue_.now());
}

void VirtualServer::note_down() {
  if (!outage_since_) outage_since_ = queue_.now();
}

void VirtualServer::note_up() {
  if (outage_since_ && outage_ended_) outage_ended_(*outage_since_, queue_.now());
  outage_since_.reset();
}

/// Opens log and history and folds them, as often as it takes. What is due meanwhile, for a crash
/// to strike in between, is due to this life alone.
void VirtualServer::restore() {
  const auto log = storage_.open_log();
  if (!log) return not_restored(log.error());
  queue_.in(*log, [this, life = life_] {
    if (life == life_) restore_node();
  });
}

void VirtualServer::restore_node() {
  auto opened = storage_.start_up(spec_.node, node_seed_++);
  if (!opened) return not_restored(opened.error());
  const auto blocks = static_cast<std::int64_t>(opened->started.folded_blocks);
  const std::shared_ptr<server::Node> node = std::move(opened->started.node);
  queue_.in(opened->disk + blocks * spec_.time_per_block, [this, life = life_, node] {
    if (life != life_) return;
    storage_.opened();
    node_ = node;
    serve();
  });
}

/// A disk that is full or fails may recover; until the end of the faults nobody can tell.
void VirtualServer::not_restored(const std::string& why) {
  trace_.add(queue_.now(), "not restored", 0, why);
  queue_.in(retry_delay_, [this, life = life_] {
    if (life == life_) restore();
  });
  retry_delay_ = std::min(2 * retry_delay_, kRetryLongest);
}

void VirtualServer::serve() {
  const auto begun = node_->start(spec_.directory_json, now());
  if (!begun) {
    broken_ = begun.error();
    return;
  }
  trace_.add(queue_.now(), "serving", 0, "");
  available_ = true;
  // As claimchatd does after a failure of its log: the new node does not know these.
  std::vector<LinkId> known(links_.begin(), links_.end());
  std::ranges::sort(known);
  for (const LinkId link : known) network_.close(link, Side::server);
  links_.clear();
  inputs_.clear();
  network_.listen();
  if (!paused_) note_up();
  wake_at(queue_.now());
}

// What comes in. It is taken up by the next turn of the loop.

void VirtualServer::take(Input input) {
  if (!running_ || !node_) return;
  inputs_.push_back(std::move(input));
  wake_at(queue_.now());
}

void VirtualServer::accepted(LinkId link) {
  if (!running_) return;
  links_.insert(link);
  take({.kind = Input::Kind::opened, .connection = connection_of(link)});
}

void VirtualServer::arrived(LinkId link, std::string_view bytes) {
  if (!links_.contains(link)) return;
  take({.kind = Input::Kind::received,
        .connection = connection_of(link),
        .bytes = std::string(bytes)});
}

void VirtualServer::left(LinkId link, std::size_t bytes) {
  if (!links_.contains(link)) return;
  take({.kind = Input::Kind::written, .connection = connection_of(link), .count = bytes});
}

void VirtualServer::ended(LinkId link) {
  if (links_.erase(link) == 0) return;
  take({.kind = Input::Kind::closed, .connection = connection_of(link)});
}

void VirtualServer::appended(server::Position last) {
  take({.kind = Input::Kind::durable, .last = last});
}

void VirtualServer::rows_read(server::QueryId id,
                              Result<std::vector<server::Row>, server::LogError> rows) {
  take({.kind = Input::Kind::rows,
        .query = id,
        .rows =
            std::make_shared<Result<std::vector<server::Row>, server::LogError>>(std::move(rows))});
}

void VirtualServer::storage_failed(const std::string& why) {
  take({.kind = Input::Kind::failed, .bytes = why});
}

void VirtualServer::wake_at(Microseconds time) {
  if (paused_ || !node_) return;
  time = std::max({time, free_at_, queue_.now()});
  if (wake_ && *wake_ <= time) return;
  wake_ = time;
  queue_.at(time, [this, time, life = life_] {
    if (life != life_ || wake_ != time) return;
    wake_.reset();
    if (!paused_) turn();
  });
}

// One turn of the loop.

void VirtualServer::turn() {
  for (Input& input : std::exchange(inputs_, {})) handle(input);
  if (const auto due = node_->next_deadline(); due && *due <= queue_.now()) {
    trace_.add(queue_.now(), "tick", 0, "");
    node_->tick(now());
  }
  drain();
  const auto width = static_cast<std::uint64_t>((spec_.turn.second - spec_.turn.first).count());
  free_at_ = queue_.now() + spec_.turn.first +
             Microseconds(static_cast<std::int64_t>(random_.below(width + 1)));
  if (!inputs_.empty()) wake_at(free_at_);
  if (const auto due = node_->next_deadline()) wake_at(*due);
}

void VirtualServer::handle(Input& input) {
  const Microseconds at = queue_.now();
  const std::uint64_t connection = number(input.connection);
  switch (input.kind) {
    case Input::Kind::opened:
      trace_.add(at, "opened", connection, "");
      node_->opened(input.connection, now());
      break;
    case Input::Kind::received:
      trace_.add(at, "received", connection, input.bytes);
      node_->received(input.connection, input.bytes, now());
      break;
    case Input::Kind::written:
      trace_.add(at, "written", connection, std::to_string(input.count));
      node_->written(input.connection, input.count, now());
      break;
    case Input::Kind::closed:
      trace_.add(at, "closed", connection, "");
      node_->closed(input.connection, now());
      break;
    case Input::Kind::durable:
      if (!available_) break;
      retry_delay_ = kRetryFirst;
      trace_.add(at, "durable", 0, std::to_string(static_cast<std::uint64_t>(input.last)));
      node_->durable(input.last, now());
      break;
    case Input::Kind::rows: {
      if (!available_) break;
      std::string all;
      if (input.rows->has_value()) {
        for (const server::Row& row : **input.rows) all += row.event;
      }
      trace_.add(at, "rows", static_cast<std::uint64_t>(input.query), all);
      node_->rows(input.query, std::move(*input.rows), now());
      break;
    }
    case Input::Kind::failed:
      if (!available_) break;
      trace_.add(at, "storage failed", 0, input.bytes);
      available_ = false;
      note_down();
      node_->append_failed(now());
      queue_.in(retry_delay_, [this, life = life_] {
        if (life == life_) restore();
      });
      retry_delay_ = std::min(2 * retry_delay_, kRetryLongest);
      break;
  }
}

void VirtualServer::drain() {
  for (int i = 0; i < kDrainsPerTurn; ++i) {
    actions_.clear();
    node_->drain(actions_, now());
    if (actions_.empty()) return;
    for (server::Action& action : actions_) {
      std::visit([this](auto& one) { carry_out(one); }, action);
    }
  }
}

void VirtualServer::carry_out(server::ConnectionOutput& output) {
  const LinkId link{number(output.connection)};
  trace_.add(queue_.now(), output.close ? "bytes, close" : "bytes", number(output.connection),
             output.bytes);
  if (!links_.contains(link)) return;
  if (!output.bytes.empty()) network_.send(link, Side::server, std::move(output.bytes));
  if (!output.close) return;
  network_.close(link, Side::server);
  links_.erase(link);
  node_->closed(output.connection, now());
}

void VirtualServer::carry_out(server::AppendBlock& append) {
  trace_.add(queue_.now(), "append", 0, server::encode_block(*append.block));
  if (available_) storage_.append(std::move(append.block));
}

void VirtualServer::carry_out(server::StoreCheckpoint& store) {
  // What its rows are follows from the blocks so far.
  trace_.add(queue_.now(), "checkpoint", 0, std::to_string(store.checkpoint->at.number));
  if (available_) storage_.store(*store.checkpoint);
}

void VirtualServer::carry_out(server::ReadRows& read) {
  trace_.add(queue_.now(), "read", static_cast<std::uint64_t>(read.id), "");
  if (available_) storage_.read(read.id, read.query);
}

}  // namespace claims::storm
