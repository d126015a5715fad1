#include "reference-server/chat/room_index.h"

#include <algorithm>

#include "reference-server/limits.h"

namespace claims::server {

static_assert(limits::kRoomsMax <= UINT32_MAX);

RoomIndex::Rooms RoomIndex::Postings::rooms() const {
  if (!several_.empty()) return several_;
  return only_ == 0 ? Rooms{} : Rooms(&only_, 1);
}

void RoomIndex::Postings::add(RoomNumber room) {
  if (several_.empty()) {
    if (only_ == 0) only_ = room;
    if (only_ == room) return;
    several_.push_back(only_);
    only_ = 0;
  }
  // New rooms have the highest numbers; an older one comes when it gets a vehicle.
  const auto at = std::ranges::lower_bound(several_, room);
  if (at == several_.end() || *at != room) several_.insert(at, room);
}

RoomIndex::Rooms RoomIndex::find(const ByText& postings, std::string_view key) {
  const auto found = postings.find(key);
  return found == postings.end() ? Rooms{} : found->second.rooms();
}

void RoomIndex::add(ByText& postings, std::string_view key, chat::RoomId room) {
  auto found = postings.find(key);
  if (found == postings.end()) found = postings.emplace(key, Postings{}).first;
  found->second.add(static_cast<RoomNumber>(room));
}

RoomIndex::Rooms RoomIndex::of_garage(UserIndex garage) const {
  const auto found = of_garage_.find(static_cast<std::uint32_t>(garage));
  return found == of_garage_.end() ? Rooms{} : found->second.rooms();
}
RoomIndex::Rooms RoomIndex::of_insurer(std::string_view insurer) const {
  return find(of_insurer_, insurer);
}
RoomIndex::Rooms RoomIndex::of_vehicle(std::string_view plate) const {
  return find(of_vehicle_, plate);
}

void RoomIndex::add_garage(UserIndex garage, chat::RoomId room) {
  of_garage_[static_cast<std::uint32_t>(garage)].add(static_cast<RoomNumber>(room));
}
void RoomIndex::add_insurer(std::string_view insurer, chat::RoomId room) {
  add(of_insurer_, insurer, room);
}
void RoomIndex::add_vehicle(std::string_view plate, chat::RoomId room) {
  add(of_vehicle_, plate, room);
}

}  // namespace claims::server
