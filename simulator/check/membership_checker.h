#pragma once
// MembershipChecker: who is a member of a room, and when, follows from the commands of the clients
// (CPC-002-1, CPC-004-4).
//
// Proves it in two steps. The first sight of a `joined`, `left` or `room_deleted` whose command was
// sent makes or ends a row of the RoomModel: whom it is about, how it came in and from where it may
// read are what was asked for; the event must say the same, with the name and the role of the
// directory, so that a client can draw an icon. The server says the seq alone: an invitation that
// races with a message, with another invitation or with a leave has one right answer by it. Once
// everything before an event was seen, it is judged by what was true there: nobody joins who is
// there, who invites has the right to, staff of another insurer are no colleagues, who is in charge
// and the garage that opened the room stay, at most so many are there at a time, and what was made
// or delivered before its maker or receiver was known as a member was rightful.

#include <string_view>

#include "simulator/check/delivery_checker.h"
#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"
#include "simulator/check/stranger_checker.h"

namespace claims::storm::audit {

class MembershipChecker {
 public:
  MembershipChecker(Scene& scene, DeliveryChecker& deliveries, StrangerChecker& strangers)
      : scene_(scene), deliveries_(deliveries), strangers_(strangers) {}

  /// A command goes out; or was refused.
  void sent(Command& command);
  void refused(Command& command);
  /// ok:true to room.invite.
  void acknowledged(const Command& command, const ResultView& result);
  /// An event of rightful origin was seen for the first time; the room's last seq was
  /// `last_before`.
  void seen(Room& room, const EventView& event, const Traced& traced, chat::Seq last_before);
  /// Everything up to the change was seen.
  void fold(Room& room, const RoomChange& change);

 private:
  Member* leaving_by(const Command& command);
  void joined(Room& room, const EventView& event, const Traced& traced, chat::Seq last_before);
  void left(Room& room, const EventView& event, const Traced& traced, chat::Seq last_before);
  void deleted(Room& room, const EventView& event, const Traced& traced, chat::Seq last_before);
  void end_row(Room& room, std::uint32_t row, chat::Seq seq, chat::Seq last_before);
  void fold_joined(const Room& room, const RoomChange& change);
  std::string_view wrong_invitation(const Room& room, const RoomChange& change,
                                    const Member& inviter) const;
  void fold_left(const Room& room, const RoomChange& change);
  void tell(const Room& room, chat::Seq seq, std::string_view cmd, std::string_view ko,
            std::string_view en);

  Scene& scene_;
  DeliveryChecker& deliveries_;
  StrangerChecker& strangers_;
};

/// What it changes, as far as that is the same for all kinds.
RoomChange change_of(RoomChange::Kind kind, const EventView& event, const Traced& traced);
/// Whom such a command makes a member, or puts in charge.
UserNumber subject_of(Scene& scene, const Traced& traced, std::string_view named);

}  // namespace claims::storm::audit
