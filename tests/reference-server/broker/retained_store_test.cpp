#include "reference-server/broker/retained_store.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

constexpr Microseconds kNow{1'000};

bool put(RetainedStore& store, std::string_view topic, std::string_view payload,
         Microseconds expires_at = MessageView::kNever, Microseconds now = kNow) {
  MessageOnItsWay message(
      MessageView{.topic = topic, .payload = payload, .expires_at = expires_at});
  return store.put(message, now);
}

TEST(RetainedStore, IsBoundedByMessages) {
  RetainedStore store(2, 10'000);
  EXPECT_TRUE(put(store, "a", "1"));
  EXPECT_TRUE(put(store, "b", "1"));
  EXPECT_FALSE(put(store, "c", "1"));
  EXPECT_TRUE(put(store, "a", "2"));
  EXPECT_TRUE(put(store, "b", ""));
  EXPECT_TRUE(put(store, "c", "1"));
  EXPECT_EQ(store.size(), 2U);
}

TEST(RetainedStore, IsBoundedByBytes) {
  const std::size_t each = sizeof(Message) + 11;
  RetainedStore store(100, 2 * each);
  EXPECT_TRUE(put(store, "a", "0123456789"));
  EXPECT_FALSE(put(store, "b", std::string(each, 'x')));
  EXPECT_TRUE(put(store, "b", "0123456789"));
  EXPECT_FALSE(put(store, "a", "0123456789+"));
  EXPECT_EQ(store.match("a", kNow)[0]->view().payload, "0123456789");
  EXPECT_EQ(store.bytes(), 2 * each);
  put(store, "a", "");
  put(store, "b", "");
  EXPECT_EQ(store.bytes(), 0U);
}

TEST(RetainedStore, GivesTheRoomOfWhatExpiredBack) {
  RetainedStore store(1, 10'000);
  EXPECT_TRUE(put(store, "a", "1", kNow + Microseconds{5}));
  EXPECT_FALSE(put(store, "b", "1"));
  EXPECT_TRUE(put(store, "b", "1", MessageView::kNever, kNow + Microseconds{5}));
  EXPECT_TRUE(store.match("a", kNow + Microseconds{5}).empty());
}

TEST(RetainedStore, ForgetsTheExpiryOfWhatWasReplaced) {
  RetainedStore store(9, 10'000);
  put(store, "a", "1", kNow + Microseconds{5});
  put(store, "a", "2");
  EXPECT_EQ(store.match("a", kNow + Microseconds{9}).size(), 1U);
}

TEST(RetainedStore, GivesThemByTopic) {
  RetainedStore store(9, 10'000);
  for (const char* topic : {"c", "a/b", "b", "a"}) put(store, topic, "1");
  std::string topics;
  for (const SharedMessage& one : store.match("#", kNow)) {
    topics += std::string(one->topic()) + " ";
  }
  EXPECT_EQ(topics, "a a/b b c ");
}

}  // namespace
}  // namespace claims::server
