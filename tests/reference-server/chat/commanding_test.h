#pragma once
// CommandingTest: users of kSmallDirectory that send commands with the next id of theirs.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/reference-server/chat/played_service.h"

namespace claims::server {

class CommandingTest : public ::testing::Test {
 protected:
  explicit CommandingTest(std::string_view directory = kSmallDirectory,
                          const ServiceBounds& bounds = {})
      : played(directory, bounds) {}

  std::string command(const std::string& user, std::string_view type, std::string_view fields) {
    return R"({"type":")" + std::string(type) + R"(","id":"5.)" + std::to_string(++next_[user]) +
           "\"," + std::string(fields) + '}';
  }
  PlayedService::Answer send(const std::string& user, std::string_view type,
                             std::string_view fields) {
    return played.send(user, command(user, type, fields));
  }
  std::string code(const std::string& user, std::string_view type, std::string_view fields) {
    return played.code(user, command(user, type, fields));
  }
  /// The `result` of a read.
  std::string read(const std::string& user, std::string_view type, std::string_view fields) {
    std::string reply = played
                            .send(user, R"({"type":")" + std::string(type) + R"(","id":"q")" +
                                            (fields.empty() ? "" : ",") + std::string(fields) + '}')
                            .reply;
    const std::size_t begin = reply.find(R"("result":)");
    if (begin == std::string::npos) return reply;
    return reply.substr(begin + 9, reply.rfind(R"(,"as_of":)") - begin - 9);
  }
  /// "type vehicle" of each event, in order.
  static std::vector<std::string> told(const PlayedService::Answer& answer) {
    std::vector<std::string> told;
    for (const auto& delivery : answer.deliveries) {
      const auto event = chat::parse_event(delivery.event);
      EXPECT_TRUE(event.has_value()) << event.error();
      told.push_back(std::string(type_of(event->event.body)) + ' ' + event->event.vehicle);
    }
    return told;
  }
  void register_receipt(const std::string& receipt) {
    ASSERT_EQ(code("core-01", "receipt.register",
                   R"("receipt":")" + receipt +
                       R"(","plate":"12가3456","model":"쏘나타","adjuster":"adj-1")"),
              "ok");
  }
  PlayedService::Answer intake(const std::string& garage, const std::string& receipt) {
    return send(garage, "intake.register", R"("receipt":")" + receipt + '"');
  }
  void open_room(const std::string& receipt = "2024-1") {
    register_receipt(receipt);
    ASSERT_EQ(intake("gar-1", receipt).deliveries.size(), 4U);
  }
  std::string step(const std::string& room, const std::string& to) {
    return code("gar-1", "repair.step", R"("room":")" + room + R"(","step":")" + to + '"');
  }
  std::string invite(const std::string& caller, const std::string& room, const std::string& user,
                     const std::string& as) {
    return code(caller, "room.invite",
                R"("room":")" + room + R"(","user":")" + user + R"(","as":")" + as + '"');
  }
  /// A command that takes the room alone.
  std::string in_room(const std::string& user, const std::string& type, const std::string& room) {
    return code(user, type, R"("room":")" + room + '"');
  }
  /// The seqs of a page.
  std::vector<int> page(const std::string& user, const std::string& room,
                        const std::string& more = "") {
    const std::string result = read(user, "room.messages", R"("room":")" + room + '"' + more);
    std::vector<int> seqs;
    constexpr std::string_view kKey = R"("seq":)";
    for (std::size_t at = result.find(kKey); at != std::string::npos;
         at = result.find(kKey, at + 1)) {
      seqs.push_back(std::stoi(result.substr(at + kKey.size())));
    }
    return seqs;
  }
  PlayedService::Answer say(const std::string& user, const std::string& room) {
    return send(user, "message.send", R"("room":")" + room + R"(","text":"네")");
  }

  PlayedService played;

 private:
  std::map<std::string, int> next_;
};

}  // namespace claims::server
