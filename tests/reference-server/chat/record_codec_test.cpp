#include "reference-server/chat/record_codec.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

const TypedRecord kRecords[] = {
    InsurerEntry{"ins-01",
                 "01",
                 "한마음 \"손보\"",
                 "안녕하세요\n{adjuster}",
                 {{"c-001", "강남", "서울"}, {"c-002", "부산", "부산"}}},
    InsurerEntry{"ins-02", "02", "새빛", "네", {}},
    UserEntry{"adj-1", chat::Role::adjuster, "김민준", "ins-01", "c-001", ""},
    UserEntry{"gar-1", chat::Role::garage, "한빛", "", "", "서울"},
    ReceiptEntry{"2024-1", "ins-01", "12가3456", "쏘나타", "adj-1"},
    chat::Event{chat::RoomId{3},
                9,
                Milliseconds(5),
                {"gar-1", "한빛"},
                "12가3456",
                "gar-1:5.1",
                chat::Message{"네", "faq.1"}},
    ReadMoved{"gar-1", chat::RoomId{3}, 9},
    CommandOutcome{
        "gar-1",
        {1714521600000, 12},
        0x0123456789abcdef,
        R"({"type":"reply","re":"1714521600000.12","ok":true,"result":{"a":",\"reply\":"}})"},
    BulkOrder{"adj-1",
              {1714521600000, 13},
              {{"gar-1", "12가3456"}, {"gar-2", "123나4567"}},
              "입고 \"확인\"\n부탁드립니다"},
    BulkOutcome{"adj-1", {1714521600000, 13}, "gar-1", chat::RoomId{3}, 9, {}},
    BulkOutcome{"adj-1", {1714521600000, 13}, "gar-2", {}, 0, chat::ErrorCode::unknown_user},
    BulkOutcome{"adj-1", {1714521600000, 13}, "gar-3", {}, 0, chat::ErrorCode::limit_reached},
    HandOverOrder{"core-01", {1714521600000, 14}, "adj-1", "adj-3", chat::Absence::retired, 12},
    HandOverOrder{"core-01", {1714521600000, 15}, "adj-1", "adj-3", chat::Absence::away, 0},
    HandOverOutcome{"core-01", {1714521600000, 14}, chat::RoomId{3}, 9},
    HandOverOutcome{"core-01", {1714521600000, 14}, chat::RoomId{4}, 0},
    AdjusterBack{"adj-1"},
    TemplateEntry{"ins-01", "greeting", "{garage}님\n\"안녕\"", chat::Role::garage},
    TemplateEntry{"gar-1", "photos", "네", std::nullopt},
    TemplateRemoved{"gar-1", "photos"},
};

TEST(RecordCodec, EveryRecordIsReadBack) {
  for (const TypedRecord& typed : kRecords) {
    const Record record = encode_record(typed);
    EXPECT_TRUE(is_chat_record(record.kind));
    const auto decoded = decode_record(record);
    ASSERT_TRUE(decoded.has_value()) << record.payload << decoded.error();
    EXPECT_TRUE(*decoded == typed) << record.payload;
    EXPECT_EQ(encode_record(*decoded).payload, record.payload);
  }
}

TEST(RecordCodec, FieldsHaveTheirOrder) {
  EXPECT_EQ(encode_record(kRecords[6]).payload, R"({"user":"gar-1","room":"r3","seq":9})");
  EXPECT_EQ(encode_record(kRecords[7]).payload,
            R"({"user":"gar-1","id":"1714521600000.12","hash":"0123456789abcdef","reply":)"
            R"({"type":"reply","re":"1714521600000.12","ok":true,"result":{"a":",\"reply\":"}}})");
  const Record event = encode_record(kRecords[5]);
  EXPECT_EQ(event.room, chat::RoomId{3});
  EXPECT_EQ(event.seq, 9U);
}

TEST(RecordCodec, EveryTruncationAndForeignFieldIsAnError) {
  for (const TypedRecord& typed : kRecords) {
    Record record = encode_record(typed);
    const std::string payload = record.payload;
    for (std::size_t size = 0; size < payload.size(); ++size) {
      record.payload = payload.substr(0, size);
      EXPECT_FALSE(decode_record(record).has_value()) << record.payload;
    }
    record.payload = payload;
    record.payload.insert(1, R"("x":1,)");
    EXPECT_FALSE(decode_record(record).has_value()) << record.payload;
  }
}

TEST(RecordCodec, AnEventOfAnotherPlaceIsAnError) {
  Record record = encode_record(kRecords[5]);
  record.seq = 8;
  EXPECT_FALSE(decode_record(record).has_value());
}

TEST(RecordCodec, KindsOfTheNodeAreNotTheChats) {
  EXPECT_FALSE(is_chat_record(RecordKind::session));
  EXPECT_FALSE(is_chat_record(RecordKind::session_end));
  EXPECT_FALSE(is_chat_record(RecordKind::cursor));
  EXPECT_FALSE(decode_record(Record{RecordKind::session, {}, 0, "{}", {}}).has_value());
}

}  // namespace
}  // namespace claims::server
