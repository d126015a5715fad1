#pragma once
// DecisionDraft: one command while it is being decided. What it emits is folded at once.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/chat/event.h"
#include "protocol/time.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/state.h"

namespace claims::server {

class DecisionDraft {
 public:
  /// `derived_for`: the garage or room, when the command is one that an order brings about.
  DecisionDraft(State& state, UserIndex user, chat::CommandId id, std::string_view derived_for,
                Position next, const Now& now);

  const State& state() const { return state_; }
  UserIndex user() const { return user_; }
  chat::CommandId id() const { return id_; }
  const UserEntry& caller() const { return state_.user(user_).entry; }
  chat::Person sender() const { return {caller().id, caller().name}; }
  /// Of what happens in the room now: its time never goes back, the clock's may.
  Milliseconds time_in(const Room& room) const { return std::max(now_.wall, room.last_at()); }

  /// Logs a record of the directory's or a user's own kind.
  void emit(const TypedRecord& record);
  /// Logs the next event of a room, to its members; returns its seq.
  chat::Seq emit_event(chat::RoomId room, const std::string& vehicle, chat::Person sender,
                       chat::EventBody body);
  /// Logs that the caller has read up to `seq`, further than before, and tells the members.
  void move_read(chat::RoomId room, chat::Seq seq);

  std::optional<ReadNotice> take_read_notice() { return std::move(read_notice_); }
  std::vector<Emitted> take_records() { return std::move(records_); }

 private:
  Emitted& fold(const TypedRecord& record);
  /// Founders see the founding whole: also what this decision did before they joined.
  void show_founding(chat::RoomId room, const Room::Membership& joined);

  State& state_;
  UserIndex user_;
  chat::CommandId id_;
  std::string cmd_;  ///< "<user>:<command id>", of a derived one "<user>:<command id>/<for what>"
  Position next_;
  Now now_;
  std::vector<Emitted> records_;
  std::optional<ReadNotice> read_notice_;
};

}  // namespace claims::server
