#pragma once
// What each command does: checks its values against the state, and emits what it brings about.

#include <string>

#include "protocol/chat/command.h"
#include "protocol/chat/error.h"
#include "protocol/result.h"
#include "reference-server/chat/decision_draft.h"
#include "reference-server/chat/service.h"

namespace claims::server {

/// The `result` of the reply, as JSON, or the refusal; a refused command emits nothing.
using CommandResult = Result<std::string, chat::Error>;
CommandResult run_command(const chat::CommandBody& body, DecisionDraft& draft,
                          const ServiceBounds& bounds);

/// The caller's room, or the one error that tells nothing of rooms of others.
Result<const Room*, chat::Error> find_own_room(const State& state, UserIndex user,
                                               chat::RoomId room);

}  // namespace claims::server
