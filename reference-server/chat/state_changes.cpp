#include "reference-server/chat/state_changes.h"

#include <variant>

#include "reference-server/chat/state.h"

namespace claims::server {
namespace {

/// Nothing but the room itself knows of it.
bool stays_in_room(const chat::EventBody& body) {
  return !std::holds_alternative<chat::Joined>(body);
}

}  // namespace

void StateChanges::note(const TypedRecord& record, const State& after) {
  if (!noting_) return;
  std::visit([&](const auto& typed) { note(typed, after); }, record);
}

void StateChanges::clear() {
  insurers = false;
  users.clear();
  commands.clear();
  dropped.clear();
  bulks.clear();
  receipts.clear();
  rooms.clear();
  general.clear();
}

void StateChanges::note(const InsurerEntry&, const State&) {
  insurers = true;
}

void StateChanges::note(const UserEntry& user, const State& after) {
  users.push_back(*after.find_user(user.id));
}

void StateChanges::note(const ReceiptEntry& receipt, const State&) {
  receipts.push_back(receipt.receipt);
}

void StateChanges::note(const chat::Event& event, const State& after) {
  rooms.push_back({event.room, event.seq});
  if (!stays_in_room(event.body)) note_room_of(event, after);
}

/// Somebody came or went: users and indexes know of it, too.
void StateChanges::note_room_of(const chat::Event& event, const State& after) {
  const Room& room = *after.room(event.room);
  if (!room.receipt().empty()) receipts.push_back(room.receipt());
  const auto& members = room.members();
  for (const Room::Member& member : members) users.push_back(member.user);
  if (room.kind() != chat::RoomKind::general || members.size() < 2) return;
  const bool garage_first = after.user(members[0].user).entry.role == chat::Role::garage;
  general.emplace_back(members[garage_first ? 0 : 1].user, members[garage_first ? 1 : 0].user);
}

void StateChanges::note(const ReadMoved& read, const State&) {
  rooms.push_back({read.room, kNoAuthors});
}

void StateChanges::note(const CommandOutcome& outcome, const State& after) {
  const UserIndex user = *after.find_user(outcome.user);
  commands.push_back({user, outcome.id});
  // A new instance may have taken the place of another.
  const std::uint64_t gone = after.user(user).commands.highest_dropped();
  if (outcome.id.n == 1 && gone > 0) dropped.push_back({user, {gone, 0}});
}

void StateChanges::note(const BulkOrder& order, const State& after) {
  bulks.push_back(*after.find_user(order.user));
}

void StateChanges::note(const BulkOutcome& outcome, const State& after) {
  bulks.push_back(*after.find_user(outcome.user));
}

}  // namespace claims::server
