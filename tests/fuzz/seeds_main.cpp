// Writes the seeds of the fuzz targets, from what is in this source tree anyway.
//
//   fuzz_seeds SOURCE_FOLDER OUT      files into OUT/decoder, OUT/session, OUT/command,
//   OUT/scenario

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "protocol/mqtt/encoder.h"
#include "tests/fuzz/session_script.h"

namespace claims::fuzz {
namespace {

namespace fs = std::filesystem;
using mqtt::Packet;
using mqtt::PropertyId;
using mqtt::QoS;
using mqtt::Version;

std::string read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

class Seeds {
 public:
  Seeds(fs::path out, const std::string& target) : folder_(out / target) {
    fs::create_directories(folder_);
  }
  void add(const std::string& bytes) {
    char name[16];
    (void)std::snprintf(name, sizeof name, "seed-%03d", ++count_);
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  int count() const { return count_; }

 private:
  fs::path folder_;
  int count_ = 0;
};

// Decoder: one packet of each kind, and conversations.

std::vector<Packet> of_clients(Version version) {
  const bool v5 = version == Version::v5_0;
  mqtt::Connect connect{.version = version, .keep_alive_s = 60, .client_id = "c-1"};
  connect.username = "gar-00001";
  connect.password = "token";
  mqtt::Connect with_will = connect;
  with_will.will = mqtt::Will{.topic = "t", .payload = "gone", .qos = QoS::at_least_once};
  mqtt::Publish publish{.topic = "aos/v1/u/cmd", .payload = "{}", .qos = QoS::at_least_once};
  publish.packet_id = 7;
  if (v5) {
    connect.properties = {{PropertyId::session_expiry_interval, 60},
                          {PropertyId::receive_maximum, 8},
                          {PropertyId::maximum_packet_size, 4096}};
    publish.properties = {{PropertyId::user_property, 0, "name", "value"},
                          {PropertyId::content_type, 0, "json"},
                          {PropertyId::message_expiry_interval, 10}};
  }
  const mqtt::TopicFilter events{.filter = "aos/v1/u/evt", .qos = QoS::at_least_once};
  const mqtt::TopicFilter replies{.filter = "aos/v1/u/reply", .qos = QoS::at_most_once};
  std::vector<Packet> packets{connect,
                              with_will,
                              publish,
                              mqtt::Puback{{7, mqtt::ReasonCode::success, {}}},
                              mqtt::Pubrec{{8, mqtt::ReasonCode::success, {}}},
                              mqtt::Pubrel{{8, mqtt::ReasonCode::success, {}}},
                              mqtt::Subscribe{9, {events, replies}, {}},
                              mqtt::Unsubscribe{10, {"aos/v1/u/evt"}, {}},
                              mqtt::Pingreq{},
                              mqtt::Disconnect{}};
  if (v5) {
    packets.push_back(mqtt::Disconnect{mqtt::ReasonCode::disconnect_with_will,
                                       {{PropertyId::session_expiry_interval, 5}}});
    packets.push_back(mqtt::Auth{mqtt::ReasonCode::reauthenticate,
                                 {{PropertyId::authentication_method, 0, "m"}}});
  }
  return packets;
}

std::vector<Packet> of_servers(Version version) {
  const bool v5 = version == Version::v5_0;
  mqtt::Connack connack{.session_present = true, .reason = mqtt::ReasonCode::success};
  if (v5) connack.properties = {{PropertyId::receive_maximum, 64}, {PropertyId::maximum_qos, 1}};
  mqtt::Publish publish{.topic = "aos/v1/u/evt", .payload = "{\"cursor\":\"0:1\"}"};
  publish.qos = QoS::at_least_once;
  publish.dup = true;
  publish.packet_id = 300;
  std::vector<Packet> packets{
      connack,
      publish,
      mqtt::Puback{{7, mqtt::ReasonCode::success, {}}},
      mqtt::Pubcomp{{7, mqtt::ReasonCode::success, {}}},
      mqtt::Suback{9, {mqtt::ReasonCode::granted_qos_1, mqtt::ReasonCode::unspecified_error}, {}},
      mqtt::Unsuback{10, {}, {}},
      mqtt::Pingresp{}};
  if (v5) {
    packets.at(5) = mqtt::Unsuback{10, {mqtt::ReasonCode::success}, {}};
    packets.push_back(mqtt::Disconnect{mqtt::ReasonCode::server_shutting_down,
                                       {{PropertyId::reason_string, 0, "bye"}}});
  }
  return packets;
}

int decoder_seeds(const fs::path& out) {
  Seeds seeds(out, "decoder");
  for (const Version version : {Version::v3_1_1, Version::v5_0}) {
    for (const bool server : {false, true}) {
      const std::string how{
          static_cast<char>((server ? 1 : 0) | (version == Version::v5_0 ? 2 : 0)), '\x03'};
      std::string all = how;
      for (const Packet& packet : server ? of_clients(version) : of_servers(version)) {
        std::string bytes;
        mqtt::encode(packet, version, bytes);
        seeds.add(how + bytes);
        all += bytes;
      }
      seeds.add(all);
    }
  }
  return seeds.count();
}

// Session: ways of working, and of failing.

using Step = SessionStep;

/// Three users connect, subscribe, and open a room.
SessionScript opened(std::uint8_t flags) {
  SessionScript script;
  for (const int who : {0, 1, 3}) {
    const int number = who == 3 ? 2 : who;
    script.add(Step::open).add(Step::connect, number, who, flags, 4);
    script.add(Step::subscribe, number, 4).add(Step::subscribe, number, 1);
  }
  return script.add(Step::command, 0, 0, 0).add(Step::command, 2, 1, 0);
}

int session_seeds(const fs::path& out) {
  Seeds seeds(out, "session");
  const auto add = [&](const SessionScript& script) { seeds.add(script.bytes()); };
  for (const int flags :
       {kV5 | kClean, kV5 | kExpires | kWindow, int{kClean}, 0, kV5 | kSmallPackets | kKeepAlive}) {
    const auto begun = opened(static_cast<std::uint8_t>(flags));
    add(begun);
    add(SessionScript(begun).add(Step::acknowledge, 1, 0).add(Step::command, 1, 2, 0));
    add(SessionScript(begun).add(Step::drop, 2).add(Step::open).add(Step::connect, 3, 3, flags, 4));
    add(SessionScript(begun).add(Step::crash).add(Step::open).add(Step::connect, 3, 1, flags, 4));
    add(SessionScript(begun)
            .add(Step::disk_holds)
            .add(Step::command, 1, 2, 0)
            .add(Step::disk_fails, 1)
            .add(Step::disk_goes_on));
    add(SessionScript(begun)
            .add(Step::output_stands)
            .add(Step::command, 2, 9, 0)
            .add(Step::command, 2, 2, 0)
            .add(Step::output_goes_on));
    add(SessionScript(begun)
            .add(Step::history_holds)
            .add(Step::command, 2, 12, 0)
            .add(Step::history_goes_on)
            .add(Step::time, 4));
    add(SessionScript(begun)
            .add(Step::unsubscribe, 2, 0)
            .add(Step::ping, 2)
            .add(Step::disconnect, 2, 0));
    add(SessionScript(begun)
            .add(Step::command, 1, 6, 0)
            .add(Step::command, 1, 7, 0)
            .add(Step::pieces, 3));
  }
  for (const Packet& packet : of_clients(Version::v5_0)) {
    std::string bytes;
    mqtt::encode(packet, Version::v5_0, bytes);
    add(opened(kV5 | kClean).add(Step::raw, 1, bytes.size()).add_bytes(bytes));
    add(SessionScript().add(Step::open).add(Step::raw, 0, bytes.size()).add_bytes(bytes));
  }
  return seeds.count();
}

// Command: the examples of the contract; each block also with all that leads to it.

int command_seeds(const fs::path& source, const fs::path& out) {
  Seeds seeds(out, "command");
  std::istringstream contract(read(source / "docs/contract.md"));
  std::string before;
  std::string block;
  bool inside = false;
  constexpr std::size_t kBytesMax = 8'000;
  for (std::string line; std::getline(contract, line);) {
    if (line == "```play") {
      inside = true;
    } else if (line == "```" && inside) {
      inside = false;
      seeds.add(block);
      before += block;
      if (before.size() <= kBytesMax) seeds.add(before);
      block.clear();
    } else if (inside && (line.starts_with("at ") || line.find("> {") < line.find_first_of(" {"))) {
      block += line + '\n';
    }
  }
  return seeds.count();
}

// Scenario: the files that ship.

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
  return text;
}

std::string named(const std::string& name, const std::string& text) {
  return "=== " + name + '\n' + text + (text.ends_with('\n') ? "" : "\n");
}

/// In order, so that the seeds are the same everywhere.
std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

int scenario_seeds(const fs::path& source, const fs::path& out) {
  Seeds seeds(out, "scenario");
  const fs::path folder = source / "scenarios";
  for (const fs::path& file : files_of(folder / "faults")) {
    seeds.add(named("faults.json", read(file)));
  }
  seeds.add(named("faults.json", R"({"format": "claimstorm-faults/1",
  "title": {"ko": "가", "en": "a"},
  "faults": [
    {"fault": "crash", "at": "20s", "lasts": "2s"},
    {"fault": "cut", "at": "5s", "users": ["g-001", "a-003"]},
    {"fault": "partition", "every": "10s..20s", "lasts": "1s..8s", "users": "10 %", "direction": "to_server"}
  ],
  "thresholds": [{"metric": "recovery.max_s", "limit": "<= 30", "delivery_p99_ms": 1000}]
})"));
  const std::string smoke = read(folder / "smoke.json");
  for (const fs::path& file : files_of(folder / "workflows")) {
    const std::string workflow = read(file);
    const std::string name = file.filename().string();
    std::string scenario = replaced(smoke, "workflows/inbound.json", name);
    scenario = replaced(scenario, "\"workflow\": \"inbound\"",
                        "\"workflow\": \"" + file.stem().string() + '"');
    seeds.add(named("scenario.json", scenario) + named(name, workflow));
    seeds.add(named(name, workflow));
  }
  const std::string settings = named("set", "scale=ci\n");
  for (const fs::path& file : files_of(folder)) {
    const std::string text = read(file);
    if (text.find("\"claimstorm-scenario/1\"") == std::string::npos) {
      seeds.add(named("scenario.json", smoke) + named(file.filename().string(), text));
      continue;
    }
    // Those that name many workflows stand alone: what an input may hold is bounded.
    constexpr std::size_t kBytesMax = 14'000;
    std::string whole = named("scenario.json", replaced(text, "workflows/", ""));
    for (const fs::path& workflow : files_of(folder / "workflows")) {
      if (text.find(workflow.filename().string()) == std::string::npos) continue;
      whole += named(workflow.filename().string(), read(workflow));
    }
    seeds.add(whole.size() <= kBytesMax ? whole + settings : named("scenario.json", text));
  }
  return seeds.count();
}

}  // namespace
}  // namespace claims::fuzz

int main(int argc, char** argv) {
  using namespace claims::fuzz;
  if (argc != 3) {
    (void)std::fputs("usage: fuzz_seeds SOURCE_FOLDER OUT\n", stderr);
    return 2;
  }
  const fs::path source = argv[1];
  const fs::path out = argv[2];
  const int decoder = decoder_seeds(out);
  const int session = session_seeds(out);
  const int command = command_seeds(source, out);
  const int scenario = scenario_seeds(source, out);
  (void)std::printf("seeds: decoder %d, session %d, command %d, scenario %d\n", decoder, session,
                    command, scenario);
  return decoder > 0 && session > 0 && command > 0 && scenario > 0 ? 0 : 1;
}
