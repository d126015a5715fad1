#pragma once
// MessageBook: the texts of the messages that were seen last, so that searches can be judged.
//
// Bounded: beyond limits::kBookedTextBytesMax the oldest are forgotten, and nothing is expected to
// be found of them.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "protocol/chat/ids.h"
#include "simulator/check/roster.h"

namespace claims::storm::audit {

struct BookedMessage {
  chat::RoomId room{};
  chat::Seq seq = 0;
  std::int64_t at_ms = 0;
  /// When its command was sent, and when it was first seen: what was sent after another was seen is
  /// the later one. `at` says nothing of that between rooms, when the server's clock is set back.
  std::uint64_t sent_tick = 0, tick = 0;
  std::string vehicle, text;
  std::string folded;  ///< The text as searches compare it.
};

class MessageBook {
 public:
  void add(BookedMessage message);
  const std::deque<BookedMessage>& all() const { return all_; }
  const BookedMessage* find(chat::RoomId room, chat::Seq seq) const;

 private:
  std::deque<BookedMessage> all_;
  std::size_t bytes_ = 0;
};

/// Without regard to the case of ASCII letters.
std::string folded(std::string_view text);

}  // namespace claims::storm::audit
