// General rooms (CPC-002-1), and what changes a room as a whole.

#include <utility>

#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/chat/room_opening.h"

namespace claims::server {
using chat::Error;
using chat::ErrorCode;

CommandResult run(const chat::OpenGeneral& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const UserEntry& caller = draft.caller();
  if (caller.role != chat::Role::garage) return not_permitted(caller, chat::Role::garage);
  const State& state = draft.state();
  const auto adjuster =
      find_user_of_role(state, command.adjuster, chat::Role::adjuster, "adjuster");
  if (!adjuster) return adjuster.error();
  const auto known = state.general_room(draft.user(), *adjuster);
  std::vector<std::string> added;
  for (const std::string& plate : command.vehicles) {
    if (!known || !state.room(*known)->has_vehicle(plate)) added.push_back(plate);
  }
  chat::RoomId room = known.value_or(chat::RoomId{});
  if (known) {
    const Room& open = *state.room(*known);
    if (open.vehicles().size() + added.size() > claims::limits::kVehiclesPerRoomMax) {
      return Error{ErrorCode::limit_reached, "vehicles",
                   std::to_string(open.vehicles().size()) + " + " + std::to_string(added.size()),
                   "<= " + std::to_string(claims::limits::kVehiclesPerRoomMax) + " vehicles"};
    }
    if (auto full = check_events_bound(open, added.size(), bounds, "vehicles")) {
      return std::move(*full);
    }
    add_vehicles(draft, room, added);
  } else {
    if (!state.in_service(*adjuster)) return not_in_service(state, *adjuster, "adjuster");
    if (auto full = check_rooms_bound(state, bounds, "adjuster")) return std::move(*full);
    room = open_general(draft, *adjuster, added);
  }
  return {
      boost::system::in_place_value,
      ResultText().add("room", room).add("created", !known.has_value()).add("added", added).take()};
}

CommandResult run(const chat::ChangeRoom& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto room = find_own_room(draft.state(), draft.user(), command.room);
  if (!room) return room.error();
  if ((*room)->member(draft.user())->as == chat::Invitation::guest) {
    return not_permitted_in_room("guest", "founder, colleague, successor");
  }
  if (auto full = check_events_bound(**room, 1, bounds)) return std::move(*full);
  const chat::Seq seq = draft.emit_event(
      command.room, vehicle_of_room(**room), draft.sender(),
      chat::RoomChanged{command.title,
                        draft.caller().name + "님이 대화방 이름을 바꾸었습니다: " + command.title});
  return {
      boost::system::in_place_value,
      ResultText().add("room", command.room).add("seq", seq).add("title", command.title).take()};
}

CommandResult run(const chat::DeleteRoom& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto found = find_own_room(draft.state(), draft.user(), command.room);
  if (!found) return found.error();
  const Room& room = **found;
  if (room.kind() == chat::RoomKind::negotiation) {
    Error refusal = wrong_kind(room, chat::RoomKind::inbound);
    refusal.allowed += ", " + std::string(to_string(chat::RoomKind::general));
    return refusal;
  }
  if (room.garage() != draft.user() && !room.is_in_charge(draft.user())) {
    const State& state = draft.state();
    return not_permitted_in_room(draft.caller().id, state.user(*room.garage()).entry.id + ", " +
                                                        state.user(*room.in_charge()).entry.id);
  }
  const auto state = room.repair_state();
  if (state && *state != chat::RepairState::cancelled && *state != chat::RepairState::out) {
    return Error{ErrorCode::illegal_step, "room", std::string(to_string(*state)),
                 "–, cancelled, out"};
  }
  if (auto full = check_events_bound(room, 1, bounds)) return std::move(*full);
  const chat::Seq seq =
      draft.emit_event(command.room, vehicle_of_room(room), draft.sender(),
                       chat::RoomDeleted{draft.caller().name + "님이 대화방을 삭제했습니다."});
  return {boost::system::in_place_value,
          ResultText().add("room", command.room).add("seq", seq).take()};
}

}  // namespace claims::server
