#include "reports/terminal_text.h"

#include <gtest/gtest.h>

namespace claims::report {
namespace {

TEST(TerminalText, WideCharactersTakeTwoColumns) {
  EXPECT_EQ(columns(""), 0U);
  EXPECT_EQ(columns("hold 12 s"), 9U);
  EXPECT_EQ(columns("유지 12초"), 9U);
  EXPECT_EQ(columns("漢字ＡＢ"), 8U);
  EXPECT_EQ(columns("↳–é"), 3U);
  EXPECT_EQ(columns("\U0001F697"), 2U) << "a car";
}

TEST(TerminalText, WhatJoinsTheCharacterBeforeTakesNone) {
  EXPECT_EQ(columns("e\u0301"), 1U);
  EXPECT_EQ(columns("\u1112\u1161\u11ab"), 2U) << "한 in three Jamo";
}

TEST(TerminalText, BrokenBytesTakeOneEach) {
  EXPECT_EQ(columns("\xff\xea\xb0"), 3U);
  EXPECT_EQ(columns("\xea"), 1U);
}

TEST(TerminalText, IsPaddedByColumns) {
  EXPECT_EQ(padded("유지", 6), "유지  ");
  EXPECT_EQ(padded("유지", 3), "유지");
  EXPECT_EQ(padded_left("유지", 6), "  유지");
}

TEST(TerminalText, IsCutBetweenCharacters) {
  EXPECT_EQ(cut("유지 12초", 4), "유지");
  EXPECT_EQ(cut("유지 12초", 3), "유");
  EXPECT_EQ(cut("유지", 1), "");
  EXPECT_EQ(cut("abc", 9), "abc");
}

}  // namespace
}  // namespace claims::report
