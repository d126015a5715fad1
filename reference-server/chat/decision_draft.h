#pragma once
// DecisionDraft: one command while it is being decided. What it emits is folded at once.

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
  DecisionDraft(State& state, UserIndex user, chat::CommandId id, Position next, const Now& now);

  const State& state() const { return state_; }
  UserIndex user() const { return user_; }
  const UserEntry& caller() const { return state_.user(user_).entry; }
  chat::Person sender() const { return {caller().id, caller().name}; }

  /// Logs a record of the directory's or a user's own kind.
  void emit(const TypedRecord& record);
  /// Logs the next event of a room, to its members; returns its seq.
  chat::Seq emit_event(chat::RoomId room, const std::string& vehicle, chat::Person sender,
                       chat::EventBody body);

  std::vector<Emitted> take_records() { return std::move(records_); }

 private:
  Emitted& fold(const TypedRecord& record);
  /// Founders see the founding whole: also what this decision did before they joined.
  void show_founding(chat::RoomId room, const Room::Member& joined);

  State& state_;
  UserIndex user_;
  std::string cmd_;  ///< "<user>:<command id>"
  Position next_;
  Now now_;
  std::vector<Emitted> records_;
};

}  // namespace claims::server
