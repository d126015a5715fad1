#include "simulator/check/message_book.h"

#include <algorithm>
#include <utility>

#include "simulator/limits.h"

namespace claims::storm::audit {
namespace {

std::size_t bytes_of(const BookedMessage& message) {
  return sizeof(BookedMessage) + message.text.size() + message.folded.size();
}

}  // namespace

std::string folded(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

void MessageBook::add(BookedMessage message) {
  message.folded = folded(message.text);
  bytes_ += bytes_of(message);
  all_.push_back(std::move(message));
  while (bytes_ > limits::kBookedTextBytesMax) {
    bytes_ -= bytes_of(all_.front());
    all_.pop_front();
  }
}

const BookedMessage* MessageBook::find(chat::RoomId room, chat::Seq seq) const {
  const auto found = std::ranges::find_if(
      all_, [&](const BookedMessage& it) { return it.room == room && it.seq == seq; });
  return found == all_.end() ? nullptr : &*found;
}

}  // namespace claims::storm::audit
