#include "simulator/check/event_window.h"

#include <gtest/gtest.h>

#include "simulator/limits.h"

namespace claims::storm::audit {
namespace {

TEST(EventWindow, KeepsTheRecentEventsOnly) {
  EventWindow window;
  for (chat::Seq seq = 1; seq <= 200; ++seq) window.extend_to(seq).digest = seq;
  EXPECT_EQ(window.find(200 - limits::kRecentDigestsPerRoom), nullptr);
  for (chat::Seq seq = 201 - limits::kRecentDigestsPerRoom; seq <= 200; ++seq) {
    ASSERT_NE(window.find(seq), nullptr) << seq;
    EXPECT_EQ(window.find(seq)->digest, seq);
  }
  EXPECT_EQ(window.find(201), nullptr);
  EXPECT_EQ(window.find(0), nullptr);
}

TEST(EventWindow, HoldsWhatASessionHasStillToGet) {
  EventWindow window;
  window.extend_to(1).waiting = 1;
  for (chat::Seq seq = 2; seq <= 1'000; ++seq) window.extend_to(seq);
  ASSERT_NE(window.find(1), nullptr);
  window.find(1)->waiting = 0;
  window.extend_to(1'001);
  EXPECT_EQ(window.find(1), nullptr);
}

TEST(EventWindow, HoldsNoMoreThanItsBound) {
  EventWindow window;
  for (chat::Seq seq = 1; seq <= 10'000; ++seq) window.extend_to(seq).waiting = 1;
  EXPECT_EQ(window.find(10'000 - EventWindow::kHeldMax), nullptr);
  EXPECT_NE(window.find(10'001 - EventWindow::kHeldMax), nullptr);
}

TEST(EventWindow, LeavesWhatWasSkippedUnseen) {
  EventWindow window;
  window.extend_to(3).seen = true;
  ASSERT_NE(window.find(2), nullptr);
  EXPECT_FALSE(window.find(2)->seen);
  EXPECT_EQ(window.last(), 3U);
}

}  // namespace
}  // namespace claims::storm::audit
