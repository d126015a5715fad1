#include "reference-server/broker/will_table.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

PendingWill will(std::string_view payload) {
  PendingWill made;
  made.text = std::make_shared<const Message>(MessageView{.topic = "t", .payload = payload});
  return made;
}

TEST(WillTable, GivesEachOnce) {
  WillTable wills(10'000);
  wills.set(SessionId{1}, will("first"));
  wills.set(SessionId{1}, will("second"));
  EXPECT_EQ(wills.find(SessionId{1})->text->view().payload, "second");
  EXPECT_EQ(wills.take(SessionId{1})->text->view().payload, "second");
  EXPECT_FALSE(wills.take(SessionId{1}).has_value());
  EXPECT_EQ(wills.find(SessionId{1}), nullptr);
}

TEST(WillTable, TellsWhichIsDue) {
  WillTable wills(10'000);
  wills.set(SessionId{1}, will("w"));
  wills.set(SessionId{2}, will("w"));
  wills.schedule(SessionId{1}, Microseconds{20});
  wills.schedule(SessionId{2}, Microseconds{10});
  wills.schedule(SessionId{3}, Microseconds{1});
  EXPECT_EQ(wills.next_deadline(), Microseconds{10});
  EXPECT_FALSE(wills.due(Microseconds{9}).has_value());
  EXPECT_EQ(wills.due(Microseconds{10}), SessionId{2});
  wills.take(SessionId{2});
  EXPECT_EQ(wills.next_deadline(), Microseconds{20});
}

TEST(WillTable, IsBounded) {
  WillTable wills(will("w").text->bytes());
  EXPECT_TRUE(wills.has_room(1));
  wills.set(SessionId{1}, will("w"));
  EXPECT_FALSE(wills.has_room(1));
  wills.take(SessionId{1});
  EXPECT_TRUE(wills.has_room(1));
}

}  // namespace
}  // namespace claims::server
