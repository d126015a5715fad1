#pragma once
// How rooms of each kind begin (docs/contract.md, "How rooms begin"). The caller joins first.

#include <string>
#include <vector>

#include "reference-server/chat/decision_draft.h"

namespace claims::server {

/// Who the server itself is in a room.
chat::Person system_sender();

/// The receipt's room, with `first` between the members and the greeting; returns first's seq. The
/// caller is the garage.
chat::Seq open_inbound(DecisionDraft& draft, const ReceiptEntry& receipt, chat::EventBody first);
/// The general room of the caller, a garage or an adjuster, and a member of the other role.
chat::RoomId open_general(DecisionDraft& draft, UserIndex other,
                          const std::vector<std::string>& vehicles);
/// The two members of the receipt's negotiation.
chat::RoomId open_negotiation(DecisionDraft& draft, const ReceiptEntry& receipt,
                              UserIndex counterpart);

/// Somebody joins a room that is there; returns the seq.
chat::Seq join(DecisionDraft& draft, chat::RoomId room, UserIndex user, chat::Invitation as);

/// Where events about the room itself stand: its vehicle, or none in general rooms.
std::string vehicle_of_room(const Room& room);

void add_vehicles(DecisionDraft& draft, chat::RoomId room,
                  const std::vector<std::string>& vehicles);

}  // namespace claims::server
