#include "simulator/check/room_model.h"

#include <algorithm>

namespace claims::storm::audit {
namespace {

TableKey key_of(chat::RoomId id) {
  return {static_cast<std::uint64_t>(id), 0, 0};
}

}  // namespace

Room* RoomModel::find(chat::RoomId id) {
  const RoomNumber* number = numbers_.find(key_of(id));
  return number == nullptr ? nullptr : &rooms_[static_cast<std::size_t>(*number)];
}

Room* RoomModel::find_or_add(chat::RoomId id) {
  if (Room* room = find(id)) return room;
  if (unlinked_ >= kUnlinkedMax) return nullptr;
  numbers_.put(key_of(id)) = RoomNumber{static_cast<std::uint32_t>(rooms_.size())};
  ++unlinked_;
  Room& room = rooms_.emplace_back();
  room.id = id;
  return &room;
}

RoomNumber RoomModel::number_of(const Room& room) {
  return *numbers_.find(key_of(room.id));
}

void RoomModel::add_member(Room& room, UserNumber user, std::uint64_t opened_tick) {
  const auto row = static_cast<std::uint32_t>(room.members.size());
  room.members.emplace_back().user = user;
  User& owner = roster_.user(user);
  owner.rooms.push_back(number_of(room));
  for (const SessionNumber session : owner.sessions) {
    const std::uint64_t first = roster_.session(session).first_tick;
    if (first == 0) continue;
    auto observer = std::find_if(room.observers.begin(), room.observers.end(),
                                 [&](const Observer& it) { return it.session == session; });
    if (observer == room.observers.end()) {
      observer = room.observers.insert(room.observers.end(), Observer{});
      observer->session = session;
      observer->epoch = first_epoch(roster_.session(session));
    }
    observer->member = row;
    // Linked late: what it saw before stands as it came.
    observer->start = first < opened_tick ? room.members[row].from : observer->start;
  }
}

std::vector<SessionNumber> RoomModel::found(Room& room, std::uint64_t opened_tick) {
  room.linked = true;
  --unlinked_;
  const auto [first, second] = room.founders;
  if (first != kNobody) add_member(room, first, opened_tick);
  if (second != kNobody && second != first) add_member(room, second, opened_tick);
  std::vector<SessionNumber> strangers;
  if (!room.judged) return strangers;
  for (const Observer& observer : room.observers) {
    if (observer.member == Observer::kNoMember) strangers.push_back(observer.session);
  }
  std::erase_if(room.observers,
                [](const Observer& it) { return it.member == Observer::kNoMember; });
  return strangers;
}

void RoomModel::add_observer(SessionNumber session) {
  const UserNumber user = roster_.session(session).user;
  for (const RoomNumber number : roster_.user(user).rooms) {
    Room& room = rooms_[static_cast<std::size_t>(number)];
    for (std::uint32_t row = 0; row < room.members.size(); ++row) {
      if (room.members[row].user != user) continue;
      Observer& observer = room.observers.emplace_back();
      observer.session = session;
      observer.member = row;
      observer.epoch = roster_.session(session).replay_epoch;
    }
  }
}

std::optional<std::uint32_t> RoomModel::member_at(const Room& room, UserNumber user,
                                                  chat::Seq seq) const {
  for (std::uint32_t row = 0; row < room.members.size(); ++row) {
    if (room.members[row].user == user && room.members[row].holds(seq)) return row;
  }
  return std::nullopt;
}

Observer* RoomModel::observer_at(Room& room, SessionNumber session, chat::Seq seq) {
  for (Observer& observer : room.observers) {
    if (observer.session != session) continue;
    if (observer.member == Observer::kNoMember || room.members[observer.member].holds(seq)) {
      return &observer;
    }
  }
  return nullptr;
}

}  // namespace claims::storm::audit
