#pragma once
// RoomModel: what the harness knows of a room: who should be a member of it and when, who observes
// it, and what was seen in it.
//
// Membership never comes from the server's word. A room is linked to the command that its first
// event or that command's reply names, one of those that open rooms: an intake or a pre-estimate
// (its sender and the adjuster of the receipt's registration), general.open and bulk.send (garage
// and adjuster), negotiation.open (its sender and the counterpart). Intervals are [from, left],
// ends included, so that one who is invited or leaves is another row.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/chat/repair.h"
#include "simulator/check/event_window.h"
#include "simulator/check/general_book.h"
#include "simulator/check/key_table.h"
#include "simulator/check/negotiation_record.h"
#include "simulator/check/roster.h"

namespace claims::storm::audit {

inline constexpr chat::Seq kOpenEnd = std::numeric_limits<chat::Seq>::max();

/// The seqs that a member asked to be read, each with who asked, and on which connection: what a
/// read receipt may say.
struct ReadsAsked {
  static constexpr std::size_t kKept = 6;
  struct One {
    std::uint32_t seq = 0;
    SessionNumber session{};
    std::uint32_t connection = 0;  ///< The low part of Session::connection_tick.
  };
  std::array<One, kKept> last{};
  std::uint32_t count = 0;  ///< Of all, ever.
};

struct Member {
  UserNumber user = kNobody;
  chat::Seq from = 1, left = kOpenEnd;
  // How far it has read: acknowledged (with when, and what it was before), and possibly, when
  // commands are on their way or their outcome is unknown.
  chat::Seq read = 0, read_before = 0, read_possible = 0;
  std::uint64_t read_tick = 0, read_before_tick = 0;
  std::uint32_t reads_open = 0;
  ReadsAsked asked;

  bool holds(chat::Seq seq) const { return from <= seq && seq <= left; }
  /// What it had certainly read when something was sent at `tick`.
  chat::Seq read_at(std::uint64_t tick) const {
    if (read_tick < tick) return read;
    return read_before_tick < tick ? read_before : 0;
  }
};

/// What one session saw of one member's interval.
struct Observer {
  static constexpr std::uint32_t kNoMember = 0xFFFF'FFFF;

  SessionNumber session{};
  std::uint32_t member =
      kNoMember;  ///< Into Room::members; kNoMember while the room is not linked.
  /// The first seq it must see. 0: it subscribed while the room was there, so its first event is
  /// the first, but not later than `must_start`.
  chat::Seq start = 0, must_start = kOpenEnd;
  chat::Seq frontier = 0;  ///< All up to here was seen. 0: nothing.
  /// Of these, what moved the session's cursor: what came ahead of a `sync`'s redelivery did not.
  chat::Seq settled = 0;
  std::uint64_t sum = 0;           ///< Of mix(seq, digest) over what it saw.
  std::uint64_t expected_sum = 0;  ///< The same over the history, start … left.
  bool sum_holds = true;           ///< False after a violation that the sum would only tell again.
  chat::Seq skipped_from = 1, skipped_to = 0;  ///< The last gap, told; what comes of it is late.
  std::uint32_t epoch = 0;  ///< Session::replay_epoch that the next three belong to.
  bool replay = false;      ///< Copies may come.
  chat::Seq floor = 0;      ///< … above here.
  chat::Seq replayed = 0;   ///< The last copy; 0: none yet.
  /// The last read receipts of the first two members, on the connection of that tick.
  std::array<std::uint32_t, 2> receipts{};
  std::uint64_t receipts_tick = 0;
  ShownEnd shown_end;  ///< Of a negotiation, what it was told last.
};

/// An unread count of a reply that cannot be compared before all events up to `as_of` were seen.
struct PendingUnread {
  std::uint32_t member = 0;
  chat::Seq read_least = 0, read_most = 0, as_of = 0;
  std::int64_t unread = 0;
  SessionNumber session{};
};

struct Room {
  /// Only where events of it do not come any more are there so many, and that is told.
  static constexpr std::size_t kPendingUnreadMax = 256;

  chat::RoomId id{};
  bool linked = false;    ///< Members are known.
  bool judged = true;     ///< False: who should see it is unknown.
  bool disputed = false;  ///< Observers disagreed, and it was told: sums cannot match any more.
  bool untraced_told = false;
  bool second = false;  ///< Of what has a room already; told.
  chat::RoomKind kind{};
  /// Garage and adjuster; in a negotiation initiator and counterpart.
  std::array<UserNumber, 2> founders{kNobody, kNobody};
  UserNumber garage = kNobody, adjuster = kNobody;  ///< Nobody in a negotiation.
  std::uint32_t receipt = 0xFFFF'FFFF;              ///< Into ReceiptBook.
  std::uint64_t founder = 0;     ///< Hash of the `cmd` that opened it; 0: not known yet.
  bool founded_in_bulk = false;  ///< Then the adjuster joined first.
  GeneralPair* pair = nullptr;   ///< Of a general room.
  std::unique_ptr<GeneralVehicles> vehicles;       ///< Of a general room.
  std::unique_ptr<NegotiationRecord> negotiation;  ///< Of a negotiation.
  std::vector<Member> members;
  std::vector<Observer> observers;

  EventWindow window;
  std::vector<std::uint8_t> marks;  ///< By seq - 1: see Mark.
  chat::Seq known_through = 0;      ///< All up to here was seen by somebody.
  chat::Seq acknowledged = 0;       ///< The highest seq of an ok reply.
  std::uint32_t messages_open = 0;  ///< Sent to it, not refused, event not seen.
  std::uint32_t greetings = 0;
  std::optional<chat::RepairState> state;
  bool taken_in = false;  ///< Its notice `in` was seen.
  bool converted = false, estimated = false;
  std::vector<PendingUnread> pending_unread;

  bool history_read = false, history_complete = false;
  bool history_differs = false;  ///< Told.
  chat::Seq history_last = 0;

  chat::Seq last() const { return marks.size(); }
};

/// One byte a seq: what unread counts and repair steps need of each event.
namespace mark {
inline constexpr std::uint8_t kUnseen = 0, kOther = 1, kClaim = 2, kNotice = 3;  // + RepairState
inline constexpr std::uint8_t kPreEstimate = 7;
inline constexpr std::uint8_t kMessage = 16;  // + member
inline constexpr std::uint32_t kMembersMax = 255 - kMessage;
inline std::uint8_t notice(chat::RepairState state) {
  return static_cast<std::uint8_t>(kNotice + static_cast<std::uint8_t>(state));
}
inline std::uint8_t message(std::uint32_t member) {
  return static_cast<std::uint8_t>(kMessage + (member < kMembersMax ? member : kMembersMax));
}
}  // namespace mark

class RoomModel {
 public:
  /// Events of rooms that nothing opened are violations; so many rooms are kept.
  static constexpr std::size_t kUnlinkedMax = 4'096;
  /// A seq further ahead than this cannot be true.
  static constexpr chat::Seq kJumpMax = 1'024;

  explicit RoomModel(Roster& roster) : roster_(roster) {}

  Room* find(chat::RoomId id);
  /// Null when there are too many that are not linked.
  Room* find_or_add(chat::RoomId id);
  std::deque<Room>& all() { return rooms_; }
  const std::deque<Room>& all() const { return rooms_; }

  /// The room's founders become members; every session of theirs observes it: from 1 when it
  /// subscribed before `opened_tick`, at which the room was not there yet. Returns the sessions
  /// that saw the room and are no member's.
  std::vector<SessionNumber> found(Room& room, std::uint64_t opened_tick);
  /// A session subscribed for the first time: it observes all rooms of its user from now on.
  void add_observer(SessionNumber session);

  /// The row that makes `user` a member at `seq`.
  std::optional<std::uint32_t> member_at(const Room& room, UserNumber user, chat::Seq seq) const;
  /// The row by which the session observes `seq`, if it may.
  Observer* observer_at(Room& room, SessionNumber session, chat::Seq seq);

 private:
  RoomNumber number_of(const Room& room);
  void add_member(Room& room, UserNumber user, std::uint64_t opened_tick);

  Roster& roster_;
  KeyTable<RoomNumber> numbers_;
  std::deque<Room> rooms_;
  std::size_t unlinked_ = 0;
};

}  // namespace claims::storm::audit
