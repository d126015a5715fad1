#include "simulator/world/virtual/virtual_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace claims::storm {
namespace {

// Far from the player's (player.cpp) and the faults' (fault_plan.h).
constexpr std::uint64_t kNetworkStream = 4'000'001, kServerStream = 4'000'002;
/// Beyond the phases and the liveness phase: connecting, reading the history.
constexpr Microseconds kGrace{1'800'000'000};

}  // namespace

VirtualWorld::VirtualWorld(Parts parts, const Random& run)
    : player_(parts.player),
      population_(parts.population),
      plan_(parts.plan),
      trace_(parts.trace),
      wall_start_(parts.wall),
      random_(run.split(kFaultStream)),
      network_(queue_, *this, parts.network, run.split(kNetworkStream)),
      server_(queue_, network_, parts.trace, std::move(parts.server), parts.wall,
              run.split(kServerStream)),
      link_of_(parts.population.connections()),
      on_(kFaultKinds * (parts.population.connections() + 1) * 3) {}

VirtualWorld::~VirtualWorld() = default;

Now VirtualWorld::now() const {
  return {queue_.now(), wall_start_ + std::chrono::duration_cast<Milliseconds>(elapsed())};
}

std::optional<std::string> VirtualWorld::play() {
  if (!plan_.empty()) player_.expect_faults(plan_.liveness);
  const Microseconds latest = kStart + player_.phases_length() + plan_.liveness + kGrace;
  server_.start();
  while (server_.outage_since()) {
    if (server_.broken()) return *server_.broken();
    if (queue_.now() > latest || !queue_.next()) return "the server never served";
    queue_.run_next();
  }
  server_.on_outage([this](Microseconds begin, Microseconds end) {
    player_.note_outage({begin, end});
  });
  player_.start(now());
  after_player();
  while (!player_.done()) {
    if (server_.broken()) return *server_.broken();
    if (queue_.now() > latest) {
      return fmt::format("the run did not end within {} virtual seconds",
                         (latest - kStart).count() / 1'000'000);
    }
    assert(queue_.next());
    queue_.run_next();
  }
  return std::nullopt;
}

// The users' side.

void VirtualWorld::connected(LinkId link, ConnectionNumber connection) {
  if (link_of_[static_cast<std::size_t>(connection)] != link) return;
  player_.opened(connection, now());
  after_player();
}

void VirtualWorld::refused(LinkId link, ConnectionNumber connection, std::string_view why) {
  connection_of_.erase(link);
  LinkId& current = link_of_[static_cast<std::size_t>(connection)];
  if (current != link) return;
  current = LinkId{};
  player_.open_failed(connection, now(), why);
  after_player();
}

std::optional<ConnectionNumber> VirtualWorld::connection_of(LinkId link) const {
  const auto found = connection_of_.find(link);
  if (found == connection_of_.end()) return std::nullopt;
  return found->second;
}

void VirtualWorld::accepted(LinkId link) {
  server_.accepted(link);
}

void VirtualWorld::arrived(LinkId link, Side at, std::string_view bytes) {
  if (at == Side::server) {
    server_.arrived(link, bytes);
  } else if (const auto connection = connection_of(link)) {
    player_.received(*connection, bytes, {now(), queue_.now()});
    after_player();
  }
}

void VirtualWorld::left(LinkId link, Side from, std::size_t bytes) {
  if (from == Side::server) server_.left(link, bytes);
}

void VirtualWorld::ended(LinkId link, Side at) {
  if (at == Side::server) {
    server_.ended(link);
  } else if (const auto connection = connection_of(link)) {
    connection_of_.erase(link);
    link_of_[static_cast<std::size_t>(*connection)] = LinkId{};
    player_.closed(*connection, now());
    after_player();
  }
}

/// What the player wants is carried out at once; what is due later wakes it.
void VirtualWorld::after_player() {
  if (!phases_began_ && player_.phases_began()) begin_faults();
  for (player_.drain(actions_); !actions_.empty(); player_.drain(actions_)) {
    for (PlayerAction& action : std::exchange(actions_, {})) carry_out(action);
  }
  wake_player();
}

void VirtualWorld::wake_player() {
  auto due = player_.next_deadline();
  if (!due) return;
  due = std::max(*due, queue_.now());
  if (player_wake_ && *player_wake_ <= *due) return;
  player_wake_ = due;
  queue_.at(*due, [this, at = *due] {
    if (player_wake_ != at) return;  // An earlier one took its place.
    player_wake_.reset();
    player_.tick(now());
    after_player();
  });
}

void VirtualWorld::carry_out(PlayerAction& action) {
  if (auto* send = std::get_if<SendBytes>(&action)) {
    const LinkId link = link_of_[static_cast<std::size_t>(send->connection)];
    if (link != LinkId{}) network_.send(link, Side::user, std::move(send->bytes));
  } else if (const auto* open = std::get_if<OpenConnection>(&action)) {
    LinkId& link = link_of_[static_cast<std::size_t>(open->connection)];
    assert(link == LinkId{});
    link = network_.connect(open->connection);
    connection_of_.emplace(link, open->connection);
  } else if (const auto* close = std::get_if<CloseConnection>(&action)) {
    LinkId& link = link_of_[static_cast<std::size_t>(close->connection)];
    if (link == LinkId{}) return;
    connection_of_.erase(link);
    network_.close(std::exchange(link, LinkId{}), Side::user);
  } else {  // CrashServer
    server_.kill();
    server_.start();
  }
}

}  // namespace claims::storm
