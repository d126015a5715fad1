#pragma once
// Room: one sequence of events, who is and was a member and what they have read, and what its kind
// adds: the repair of an inbound room, the vehicles of a general one, the negotiation. A part of
// State.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/chat/event.h"
#include "protocol/chat/ids.h"
#include "protocol/chat/negotiation.h"
#include "protocol/chat/repair.h"
#include "protocol/result.h"
#include "protocol/time.h"
#include "reference-server/chat/service.h"
#include "reference-server/history/history.h"
#include "reference-server/log/record.h"

namespace claims::server {

class Room {
 public:
  /// One stay of a user in the room; who left may come again. Seqs are in half their width: rooms
  /// are many, and the events of one are bounded.
  struct Membership {
    UserIndex user{};
    UserIndex invited_by{};  ///< Of founders, who opened the room.
    /// Live delivery begins here: the seq of the own `joined`; for founders, who join while the
    /// room holds nothing but those who join it, the first.
    std::uint32_t live_from = 0;
    std::uint32_t from = 1;  ///< The first seq the member may read.
    std::uint32_t left = 0;  ///< The last: of the own `left` or `room_deleted`; 0: a member now.
    std::uint32_t read = 0;
    std::uint32_t unread = 0;  ///< Messages of others in (read, last_seq()].
    chat::Invitation as{};
    Milliseconds joined_at{0};

    bool current() const { return left == 0; }
  };

  /// `receipt` and `vehicle` are empty in general rooms, and only there.
  Room(chat::RoomKind kind, std::string receipt, std::string vehicle);

  chat::RoomKind kind() const { return kind_; }
  const std::string& receipt() const { return receipt_; }
  const std::string& title() const { return title_; }
  /// At least one, but in a general room before the first is added.
  const std::vector<std::string>& vehicles() const { return vehicles_; }
  bool has_vehicle(std::string_view plate) const;
  chat::Seq last_seq() const { return authors_.size(); }
  Milliseconds last_at() const { return last_at_; }
  Position last_position() const { return last_position_; }
  /// Nobody is a member any more, and nothing happens here.
  bool deleted() const { return deleted_; }
  /// Nothing before the intake, and in rooms of other kinds.
  std::optional<chat::RepairState> repair_state() const { return repair_state_; }
  bool estimated() const { return estimated_; }
  bool converted() const { return converted_; }
  std::size_t further_estimates() const { return further_estimates_; }
  /// Of a negotiation room, from its `open` on.
  const std::optional<chat::Negotiation>& negotiation() const { return negotiation_; }

  /// The garage that opened the room or for which it was opened; nothing in negotiations.
  std::optional<UserIndex> garage() const { return garage_; }
  /// The adjuster in charge; of a negotiation that of the side. Nothing before it has joined.
  std::optional<UserIndex> in_charge(chat::Side side = chat::Side::initiator) const;
  bool is_in_charge(UserIndex user) const;
  /// The side of a negotiation that the user is in charge of.
  std::optional<chat::Side> side_of(UserIndex user) const;

  /// In the order of joining, also those that have ended.
  const std::vector<Membership>& memberships() const { return memberships_; }
  /// Who is a member now.
  std::size_t members() const { return members_; }
  /// The user's stay that goes on; null when there is none.
  const Membership* member(UserIndex user) const;
  /// What the user may read: the events of all its stays, rising, each once. Empty: never a member.
  std::vector<SeqRange> readable_by(UserIndex user) const;
  /// What a stay that has ended may know of the room: how it was at that event.
  struct Former {
    Milliseconds at{0};
    std::string title;
    std::size_t vehicles = 0;
    std::optional<chat::RepairState> repair_state;
    bool estimated = false, converted = false;
    std::array<std::optional<UserIndex>, 2> in_charge;
  };
  /// Of a stay that ended by leaving.
  const Former* former(chat::Seq left) const;

  /// Whose message it is; nothing when it is none, or none any more.
  std::optional<UserIndex> author_of(chat::Seq seq) const;
  bool is_deleted_message(chat::Seq seq) const;

  /// Folds the next event. `subject`: the user that joined or left, for Joined and Left; to whom
  /// the room is given, for HandedOver; else the sender; nothing when it is the server itself.
  /// `other`: who invited, for Joined; who gives the room away, for HandedOver. An error when the
  /// event cannot follow.
  Result<void, std::string> apply(const chat::Event& event, std::optional<UserIndex> subject,
                                  Position position, std::optional<UserIndex> other = std::nullopt);
  /// Moves a member's read seq forward to `seq`. An error when there is nothing to move.
  Result<void, std::string> move_read(UserIndex user, chat::Seq seq);
  /// What `unread` of the member would be with this read seq.
  std::uint64_t unread_after(const Membership& member, chat::Seq read) const;

 private:
  friend struct StateCodec;
  static constexpr std::uint8_t kNobody = 0xFF;
  static constexpr std::uint8_t kDeleted = 0xFE;
  static constexpr std::size_t kMembershipsMax = 0xFE;
  using Folded = Result<void, std::string>;
  struct Subject {
    std::optional<UserIndex> user, other;
    Milliseconds at;
  };

  bool is_about_own_vehicle(const chat::Event& event) const;
  Folded fold(const chat::Joined& joined, const Subject& subject);
  Folded fold(const chat::Notice& notice, const Subject&);
  Folded fold(const chat::Greeting&, const Subject&);
  Folded fold(const chat::Message&, const Subject& subject);
  Folded fold(const chat::Claim&, const Subject&);
  Folded fold(const chat::PreEstimate&, const Subject&);
  Folded fold(const chat::FurtherEstimate& further, const Subject&);
  Folded fold(const chat::VehicleAdded&, const Subject&);
  Folded fold(const chat::Negotiated& step, const Subject& subject);
  Folded fold(const chat::Left&, const Subject& subject);
  Folded fold(const chat::HandedOver&, const Subject& subject);
  Folded fold(const chat::RoomChanged& changed, const Subject& subject);
  Folded fold(const chat::RoomDeleted&, const Subject& subject);
  Folded fold(const chat::MessageDeleted& deleted, const Subject& subject);
  Folded found(const chat::Joined& joined, UserIndex user);
  void end(Membership& membership);
  Membership* find_member(UserIndex user);
  /// The number of the user's first stay: it stands for the user among the authors.
  std::uint8_t author_number(UserIndex user) const;

  chat::RoomKind kind_;
  bool greeted_ = false, estimated_ = false, converted_ = false, deleted_ = false;
  std::uint8_t further_estimates_ = 0;
  std::uint8_t members_ = 0;
  std::optional<chat::RepairState> repair_state_;
  std::optional<UserIndex> garage_;
  /// By side; where there are none, the first.
  std::array<std::optional<UserIndex>, 2> in_charge_;
  std::optional<chat::Negotiation> negotiation_;
  std::string receipt_, title_;
  std::vector<std::string> vehicles_;
  std::vector<Membership> memberships_;
  std::vector<std::pair<std::uint32_t, Former>> formers_;  ///< By the seq of `left`, rising.
  /// Per seq, at seq - 1: the number of the user whose message it is; kDeleted where it
  /// was deleted, kNobody for the rest.
  std::vector<std::uint8_t> authors_;
  Milliseconds last_at_{0};
  Position last_position_{};
};

}  // namespace claims::server
