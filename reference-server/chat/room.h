#pragma once
// Room: one sequence of events, its members and what they have read, and what its kind adds: the
// repair of an inbound room, the vehicles of a general one, the negotiation. A part of State.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/event.h"
#include "protocol/chat/ids.h"
#include "protocol/chat/negotiation.h"
#include "protocol/chat/repair.h"
#include "protocol/result.h"
#include "protocol/time.h"
#include "reference-server/chat/service.h"
#include "reference-server/log/record.h"

namespace claims::server {

class Room {
 public:
  struct Member {
    UserIndex user{};
    /// Live delivery begins here: the seq of the own `joined`; for founders, who join while the
    /// room holds nothing but those who join it, the first.
    chat::Seq live_from = 0;
    chat::Seq from = 1;  ///< The first seq the member may read.
    chat::Seq read = 0;
    std::uint64_t unread = 0;  ///< Messages of others in (read, last_seq()].
  };

  /// `receipt` and `vehicle` are empty in general rooms, and only there.
  Room(chat::RoomKind kind, std::string receipt, std::string vehicle);

  chat::RoomKind kind() const { return kind_; }
  const std::string& receipt() const { return receipt_; }
  /// At least one, but in a general room before the first is added.
  const std::vector<std::string>& vehicles() const { return vehicles_; }
  bool has_vehicle(std::string_view plate) const;
  chat::Seq last_seq() const { return authors_.size(); }
  Milliseconds last_at() const { return last_at_; }
  Position last_position() const { return last_position_; }
  /// Nothing before the intake, and in rooms of other kinds.
  std::optional<chat::RepairState> repair_state() const { return repair_state_; }
  bool estimated() const { return estimated_; }
  bool converted() const { return converted_; }
  /// Of a negotiation room, from its `open` on.
  const std::optional<chat::Negotiation>& negotiation() const { return negotiation_; }
  /// The side that the member is in a negotiation.
  std::optional<chat::Side> side_of(UserIndex user) const;

  const std::vector<Member>& members() const { return members_; }
  const Member* member(UserIndex user) const;

  /// Folds the next event. `subject`: the user that joined, for Joined; else the sender; nothing
  /// when it is the server itself. An error when the event cannot follow.
  Result<void, std::string> apply(const chat::Event& event, std::optional<UserIndex> subject,
                                  Position position);
  /// Moves a member's read seq forward to `seq`. An error when there is nothing to move.
  Result<void, std::string> move_read(UserIndex user, chat::Seq seq);
  /// What `unread` of the member would be with this read seq.
  std::uint64_t unread_after(const Member& member, chat::Seq read) const;

 private:
  friend struct StateCodec;
  static constexpr std::uint8_t kNobody = 0xFF;
  static constexpr std::size_t kMembersMax = 0xFF;
  using Folded = Result<void, std::string>;
  using Subject = std::optional<UserIndex>;

  bool is_about_own_vehicle(const chat::Event& event) const;
  Folded fold(const chat::Joined& joined, Subject subject);
  Folded fold(const chat::Notice& notice, Subject);
  Folded fold(const chat::Greeting&, Subject);
  Folded fold(const chat::Message&, Subject subject);
  Folded fold(const chat::Claim&, Subject);
  Folded fold(const chat::PreEstimate&, Subject);
  Folded fold(const chat::VehicleAdded&, Subject);
  Folded fold(const chat::Negotiated& step, Subject subject);
  /// Still to be built.
  template <class Other>
  Folded fold(const Other&, Subject) {
    return std::string("no such event yet");
  }
  std::uint8_t member_number(UserIndex user) const;

  chat::RoomKind kind_;
  bool greeted_ = false, estimated_ = false, converted_ = false;
  std::optional<chat::RepairState> repair_state_;
  std::optional<chat::Negotiation> negotiation_;
  std::string receipt_;
  std::vector<std::string> vehicles_;
  std::vector<Member> members_;
  /// Per seq, at seq - 1: the number of the member whose message it is; kNobody for the rest.
  std::vector<std::uint8_t> authors_;
  Milliseconds last_at_{0};
  Position last_position_{};
};

}  // namespace claims::server
