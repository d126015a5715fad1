#include "protocol/chat/topics.h"

#include <gtest/gtest.h>

namespace claims::chat {
namespace {

TEST(Topics, BelongToOneUser) {
  EXPECT_EQ(command_topic("gar-00001"), "aos/v1/gar-00001/cmd");
  EXPECT_EQ(event_topic("gar-00001"), "aos/v1/gar-00001/evt");
  EXPECT_EQ(reply_topic("gar-00001"), "aos/v1/gar-00001/reply");
}

}  // namespace
}  // namespace claims::chat
