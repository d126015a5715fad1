#include "reference-server/chat/command_window.h"

#include <gtest/gtest.h>

#include "protocol/chat/reply.h"
#include "protocol/limits.h"

namespace claims::server {
namespace {

using chat::CommandId;

std::string reply_to(CommandId id) {
  return chat::ok_reply(to_string(id), R"({"n":)" + std::to_string(id.n) + "}");
}

/// "fresh", the reply of a repeat, or the error code.
std::string judged(const CommandWindow& window, CommandId id, std::uint64_t hash = 7) {
  const auto verdict = window.judge(id, hash);
  if (const auto* repeated = std::get_if<CommandWindow::Repeated>(&verdict)) return repeated->reply;
  if (const auto* error = std::get_if<chat::Error>(&verdict)) {
    return std::string(to_string(error->code));
  }
  return "fresh";
}

bool remember(CommandWindow& window, CommandId id) {
  return window.remember(id, 7, reply_to(id)).has_value();
}

TEST(CommandWindow, CountsByOne) {
  CommandWindow window;
  EXPECT_EQ(judged(window, {5, 2}), "id_gap");
  EXPECT_EQ(judged(window, {5, 1}), "fresh");
  ASSERT_TRUE(remember(window, {5, 1}));
  EXPECT_EQ(judged(window, {5, 1}), reply_to({5, 1}));
  EXPECT_EQ(judged(window, {5, 1}, 8), "id_reused");
  EXPECT_EQ(judged(window, {5, 3}), "id_gap");
  EXPECT_EQ(judged(window, {5, 2}), "fresh");
}

TEST(CommandWindow, KeepsTheLast64OutcomesOfAnInstance) {
  CommandWindow window;
  for (std::uint64_t n = 1; n <= 200; ++n) {
    ASSERT_EQ(judged(window, {5, n}), "fresh");
    ASSERT_TRUE(remember(window, {5, n}));
    for (std::uint64_t old = 1; old <= n; ++old) {
      const bool kept = old + claims::limits::kOutcomesPerInstance > n;
      ASSERT_EQ(judged(window, {5, old}), kept ? reply_to({5, old}) : "id_too_old")
          << n << ' ' << old;
    }
  }
}

TEST(CommandWindow, KeepsTheEightHighestInstances) {
  CommandWindow window;
  for (std::uint64_t instance = 10; instance <= 80; instance += 10) {
    ASSERT_TRUE(remember(window, {instance, 1}));
  }
  // All places are taken: one below them would be forgotten at once.
  EXPECT_EQ(judged(window, {5, 1}), "unknown_instance");
  // One between them takes the place of the lowest.
  EXPECT_EQ(judged(window, {15, 1}), "fresh");
  ASSERT_TRUE(remember(window, {15, 1}));
  EXPECT_EQ(judged(window, {10, 1}), "unknown_instance");
  EXPECT_EQ(judged(window, {10, 2}), "unknown_instance");
  EXPECT_EQ(judged(window, {12, 1}), "unknown_instance");
  EXPECT_EQ(judged(window, {15, 1}), reply_to({15, 1}));
  EXPECT_EQ(judged(window, {80, 1}), reply_to({80, 1}));
  EXPECT_EQ(judged(window, {90, 1}), "fresh");
}

TEST(CommandWindow, FewerThanEightTakeAnyNewInstance) {
  CommandWindow window;
  ASSERT_TRUE(remember(window, {50, 1}));
  EXPECT_EQ(judged(window, {40, 1}), "fresh");
  ASSERT_TRUE(remember(window, {40, 1}));
  EXPECT_EQ(judged(window, {50, 1}), reply_to({50, 1}));
  EXPECT_EQ(judged(window, {40, 1}), reply_to({40, 1}));
}

TEST(CommandWindow, ALogOutOfOrderIsNoticed) {
  CommandWindow window;
  EXPECT_FALSE(remember(window, {5, 2}));
  ASSERT_TRUE(remember(window, {5, 1}));
  EXPECT_FALSE(remember(window, {5, 1}));
  EXPECT_FALSE(remember(window, {5, 3}));
  EXPECT_FALSE(window.remember({5, 2}, 7, reply_to({5, 1})).has_value());
}

TEST(CommandWindow, ErrorsSayWhichIdIsNext) {
  CommandWindow window;
  ASSERT_TRUE(remember(window, {5, 1}));
  const auto verdict = window.judge({5, 9}, 7);
  EXPECT_EQ(std::get<chat::Error>(verdict).found, "5.9");
  EXPECT_EQ(std::get<chat::Error>(verdict).allowed, "5.2");
}

}  // namespace
}  // namespace claims::server
