#include "reference-server/chat/state_changes.h"

#include <variant>

#include "reference-server/chat/state.h"

namespace claims::server {
namespace {

/// Changes who is in the room, or whether it is there.
bool changes_people(const chat::EventBody& body) {
  return std::holds_alternative<chat::Joined>(body) || std::holds_alternative<chat::Left>(body) ||
         std::holds_alternative<chat::HandedOver>(body) ||
         std::holds_alternative<chat::RoomDeleted>(body);
}

bool converts(const chat::EventBody& body) {
  return std::holds_alternative<chat::PreEstimate>(body) ||
         std::holds_alternative<chat::FurtherEstimate>(body) ||
         std::holds_alternative<chat::Claim>(body);
}

}  // namespace

void StateChanges::note(const TypedRecord& record, const State& after) {
  if (!noting_) return;
  std::visit([&](const auto& typed) { note(typed, after); }, record);
}

void StateChanges::clear() {
  insurers = false;
  users.clear();
  users_rooms.clear();
  templates.clear();
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
  const auto* deleted = std::get_if<chat::MessageDeleted>(&event.body);
  rooms.push_back({event.room, deleted == nullptr ? event.seq : deleted->of});
  if (converts(event.body)) note_conversion(*after.room(event.room));
  if (changes_people(event.body)) note_room_of(event, after);
}

/// Those for whom it is counted; of the insurers' counts every checkpoint tells.
void StateChanges::note_conversion(const Room& room) {
  if (room.garage()) users.push_back(*room.garage());
  if (room.in_charge()) users.push_back(*room.in_charge());
}

/// Users and indexes know of it, too.
void StateChanges::note_room_of(const chat::Event& event, const State& after) {
  const Room& room = *after.room(event.room);
  if (!room.receipt().empty()) receipts.push_back(room.receipt());
  for (const Room::Membership& membership : room.memberships()) {
    users_rooms.push_back(membership.user);
    if (room.garage()) general.emplace_back(*room.garage(), membership.user);
  }
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

void StateChanges::note(const HandOverOrder& order, const State& after) {
  users.push_back(*after.find_user(order.adjuster));
}

/// What is under way every checkpoint tells.
void StateChanges::note(const HandOverOutcome&, const State&) {}

void StateChanges::note(const AdjusterBack& back, const State& after) {
  users.push_back(*after.find_user(back.adjuster));
}

void StateChanges::note(const TemplateEntry& entry, const State&) {
  templates.emplace_back(entry.owner, entry.name);
}

void StateChanges::note(const TemplateRemoved& removed, const State&) {
  templates.emplace_back(removed.owner, removed.name);
}

}  // namespace claims::server
