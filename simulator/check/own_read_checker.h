#pragma once
// OwnReadChecker: what a user reads on one device shows on the user's other ones (CMO-001).
//
// Proves, when the run is over: of each room.read that was acknowledged and went further than any
// of the user before it, every other session of the user that was connected when it was sent, and
// still is on the same connection, got a read receipt of at least that seq, or had asked for as
// much itself. A receipt is sent once and at QoS 0, but over TCP: it is lost with its connection,
// and where there is no room for it, which is when limits::kRoomForReceiptsBytes bytes are on their
// way: so many came to the session then from when the room.read was sent to the first event of a
// command that was sent after its reply. Such an event was decided after the receipt, and all that
// was on its way then came before it. (What is on its way to all sessions comes to each of them at
// its own time: that bound is counted to the end of the run.) What a receipt may say is the
// ReadReceiptChecker's.
//
// Memory: for each room and user with several sessions, a few numbers a session.

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class OwnReadChecker {
 public:
  explicit OwnReadChecker(Scene& scene) : scene_(scene) {}

  /// A room.read goes out, for the first time.
  void sent(const Command& command, SessionNumber session);
  void acknowledged(const Command& command);
  void delivered(SessionNumber session, const SeenEvent& event);
  /// A read receipt of the contract's shape.
  void received(SessionNumber session, const boost::json::object& receipt);
  void finish();

 private:
  /// Bytes that had come to a session, and to all.
  struct Received {
    std::uint64_t own = 0, all = 0;
  };
  /// What one session of the user knows.
  struct Shown {
    SessionNumber session{};
    chat::Seq asked = 0;     // By itself, on whatever connection.
    chat::Seq received = 0;  // On the connection of that tick; so is `due`.
    std::uint64_t received_tick = 0;
    chat::Seq due = 0;
    std::uint64_t due_tick = 0;
    Received before_due{};
    /// What had come to it when the receipt must have come; nothing while that is to be seen.
    std::optional<std::uint64_t> own_by_then{};
  };
  /// Of a receipt that is due to a session: the event that must come after it is to come still.
  struct Awaited {
    chat::RoomId room{};
    std::uint64_t acknowledged_tick = 0;
  };
  /// Not acknowledged yet, and further than what was asked before it.
  struct Open {
    CommandKey key;
    SessionNumber session{};
    std::vector<Received> before;  // When it was sent, by the user's sessions.
  };
  struct Book {
    chat::Seq furthest = 0;  // Asked for by anyone of them.
    std::vector<Open> open;
    std::vector<Shown> shown;
  };
  static Shown& shown(Book& book, SessionNumber session);
  void await(SessionNumber session, chat::RoomId room);
  Received received_by(SessionNumber session) const;
  bool may_have_found_no_room(const Shown& one) const;

  Scene& scene_;
  std::map<std::pair<chat::RoomId, UserNumber>, Book> books_;
  std::map<SessionNumber, std::vector<Awaited>> awaited_;  ///< One a room.
};

}  // namespace claims::storm::audit
