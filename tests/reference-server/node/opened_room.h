#pragma once
// OpenedRoomTest: a NodePeer with both members of a room and the insurer connected, and what they
// received summed up for reading.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/reference-server/node/node_peer.h"

namespace claims::server {

/// As Received::kind, with "reply" or "event" for a publish.
std::vector<std::string> kinds(const std::vector<Received>& received);
/// Payloads on the topics that end so.
std::vector<std::string> payloads(const std::vector<Received>& received, std::string_view end);
/// The `seq` of each event received.
std::vector<int> seqs(const std::vector<Received>& received);
std::string cursor_of(const std::string& event);

inline constexpr const char* kRegister =
    R"({"type":"receipt.register","id":"1.1","receipt":"2026-0000001","plate":"12가3456",)"
    R"("model":"쏘나타","adjuster":"adj-1"})";
inline constexpr const char* kIntake =
    R"({"type":"intake.register","id":"1.1","receipt":"2026-0000001"})";
/// Command `n` of instance 1: a message in r1.
std::string message(int n);

/// gar-1 and adj-1, with both and the insurer connected; open_room() makes their room r1.
class OpenedRoomTest : public testing::Test {
 protected:
  OpenedRoomTest();
  void open_room();

  NodePeer peer;
  int core = 0, garage = 0, adjuster = 0;
};

}  // namespace claims::server
