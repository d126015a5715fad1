#pragma once
// Auditor: proves from what clients sent and saw, and from the history read back at the end, that
// the server did right. It never takes the server's word for who should see what.
//
// One thread. Memory is bounded by what is open: per (room, session) a start, a frontier and a sum;
// per room a ring of recent digests and a byte a seq (two in a general room); per negotiation the
// last states; per command, once settled, a byte; per bulk message, once settled, a count and a
// digest; of open topics what belongs to workflows that are open or were of late. What each
// checker proves, and how, stands in its own header.
//
// It also records reply, error_reply, delivery, delivery_last_member, catch_up, lateness, read_lag,
// the steps, and counts commands and errors; the recorder's other figures are its owner's.

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/time.h"
#include "simulator/measure/recorder.h"

namespace claims::storm {

namespace audit {
class OpenTopicsChecker;
}

/// One session of a virtual user, dense.
enum class SessionNumber : std::uint32_t {};

/// When bytes were read: the beginning of the loop turn, and the moment they were handled.
struct Turn {
  Now begin;
  Microseconds handled{0};  ///< Steady; >= begin.steady.
};

enum class Checker : std::uint8_t {
  agreement,
  completeness,
  secrecy,
  real_time,
  origin,
  outcome,
  reconciliation,
  one_room_per_intake,
  legal_repair_steps,
  bulk_once_per_garage,
  legal_negotiation_steps,
  same_end,
  negotiation_hidden,
  general_vehicles,
  read_receipts,
  unread_counts,
  devices_in_step,
  present_fields,
  well_formed,
  membership,
  in_charge,
  room_changes,
  room_lists,
  invite_candidates,
  conversions,
  deleted_messages,
  searches,
  histories,
  templates,
  open_topics,
};
inline constexpr std::size_t kCheckers = 30;
std::string_view to_string(Checker checker);

/// The smallest story that shows what was wrong, for a tester.
struct Violation {
  Checker checker{};
  std::string ko, en;
};

/// A command or read, as it was handed to the connection.
struct SentRequest {
  std::string_view id;  ///< As in the JSON.
  std::string_view type;
  bool read = false;
  const boost::json::object* body = nullptr;  ///< With its id.
  std::string_view step;                      ///< Name for figures per step.
  Microseconds intended{0}, sent{0};
  /// Until then it waited for a connection or the window: no fault of the generator. 0: it did not.
  Microseconds held_until{0};
};

struct AuditCounts {
  std::uint64_t commands = 0;      ///< Commands and reads sent.
  std::uint64_t acknowledged = 0;  ///< ok:true.
  std::uint64_t error_replies = 0, timeouts = 0;
  /// Over subscribed sessions of members, and of these the ones that came; copies do not count.
  std::uint64_t deliveries_expected = 0, deliveries = 0;
};

class Auditor {
 public:
  explicit Auditor(Recorder& recorder);
  ~Auditor();
  Auditor(const Auditor&) = delete;
  Auditor& operator=(const Auditor&) = delete;

  /// The directory as the harness knows it: names and roles that events must show.
  /// `insurer`: its id, of those who work for one.
  void know_user(std::string_view user, std::string_view name, chat::Role role,
                 std::string_view insurer = {});
  void know_insurer(std::string_view insurer, std::string_view name);
  SessionNumber add_session(std::string_view user);
  /// SUBACK for evt and reply arrived; events are expected from now on.
  void subscribed(SessionNumber session, const Now& now);
  /// CONNACK said that the session is there still, with its subscriptions: the server goes on where
  /// it was, and may send again what it does not know as acknowledged.
  void resumed(SessionNumber session, const Now& now);
  /// The server was gone and serves again: of a kept session it knows what it had stored.
  void server_restarted();
  void connection_lost(SessionNumber session, const Now& now);
  /// Bytes came, of whatever packets; before what they hold is told.
  void received(SessionNumber session, std::size_t bytes);
  /// CONNECT goes out.
  void connecting(SessionNumber session);
  /// The server refused it as not authorized, or ended the session so: a violation (completeness)
  /// unless its user may have retired.
  void turned_away(SessionNumber session);
  /// The server ended the session as not authorized; its user may have retired, and tries again.
  void shown_out(SessionNumber session);
  /// An order to retire its user was sent and not refused; was acknowledged.
  bool may_have_retired(SessionNumber session) const;
  bool has_retired(SessionNumber session) const;
  /// It could not connect again, though nothing was in its way any more: a violation
  /// (completeness), unless it was turned away.
  void stayed_away(SessionNumber session);

  void sent(SessionNumber session, const SentRequest& request);
  /// A message on `reply`. Not an object, or a wrong shape: a violation (well_formed).
  void replied(SessionNumber session, const boost::json::object& reply, const Turn& turn);
  /// No reply within the time-out, or the connection was lost while waiting: outcome unknown.
  /// `still_waits`: the client goes on asking, and the reply that comes at last ends an outage.
  void unanswered(SessionNumber session, std::string_view id, const Now& now,
                  bool still_waits = false);
  /// It will not be answered, and nobody waits: its sender was turned away.
  void withdrawn(SessionNumber session, std::string_view id, const Now& now);
  /// Commands may be sent again on the connection that they were sent on. Before the first is sent.
  void expect_repeats();
  /// The last command of the session `of` was sent once more, by `session` of the same user: it
  /// will be answered once more there, on this connection, and the same. By another session only
  /// when it was answered.
  void repeated(SessionNumber session, std::string_view id, SessionNumber of);
  /// A message on `evt`: an event, or a read receipt.
  void event(SessionNumber session, const boost::json::object& event, const Turn& turn);
  /// What clients do with open topics is told to it; but server_restarted() goes there, too.
  audit::OpenTopicsChecker& open_topics();
  /// A payload that is no JSON object, or came on a topic that the session did not ask for.
  void malformed(SessionNumber session, std::string_view topic, std::string_view payload);

  /// Rooms whose history must be read at the end, each by a member who sees all of it, and by each
  /// one who does not, or not any more.
  struct RoomToRead {
    chat::RoomId room{};
    SessionNumber session{};
    /// Its events are the room's history; the others' pages prove what these may read, and no more.
    bool whole = true;
  };
  std::vector<RoomToRead> rooms_to_read() const;
  /// An event of a `room.messages` page of the final reading, in order of seq.
  void history_event(chat::RoomId room, const boost::json::object& event);
  /// The final reading of that room ended; `complete` false: it could not be read to its end.
  void history_end(chat::RoomId room, bool complete);
  /// Searches for what was sent before, all over the run, each by somebody who could read it.
  struct Search {
    SessionNumber session{};
    std::string text;
  };
  std::vector<Search> searches_to_ask() const;
  /// After drain and final reading: settles everything that is still open.
  void finish(const Now& now);

  const AuditCounts& counts() const;
  std::uint64_t violations(Checker checker) const;
  std::uint64_t violations_total() const;
  /// The first ones, at most limits::kStoriesMax.
  const std::vector<Violation>& stories() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claims::storm
