#include "reference-server/broker/inflight_window.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

using Tags = std::vector<std::uint64_t>;

TEST(InflightWindow, NumbersFromOne) {
  InflightWindow window;
  EXPECT_EQ(window.add(10, true), 1);
  EXPECT_EQ(window.add(11, true), 2);
  EXPECT_EQ(window.sent(), 2U);
  EXPECT_EQ(window.acknowledge(2), 11U);
  EXPECT_EQ(window.acknowledge(2), std::nullopt);
  EXPECT_EQ(window.tags(), Tags{10});
}

TEST(InflightWindow, NeverGivesZeroNorAnIdentifierInFlight) {
  InflightWindow window;
  window.add(0, true);  // 1
  window.add(0, true);  // 2
  for (int i = 3; i <= 65'535; ++i) window.acknowledge(window.add(1, true));
  EXPECT_EQ(window.add(1, true), 3);
  EXPECT_EQ(window.tags(), (Tags{0, 0, 1}));
}

TEST(InflightWindow, KeepsOnlyWhatIsToBeKept) {
  InflightWindow window;
  window.add(1, true);
  window.add(2, false);
  window.add(3, true);
  window.connection_lost(64);
  EXPECT_EQ(window.tags(), (Tags{1, 3}));
  EXPECT_EQ(window.sent(), 0U);
  EXPECT_EQ(window.send_again(3), 3);
  EXPECT_EQ(window.send_again(3), std::nullopt);
  EXPECT_EQ(window.send_again(2), std::nullopt);
  EXPECT_EQ(window.sent(), 1U);
}

TEST(InflightWindow, ForgetsWhatIsToBeSentAnew) {
  InflightWindow window;
  window.add(1, true);
  window.add(2, true);
  window.connection_lost(64);
  EXPECT_EQ(window.send_again(1), 1);  // 2 waits.
  window.add(0, false);                // 3, a reply.
  window.forget_kept();
  EXPECT_EQ(window.tags(), (Tags{0, 0}));
  EXPECT_EQ(window.sent(), 2U);
  EXPECT_EQ(window.add(1, true), 4);  // Not 1, which is under way still.
  EXPECT_EQ(window.acknowledge(1), 0U);
  EXPECT_EQ(window.acknowledge(2), std::nullopt);
  window.connection_lost(64);
  EXPECT_EQ(window.tags(), Tags{1});
  EXPECT_EQ(window.send_again(1), 4);
}

TEST(InflightWindow, IsBoundedOverConnectionsThatNeverSendAgain) {
  InflightWindow window;
  for (std::uint64_t connection = 0; connection < 100; ++connection) {
    for (std::uint64_t tag = 0; tag < 4; ++tag) window.add(connection * 4 + tag, true);
    window.connection_lost(4);
  }
  EXPECT_EQ(window.tags(), (Tags{396, 397, 398, 399}));
}

TEST(InflightWindow, TakesAnAcknowledgementOfWhatWasNotSentAgainYet) {
  InflightWindow window;
  window.add(1, true);
  window.connection_lost(4);
  EXPECT_EQ(window.acknowledge(1), 1U);
  EXPECT_EQ(window.sent(), 0U);
}

}  // namespace
}  // namespace claims::server
