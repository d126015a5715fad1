#include "protocol/chat/json_text.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace claims::chat {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

TEST(JsonText, EscapesWhatMustBe) {
  EXPECT_EQ(json_of(""), R"("")");
  EXPECT_EQ(json_of("가 \"a\\b\"\n"), R"("가 \"a\\b\"\n")");
  EXPECT_EQ(json_of(std::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
}

TEST(JsonText, NumbersAreDecimals) {
  std::string out;
  append_json_number(std::uint64_t{18446744073709551615U}, out);
  out += ' ';
  append_json_number(std::int64_t{-9223372036854775807} - 1, out);
  EXPECT_EQ(out, "18446744073709551615 -9223372036854775808");
}

TEST(JsonText, IsReadBackAsItWas) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  all += "가🚗";
  EXPECT_EQ(boost::json::parse(json_of(all)).as_string(), all);
}

}  // namespace
}  // namespace claims::chat
