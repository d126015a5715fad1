// What one PUBLISH costs in the codec: the packet that a chat event is, both ways.

#include <benchmark/benchmark.h>

#include <cassert>
#include <string>

#include "protocol/limits.h"
#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/encoder.h"

namespace claims::mqtt {
namespace {

constexpr std::size_t kPacketBytes = 255;

/// A QoS 1 PUBLISH of kPacketBytes in all; `payload` keeps its bytes.
Publish publish_of(Version version, std::string& payload) {
  Publish publish{
      .topic = "aos/v1/garage-0001/evt", .qos = QoS::at_least_once, .packet_id = 12'345};
  std::string empty;
  encode(publish, version, empty);
  payload.assign(kPacketBytes - empty.size() - 1, 'x');  // The length takes one byte more.
  publish.payload = payload;
  return publish;
}

Version version_of(const benchmark::State& state) {
  return static_cast<Version>(state.range(0));
}

void encode_publish(benchmark::State& state) {
  const Version version = version_of(state);
  std::string payload, out;
  const Publish publish = publish_of(version, payload);
  for (auto _ : state) {
    out.clear();
    encode(publish, version, out);
    benchmark::DoNotOptimize(out.data());
  }
  assert(out.size() == kPacketBytes);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kPacketBytes));
}
BENCHMARK(encode_publish)->ArgName("version")->Arg(4)->Arg(5);

/// A read from the network that holds 32 whole packets: nothing is copied.
void decode_publish(benchmark::State& state) {
  constexpr std::int64_t kPackets = 32;
  const Version version = version_of(state);
  std::string payload, bytes;
  const Publish publish = publish_of(version, payload);
  for (std::int64_t i = 0; i < kPackets; ++i) encode(publish, version, bytes);
  Decoder decoder(Decoder::Side::client, limits::kPacketBytesMax, version);
  std::int64_t packets = 0;
  for (auto _ : state) {
    decoder.feed(bytes);
    while (auto packet = decoder.next()) {
      benchmark::DoNotOptimize(packet);
      ++packets;
    }
  }
  assert(packets == state.iterations() * kPackets);
  state.SetItemsProcessed(packets);
  state.SetBytesProcessed(packets * static_cast<std::int64_t>(kPacketBytes));
}
BENCHMARK(decode_publish)->ArgName("version")->Arg(4)->Arg(5);

/// The packet comes in two reads: it is put together in memory of the decoder's own.
void decode_publish_in_two_pieces(benchmark::State& state) {
  const Version version = version_of(state);
  std::string payload, bytes;
  const Publish publish = publish_of(version, payload);
  encode(publish, version, bytes);
  Decoder decoder(Decoder::Side::client, limits::kPacketBytesMax, version);
  const std::string_view first = std::string_view(bytes).substr(0, kPacketBytes / 2);
  const std::string_view second = std::string_view(bytes).substr(kPacketBytes / 2);
  std::int64_t packets = 0;
  for (auto _ : state) {
    for (const std::string_view piece : {first, second}) {
      decoder.feed(piece);
      while (auto packet = decoder.next()) {
        benchmark::DoNotOptimize(packet);
        ++packets;
      }
    }
  }
  assert(packets == state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kPacketBytes));
}
BENCHMARK(decode_publish_in_two_pieces)->ArgName("version")->Arg(4)->Arg(5);

}  // namespace
}  // namespace claims::mqtt
