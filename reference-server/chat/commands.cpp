#include "reference-server/chat/commands.h"

#include <variant>

#include "reference-server/chat/refusals.h"

namespace claims::server {

CommandResult run_command(const chat::CommandBody& body, DecisionDraft& draft,
                          const ServiceBounds& bounds) {
  // Its sessions are ending; what came before that is known is refused.
  if (draft.state().user(draft.user()).absence == chat::Absence::retired) {
    return not_in_service(draft.state(), draft.user(), "");
  }
  return std::visit([&](const auto& command) { return run(command, draft, bounds); }, body);
}

Result<const Room*, chat::Error> find_own_room(const State& state, UserIndex user,
                                               chat::RoomId id) {
  const Room* room = state.room(id);
  if (room == nullptr || room->member(user) == nullptr) {
    return chat::Error{chat::ErrorCode::unknown_room, "room", to_string(id), ""};
  }
  return room;
}

Result<const Room*, chat::Error> find_readable_room(const State& state, UserIndex user,
                                                    chat::RoomId id) {
  const Room* room = state.room(id);
  if (room == nullptr || room->readable_by(user).empty()) {
    return chat::Error{chat::ErrorCode::unknown_room, "room", to_string(id), ""};
  }
  return room;
}

}  // namespace claims::server
