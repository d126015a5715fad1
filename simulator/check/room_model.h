#pragma once
// RoomModel: what the harness knows of a room: who should be a member of it and when, who observes
// it, and what was seen in it.
//
// Membership never comes from the server's word. A room is linked to the command that its first
// event or that command's reply names, one of those that open rooms: an intake or a pre-estimate
// (its sender and the adjuster of the receipt's registration), general.open and bulk.send (garage
// and adjuster), negotiation.open (its sender and the counterpart). Who comes later, and who goes,
// follows from the commands that were sent for it; the server says at which seq, which is how a
// race between them ends (MembershipChecker). A membership is a row; who comes back is another one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/chat/event.h"
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
  chat::Invitation as{};
  chat::Seq from = 1;         ///< The first that it may read.
  chat::Seq live = 1;         ///< The first that is delivered to it: its own `joined`.
  chat::Seq left = kOpenEnd;  ///< The last of both.
  UserNumber invited_by = kNobody;
  std::int64_t joined_at_ms = 0;
  std::uint64_t joined_tick = 0;  ///< When its `joined` was seen; 0: a founder.
  std::uint64_t left_tick = 0;    ///< When its end was seen.
  // How far it has read: acknowledged (with when, and what it was before), and possibly, when
  // commands are on their way or their outcome is unknown.
  chat::Seq read = 0, read_before = 0, read_possible = 0;
  std::uint64_t read_tick = 0, read_before_tick = 0;
  std::uint32_t reads_open = 0;
  std::uint32_t leaves_sent = 0;  ///< And not refused.
  ReadsAsked asked;

  bool is_there(chat::Seq seq) const { return live <= seq && seq <= left; }
  bool may_read(chat::Seq seq) const { return from <= seq && seq <= left; }
  bool current() const { return left == kOpenEnd; }
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

/// Who is in charge from an event on.
struct Charge {
  chat::Seq seq = 0;
  std::size_t side = 1;  ///< As Room::founders.
  UserNumber user = kNobody;
};

/// What an event changed in who belongs to a room, until everything before it was seen.
struct RoomChange {
  enum class Kind : std::uint8_t {
    joined,
    left,
    handed_over,
    changed,
    deleted,
    further_estimate,
    made,       ///< By who was not known as a member.
    delivered,  ///< To who was not.
  };
  chat::Seq seq = 0;
  Kind kind{};
  UserNumber by = kNobody;    ///< Who sent the command.
  UserNumber user = kNobody;  ///< Whom it is about: who joined, left, is in charge now.
  UserNumber from = kNobody;  ///< Who was in charge before, as the event says.
  chat::Invitation as{};
  std::uint64_t sent_tick = 0;  ///< When its command was sent.
  bool by_insurer = false;      ///< A hand-over by the insurer.
  SessionNumber session{};      ///< Of a delivery.
  std::string title;            ///< That the room gets.
  std::string told, cmd;        ///< The event, for stories.
};

/// A message whose deletion was asked for.
struct Deletion {
  chat::Seq of = 0;              ///< The message.
  std::uint32_t sent = 0;        ///< Commands for it that were sent, and not refused.
  std::uint64_t known_tick = 0;  ///< When it was first known as done: by a reply, or its event.
  chat::Seq at = 0;              ///< Its event; 0: not seen.
  std::uint64_t digest = 0;      ///< Of the message as it was; 0: not known.
  UserNumber by = kNobody;       ///< Who made it.
  bool shown = false;            ///< A tombstone was shown.
};

struct Room {
  static constexpr std::size_t kChangesMax = 256;
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
  UserNumber garage = kNobody, adjuster = kNobody;  ///< Who opened it; nobody in a negotiation.
  std::uint32_t receipt = 0xFFFF'FFFF;              ///< Into ReceiptBook.
  std::uint64_t founder = 0;     ///< Hash of the `cmd` that opened it; 0: not known yet.
  std::uint64_t found_tick = 0;  ///< When it was linked: its founders are known since.
  bool founded_in_bulk = false;  ///< Then the adjuster joined first.
  GeneralPair* pair = nullptr;   ///< Of a general room.
  std::unique_ptr<GeneralVehicles> vehicles;       ///< Of a general room.
  std::unique_ptr<NegotiationRecord> negotiation;  ///< Of a negotiation.
  std::vector<Member> members;                     ///< A user's rows in the order of their times.
  std::vector<Observer> observers;
  std::vector<Charge> charges;      ///< Who took over, as far as every event was seen.
  std::vector<RoomChange> changes;  ///< Ahead of what every event was seen of, by seq.
  std::vector<Deletion> deletions;  ///< Of messages, by their seq.
  /// A message was deleted that nobody knows any more as it was: sums cannot match.
  bool content_unknown = false;
  chat::Seq deleted = 0;         ///< Its room_deleted.
  std::uint32_t frees_sent = 0;  ///< Cancellations and deletions sent, and not refused.
  struct Titled {
    chat::Seq seq = 0;
    std::string title;
  };
  std::vector<Titled> titles;  ///< As it was changed, as far as every event was seen.

  EventWindow window;
  std::vector<std::uint8_t> marks;  ///< By seq - 1: see Mark.
  chat::Seq known_through = 0;      ///< All up to here was seen by somebody.
  chat::Seq acknowledged = 0;       ///< The highest seq of an ok reply.
  std::uint32_t messages_open = 0;  ///< Sent to it, not refused, event not seen.
  std::uint32_t greetings = 0;
  std::optional<chat::RepairState> state;
  bool taken_in = false;  ///< Its notice `in` was seen.
  bool converted = false, estimated = false;
  std::uint32_t further = 0;  ///< Further estimates.
  std::vector<PendingUnread> pending_unread;

  bool history_read = false, history_complete = false;
  bool history_differs = false;  ///< Told.
  chat::Seq history_last = 0;

  chat::Seq last() const { return marks.size(); }
  bool all_seen() const { return known_through == last(); }
  /// The command that opened it went out, and its reply or event was seen, before `tick`.
  bool founded_before(std::uint64_t tick) const { return found_tick != 0 && found_tick < tick; }
  /// Who is in charge of that side, right after `seq`.
  UserNumber in_charge(std::size_t side, chat::Seq seq = kOpenEnd) const {
    UserNumber user = founders[side];
    for (const Charge& charge : charges) {
      if (charge.side == side && charge.seq <= seq) user = charge.user;
    }
    return user;
  }
};

/// Null when nobody asked for it.
Deletion* find_deletion(Room& room, chat::Seq of);
const Deletion* find_deletion(const Room& room, chat::Seq of);
/// Puts it where its seq belongs; forgets it where there are too many.
void add_change(Room& room, RoomChange change);
/// The user's first row: what its messages are marked with, and its last: what counts now.
std::optional<std::uint32_t> first_row(const Room& room, UserNumber user);
std::optional<std::uint32_t> last_row(const Room& room, UserNumber user);

/// One byte a seq: what unread counts and repair steps need of each event. A message is marked with
/// its sender's first row.
namespace mark {
inline constexpr std::uint8_t kUnseen = 0, kOther = 1, kClaim = 2, kNotice = 3;  // + RepairState
inline constexpr std::uint8_t kPreEstimate = 8, kFurtherEstimate = 9;
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
  /// A user becomes a member at `seq`, by a command that was sent at `opened_tick`. Returns its
  /// row.
  std::uint32_t join(Room& room, Member member, std::uint64_t opened_tick);
  /// A session subscribed for the first time: it observes all rooms of its user from now on.
  void add_observer(SessionNumber session);

  /// The row that makes `user` a member at `seq`; that lets it read `seq`.
  std::optional<std::uint32_t> member_at(const Room& room, UserNumber user, chat::Seq seq) const;
  std::optional<std::uint32_t> reader_at(const Room& room, UserNumber user, chat::Seq seq) const;
  /// The first seq from `due` on that the user may read; kOpenEnd when there is none.
  chat::Seq next_readable(const Room& room, UserNumber user, chat::Seq due) const;
  /// A command went out, and has no known end, by which the user may become a member: until its
  /// `joined` is seen, who it is cannot be judged.
  void may_join(chat::RoomId room, UserNumber user, int change);
  bool may_join(chat::RoomId room, UserNumber user);
  /// The same for every room that `absent` is in charge of.
  void may_take_over(UserNumber absent, UserNumber user);
  /// The row by which the session observes `seq`, if it may.
  Observer* observer_at(Room& room, SessionNumber session, chat::Seq seq);

 private:
  RoomNumber number_of(const Room& room);

  Roster& roster_;
  KeyTable<RoomNumber> numbers_;
  std::deque<Room> rooms_;
  KeyTable<std::uint32_t> joins_;
  std::vector<std::pair<UserNumber, UserNumber>> taking_over_;
  std::size_t unlinked_ = 0;
};

}  // namespace claims::storm::audit
