#pragma once
// Refusals that several commands and reads share.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/chat/error.h"
#include "reference-server/chat/room.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/state.h"

namespace claims::server {

chat::Error not_permitted(const UserEntry& caller, chat::Role allowed);
/// The caller's part in the room does not permit this.
chat::Error not_permitted_in_room(std::string_view found, std::string_view allowed,
                                  std::string_view field = "room");
/// The room has another kind than the command needs.
chat::Error wrong_kind(const Room& room, chat::RoomKind allowed);
/// The vehicle, or none, where the room has others; they are named.
chat::Error unknown_vehicle(const Room& room, std::string_view found);

/// The user of that id and role, else unknown_user.
Result<UserIndex, chat::Error> find_user_of_role(const State& state, const std::string& id,
                                                 chat::Role role, std::string_view field);

/// The same of an adjuster of the caller's insurer, else foreign_adjuster.
Result<UserIndex, chat::Error> find_own_adjuster(const State& state, const UserEntry& caller,
                                                 const std::string& id, std::string_view field);
chat::Error not_in_service(const State& state, UserIndex user, std::string_view field);

/// Nothing while the room takes so many events more.
std::optional<chat::Error> check_events_bound(const Room& room, std::uint64_t more,
                                              const ServiceBounds& bounds,
                                              std::string_view field = "room");
/// Nothing while the room takes another member. A place is kept for the successor of each adjuster
/// in charge who is away, until the room's turn has come; not for that of `giver`, who asks for it.
std::optional<chat::Error> check_members_bound(const Room& room, const State& state,
                                               std::optional<UserIndex> giver = std::nullopt);
/// Nothing while another room may open.
std::optional<chat::Error> check_rooms_bound(const State& state, const ServiceBounds& bounds,
                                             std::string_view field);

}  // namespace claims::server
