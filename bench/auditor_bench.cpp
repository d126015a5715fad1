// What a verified delivery costs: an event's payload parsed, and checked by every checker.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bench/town.h"
#include "simulator/actor/payload_reader.h"
#include "simulator/check/auditor.h"
#include "simulator/measure/recorder.h"

namespace claims::bench {
namespace {

constexpr std::size_t kRooms = 1'000;
/// Messages, each for two sessions, prepared while the clock stands still.
constexpr std::size_t kBatch = 1'000;

struct Delivery {
  storm::SessionNumber session{};
  std::string payload;
};

/// An auditor that has seen all that happened in a town: the founding of its rooms, and since then
/// what is told to it.
class AuditedTown {
 public:
  AuditedTown()
      : town_(kRooms, 2,
              {.decided =
                   [this](const Town::Spoken& spoken, const server::Decided& decided) {
                     founding_.emplace_back(spoken, decided);
                   },
               .logged = {}}) {
    recorder_.begin(Microseconds{0});
    recorder_.hold(Microseconds{0}, Microseconds{1'000'000'000'000});
    for (const Town::Inhabitant& it : town_.people()) {
      auditor_.know_user(it.id, it.name, it.role);
      sessions_.push_back(auditor_.add_session(it.id));
      auditor_.subscribed(sessions_.back(), turn().begin);
    }
    for (const auto& [spoken, decided] : std::exchange(founding_, {})) {
      sent(spoken);
      for (const Delivery& delivery : deliveries(decided)) deliver(delivery);
      replied(spoken, decided);
    }
  }

  /// A garage says something in the next room.
  std::pair<Town::Spoken, server::Decided> speak() {
    const Town::Room& room = town_.rooms()[place_++ % kRooms];
    Town::Spoken spoken = town_.message(room.garage, room.id);
    auto decision = town_.decide(spoken);
    return {std::move(spoken), std::get<server::Decided>(std::move(decision))};
  }

  std::vector<Delivery> deliveries(const server::Decided& decided) {
    std::vector<Delivery> deliveries;
    for (const server::Emitted& emitted : decided.records) {
      if (emitted.recipients.empty()) continue;
      std::string payload = emitted.record.payload;
      payload.back() = ',';
      payload += fmt::format(R"("cursor":"0:{}"}})", ++cursor_);
      for (const server::UserIndex user : emitted.recipients) {
        deliveries.push_back({sessions_[static_cast<std::size_t>(user)], payload});
      }
    }
    return deliveries;
  }

  void sent(const Town::Spoken& spoken) {
    const auto body = boost::json::parse(spoken.payload);
    now_ += Microseconds{10};
    auditor_.sent(sessions_[spoken.by], {.id = spoken.id,
                                         .type = spoken.type,
                                         .body = &body.as_object(),
                                         .step = spoken.type,
                                         .intended = now_,
                                         .sent = now_});
  }
  void replied(const Town::Spoken& spoken, const server::Decided& decided) {
    const auto reply = boost::json::parse(decided.reply);
    auditor_.replied(sessions_[spoken.by], reply.as_object(), turn());
  }
  /// What is timed.
  void deliver(const Delivery& delivery) {
    now_ += Microseconds{10};
    const auto* value = reader_.read(delivery.payload);
    auditor_.event(delivery.session, value->get_object(), turn());
  }

  const storm::Auditor& auditor() const { return auditor_; }

 private:
  storm::Turn turn() const { return {{now_, Milliseconds{1'714'521'600'000}}, now_}; }

  Microseconds now_{1'000'000};
  std::vector<std::pair<Town::Spoken, server::Decided>> founding_;
  Town town_;
  storm::Recorder recorder_;
  storm::Auditor auditor_{recorder_};
  storm::PayloadReader reader_;
  std::vector<storm::SessionNumber> sessions_;
  std::size_t place_ = 0;
  std::uint64_t cursor_ = 0;
};

void verify_delivery(benchmark::State& state) {
  AuditedTown town;
  std::vector<std::pair<Town::Spoken, server::Decided>> batch;
  std::vector<Delivery> deliveries;
  while (state.KeepRunningBatch(2 * kBatch)) {
    state.PauseTiming();
    batch.clear();
    deliveries.clear();
    for (std::size_t i = 0; i < kBatch; ++i) {
      const auto& [spoken, decided] = batch.emplace_back(town.speak());
      town.sent(spoken);
      for (Delivery& delivery : town.deliveries(decided)) deliveries.push_back(std::move(delivery));
    }
    state.ResumeTiming();
    for (const Delivery& delivery : deliveries) town.deliver(delivery);
    state.PauseTiming();
    for (const auto& [spoken, decided] : batch) town.replied(spoken, decided);
    state.ResumeTiming();
  }
  const storm::Auditor& auditor = town.auditor();
  if (auditor.violations_total() > 0) state.SkipWithError(auditor.stories().front().en.c_str());
  if (auditor.counts().deliveries != auditor.counts().deliveries_expected) {
    state.SkipWithError("deliveries were not counted as expected");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(verify_delivery);

/// The part of it that is reading JSON.
void read_delivery(benchmark::State& state) {
  AuditedTown town;
  const Delivery delivery = town.deliveries(town.speak().second).front();
  storm::PayloadReader reader;
  for (auto _ : state) {
    const auto* value = reader.read(delivery.payload);
    benchmark::DoNotOptimize(value);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(delivery.payload.size()));
}
BENCHMARK(read_delivery);

}  // namespace
}  // namespace claims::bench
