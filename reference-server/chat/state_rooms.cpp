// What the events of rooms change: the rooms themselves, and what leads to them.

#include <algorithm>
#include <utility>
#include <variant>

#include "reference-server/chat/state.h"

namespace claims::server {
namespace {

using chat::Side;

std::size_t index_of(UserIndex user) {
  return static_cast<std::size_t>(user);
}
std::size_t index_of(chat::RoomId room) {
  return static_cast<std::size_t>(room) - 1;
}
std::uint64_t key_of(UserIndex garage, UserIndex adjuster) {
  return std::uint64_t{static_cast<std::uint32_t>(garage)} << 32U |
         static_cast<std::uint32_t>(adjuster);
}

/// The ids of Room::apply()'s `subject` and `other`; `other` empty: none.
std::pair<std::string_view, std::string_view> persons_of(const chat::Event& event) {
  if (const auto* joined = std::get_if<chat::Joined>(&event.body)) {
    return {joined->user.id, event.sender.id};
  }
  if (const auto* left = std::get_if<chat::Left>(&event.body)) return {left->user.id, {}};
  if (const auto* handed = std::get_if<chat::HandedOver>(&event.body)) {
    return {handed->to.id, handed->from.id};
  }
  return {event.sender.id, {}};
}

}  // namespace

std::optional<chat::RoomId> State::general_room(UserIndex garage, UserIndex adjuster) const {
  const auto it = general_rooms_.find(key_of(garage, adjuster));
  if (it == general_rooms_.end()) return std::nullopt;
  return it->second;
}

const std::string& State::insurer_of(const Room& room, Side side) const {
  static const std::string kNone;
  const auto adjuster = room.in_charge(side);
  return adjuster ? user(*adjuster).entry.insurer : kNone;
}

std::vector<chat::RoomId> State::rooms_of_receipt(std::string_view number) const {
  std::vector<chat::RoomId> found;
  const auto place = receipt_by_number_.find(number);
  if (place == receipt_by_number_.end()) return found;
  if (const auto former = former_rooms_.find(place->second); former != former_rooms_.end()) {
    found = former->second;
  }
  const Receipt& receipt = receipts_[place->second];
  for (const chat::RoomId id : {receipt.room, receipt.negotiation}) {
    if (id != chat::RoomId{}) found.push_back(id);
  }
  std::ranges::sort(found);
  return found;
}

std::vector<chat::RoomId> State::rooms_of_estimate(std::string_view number) const {
  const bool further = number.starts_with("F-");
  if (!further && !number.starts_with("E-")) return {};
  std::string_view receipt = number.substr(2);
  if (further) {
    const std::size_t dash = receipt.rfind('-');
    if (dash == std::string_view::npos) return {};
    receipt = receipt.substr(0, dash);
  }
  std::vector<chat::RoomId> found = rooms_of_receipt(receipt);
  std::erase_if(found, [&](chat::RoomId id) {
    const Room& one = *room(id);
    if (!further) return !one.estimated();
    for (std::size_t n = 1; n <= one.further_estimates(); ++n) {
      if (number.substr(2 + receipt.size() + 1) == std::to_string(n)) return false;
    }
    return true;
  });
  return found;
}

Result<void, std::string> State::fold(const chat::Event& event, Position position) {
  if (event.room == next_room()) {
    auto opened = open_room(event);
    if (!opened) return opened;
  }
  const std::size_t index = index_of(event.room);
  if (index >= rooms_.size()) return "event of unknown room " + to_string(event.room);
  Room& room = rooms_[index];
  const auto wrong = [&](const std::string& what) { return to_string(event.room) + ": " + what; };
  const auto [subject_id, other_id] = persons_of(event);
  const auto subject = find_user(subject_id);
  const auto other = other_id.empty() ? std::nullopt : find_user(other_id);
  if (const auto* handed = std::get_if<chat::HandedOver>(&event.body)) {
    if (auto checked = check_hand_over(*handed, room); !checked) return wrong(checked.error());
  }
  const auto applied = room.apply(event, subject, position, other);
  if (!applied) return wrong(applied.error());
  if (const auto* joined = std::get_if<chat::Joined>(&event.body)) {
    return this->joined(event, *joined, *subject);
  }
  if (std::holds_alternative<chat::VehicleAdded>(event.body)) {
    room_index_.add_vehicle(event.vehicle, event.room);
  } else if (std::holds_alternative<chat::HandedOver>(event.body)) {
    index_hand_over(event.room, *other, *subject);
  } else if (std::holds_alternative<chat::RoomDeleted>(event.body)) {
    index_deletion(event.room);
  } else if (std::holds_alternative<chat::PreEstimate>(event.body)) {
    count_conversion(room, &Conversions::pre_estimates);
  } else if (std::holds_alternative<chat::FurtherEstimate>(event.body)) {
    count_conversion(room, &Conversions::further_estimates);
  } else if (std::holds_alternative<chat::Claim>(event.body)) {
    count_conversion(room, &Conversions::claims);
  }
  return {};
}

/// Opens the room of a first event.
Result<void, std::string> State::open_room(const chat::Event& event) {
  const auto* joined = std::get_if<chat::Joined>(&event.body);
  if (joined == nullptr) return to_string(event.room) + ": begins with no joined";
  const bool general = joined->kind == chat::RoomKind::general;
  if (general != event.vehicle.empty()) return to_string(event.room) + ": opens on no vehicle";
  rooms_.emplace_back(joined->kind, joined->receipt, event.vehicle);
  ++rooms_of_kind_[static_cast<std::size_t>(joined->kind)];
  if (!general) room_index_.add_vehicle(event.vehicle, event.room);
  return {};
}

Result<void, std::string> State::joined(const chat::Event& event, const chat::Joined& joined,
                                        UserIndex user) {
  const auto wrong = [&](const char* what) { return to_string(event.room) + ": " + what; };
  User& added = users_[index_of(user)];
  if (joined.role != added.entry.role) return wrong("joined has another role");
  const auto at = std::ranges::lower_bound(added.rooms, event.room);
  if (at == added.rooms.end() || *at != event.room) added.rooms.insert(at, event.room);
  if (joined.as == chat::Invitation::founder) return found(event, joined, user);
  const Room& room = rooms_[index_of(event.room)];
  const std::string& insurer = added.entry.insurer;
  const bool of_a_side =
      added.entry.role == chat::Role::adjuster &&
      (insurer == insurer_of(room) || (room.kind() == chat::RoomKind::negotiation &&
                                       insurer == insurer_of(room, Side::counterpart)));
  // Guests are of other houses, and come into no negotiation.
  const bool fits = joined.as == chat::Invitation::guest
                        ? !of_a_side && room.kind() != chat::RoomKind::negotiation &&
                              added.entry.role != chat::Role::insurer
                        : of_a_side;
  if (!fits) return wrong("joined is invited as what it is not");
  return {};
}

Result<void, std::string> State::found(const chat::Event& event, const chat::Joined& joined,
                                       UserIndex user) {
  const auto wrong = [&](const char* what) { return to_string(event.room) + ": " + what; };
  const UserEntry& entry = users_[index_of(user)].entry;
  const Room& room = rooms_[index_of(event.room)];
  const bool first = room.memberships().size() == 1;
  if (entry.role == chat::Role::garage) {
    room_index_.add_garage(user, event.room);
  } else {
    room_index_.add_insurer(entry.insurer, event.room);
  }
  if (joined.kind == chat::RoomKind::general) {
    if (first || found_general(event.room)) return {};
    return wrong("opens for no garage and adjuster without one");
  }
  const auto place = receipt_by_number_.find(joined.receipt);
  if (place == receipt_by_number_.end() || receipts_[place->second].entry.plate != event.vehicle) {
    return wrong("opens on no free receipt");
  }
  Receipt& receipt = receipts_[place->second];
  if (joined.kind == chat::RoomKind::negotiation) {
    return found_negotiation(event.room, receipt, entry, first);
  }
  if (!first) {
    const auto named = find_user(receipt.entry.adjuster);
    if (!named || acting_for(*named) != user) return wrong("opens for another adjuster");
    return {};
  }
  if (entry.role != chat::Role::garage || !is_free_for(receipt, user)) {
    return wrong("opens on no free receipt");
  }
  if (receipt.room != chat::RoomId{}) former_rooms_[place->second].push_back(receipt.room);
  receipt.room = event.room;
  receipt.garage = user;
  return {};
}

Result<void, std::string> State::found_negotiation(chat::RoomId id, Receipt& receipt,
                                                   const UserEntry& user, bool first) {
  const auto wrong = [&](const char* what) { return to_string(id) + ": " + what; };
  if (user.role != chat::Role::adjuster || (user.insurer == receipt.entry.insurer) != first) {
    return wrong("is no negotiation of the receipt's insurer with another");
  }
  if (!first) return {};
  if (receipt.negotiation != chat::RoomId{}) return wrong("opens on no free receipt");
  receipt.negotiation = id;
  return {};
}

bool State::found_general(chat::RoomId id) {
  const Room& room = rooms_[index_of(id)];
  if (!room.garage() || !room.in_charge()) return false;
  return general_rooms_.emplace(key_of(*room.garage(), *room.in_charge()), id).second;
}

Result<void, std::string> State::check_hand_over(const chat::HandedOver& handed,
                                                 const Room& room) const {
  const auto from = find_user(handed.from.id);
  const auto to = find_user(handed.to.id);
  if (!from || !to || room.member(*from) == nullptr) {
    return std::string("is handed over by or to nobody");
  }
  const UserEntry& successor = user(*to).entry;
  if (successor.role != chat::Role::adjuster || successor.insurer != user(*from).entry.insurer) {
    return std::string("is handed over to another insurer");
  }
  return {};
}

void State::index_hand_over(chat::RoomId id, UserIndex from, UserIndex to) {
  const Room& room = rooms_[index_of(id)];
  if (room.kind() != chat::RoomKind::general) return;
  const auto known = general_rooms_.find(key_of(*room.garage(), from));
  if (known != general_rooms_.end() && known->second == id) general_rooms_.erase(known);
  general_rooms_.emplace(key_of(*room.garage(), to), id);
}

void State::index_deletion(chat::RoomId id) {
  const Room& room = rooms_[index_of(id)];
  if (room.kind() != chat::RoomKind::general) return;
  const auto known = general_rooms_.find(key_of(*room.garage(), *room.in_charge()));
  if (known != general_rooms_.end() && known->second == id) general_rooms_.erase(known);
}

void State::count_conversion(const Room& room, std::uint64_t Conversions::*of) {
  if (!room.garage() || !room.in_charge()) return;
  ++(users_[index_of(*room.garage())].conversions.*of);
  ++(users_[index_of(*room.in_charge())].conversions.*of);
  for (Insurer& insurer : insurers_) {
    if (insurer.entry.id == insurer_of(room)) ++(insurer.conversions.*of);
  }
}

}  // namespace claims::server
