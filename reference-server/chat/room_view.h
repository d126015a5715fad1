#pragma once
// RoomView: a room as one user may know it: as it is now, or as it was when the user left.

#include <cstddef>
#include <string>
#include <string_view>

#include "reference-server/chat/result_text.h"
#include "reference-server/chat/state.h"

namespace claims::server {

class RoomView {
 public:
  /// The user is or was a member.
  RoomView(chat::RoomId id, const Room& room, UserIndex user, const State& state);

  const std::string& title() const { return former_ != nullptr ? former_->title : room_.title(); }
  bool has_vehicle(std::string_view plate) const;
  /// The user's last stay has ended.
  bool left() const { return stay_->left != 0; }
  chat::Seq last_seq() const { return last_seq_; }
  /// The stay began before the user left.
  bool shows(const Room::Membership& one) const {
    return one.as == chat::Invitation::founder || one.live_from <= last_seq_;
  }
  bool is_current(const Room::Membership& one) const {
    return shows(one) && (one.current() || one.left > last_seq_);
  }

  /// What room.list tells of it.
  ResultText entry() const;
  /// room.show: the same, estimate and claim, and the members. The oldest stays that have ended are
  /// left out where they would not fit into a reply.
  std::string in_full() const;

 private:
  std::size_t vehicles() const;
  std::string member_json(const Room::Membership& one) const;

  chat::RoomId id_;
  const Room& room_;
  const State& state_;
  const Room::Membership* stay_ = nullptr;  ///< The user's last.
  const Room::Former* former_ = nullptr;
  chat::Seq last_seq_ = 0;
};

}  // namespace claims::server
