#include "simulator/check/message_book.h"

#include <gtest/gtest.h>

#include "simulator/limits.h"

namespace claims::storm::audit {
namespace {

BookedMessage message(chat::Seq seq, std::string text) {
  BookedMessage made;
  made.room = chat::RoomId{1};
  made.seq = seq;
  made.text = std::move(text);
  return made;
}

TEST(MessageBook, FindsWhatWasBooked) {
  MessageBook book;
  book.add(message(5, "ABC 견적"));
  ASSERT_NE(book.find(chat::RoomId{1}, 5), nullptr);
  EXPECT_EQ(book.find(chat::RoomId{1}, 5)->folded, "abc 견적");
  EXPECT_EQ(book.find(chat::RoomId{1}, 6), nullptr);
  EXPECT_EQ(book.find(chat::RoomId{2}, 5), nullptr);
}

TEST(MessageBook, ForgetsTheOldestBeyondItsBound) {
  MessageBook book;
  const std::string text(10'000, 'x');
  const std::size_t many = limits::kBookedTextBytesMax / text.size();
  for (std::size_t i = 1; i <= many; ++i) book.add(message(i, text));
  EXPECT_LT(book.all().size(), many);
  EXPECT_EQ(book.find(chat::RoomId{1}, 1), nullptr);
  EXPECT_NE(book.find(chat::RoomId{1}, many), nullptr);
}

}  // namespace
}  // namespace claims::storm::audit
