#include "protocol/chat/error.h"

#include <gtest/gtest.h>

#include <set>

#include "protocol/chat/text.h"

namespace claims::chat {
namespace {

TEST(Error, EveryCodeHasItsOwnNameAndBothMessages) {
  std::set<std::string> names, korean, english;
  for (int i = 0; i <= static_cast<int>(ErrorCode::limit_reached); ++i) {
    const Error error{static_cast<ErrorCode>(i), "", "", ""};
    names.emplace(to_string(error.code));
    korean.insert(message_ko(error));
    english.insert(message_en(error));
  }
  EXPECT_EQ(names.size(), 38U);
  EXPECT_EQ(korean.size(), 38U);
  EXPECT_EQ(english.size(), 38U);
  EXPECT_EQ(to_string(ErrorCode::too_large), "too_large");
  EXPECT_EQ(to_string(ErrorCode::receipt_in_use), "receipt_in_use");
  EXPECT_EQ(to_string(ErrorCode::limit_reached), "limit_reached");
}

TEST(Error, ExcerptIsShortAndPrintable) {
  EXPECT_EQ(excerpt("12가"), "12가");
  EXPECT_EQ(excerpt(std::string(41, 'a')), std::string(40, 'a') + "…");
  EXPECT_EQ(excerpt(std::string(40, 'a')), std::string(40, 'a'));
  EXPECT_EQ(excerpt("a\nb\x1b\xff\xea\xb0"), "a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_TRUE(normalise_text(excerpt("\xf0\x9f\x9a")));
}

}  // namespace
}  // namespace claims::chat
