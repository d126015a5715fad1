#include "tests/reference-server/node/opened_room.h"

namespace claims::server {

std::vector<std::string> kinds(const std::vector<Received>& received) {
  std::vector<std::string> out;
  for (const Received& one : received) {
    if (one.kind != "publish") {
      out.push_back(one.kind);
    } else {
      out.push_back(one.topic.ends_with("/reply") ? "reply" : "event");
    }
  }
  return out;
}

std::vector<std::string> payloads(const std::vector<Received>& received, std::string_view end) {
  std::vector<std::string> out;
  for (const Received& one : received) {
    if (one.kind == "publish" && one.topic.ends_with(end)) out.push_back(one.payload);
  }
  return out;
}

std::vector<int> seqs(const std::vector<Received>& received) {
  std::vector<int> out;
  for (const std::string& payload : payloads(received, "/evt")) {
    out.push_back(std::stoi(payload.substr(payload.find("\"seq\":") + 6)));
  }
  return out;
}

std::string cursor_of(const std::string& event) {
  const auto begin = event.find("\"cursor\":\"") + 10;
  return event.substr(begin, event.find('"', begin) - begin);
}

std::string message(int n) {
  return R"({"type":"message.send","id":"1.)" + std::to_string(n) +
         R"(","room":"r1","text":"사진 확인 부탁드립니다."})";
}

OpenedRoomTest::OpenedRoomTest() {
  core = peer.connect("core-01");
  peer.subscribe(core, "core-01");
  garage = peer.connect("gar-1");
  peer.subscribe(garage, "gar-1");
  adjuster = peer.connect("adj-1");
  peer.subscribe(adjuster, "adj-1");
}

void OpenedRoomTest::open_room() {
  peer.command(core, "core-01", kRegister, 1);
  peer.command(garage, "gar-1", kIntake, 1);
  for (const int client : {core, garage, adjuster}) peer.take(client);
}

}  // namespace claims::server
