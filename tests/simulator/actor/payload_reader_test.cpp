#include "simulator/actor/payload_reader.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <string>

namespace claims::storm {
namespace {

/// Its values take more than the reader's own memory.
std::string large_payload() {
  std::string text = "[";
  for (int i = 0; i < 2'000; ++i) text += R"({"room":1},)";
  return text + "0]";
}

TEST(PayloadReader, ReadsOnePayloadAfterTheOther) {
  PayloadReader reader;
  const boost::json::value* value = reader.read(R"({"a":1})");
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(value->at("a").as_int64(), 1);
  EXPECT_EQ(reader.read("{"), nullptr);
  value = reader.read("[2]");
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(value->as_array().front().as_int64(), 2);
}

/// A month has thousands of payloads that spill.
TEST(PayloadReader, AnyNumberOfLargePayloadsTakeAsMuchMemoryAsOne) {
  PayloadReader reader;
  const std::string large = large_payload();
  for (int i = 0; i < 200; ++i) {
    const boost::json::value* value = reader.read(large);
    ASSERT_NE(value, nullptr);
    ASSERT_EQ(value->as_array().size(), 2'001U) << i;
  }
}

}  // namespace
}  // namespace claims::storm
