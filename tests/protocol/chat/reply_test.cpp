#include "protocol/chat/reply.h"

#include <gtest/gtest.h>

namespace claims::chat {
namespace {

TEST(Reply, HasItsFieldsInOrder) {
  EXPECT_EQ(ok_reply("1.2", R"({"room":"r1","seq":5})"),
            R"({"type":"reply","re":"1.2","ok":true,"result":{"room":"r1","seq":5}})");
  EXPECT_EQ(read_reply("q", "{}", R"({"r1":5})"),
            R"({"type":"reply","re":"q","ok":true,"result":{},"as_of":{"r1":5}})");
}

TEST(Reply, AnErrorSaysWhatWhereAndWhatIsAllowed) {
  EXPECT_EQ(error_reply("", Error{ErrorCode::bad_field, "seq", "0", "1–9"}),
            R"({"type":"reply","re":null,"ok":false,"error":{"code":"bad_field","message":{)"
            R"("ko":"항목의 값이 올바르지 않습니다. 항목: seq. 입력: 0. 허용: 1–9.",)"
            R"("en":"The value of the field is not allowed. Field: seq. Found: 0. Allowed: 1–9."},)"
            R"("field":"seq"}})");
  EXPECT_EQ(error_reply("1.2", Error{ErrorCode::id_gap, "", "", ""}),
            R"({"type":"reply","re":"1.2","ok":false,"error":{"code":"id_gap","message":{)"
            R"("ko":"명령 번호가 순서를 건너뛰었습니다.","en":"The command id skips numbers."},)"
            R"("field":null}})");
}

}  // namespace
}  // namespace claims::chat
