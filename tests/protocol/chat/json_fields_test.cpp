#include "protocol/chat/json_fields.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace claims::chat {
namespace {

std::string error_of(std::string_view json, const std::function<void(JsonFields&)>& take) {
  std::string error;
  const auto read = read_json(json, [&](const boost::json::value& root) {
    JsonFields fields(&root, "", error);
    take(fields);
    fields.finish();
  });
  return read ? error : "no JSON";
}

TEST(JsonFields, EachFieldIsTakenWithItsType) {
  EXPECT_EQ(error_of(R"({"a":"x","b":7,"c":{"d":"y"},"e":["1","2"]})",
                     [](JsonFields& fields) {
                       EXPECT_EQ(fields.text("a"), "x");
                       EXPECT_EQ(fields.number("b", 7), 7U);
                       std::string inner_error;
                       JsonFields inner(fields.child("c"), "c", inner_error);
                       EXPECT_EQ(inner.text("d"), "y");
                       int elements = 0;
                       fields.each("e", [&](const boost::json::value&) { ++elements; });
                       EXPECT_EQ(elements, 2);
                       EXPECT_TRUE(fields.has("a"));
                       EXPECT_FALSE(fields.has("f"));
                     }),
            "");
}

TEST(JsonFields, TheFirstErrorIsKept) {
  EXPECT_EQ(error_of("{}", [](JsonFields& fields) { fields.text("a"), fields.text("b"); }),
            "a is missing");
  EXPECT_EQ(error_of(R"({"a":1})", [](JsonFields& fields) { fields.text("a"); }), "a is no string");
  EXPECT_EQ(error_of(R"({"a":1})", [](JsonFields& fields) { fields.number("a", 2); }),
            "a is no integer in its range");
  EXPECT_EQ(error_of(R"({"a":1})", [](JsonFields& fields) { fields.each("a", {}); }),
            "a is no array");
  EXPECT_EQ(error_of(R"({"a":1})", [](JsonFields&) {}), "object has an unknown field");
  EXPECT_EQ(error_of("1", [](JsonFields&) {}), "object is no object");
  EXPECT_EQ(error_of("{", [](JsonFields&) {}), "no JSON");
}

}  // namespace
}  // namespace claims::chat
