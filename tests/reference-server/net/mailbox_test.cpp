#include "reference-server/net/mailbox.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <map>
#include <thread>
#include <vector>

namespace claims::server {
namespace {

bool readable(const Mailbox& mailbox, int patience_ms) {
  pollfd waiting{.fd = mailbox.descriptor(), .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, patience_ms) == 1;
}

TEST(Mailbox, IsReadableWhileThereAreMessages) {
  Mailbox mailbox;
  EXPECT_FALSE(readable(mailbox, 0));
  mailbox.post(StopWanted{});
  EXPECT_TRUE(readable(mailbox, 0));
  std::vector<Message> messages;
  mailbox.take(messages);
  EXPECT_EQ(messages.size(), 1U);
  EXPECT_FALSE(readable(mailbox, 0));
}

TEST(Mailbox, LosesNoMessageOfSeveralThreadsAndKeepsTheOrderOfEach) {
  constexpr std::uint64_t kThreads = 3, kEach = 20'000;
  Mailbox mailbox;
  std::vector<std::jthread> threads;
  for (std::uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&mailbox, t] {
      std::vector<Message> two;
      for (std::uint64_t i = 0; i < kEach; i += 2) {
        two.emplace_back(SnapshotWanted{t * kEach + i});
        two.emplace_back(SnapshotWanted{t * kEach + i + 1});
        mailbox.post_all(two);
      }
    });
  }
  std::map<std::uint64_t, std::uint64_t> next;
  std::size_t taken = 0;
  std::vector<Message> messages;
  while (taken < kThreads * kEach && readable(mailbox, 10'000)) {
    mailbox.take(messages);
    for (const Message& message : messages) {
      const std::uint64_t number = std::get<SnapshotWanted>(message).request;
      ASSERT_EQ(number % kEach, next[number / kEach]++);
      ++taken;
    }
  }
  EXPECT_EQ(taken, kThreads * kEach);
}

}  // namespace
}  // namespace claims::server
