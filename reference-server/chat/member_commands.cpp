// Who comes into a room and leaves it, and who is in charge of it (CPC-004-4).

#include <utility>

#include "reference-server/chat/commands.h"
#include "reference-server/chat/invitations.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/chat/room_opening.h"

namespace claims::server {
namespace {

using chat::Error;
using chat::ErrorCode;

}  // namespace

CommandResult run(const chat::InviteUser& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const State& state = draft.state();
  const auto room = find_own_room(state, draft.user(), command.room);
  if (!room) return room.error();
  if (auto refusal = check_inviter(**room, draft.user(), command.as, state)) {
    return std::move(*refusal);
  }
  const auto invited = find_invited(**room, draft.user(), command.as, command.user, state);
  if (!invited) return invited.error();
  if (auto full = check_members_bound(**room, state)) return std::move(*full);
  if (auto full = check_events_bound(**room, 1, bounds)) return std::move(*full);
  const chat::Seq seq = join(draft, command.room, *invited, command.as);
  return {boost::system::in_place_value,
          ResultText()
              .add("room", command.room)
              .add("seq", seq)
              .add("from", std::uint64_t{(*room)->member(*invited)->from})
              .take()};
}

CommandResult run(const chat::LeaveRoom& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto room = find_own_room(draft.state(), draft.user(), command.room);
  if (!room) return room.error();
  const UserEntry& caller = draft.caller();
  if ((*room)->is_in_charge(draft.user()) || (*room)->garage() == draft.user()) {
    return Error{ErrorCode::must_stay, "room", to_string(command.room), ""};
  }
  if (auto full = check_events_bound(**room, 1, bounds)) return std::move(*full);
  const chat::Seq seq = draft.emit_event(
      command.room, vehicle_of_room(**room), draft.sender(),
      chat::Left{{caller.id, caller.name}, caller.role, caller.name + "님이 나갔습니다."});
  return {boost::system::in_place_value,
          ResultText().add("room", command.room).add("seq", seq).take()};
}

CommandResult run(const chat::HandOverRoom& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const UserEntry& caller = draft.caller();
  if (caller.role != chat::Role::adjuster) return not_permitted(caller, chat::Role::adjuster);
  const State& state = draft.state();
  const auto room = find_own_room(state, draft.user(), command.room);
  if (!room) return room.error();
  if (!(*room)->is_in_charge(draft.user())) {
    return not_permitted_in_room(caller.id, "the adjuster in charge");
  }
  const auto to = find_own_adjuster(state, caller, command.user, "user");
  if (!to) return to.error();
  if (*to == draft.user()) {
    return Error{ErrorCode::bad_value, "user", command.user, "≠ " + caller.id};
  }
  if (!state.in_service(*to)) return not_in_service(state, *to, "user");
  if (auto full = check_hand_over(**room, draft.user(), *to, state, bounds))
    return std::move(*full);
  const chat::Seq seq = hand_over(draft, command.room, draft.user(), *to);
  return {boost::system::in_place_value,
          ResultText().add("room", command.room).add("seq", seq).take()};
}

}  // namespace claims::server
