#include "simulator/world/real/paho_queue.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace claims::storm {
namespace {

PahoReport message(const std::string& payload) {
  return PahoMessage{.topic = {}, .payload = payload, .properties = {}};
}

bool readable(const PahoQueue& queue) {
  pollfd wait{queue.descriptor(), POLLIN, 0};
  return ::poll(&wait, 1, 0) == 1;
}

/// "2:payload" by user, "2:lost".
std::vector<std::string> take(PahoQueue& queue) {
  std::vector<PahoQueue::Entry> entries;
  queue.take(entries);
  std::vector<std::string> texts;
  Microseconds before{0};
  for (const PahoQueue::Entry& entry : entries) {
    EXPECT_GE(entry.at.steady, before);
    before = entry.at.steady;
    const auto* come = std::get_if<PahoMessage>(&entry.report);
    texts.push_back(std::to_string(entry.connection.user) + ":" +
                    (come != nullptr ? come->payload : "lost"));
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(PahoQueue, HandsOverInOrderAndWakesTheLoop) {
  PahoQueue queue;
  EXPECT_FALSE(readable(queue));
  queue.put({1, 1}, message("a"));
  queue.put({2, 1}, message("b"));
  queue.put({1, 1}, message("c"));
  EXPECT_TRUE(readable(queue));
  EXPECT_EQ(take(queue), (Texts{"1:a", "2:b", "1:c"}));
  EXPECT_FALSE(readable(queue));
  EXPECT_EQ(take(queue), Texts{});
  queue.wake();
  EXPECT_TRUE(readable(queue));
}

TEST(PahoQueue, LosesTheConnectionsThatFindNoRoomAndNoOthers) {
  PahoQueue queue({.reports = 3, .bytes = 100});
  queue.put({1, 1}, message("a"));
  queue.put({2, 1}, message("b"));
  queue.put({1, 1}, message("c"));
  queue.put({2, 1}, message("no room"));
  EXPECT_EQ(take(queue), (Texts{"1:a", "2:b", "1:c", "2:lost"}));
  queue.put({2, 2}, message("of the next connection"));
  EXPECT_EQ(take(queue), Texts{"2:of the next connection"});
}

TEST(PahoQueue, GivesNothingOfAConnectionAfterAGap) {
  PahoQueue queue({.reports = 10, .bytes = 10});
  queue.put({1, 1}, message("12345"));
  queue.put({1, 1}, message("too much"));
  queue.put({1, 1}, message("fits"));
  queue.put({2, 1}, message("fits"));
  EXPECT_EQ(take(queue), (Texts{"1:12345", "2:fits", "1:lost"}));
}

TEST(PahoQueue, TakesFromSeveralThreadsAtOnce) {
  constexpr int kEach = 5'000;
  PahoQueue queue;
  std::vector<std::thread> threads;
  for (std::uint32_t user = 0; user < 2; ++user) {
    threads.emplace_back([&queue, user] {
      for (int i = 0; i < kEach; ++i) queue.put({user, 1}, message(std::to_string(i)));
    });
  }
  std::vector<int> next(2);
  for (int taken = 0; taken < 2 * kEach;) {
    for (const std::string& text : take(queue)) {
      int& expected = next.at(static_cast<std::size_t>(text[0] - '0'));
      ASSERT_EQ(text.substr(2), std::to_string(expected));
      ++expected;
      ++taken;
    }
    std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace claims::storm
