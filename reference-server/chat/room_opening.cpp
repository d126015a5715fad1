#include "reference-server/chat/room_opening.h"

#include <utility>

#include "reference-server/chat/room_texts.h"

namespace claims::server {
namespace {

void found(DecisionDraft& draft, chat::RoomId room, UserIndex user, chat::RoomKind kind,
           const ReceiptEntry& receipt) {
  const UserEntry& entry = draft.state().user(user).entry;
  draft.emit_event(
      room, receipt.plate, draft.sender(),
      chat::Joined{
          {entry.id, entry.name}, entry.role, 1, kind, receipt.receipt, receipt.model, {}});
}

void greet(DecisionDraft& draft, chat::RoomId room, const std::string& vehicle, UserIndex adjuster,
           UserIndex garage, std::string_view plates) {
  const State& state = draft.state();
  draft.emit_event(room, vehicle, system_sender(),
                   greeting_by(state, adjuster, names_of(state, adjuster, garage, plates)));
}

}  // namespace

chat::Person system_sender() {
  return {"system", "알림"};
}

chat::Seq open_inbound(DecisionDraft& draft, const ReceiptEntry& receipt, chat::EventBody first) {
  const chat::RoomId room = draft.state().next_room();
  const UserIndex named = *draft.state().find_user(receipt.adjuster);
  const UserIndex adjuster = draft.state().acting_for(named);
  found(draft, room, draft.user(), chat::RoomKind::inbound, receipt);
  found(draft, room, adjuster, chat::RoomKind::inbound, receipt);
  const chat::Seq seq = draft.emit_event(room, receipt.plate, draft.sender(), std::move(first));
  greet(draft, room, receipt.plate, adjuster, draft.user(), receipt.plate);
  return seq;
}

chat::RoomId open_general(DecisionDraft& draft, UserIndex other,
                          const std::vector<std::string>& vehicles) {
  const chat::RoomId room = draft.state().next_room();
  const ReceiptEntry none;
  found(draft, room, draft.user(), chat::RoomKind::general, none);
  found(draft, room, other, chat::RoomKind::general, none);
  add_vehicles(draft, room, vehicles);
  const bool by_garage = draft.caller().role == chat::Role::garage;
  std::string plates;
  for (const std::string& plate : vehicles) plates += (plates.empty() ? "" : ", ") + plate;
  greet(draft, room, "", by_garage ? other : draft.user(), by_garage ? draft.user() : other,
        plates);
  return room;
}

chat::RoomId open_negotiation(DecisionDraft& draft, const ReceiptEntry& receipt,
                              UserIndex counterpart) {
  const chat::RoomId room = draft.state().next_room();
  found(draft, room, draft.user(), chat::RoomKind::negotiation, receipt);
  found(draft, room, counterpart, chat::RoomKind::negotiation, receipt);
  return room;
}

chat::Seq join(DecisionDraft& draft, chat::RoomId id, UserIndex user, chat::Invitation as) {
  const State& state = draft.state();
  const Room& room = *state.room(id);
  const UserEntry& entry = state.user(user).entry;
  const Receipt* receipt = state.receipt(room.receipt());
  chat::Joined body{{entry.id, entry.name}, entry.role, 1, room.kind(), room.receipt(), "", as};
  if (receipt != nullptr) body.model = receipt->entry.model;
  if (as == chat::Invitation::guest) body.from = room.last_seq() + 1;
  return draft.emit_event(id, vehicle_of_room(room), draft.sender(), std::move(body));
}

std::string vehicle_of_room(const Room& room) {
  return room.kind() == chat::RoomKind::general ? std::string() : room.vehicles().front();
}

void add_vehicles(DecisionDraft& draft, chat::RoomId room,
                  const std::vector<std::string>& vehicles) {
  for (const std::string& plate : vehicles) {
    draft.emit_event(room, plate, draft.sender(),
                     chat::VehicleAdded{plate + " 차량이 추가되었습니다."});
  }
}

}  // namespace claims::server
