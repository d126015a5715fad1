#include "simulator/command/shell_word.h"

#include <gtest/gtest.h>

namespace claims::storm {
namespace {

TEST(ShellWord, IsQuotedOnlyWhereItMust) {
  EXPECT_EQ(shell_word("scenarios/a.json"), "scenarios/a.json");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("it's $1"), "'it'\\''s $1'");
}

}  // namespace
}  // namespace claims::storm
