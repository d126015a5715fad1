#include "protocol/chat/ids.h"

#include <gtest/gtest.h>

namespace claims::chat {
namespace {

TEST(Ids, RoomIdsHaveOneForm) {
  EXPECT_EQ(to_string(RoomId{1}), "r1");
  EXPECT_EQ(parse_room_id("r9007199254740992"), RoomId{9007199254740992U});
  for (const char* text : {"", "r", "r0", "r01", "R1", "r-1", "r+1", "r1 ", "1", "r1x",
                           "r9007199254740993", "r99999999999999999999999"}) {
    EXPECT_FALSE(parse_room_id(text)) << text;
  }
}

TEST(Ids, CommandIdsHaveOneForm) {
  EXPECT_EQ(parse_command_id("1714521600000.12"), (CommandId{1714521600000, 12}));
  EXPECT_EQ(to_string(CommandId{1714521600000, 12}), "1714521600000.12");
  for (const char* text : {"", ".", "1", "1.", ".1", "0.1", "1.0", "01.1", "1.01", "1.1.1", "a.1",
                           "1.-1", "9007199254740993.1", "1. 1"}) {
    EXPECT_FALSE(parse_command_id(text)) << text;
  }
}

TEST(Ids, AlphabetsAndLengths) {
  EXPECT_TRUE(is_user_id("gar-00001"));
  EXPECT_FALSE(is_user_id("Gar"));
  EXPECT_FALSE(is_user_id(""));
  EXPECT_TRUE(is_user_id(std::string(32, 'a')));
  EXPECT_FALSE(is_user_id(std::string(33, 'a')));
  EXPECT_FALSE(is_user_id("a/b"));
  EXPECT_TRUE(is_receipt_number("2024-1234567"));
  EXPECT_FALSE(is_receipt_number("2024_1"));
  EXPECT_FALSE(is_receipt_number(std::string(33, '1')));
  EXPECT_TRUE(is_token_text("read-1.a_B"));
  EXPECT_FALSE(is_token_text("a b"));
  EXPECT_FALSE(is_token_text(std::string(65, 'a')));
}

TEST(Ids, RolesAreRead) {
  for (const Role role : {Role::insurer, Role::adjuster, Role::garage}) {
    EXPECT_EQ(parse_role(to_string(role)), role);
  }
  EXPECT_FALSE(parse_role("Garage"));
}

}  // namespace
}  // namespace claims::chat
