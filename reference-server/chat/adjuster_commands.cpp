// Adjusters who are away or leave for good: an insurer orders it once, then each of their rooms is
// handed over as a command of its own.

#include <optional>
#include <utility>
#include <vector>

#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/invitations.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/limits.h"

namespace claims::server {
namespace {

using chat::Absence;
using chat::Error;
using chat::ErrorCode;

std::vector<State::RoomInCharge> rooms_in_charge_of(UserIndex adjuster, const State& state) {
  std::vector<State::RoomInCharge> rooms;
  for (const chat::RoomId id : state.user(adjuster).rooms) {
    const Room& room = *state.room(id);
    if (!room.deleted() && room.is_in_charge(adjuster)) rooms.push_back({id, adjuster});
  }
  return rooms;
}

/// Nothing when each of the rooms takes the successor. It does so later, too: until then a place is
/// kept for it (check_members_bound()), and nobody else may go beyond the bound of events.
std::optional<Error> check_rooms_take(UserIndex to, const std::vector<State::RoomInCharge>& rooms,
                                      const State& state, const ServiceBounds& bounds) {
  ServiceBounds further = bounds;
  further.events_per_room_max += limits::kHandOverEventsPerRoom;
  for (const auto& [id, from] : rooms) {
    auto full = check_hand_over(*state.room(id), from, to, state, further);
    if (!full) continue;
    full->field = "to";
    full->found = to_string(id);
    return full;
  }
  return std::nullopt;
}

}  // namespace

CommandResult run(const chat::HandOverAdjuster& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
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
  // All or nothing: an adjuster who is away with a room that nobody else has would leave it without
  // anybody. Rooms that are on their way to the adjuster go on to the successor.
  const std::vector<State::RoomInCharge> own = rooms_in_charge_of(*adjuster, state);
  for (const auto& rooms : {own, state.rooms_on_the_way_to(*adjuster)}) {
    if (auto full = check_rooms_take(*to, rooms, state, bounds)) {
      return std::move(*full);
    }
  }
  const std::uint64_t count = own.size();
  draft.emit(
      HandOverOrder{caller.id, draft.id(), command.adjuster, command.to, command.reason, count});
  return {boost::system::in_place_value, ResultText().add("rooms", count).take()};
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

void run_hand_over_of_room(const State::PendingHandOver& pending, DecisionDraft& draft) {
  const State& state = draft.state();
  HandOverOutcome outcome{draft.caller().id, draft.id(), pending.room, 0};
  // Since it was ordered the room may have gone another way, and the successor, too.
  const Room& room = *state.room(pending.room);
  const UserIndex to = state.acting_for(pending.to);
  const bool goes_on =
      !room.deleted() && room.is_in_charge(pending.adjuster) && to != pending.adjuster;
  // No bound is asked again: all of them held for the order.
  if (goes_on) outcome.seq = hand_over(draft, pending.room, pending.adjuster, to);
  draft.emit(outcome);
}

}  // namespace claims::server
