#pragma once
// What each command does: checks its values against the state, and emits what it brings about.
// Checks come in the contract's order: role, room, the room's kind, the other values.

#include <string>

#include "protocol/chat/command.h"
#include "protocol/chat/error.h"
#include "protocol/chat/hashtag.h"
#include "protocol/result.h"
#include "reference-server/chat/decision_draft.h"
#include "reference-server/chat/service.h"

namespace claims::server {

/// The `result` of the reply, as JSON, or the refusal; a refused command emits nothing.
using CommandResult = Result<std::string, chat::Error>;
CommandResult run_command(const chat::CommandBody& body, DecisionDraft& draft,
                          const ServiceBounds& bounds);

// repair_commands.cpp: receipts, and what belongs to inbound rooms.
CommandResult run(const chat::RegisterReceipt&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::RegisterIntake&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::TakeInByPlate&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::CancelIntake&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::WriteFurtherEstimate&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::WritePreEstimate&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::StepRepair&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::ConvertClaim&, DecisionDraft&, const ServiceBounds&);

// room_commands.cpp
CommandResult run(const chat::OpenGeneral&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::ChangeRoom&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::DeleteRoom&, DecisionDraft&, const ServiceBounds&);

// message_commands.cpp
CommandResult run(const chat::SendMessage&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::DeleteMessage&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::MarkRead&, DecisionDraft&, const ServiceBounds&);

// template_commands.cpp
CommandResult run(const chat::SetTemplate&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::DeleteTemplate&, DecisionDraft&, const ServiceBounds&);

// member_commands.cpp
CommandResult run(const chat::InviteUser&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::LeaveRoom&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::HandOverRoom&, DecisionDraft&, const ServiceBounds&);

// adjuster_commands.cpp
CommandResult run(const chat::HandOverAdjuster&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::RecallAdjuster&, DecisionDraft&, const ServiceBounds&);
/// One room of an adjuster that was taken out of service, with its outcome as the last record.
void run_hand_over_of_room(const State::PendingHandOver&, DecisionDraft&);

// bulk_commands.cpp
CommandResult run(const chat::SendBulk&, DecisionDraft&, const ServiceBounds&);
/// One command that a bulk message brings about, with its outcome as the last record. Returns
/// whether the message was sent.
bool run_bulk_target(const BulkTarget& target, const std::string& text, DecisionDraft&,
                     const ServiceBounds&);

// negotiation_commands.cpp
CommandResult run(const chat::OpenNegotiation&, DecisionDraft&, const ServiceBounds&);
CommandResult run(const chat::ActNegotiation&, DecisionDraft&, const ServiceBounds&);
/// A message whose hashtag acts, in a negotiation room of the caller.
CommandResult run_tagged(const chat::SendMessage&, const chat::NegotiationTag&, DecisionDraft&,
                         const ServiceBounds&);

/// The caller's room, or the one error that tells nothing of rooms of others.
Result<const Room*, chat::Error> find_own_room(const State& state, UserIndex user,
                                               chat::RoomId room);
/// The same for who is or was a member: Room::readable_by() tells what of it may be read.
Result<const Room*, chat::Error> find_readable_room(const State& state, UserIndex user,
                                                    chat::RoomId room);

}  // namespace claims::server
