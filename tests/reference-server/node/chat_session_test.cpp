#include "reference-server/node/chat_session.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

TEST(ChatSession, CursorMovesOnlyOverWhatIsAcknowledgedWithoutAGap) {
  ChatSession session;
  session.start_at(Position{10});
  for (const std::uint64_t position : {12, 15, 19}) session.sent_to(Position{position}, true);
  session.acknowledged(Position{15});
  EXPECT_EQ(session.cursor, Position{10});
  session.acknowledged(Position{12});
  EXPECT_EQ(session.cursor, Position{15});
  session.acknowledged(Position{19});
  EXPECT_EQ(session.cursor, Position{19});
}

TEST(ChatSession, WhatIsSkippedCountsOnceNothingIsInFlight) {
  ChatSession session;
  session.start_at(Position{1});
  session.sent_to(Position{2}, true);
  session.skip_to(Position{9});
  EXPECT_EQ(session.cursor, Position{1});
  session.acknowledged(Position{2});
  EXPECT_EQ(session.cursor, Position{9});
}

TEST(ChatSession, WithQos0TheCursorIsWhatWasSent) {
  ChatSession session;
  session.start_at(Position{1});
  session.sent_to(Position{4}, false);
  EXPECT_EQ(session.cursor, Position{4});
}

TEST(ChatSession, AnAcknowledgementFromBeforeASyncChangesNothing) {
  ChatSession session;
  session.start_at(Position{1});
  session.sent_to(Position{4}, true);
  session.start_at(Position{2});
  session.acknowledged(Position{4});
  EXPECT_EQ(session.cursor, Position{2});
}

}  // namespace
}  // namespace claims::server
