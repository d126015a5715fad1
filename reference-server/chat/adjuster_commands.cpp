// Adjusters who are away or leave for good: an insurer orders it once, then each of their rooms is
// handed over as a command of its own.

#include <utility>

#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/invitations.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"

namespace claims::server {
namespace {

using chat::Absence;
using chat::Error;
using chat::ErrorCode;

std::uint64_t rooms_in_charge_of(UserIndex adjuster, const State& state) {
  std::uint64_t rooms = 0;
  for (const chat::RoomId id : state.user(adjuster).rooms) {
    const Room& room = *state.room(id);
    if (!room.deleted() && room.is_in_charge(adjuster)) ++rooms;
  }
  return rooms;
}

}  // namespace

CommandResult run(const chat::HandOverAdjuster& command, DecisionDraft& draft,
                  const ServiceBounds&) {
  using claims::limits::kHandOversPerUser;
  const UserEntry& caller = draft.caller();
  if (caller.role != chat::Role::insurer) return not_permitted(caller, chat::Role::insurer);
  const State& state = draft.state();
  const auto adjuster = find_own_adjuster(state, caller, command.adjuster, "adjuster");
  if (!adjuster) return adjuster.error();
  if (state.user(*adjuster).absence == Absence::retired) {
    return not_in_service(state, *adjuster, "adjuster");
  }
  const auto to = find_own_adjuster(state, caller, command.to, "to");
  if (!to) return to.error();
  if (*to == *adjuster) {
    return Error{ErrorCode::bad_value, "to", command.to, "≠ " + command.adjuster};
  }
  if (!state.in_service(*to)) return not_in_service(state, *to, "to");
  if (state.pending_hand_overs(draft.user()) >= kHandOversPerUser) {
    return Error{ErrorCode::limit_reached, "type", "",
                 "<= " + std::to_string(kHandOversPerUser) + " adjuster.hand_over under way"};
  }
  const std::uint64_t rooms = rooms_in_charge_of(*adjuster, state);
  draft.emit(
      HandOverOrder{caller.id, draft.id(), command.adjuster, command.to, command.reason, rooms});
  return {boost::system::in_place_value, ResultText().add("rooms", rooms).take()};
}

CommandResult run(const chat::RecallAdjuster& command, DecisionDraft& draft, const ServiceBounds&) {
  const UserEntry& caller = draft.caller();
  if (caller.role != chat::Role::insurer) return not_permitted(caller, chat::Role::insurer);
  const State& state = draft.state();
  const auto adjuster = find_own_adjuster(state, caller, command.adjuster, "adjuster");
  if (!adjuster) return adjuster.error();
  const auto absence = state.user(*adjuster).absence;
  if (absence == Absence::retired) return not_in_service(state, *adjuster, "adjuster");
  if (!absence) {
    return Error{ErrorCode::bad_value, "adjuster", command.adjuster,
                 std::string(to_string(Absence::away))};
  }
  draft.emit(AdjusterBack{command.adjuster});
  return {boost::system::in_place_value, ResultText().add("adjuster", command.adjuster).take()};
}

void run_hand_over_of_room(const State::PendingHandOver& pending, DecisionDraft& draft,
                           const ServiceBounds& bounds) {
  const State& state = draft.state();
  HandOverOutcome outcome{draft.caller().id, draft.id(), pending.room, 0};
  // Since it was ordered the room may have gone another way, and the successor, too.
  const Room& room = *state.room(pending.room);
  const UserIndex to = state.acting_for(pending.to);
  const bool goes_on =
      !room.deleted() && room.is_in_charge(pending.adjuster) && to != pending.adjuster;
  if (goes_on && !check_hand_over(room, to, bounds)) {
    outcome.seq = hand_over(draft, pending.room, pending.adjuster, to);
  }
  draft.emit(outcome);
}

}  // namespace claims::server
