// One message to many garages (workflow B): the order is logged once, then each target is decided
// as a command of its own.

#include <utility>

#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/chat/room_opening.h"

namespace claims::server {
namespace {

using chat::ErrorCode;

/// The message's room, or why there is none; a refusal emits nothing.
Result<chat::RoomId, ErrorCode> prepare_room(const BulkTarget& target, DecisionDraft& draft,
                                             const ServiceBounds& bounds) {
  const State& state = draft.state();
  const auto garage = find_user_of_role(state, target.garage, chat::Role::garage, "garage");
  if (!garage) return garage.error().code;
  const auto known = state.general_room(*garage, draft.user());
  if (!known) {
    if (state.user(draft.user()).absence == chat::Absence::retired) {
      return ErrorCode::not_in_service;
    }
    if (check_rooms_bound(state, bounds, "")) return ErrorCode::limit_reached;
    return open_general(draft, *garage, {target.vehicle});
  }
  const Room& room = *state.room(*known);
  const bool adds = !room.has_vehicle(target.vehicle);
  if (check_events_bound(room, adds ? 2 : 1, bounds) ||
      (adds && room.vehicles().size() >= claims::limits::kVehiclesPerRoomMax)) {
    return ErrorCode::limit_reached;
  }
  if (adds) add_vehicles(draft, *known, {target.vehicle});
  return *known;
}

}  // namespace

CommandResult run(const chat::SendBulk& command, DecisionDraft& draft, const ServiceBounds&) {
  const UserEntry& caller = draft.caller();
  if (caller.role != chat::Role::adjuster) return not_permitted(caller, chat::Role::adjuster);
  if (!draft.state().user(draft.user()).bulks.takes_another()) {
    return chat::Error{
        ErrorCode::limit_reached, "type", "",
        "<= " + std::to_string(claims::limits::kBulksPerUser) + " bulk.send under way"};
  }
  BulkOrder order{caller.id, draft.id(), {}, command.text};
  for (const chat::SendBulk::Target& target : command.targets) {
    order.targets.push_back({target.garage, target.vehicle});
  }
  draft.emit(order);
  return {boost::system::in_place_value,
          ResultText().add("garages", std::uint64_t{command.targets.size()}).take()};
}

bool run_bulk_target(const BulkTarget& target, const std::string& text, DecisionDraft& draft,
                     const ServiceBounds& bounds) {
  BulkOutcome outcome{draft.caller().id, draft.id(), target.garage, {}, 0, {}};
  const auto room = prepare_room(target, draft, bounds);
  if (room) {
    outcome.room = *room;
    outcome.seq = draft.emit_event(*room, target.vehicle, draft.sender(), chat::Message{text, ""});
  } else {
    outcome.refusal = room.error();
  }
  draft.emit(outcome);
  return !outcome.refusal;
}

}  // namespace claims::server
