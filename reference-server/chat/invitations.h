#pragma once
// Who may come into a room, and how; what room.invite refuses and invite.candidates leaves out.

#include <optional>
#include <string>

#include "protocol/chat/error.h"
#include "protocol/chat/event.h"
#include "reference-server/chat/decision_draft.h"

namespace claims::server {

/// Nothing when the member may invite in this way.
std::optional<chat::Error> check_inviter(const Room& room, UserIndex caller, chat::Invitation as,
                                         const State& state);
/// The user of that id, or why it cannot be invited in this way by the member.
Result<UserIndex, chat::Error> find_invited(const Room& room, UserIndex caller, chat::Invitation as,
                                            const std::string& id, const State& state);

/// Nothing while the room takes what hand_over() logs.
std::optional<chat::Error> check_hand_over(const Room& room, UserIndex from, UserIndex to,
                                           const State& state, const ServiceBounds& bounds);
/// The room, or the side of a negotiation, goes from one adjuster to another of the insurer, who
/// joins first unless it is a member. Returns the seq of `handed_over`.
chat::Seq hand_over(DecisionDraft& draft, chat::RoomId room, UserIndex from, UserIndex to);

}  // namespace claims::server
