// What it costs to decide a command, in a state of 10,000 rooms. What is decided is folded into the
// state at once; fold_message_send is that part alone. replay_message_send is what the same records
// cost when they are read back from the log at start-up.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cassert>
#include <type_traits>
#include <variant>
#include <vector>

#include "bench/town.h"
#include "reference-server/chat/record_codec.h"
#include "reference-server/chat/state.h"

namespace claims::bench {
namespace {

constexpr std::size_t kRooms = 10'000;
/// Commands prepared while the clock stands still.
constexpr std::size_t kBatch = 1'000;

/// Goes through the rooms in turn, so that each is as cold as it is in a server with many.
class Walk {
 public:
  explicit Walk(const Town& town) : town_(town) {}
  const Town::Room& next() { return town_.rooms()[place_++ % town_.rooms().size()]; }

 private:
  const Town& town_;
  std::size_t place_ = 0;
};

/// `speak`: the next command to decide; what it does to the town is not timed.
template <class Speak>
void decide(benchmark::State& state, Town& town, std::uint64_t refused, Speak speak) {
  std::vector<Town::Spoken> batch;
  while (state.KeepRunningBatch(kBatch)) {
    state.PauseTiming();
    batch.clear();
    for (std::size_t i = 0; i < kBatch; ++i) batch.push_back(speak());
    state.ResumeTiming();
    for (const Town::Spoken& spoken : batch) {
      auto decision = town.decide(spoken);
      benchmark::DoNotOptimize(decision);
    }
  }
  const auto iterations = static_cast<std::uint64_t>(state.iterations());
  if (town.service().counters().refused_total != refused * iterations) {
    state.SkipWithError("commands were refused that should not, or the other way round");
  }
  state.SetItemsProcessed(state.iterations());
}

void decide_message_send(benchmark::State& state) {
  Town town(kRooms, static_cast<std::size_t>(state.range(0)));
  Walk walk(town);
  decide(state, town, 0, [&] {
    const Town::Room& room = walk.next();
    return town.message(room.garage, room.id);
  });
}
BENCHMARK(decide_message_send)->ArgName("members")->Arg(2)->Arg(5);

/// The garage has read what the adjuster wrote.
void decide_room_read(benchmark::State& state) {
  Town town(kRooms, 2);
  Walk walk(town);
  decide(state, town, 0, [&] {
    const Town::Room& room = walk.next();
    const auto decision = town.decide(town.message(room.adjuster, room.id));
    const server::Record& event = std::get<server::Decided>(decision).records.front().record;
    return town.speak(room.garage, "room.read",
                      fmt::format(R"(,"room":"{}","seq":{})", to_string(room.id), event.seq));
  });
}
BENCHMARK(decide_room_read);

/// Well-formed, and refused with unknown_room: the outcome is logged all the same.
void decide_refused(benchmark::State& state) {
  Town town(kRooms, 2);
  Walk walk(town);
  decide(state, town, 1, [&] {
    const Town::Room& mine = walk.next();
    const std::size_t next = static_cast<std::size_t>(mine.id) % town.rooms().size();
    return town.message(mine.garage, town.rooms()[next].id);
  });
}
BENCHMARK(decide_refused);

/// A service that follows a town: what it takes in comes from the log, as at start-up.
class Follower {
 public:
  /// Decoding and folding.
  void take(const server::Record& record) {
    const auto folded = service_.fold(record, server::Position{++position_});
    assert(folded);
  }

 private:
  server::Service service_;
  std::uint64_t position_ = 0;
};

/// The state alone follows: what it takes in is typed already, as when a command is decided.
class StateFollower {
 public:
  void take(const server::TypedRecord& record) {
    const auto folded = state_.apply(record, server::Position{++position_});
    assert(folded);
  }
  void take(const server::Record& record) { take(*server::decode_record(record)); }

 private:
  server::State state_;
  std::uint64_t position_ = 0;
};

/// The two records of a message.send, event and outcome, go to a follower; `prepare` makes of a
/// record what is taken then.
template <class Follows, class Prepare>
void follow(benchmark::State& state, Prepare prepare) {
  Follows follower;
  Town town(kRooms, static_cast<std::size_t>(state.range(0)),
            {.decided = {}, .logged = [&](const server::Record& it) { follower.take(it); }});
  Walk walk(town);
  std::vector<std::invoke_result_t<Prepare, const server::Record&>> batch;
  while (state.KeepRunningBatch(kBatch)) {
    state.PauseTiming();
    batch.clear();
    for (std::size_t i = 0; i < kBatch; ++i) {
      const Town::Room& room = walk.next();
      const auto decision = town.decide(town.message(room.garage, room.id));
      for (const server::Emitted& emitted : std::get<server::Decided>(decision).records) {
        batch.push_back(prepare(emitted.record));
      }
    }
    state.ResumeTiming();
    for (const auto& record : batch) follower.take(record);
  }
  state.SetItemsProcessed(state.iterations());
}

void replay_message_send(benchmark::State& state) {
  follow<Follower>(state, [](const server::Record& record) { return record; });
}
BENCHMARK(replay_message_send)->ArgName("members")->Arg(2)->Arg(5);

void fold_message_send(benchmark::State& state) {
  follow<StateFollower>(
      state, [](const server::Record& record) { return *server::decode_record(record); });
}
BENCHMARK(fold_message_send)->ArgName("members")->Arg(2)->Arg(5);

}  // namespace
}  // namespace claims::bench
