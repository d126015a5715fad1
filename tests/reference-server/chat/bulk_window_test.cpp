#include "reference-server/chat/bulk_window.h"

#include <gtest/gtest.h>

#include <string>

namespace claims::server {
namespace {

TEST(BulkWindow, ATextIsKeptOnlyWhileATargetIsOpen) {
  const chat::CommandId id{5, 1};
  const std::string text(16'000, 'a');
  BulkWindow window;
  ASSERT_TRUE(window.order({"adj-1", id, {{"gar-1", "12가3456"}, {"gar-2", "12가3456"}}, text}));
  const auto settle = [&](const char* garage) {
    return window.settle({"adj-1", id, garage, {}, 0, chat::ErrorCode::unknown_user});
  };
  ASSERT_TRUE(settle("gar-1"));
  EXPECT_EQ(window.find(id)->text, text);
  ASSERT_TRUE(settle("gar-2"));
  EXPECT_LT(window.find(id)->text.capacity(), text.size());
}

}  // namespace
}  // namespace claims::server
