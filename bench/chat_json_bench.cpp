// The chat's JSON: a command read, an event written and read.

#include <benchmark/benchmark.h>

#include <cassert>
#include <string>

#include "bench/town.h"
#include "protocol/chat/command.h"
#include "protocol/chat/event.h"

namespace claims::bench {
namespace {

chat::Event message_event() {
  chat::Event event;
  event.room = chat::RoomId{4'711};
  event.seq = 12;
  event.at = Milliseconds{1'714'521'600'000};
  event.sender = {"gar-00001", "한빛자동차공업사"};
  event.vehicle = "12가3456";
  event.cmd = "gar-00001:1714521600000.7";
  event.body = chat::Message{std::string(kText), {}};
  return event;
}

void write_message_event(benchmark::State& state) {
  const chat::Event event = message_event();
  std::string out;
  for (auto _ : state) {
    out.clear();
    write_event_open(event, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(write_message_event);

void parse_message_event(benchmark::State& state) {
  const chat::Event event = message_event();
  std::string text;
  write_event_open(event, text);
  text += R"(,"cursor":"0:123456"})";
  for (auto _ : state) {
    auto parsed = chat::parse_event(text);
    benchmark::DoNotOptimize(parsed);
  }
  assert(chat::parse_event(text)->event == event);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse_message_event);

/// Strictly, with the text brought to NFC.
void parse_message_send(benchmark::State& state) {
  const std::string text =
      R"({"type":"message.send","id":"1714521600000.7","room":"r4711","text":")" +
      std::string(kText) + R"("})";
  for (auto _ : state) {
    auto parsed = chat::parse_request(text);
    benchmark::DoNotOptimize(parsed);
  }
  assert(chat::parse_request(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse_message_send);

/// An unknown field: the answer is made, too, since it has a second at most.
void parse_malformed_request(benchmark::State& state) {
  const std::string text =
      R"({"type":"message.send","id":"1714521600000.7","room":"r4711","txt":"?"})";
  for (auto _ : state) {
    auto parsed = chat::parse_request(text);
    benchmark::DoNotOptimize(parsed);
  }
  assert(!chat::parse_request(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse_malformed_request);

}  // namespace
}  // namespace claims::bench
