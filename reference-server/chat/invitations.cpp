#include "reference-server/chat/invitations.h"

#include "reference-server/chat/refusals.h"
#include "reference-server/chat/room_opening.h"

namespace claims::server {

using chat::Error;
using chat::ErrorCode;
using chat::Invitation;

std::optional<Error> check_inviter(const Room& room, UserIndex caller, Invitation as,
                                   const State& state) {
  if (as == Invitation::guest && room.kind() == chat::RoomKind::negotiation) {
    Error refusal = wrong_kind(room, chat::RoomKind::inbound);
    refusal.allowed += ", " + std::string(to_string(chat::RoomKind::general));
    return refusal;
  }
  if (room.member(caller)->as == Invitation::guest) {
    return not_permitted_in_room("guest", "founder, colleague, successor");
  }
  const chat::Role role = state.user(caller).entry.role;
  if (as == Invitation::colleague && role != chat::Role::adjuster) {
    return not_permitted_in_room(to_string(role), to_string(chat::Role::adjuster), "as");
  }
  return std::nullopt;
}

Result<UserIndex, Error> find_invited(const Room& room, UserIndex caller, Invitation as,
                                      const std::string& id, const State& state) {
  const auto found = state.find_user(id);
  const std::string& own_insurer = state.user(caller).entry.insurer;
  const UserEntry* entry = found ? &state.user(*found).entry : nullptr;
  const bool adjuster = entry != nullptr && entry->role == chat::Role::adjuster;
  const bool garage = entry != nullptr && entry->role == chat::Role::garage;
  const bool may_be_invited = adjuster || (garage && as == Invitation::guest);
  if (!may_be_invited) {
    return Error{ErrorCode::unknown_user, "user", id,
                 as == Invitation::guest ? "role: adjuster, garage" : "role: adjuster"};
  }
  if (as == Invitation::colleague && entry->insurer != own_insurer) {
    return Error{ErrorCode::foreign_adjuster, "user", id, own_insurer};
  }
  if (as == Invitation::guest && adjuster && entry->insurer == state.insurer_of(room)) {
    return Error{ErrorCode::own_colleague, "user", id, "as: colleague"};
  }
  if (room.member(*found) != nullptr) return Error{ErrorCode::already_member, "user", id, ""};
  if (!state.in_service(*found)) return not_in_service(state, *found, "user");
  return *found;
}

std::optional<Error> check_hand_over(const Room& room, UserIndex from, UserIndex to,
                                     const State& state, const ServiceBounds& bounds) {
  const bool joins = room.member(to) == nullptr;
  if (joins) {
    if (auto full = check_members_bound(room, state, from)) return full;
  }
  return check_events_bound(room, joins ? 2 : 1, bounds);
}

chat::Seq hand_over(DecisionDraft& draft, chat::RoomId id, UserIndex from, UserIndex to) {
  const State& state = draft.state();
  if (state.room(id)->member(to) == nullptr) join(draft, id, to, Invitation::successor);
  const UserEntry& old_one = state.user(from).entry;
  const UserEntry& new_one = state.user(to).entry;
  return draft.emit_event(id, vehicle_of_room(*state.room(id)), draft.sender(),
                          chat::HandedOver{{old_one.id, old_one.name},
                                           {new_one.id, new_one.name},
                                           "담당자가 " + old_one.name + "님에서 " + new_one.name +
                                               "님으로 변경되었습니다."});
}

}  // namespace claims::server
