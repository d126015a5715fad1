// Plays the examples of docs/contract.md: every fenced block marked `play`, in order, against one
// service; those marked `play anew` and `play more` behind them, against another one that the first
// of the two begins; those marked `play rooms` against a third, with the `users` besides. What the
// block shows must be what the service says, to the byte.
//
//   # …                  a comment
//   at <ms>              sets the clock
//   <user>> <payload>    sends a command or read
//   <user>>[a-b] <…>     sends one for each number a … b in place of #; each must be acknowledged
//   <user>< <reply>      the reply
//   <user>,…* <event>    an event, delivered to these users
//   <user>,…~ <receipt>  a read receipt, to the sessions of these users but the one that asked

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/reference-server/chat/played_service.h"

namespace claims::server {
namespace {

std::string contract() {
  std::ifstream file(CLAIMS_SOURCE_DIR "/docs/contract.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The contents of the fenced blocks with that mark.
std::vector<std::string> blocks(const std::string& mark) {
  std::vector<std::string> blocks;
  std::istringstream lines(contract());
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (!inside && line == "```" + mark) {
      inside = true;
      blocks.emplace_back();
    } else if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back() += line + '\n';
    }
  }
  return blocks;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
  return text;
}

class Player {
 public:
  explicit Player(const std::string& directory, const ServiceBounds& bounds = kBounds)
      : played_(directory, bounds) {}

  /// The block as it should be: its inputs, with what came of them.
  std::string play(const std::string& block) {
    std::ostringstream out;
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);) {
      if (line.empty() || line.front() == '#') {
        out << line << '\n';
      } else if (line.starts_with("at ")) {
        played_.now.wall = Milliseconds(std::stoll(line.substr(3)));
        out << line << '\n';
      } else if (const std::size_t end = line.find_first_of("><*~"); line[end] == '>') {
        out << line << '\n';
        send(line.substr(0, end), line.substr(end + 1), out);
      }
    }
    return out.str();
  }

 private:
  // The contract says so above its last examples.
  static constexpr ServiceBounds kBounds{12, 6, 4};

  void send(const std::string& user, const std::string& rest, std::ostream& out) {
    if (rest.starts_with("[")) {
      const std::size_t dash = rest.find('-');
      const std::size_t close = rest.find("] ");
      const std::string payload = rest.substr(close + 2);
      for (long long n = std::stoll(rest.substr(1)); n <= std::stoll(rest.substr(dash + 1)); ++n) {
        played_.ok(user, replaced(payload, "#", std::to_string(n)));
      }
      return;
    }
    const auto answer =
        played_.send(user, replaced(rest.substr(1), "<65,537 bytes>", std::string(65'537, ' ')));
    out << user << "< " << answer.reply << '\n';
    for (const auto& delivery : answer.deliveries) show(delivery, "* ", out);
    for (const auto& receipt : answer.receipts) show(receipt, "~ ", out);
  }

  static void show(const PlayedService::Delivery& delivery, const char* mark, std::ostream& out) {
    for (const std::string& recipient : delivery.recipients) {
      out << (&recipient == &delivery.recipients.front() ? "" : ",") << recipient;
    }
    out << mark << delivery.event << '\n';
  }

  PlayedService played_;
};

void expect_said(const std::vector<std::string>& examples, Player& player) {
  for (const std::string& example : examples) {
    std::istringstream shown(example);
    std::istringstream said(player.play(example));
    std::string shown_line, said_line;
    while (std::getline(shown, shown_line) && std::getline(said, said_line)) {
      ASSERT_EQ(shown_line, said_line);
    }
    EXPECT_FALSE(std::getline(said, said_line)) << "not shown: " << said_line;
    EXPECT_TRUE(shown.eof()) << "not said: " << shown_line;
  }
}

TEST(Contract, TheExamplesAreWhatTheServiceSays) {
  const auto directories = blocks("directory");
  ASSERT_EQ(directories.size(), 1U);
  const auto examples = blocks("play");
  ASSERT_GE(examples.size(), 14U);
  Player player(directories[0]);
  expect_said(examples, player);
}

TEST(Contract, TheExamplesOfMessagesAreWhatTheServiceSays) {
  const auto directories = blocks("directory");
  ASSERT_EQ(directories.size(), 1U);
  Player player(directories[0]);
  for (const char* mark : {"play anew", "play more"}) {
    ASSERT_EQ(blocks(mark).size(), 1U) << mark;
    expect_said(blocks(mark), player);
  }
}

TEST(Contract, TheExamplesOfRoomsAreWhatTheServiceSays) {
  std::string directory = blocks("directory").at(0);
  const auto users = blocks("users");
  ASSERT_EQ(users.size(), 1U);
  directory.insert(directory.rfind("]}"), ",\n" + users[0]);
  Player player(directory, {});
  ASSERT_EQ(blocks("play rooms").size(), 3U);
  expect_said(blocks("play rooms"), player);
}

TEST(Contract, EveryCommandAndEveryCodeHasAnExample) {
  std::string examples;
  for (const char* mark : {"play", "play anew", "play more", "play rooms"}) {
    for (const std::string& example : blocks(mark)) examples += example;
  }
  for (const chat::RequestType& type : chat::request_types()) {
    // The cursor is the session's, so the node plays sync.
    if (type.name == "sync") continue;
    EXPECT_NE(examples.find("> {\"type\":\"" + std::string(type.name) + '"'), std::string::npos)
        << type.name;
  }
  for (int i = 0; i <= static_cast<int>(chat::ErrorCode::limit_reached); ++i) {
    const auto code = static_cast<chat::ErrorCode>(i);
    if (code == chat::ErrorCode::bad_cursor) continue;
    const std::string shown = R"("code":")" + std::string(to_string(code)) + '"';
    EXPECT_NE(examples.find(shown), std::string::npos) << shown;
  }
  for (const char* type : {"joined", "notice", "greeting", "message", "claim", "pre_estimate",
                           "vehicle_added", "negotiation", "message_deleted", "left", "handed_over",
                           "room_changed", "room_deleted", "further_estimate"}) {
    EXPECT_NE(examples.find("* {\"type\":\"" + std::string(type) + '"'), std::string::npos) << type;
  }
  EXPECT_NE(examples.find("~ {\"type\":\"read\""), std::string::npos);
}

}  // namespace
}  // namespace claims::server
