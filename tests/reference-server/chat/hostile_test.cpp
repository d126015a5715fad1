// Whatever a client publishes: an answer that is JSON, no crash, and a log that can be read back.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "protocol/chat/text.h"
#include "protocol/limits.h"
#include "tests/reference-server/chat/played_service.h"
#include "tests/reference-server/chat/random_play.h"

namespace claims::server {
namespace {

/// Changes, cuts, doubles and swaps of what is a valid command.
std::string mutated(std::string text, RandomPlay& play) {
  static const std::vector<std::string> kPieces{"\"",
                                                "\\",
                                                "{",
                                                "}",
                                                "[",
                                                "]",
                                                ":",
                                                ",",
                                                "null",
                                                "1e999",
                                                "-0",
                                                "\\u0000",
                                                "\\ud800",
                                                std::string("\0", 1),
                                                "\xff",
                                                "\xed\xa0\x80",
                                                "가",
                                                "\u1100\u1161",
                                                "99999999999999999999"};
  const std::uint32_t times = 1 + play.draw(4);
  for (std::uint32_t i = 0; i < times && !text.empty(); ++i) {
    const std::size_t at = play.draw(static_cast<std::uint32_t>(text.size()));
    const std::size_t size = play.draw(20);
    switch (play.draw(5)) {
      case 0:
        text[at] = static_cast<char>(play.draw(256));
        break;
      case 1:
        text.erase(at, size);
        break;
      case 2:
        text.insert(at, text.substr(play.draw(static_cast<std::uint32_t>(text.size())), size));
        break;
      case 3:
        text.insert(at, kPieces[play.draw(static_cast<std::uint32_t>(kPieces.size()))]);
        break;
      default:
        text.insert(at, std::string(play.draw(200), "[{\"0 "[play.draw(5)]));
        break;
    }
  }
  return text;
}

void expect_reply(const std::string& text, const std::string& payload) {
  boost::system::error_code failed;
  const boost::json::value reply = boost::json::parse(text, failed);
  ASSERT_FALSE(failed) << payload << '\n' << text;
  EXPECT_EQ(reply.at("type").as_string(), "reply");
  ASSERT_TRUE(reply.at("re").is_null() || reply.at("re").is_string());
  if (reply.at("ok").as_bool()) return;
  const boost::json::object& error = reply.at("error").as_object();
  EXPECT_FALSE(error.at("code").as_string().empty());
  EXPECT_FALSE(error.at("message").at("ko").as_string().empty());
  EXPECT_FALSE(error.at("message").at("en").as_string().empty());
  EXPECT_LT(text.size(), 4'096U) << "an error does not echo what was sent";
}

TEST(Hostile, MutatedCommandsAreAnsweredAndLeaveTheLogReadable) {
  PlayedService played;
  RandomPlay play(4);
  std::size_t refused = 0;
  for (int i = 0; i < 30'000; ++i) {
    const RandomPlay::Sent sent = play.next();
    const std::string payload = play.draw(10) < 3 ? sent.payload : mutated(sent.payload, play);
    const std::size_t before = played.log().size();
    const auto answer = played.send(sent.user, payload);
    expect_reply(answer.reply, payload);
    if (answer.reply.find(R"("ok":false)") != std::string::npos) ++refused;
    if (HasFatalFailure()) return;
    if (played.log().size() == before) play.take_back(sent.user);
  }
  EXPECT_GT(refused, 10'000U);
  EXPECT_GT(played.service().counters().events_total, 500U);
  Service twin;
  for (std::size_t i = 0; i < played.log().size(); ++i) {
    const auto folded = twin.fold(played.log()[i], Position{i + 1});
    ASSERT_TRUE(folded.has_value()) << folded.error();
  }
}

TEST(Hostile, TextsOfEveryKindComeBackAsTheyWereStored) {
  PlayedService played;
  played.ok("core-01", R"({"type":"receipt.register","id":"5.1","receipt":"7","plate":"12가3456",)"
                       R"("model":"\"\\\u2028","adjuster":"adj-1"})");
  played.ok("gar-1", R"({"type":"intake.register","id":"5.1","receipt":"7"})");
  RandomPlay play(6);
  int sent = 0;
  for (int i = 0; i < 2'000; ++i) {
    std::string text;
    for (std::uint32_t n = 1 + play.draw(40); n > 0; --n) {
      text += static_cast<char>(play.draw(4) == 0 ? play.draw(256) : 32 + play.draw(95));
    }
    const boost::json::object command{{"type", "message.send"},
                                      {"id", "5." + std::to_string(sent + 2)},
                                      {"room", "r1"},
                                      {"text", text}};
    const auto answer = played.send("gar-1", boost::json::serialize(command));
    const auto stored = chat::normalise_text(text);
    ASSERT_EQ(answer.deliveries.size(), stored ? 1U : 0U);
    if (!stored) continue;
    ++sent;
    EXPECT_EQ(boost::json::parse(answer.deliveries[0].event).at("body").at("text").as_string(),
              *stored);
  }
  EXPECT_GT(sent, 10);
}

TEST(Hostile, TheLargestCommandIsTaken) {
  PlayedService played;
  std::string payload = R"({"type":"unread.counts","id":"q"})";
  payload.resize(claims::limits::kCommandBytesMax, ' ');
  EXPECT_EQ(played.code("gar-1", payload), "ok");
  EXPECT_EQ(played.code("gar-1", payload + ' '), "too_large");
  std::string deep(claims::limits::kCommandBytesMax, '[');
  EXPECT_EQ(played.code("gar-1", deep), "malformed_json");
}

}  // namespace
}  // namespace claims::server
