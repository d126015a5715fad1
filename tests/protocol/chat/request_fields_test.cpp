#include "protocol/chat/request_fields.h"

#include <gtest/gtest.h>

namespace claims::chat {
namespace {

using Kind = FieldValue::Kind;

TEST(RequestFields, KindsAreToldApart) {
  RequestFields fields;
  ASSERT_FALSE(scan_request_fields(
      R"({"type":"a","seq":-5,"limit":1.5,"room":{"id":"inner"},"text":[1],"step":true,"after":null})",
      fields));
  EXPECT_EQ(fields[FieldName::type].text, "a");
  EXPECT_EQ(fields[FieldName::seq].integer, -5);
  EXPECT_EQ(fields[FieldName::limit].text, "1.5");
  EXPECT_EQ(fields[FieldName::room].text, "{…}");
  EXPECT_EQ(fields[FieldName::text].text, "[…]");
  EXPECT_EQ(fields[FieldName::step].text, "true");
  EXPECT_EQ(fields[FieldName::after].text, "null");
  EXPECT_EQ(fields[FieldName::id].kind, Kind::absent);
  EXPECT_FALSE(fields.has_unknown);
}

TEST(RequestFields, ListsAreKeptWhereATypeTakesThem) {
  RequestFields fields;
  ASSERT_FALSE(scan_request_fields(
      R"({"text":["no"],"targets":["a",{"garage":"g","vehicle":"v"},[1],{"garage":1},2],"seq":[{"x":"y"}]})",
      fields));
  EXPECT_EQ(fields[FieldName::targets].kind, Kind::list);
  ASSERT_EQ(fields.list.size(), 5U);
  EXPECT_EQ(fields.list[0].text, "a");
  EXPECT_EQ(fields.list[1].kind, ListElement::Kind::object);
  EXPECT_EQ(fields.list[1].members[1].second, "v");
  for (std::size_t i = 2; i < 5; ++i) EXPECT_EQ(fields.list[i].kind, ListElement::Kind::other) << i;
  EXPECT_EQ(fields[FieldName::seq].kind, Kind::list);
}

TEST(RequestFields, TheFirstUnknownKeyIsKept) {
  RequestFields fields;
  ASSERT_FALSE(scan_request_fields(R"({"a":"type","type":"t","b":1})", fields));
  EXPECT_TRUE(fields.has_unknown);
  EXPECT_EQ(fields.unknown, "a");
  EXPECT_EQ(fields[FieldName::type].text, "t");
}

TEST(RequestFields, SyntaxErrorsSayWhere) {
  RequestFields fields;
  const auto error = scan_request_fields(R"({"type":x})", fields);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->found, "syntax error (byte 9)");
}

}  // namespace
}  // namespace claims::chat
