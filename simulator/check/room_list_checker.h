#pragma once
// RoomListChecker: room.list and room.show tell each user its rooms, and no others (CPC-002-2,
// CPC-003): general and inbound apart, a negotiation never to a garage.
//
// Proves it against the model. Each entry must be of a room that the user is or was a member of, of
// the kind, receipt and vehicle that were asked for, and say as of its `last_seq` what the room
// was: title, vehicles, who is in charge, how many members, whether the user has left, how much is
// unread. What the model has not seen yet is not judged. Pages go by number downwards; a room that
// the user certainly was in when it asked, that fits, and that a page passes over, is missing.
// room.show also lists the members: each with name, role, how, when and by whom it came, and what
// it has read.

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"
#include "simulator/check/stranger_checker.h"
#include "simulator/check/unread_checker.h"

namespace claims::storm::audit {

class RoomListChecker {
 public:
  RoomListChecker(Scene& scene, StrangerChecker& strangers, UnreadChecker& unread)
      : scene_(scene), strangers_(strangers), unread_(unread) {}

  /// What is wrong with the shape of the reply, if anything.
  std::optional<std::string> listed(const Ask& ask, const ReplyView& reply);
  std::optional<std::string> shown(const Ask& ask, const ReplyView& reply);

 private:
  /// Of the fields that both have; `id` is the entry's room.
  std::optional<std::string> entry(const Ask& ask, const boost::json::object& fields,
                                   chat::RoomId& id);
  void compare(const Ask& ask, const Room& room, const boost::json::object& fields,
               chat::Seq last_seq, bool left);
  bool fits(const Ask& ask, const Room& room) const;
  void find_missing(const Ask& ask, std::uint64_t below, std::uint64_t from,
                    const std::vector<chat::RoomId>& listed);
  void members(const Ask& ask, const Room& room, const boost::json::object& result,
               chat::Seq last_seq);
  void tell(const Ask& ask, chat::RoomId room, std::string_view ko, std::string_view en);

  Scene& scene_;
  StrangerChecker& strangers_;
  UnreadChecker& unread_;
  /// Of the page before: where it said to go on, and its last room.
  std::map<SessionNumber, std::pair<std::string, std::uint64_t>> last_;
};

}  // namespace claims::storm::audit
