#include "reference-server/node/session_record.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

TEST(SessionRecord, RoundTrips) {
  const SessionState state{{"gar-00001", "pc-1"},
                           false,
                           3600,
                           {{"aos/v1/gar-00001/evt", mqtt::QoS::at_least_once},
                            {"aos/v1/gar-00001/reply", mqtt::QoS::at_most_once, 268'435'455}}};
  const auto parsed = parse_session(write_session(state));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->key, state.key);
  EXPECT_EQ(parsed->expiry_s, 3600U);
  EXPECT_EQ(parsed->subscriptions, state.subscriptions);
  EXPECT_EQ(*parse_session_end(write_session_end(state.key)), state.key);
  EXPECT_EQ(parse_cursor(write_cursor({state.key, Position{77}}))->cursor, Position{77});
}

TEST(SessionRecord, DamageIsAnErrorThatShowsIt) {
  for (const char* payload : {"", "{", "[]", R"({"user":"a"})", R"({"user":1,"client":"b"})"}) {
    const auto parsed = parse_session(payload);
    ASSERT_FALSE(parsed.has_value()) << payload;
    EXPECT_NE(parsed.error().find(payload), std::string::npos);
  }
}

TEST(CursorText, IsOurOwnOrNothing) {
  EXPECT_EQ(parse_cursor_text(cursor_text(Position{123})), Position{123});
  for (const char* text : {"", "0:", "1:5", "0:-1", "0:5x", "0:99999999999999999999", "5"}) {
    EXPECT_EQ(parse_cursor_text(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace claims::server
