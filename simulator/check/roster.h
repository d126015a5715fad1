#pragma once
// Roster: users by dense numbers, with the names of the harness's directory, and their sessions.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/time.h"
#include "simulator/check/auditor.h"

namespace claims::storm::audit {

enum class UserNumber : std::uint32_t {};
inline constexpr UserNumber kNobody{0xFFFF'FFFF};

/// A room as a dense number.
enum class RoomNumber : std::uint32_t {};

struct User {
  std::string id, name;
  std::string insurer;  ///< Whom an adjuster, or an insurer's user, works for; empty: not known.
  chat::Role role{};
  bool known = false;  ///< The directory names it.
  std::vector<SessionNumber> sessions;
  std::vector<RoomNumber> rooms;  ///< That it is, or was, a member of.
  /// Orders to retire it that were sent and not refused; when the first was acknowledged, or 0.
  std::uint32_t retirements = 0;
  std::uint64_t retired_tick = 0;
  /// What was sent at `tick` found it retired, for certain.
  bool retired_before(std::uint64_t tick) const { return retired_tick != 0 && retired_tick < tick; }
};

/// Ticks number the calls of the auditor: they order what happened within one microsecond.
struct Session {
  UserNumber user = kNobody;
  bool subscribed = false;
  /// Between a renewed SUBACK and the answer to `sync`: live events may run ahead of redelivery.
  bool resuming = false;
  bool turned_away = false;           ///< As not authorized: nothing comes any more.
  std::uint64_t first_tick = 0;       ///< Of its first SUBACK; 0: never subscribed.
  std::uint64_t connection_tick = 0;  ///< Of the last SUBACK.
  Microseconds connected_since{0};    ///< Steady time of the last SUBACK.
  /// Rises whenever copies may come: after a loss, and at a `sync`.
  std::uint32_t replay_epoch = 0;
  bool replay_anything = false;  ///< A `sync` on a connection that was never lost: any cursor.
  /// Copies on this connection, and how many may come: of a session that the server kept, what it
  /// does not know as acknowledged; after its restart, what it had not stored as such.
  std::uint32_t copies = 0, copies_max = kAnyCopies;
  /// Restarts of the server before this connection; and before the last one on which something new
  /// came, so that what it had not stored was acknowledged again.
  std::uint32_t restarts_before = 0, restarts_settled = 0;
  std::uint64_t received_bytes = 0;  ///< Over all its connections.
  static constexpr std::uint32_t kAnyCopies = 0xFFFF'FFFF;
};

/// Of an observer that begins now. What a room that opens during a `sync` delivers at once comes
/// again with the answer: copies of it may come, as of rooms that were there before.
inline std::uint32_t first_epoch(const Session& session) {
  return session.resuming ? session.replay_epoch - 1 : session.replay_epoch;
}

class Roster {
 public:
  UserNumber know(std::string_view id, std::string_view name, chat::Role role,
                  std::string_view insurer = {});
  void know_insurer(std::string_view id, std::string_view name);
  /// Empty when the directory does not name it.
  std::string_view insurer_name(std::string_view id) const;
  /// All of them, by their numbers.
  const std::vector<User>& users() const { return users_; }
  UserNumber intern(std::string_view id);
  std::optional<UserNumber> find(std::string_view id) const;
  SessionNumber add_session(std::string_view user);

  User& user(UserNumber number);
  const User& user(UserNumber number) const;
  Session& session(SessionNumber number);
  const Session& session(SessionNumber number) const;

  /// "garage-7 (한빛정비)", for stories.
  std::string who(UserNumber number) const;
  /// The same; with the session's place among the user's where there are several.
  std::string who(SessionNumber number) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
  };
  std::unordered_map<std::string, UserNumber, Hash, std::equal_to<>> numbers_;  // By key only.
  std::vector<User> users_;
  std::map<std::string, std::string, std::less<>> insurers_;
  std::vector<Session> sessions_;
};

}  // namespace claims::storm::audit
