#include "protocol/mqtt/utf8.h"

#include <gtest/gtest.h>

namespace claims::mqtt {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, TheBordersOfEveryLength) {
  for (const std::string_view text :
       {""sv, "\x01"sv, "\x7F"sv, "\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv,
        "\xEE\x80\x80"sv, "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv,
        "안녕, 12가3456"sv}) {
    EXPECT_EQ(check_utf8(text), Utf8::valid) << testing::PrintToString(text);
  }
}

TEST(Utf8, OneBeyondTheBorders) {
  for (const std::string_view text :
       {"\x80"sv, "\xBF"sv, "\xC1\xBF"sv, "\xE0\x9F\xBF"sv, "\xED\xA0\x80"sv, "\xED\xBF\xBF"sv,
        "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFE"sv, "\xFF"sv,
        "\xC2"sv, "\xE1\x80"sv, "\xF1\x80\x80"sv, "\xC2\x41"sv, "\xE1\x80\x41"sv,
        "\xF1\x80\x80\xC0"sv}) {
    EXPECT_EQ(check_utf8(text), Utf8::ill_formed) << testing::PrintToString(text);
  }
}

TEST(Utf8, NullIsToldApart) {
  EXPECT_EQ(check_utf8("a\0b"sv), Utf8::has_null);
  EXPECT_EQ(check_utf8("\0\xFF"sv), Utf8::ill_formed);
}

}  // namespace
}  // namespace claims::mqtt
