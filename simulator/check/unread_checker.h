#pragma once
// UnreadChecker: unread counts are what the contract says they are.
//
// Proves it with the room's marks (one byte a seq: whose message it is) and how far each member has
// read: `unread` at as_of is the number of messages by others in (read seq, as_of]. While a
// `room.read` is on its way, or has no known outcome, the read seq lies between two bounds, and so
// must the count; otherwise it is exact. A count at an as_of of which not every event was seen yet
// waits until they were. `unread_by` is compared in the final reading.

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"
#include "simulator/check/stranger_checker.h"

namespace claims::storm::audit {

class UnreadChecker {
 public:
  UnreadChecker(Scene& scene, StrangerChecker& strangers) : scene_(scene), strangers_(strangers) {}

  /// A message.send or room.read goes out.
  void sent(Command& command);
  void read_acknowledged(Command& command, const ResultView& result);
  void read_refused(Command& command);
  /// What is wrong with the shape of an unread.counts reply, if anything.
  std::optional<std::string> counts_replied(const Ask& ask, const ReplyView& reply);
  /// A reply says that so much of the room is unread.
  void listed(const Ask& ask, Room& room, std::int64_t unread, chat::Seq as_of);
  /// More of the room was seen without a gap.
  void advanced(Room& room);
  /// An event of the final reading.
  void in_history(const Room& room, const EventView& event);
  void finish(Room& room);

 private:
  void compare_total(const Ask& ask, std::int64_t listed, std::int64_t total, bool more);
  void omitted(const Ask& ask, const std::vector<chat::RoomId>& rooms);
  void compare(const Room& room, const PendingUnread& pending);
  void tell(const Room& room, UserNumber user, std::string_view ko, std::string_view en);

  Scene& scene_;
  StrangerChecker& strangers_;
};

}  // namespace claims::storm::audit
