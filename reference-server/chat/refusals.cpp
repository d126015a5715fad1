#include "reference-server/chat/refusals.h"

#include "protocol/limits.h"

namespace claims::server {
namespace {

using chat::Error;
using chat::ErrorCode;

constexpr std::size_t kVehiclesNamed = 20;

Error limit_reached(std::string_view field, std::uint64_t most, const char* of_what) {
  return {ErrorCode::limit_reached, std::string(field), "",
          "<= " + std::to_string(most) + ' ' + of_what};
}

}  // namespace

Error not_permitted(const UserEntry& caller, chat::Role allowed) {
  return {ErrorCode::not_permitted, "type", std::string(to_string(caller.role)),
          std::string(to_string(allowed))};
}

Error not_permitted_in_room(std::string_view found, std::string_view allowed,
                            std::string_view field) {
  return {ErrorCode::not_permitted, std::string(field), std::string(found), std::string(allowed)};
}

Error wrong_kind(const Room& room, chat::RoomKind allowed) {
  return {ErrorCode::wrong_kind, "room", std::string(to_string(room.kind())),
          std::string(to_string(allowed))};
}

Error unknown_vehicle(const Room& room, std::string_view found) {
  std::string allowed;
  for (std::size_t i = 0; i < room.vehicles().size(); ++i) {
    if (i > 0) allowed += ", ";
    if (i == kVehiclesNamed) {
      allowed += "…";
      break;
    }
    allowed += room.vehicles()[i];
  }
  return {ErrorCode::unknown_vehicle, "vehicle", std::string(found), std::move(allowed)};
}

Result<UserIndex, Error> find_user_of_role(const State& state, const std::string& id,
                                           chat::Role role, std::string_view field) {
  const auto user = state.find_user(id);
  if (user && state.user(*user).entry.role == role) return *user;
  return Error{ErrorCode::unknown_user, std::string(field), id,
               "role: " + std::string(to_string(role))};
}

Result<UserIndex, Error> find_own_adjuster(const State& state, const UserEntry& caller,
                                           const std::string& id, std::string_view field) {
  auto found = find_user_of_role(state, id, chat::Role::adjuster, field);
  if (!found || state.user(*found).entry.insurer == caller.insurer) return found;
  return Error{ErrorCode::foreign_adjuster, std::string(field), id, caller.insurer};
}

Error not_in_service(const State& state, UserIndex user, std::string_view field) {
  const User& absent = state.user(user);
  const std::string_view why = absent.absence ? to_string(*absent.absence) : std::string_view{};
  return {ErrorCode::not_in_service, std::string(field),
          absent.entry.id + " (" + std::string(why) + ')', ""};
}

std::optional<Error> check_members_bound(const Room& room, const State& state,
                                         std::optional<UserIndex> giver) {
  using claims::limits::kMembershipsPerRoomMax;
  using claims::limits::kMembersPerRoomMax;
  std::size_t kept = 0;
  for (const chat::Side side : {chat::Side::initiator, chat::Side::counterpart}) {
    const auto in_charge = room.in_charge(side);
    if (in_charge && in_charge != giver && !state.in_service(*in_charge)) ++kept;
  }
  if (room.members() + kept >= kMembersPerRoomMax) {
    return limit_reached("room", kMembersPerRoomMax, "members");
  }
  if (room.memberships().size() + kept >= kMembershipsPerRoomMax) {
    return limit_reached("room", kMembershipsPerRoomMax, "memberships");
  }
  return std::nullopt;
}

std::optional<Error> check_events_bound(const Room& room, std::uint64_t more,
                                        const ServiceBounds& bounds, std::string_view field) {
  if (room.last_seq() + more <= bounds.events_per_room_max) return std::nullopt;
  return limit_reached(field, bounds.events_per_room_max, "events");
}

std::optional<Error> check_rooms_bound(const State& state, const ServiceBounds& bounds,
                                       std::string_view field) {
  if (state.rooms() < bounds.rooms_max) return std::nullopt;
  return limit_reached(field, bounds.rooms_max, "rooms");
}

}  // namespace claims::server
