#include "simulator/check/room_model.h"

#include <algorithm>

namespace claims::storm::audit {
namespace {

TableKey key_of(chat::RoomId id) {
  return {static_cast<std::uint64_t>(id), 0, 0};
}

}  // namespace

void add_change(Room& room, RoomChange change) {
  if (room.changes.size() >= Room::kChangesMax) return;
  const auto after = std::find_if(room.changes.begin(), room.changes.end(),
                                  [&](const RoomChange& it) { return it.seq > change.seq; });
  room.changes.insert(after, std::move(change));
}

Deletion* find_deletion(Room& room, chat::Seq of) {
  const auto found = std::ranges::lower_bound(room.deletions, of, {}, &Deletion::of);
  return found != room.deletions.end() && found->of == of ? &*found : nullptr;
}

const Deletion* find_deletion(const Room& room, chat::Seq of) {
  const auto found = std::ranges::lower_bound(room.deletions, of, {}, &Deletion::of);
  return found != room.deletions.end() && found->of == of ? &*found : nullptr;
}

std::optional<std::uint32_t> first_row(const Room& room, UserNumber user) {
  for (std::uint32_t row = 0; row < room.members.size(); ++row) {
    if (room.members[row].user == user) return row;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> last_row(const Room& room, UserNumber user) {
  for (auto row = static_cast<std::uint32_t>(room.members.size()); row > 0; --row) {
    if (room.members[row - 1].user == user) return row - 1;
  }
  return std::nullopt;
}

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

std::uint32_t RoomModel::join(Room& room, Member member, std::uint64_t opened_tick) {
  const auto row = static_cast<std::uint32_t>(room.members.size());
  User& owner = roster_.user(member.user);
  if (!last_row(room, member.user)) owner.rooms.push_back(number_of(room));
  const chat::Seq live = member.live;
  room.members.push_back(std::move(member));
  for (const SessionNumber session : owner.sessions) {
    const std::uint64_t first = roster_.session(session).first_tick;
    if (first == 0) continue;
    auto observer =
        std::find_if(room.observers.begin(), room.observers.end(), [&](const Observer& it) {
          return it.session == session && it.member == Observer::kNoMember;
        });
    if (observer == room.observers.end()) {
      observer = room.observers.insert(room.observers.end(), Observer{});
      observer->session = session;
      observer->epoch = first_epoch(roster_.session(session));
    }
    observer->member = row;
    // Linked late: what it saw before stands as it came.
    if (first < opened_tick) observer->start = live;
    if (observer->start > 1 && observer->frontier == 0) {
      observer->frontier = observer->settled = observer->start - 1;
    }
  }
  return row;
}

std::vector<SessionNumber> RoomModel::found(Room& room, std::uint64_t opened_tick) {
  room.linked = true;
  --unlinked_;
  const auto [first, second] = room.founders;
  const auto add = [&](UserNumber user) {
    Member member;
    member.user = user;
    join(room, std::move(member), opened_tick);
  };
  if (first != kNobody) add(first);
  if (second != kNobody && second != first) add(second);
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
    if (room.members[row].user == user && room.members[row].is_there(seq)) return row;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> RoomModel::reader_at(const Room& room, UserNumber user,
                                                  chat::Seq seq) const {
  for (std::uint32_t row = 0; row < room.members.size(); ++row) {
    if (room.members[row].user == user && room.members[row].may_read(seq)) return row;
  }
  return std::nullopt;
}

chat::Seq RoomModel::next_readable(const Room& room, UserNumber user, chat::Seq due) const {
  chat::Seq next = kOpenEnd;
  for (const Member& member : room.members) {
    if (member.user == user && due <= member.left)
      next = std::min(next, std::max(due, member.from));
  }
  return next;
}

void RoomModel::may_join(chat::RoomId room, UserNumber user, int change) {
  const TableKey key{static_cast<std::uint64_t>(room), static_cast<std::uint64_t>(user), 1};
  std::uint32_t& open = joins_.put(key);
  if (change > 0) {
    ++open;
  } else if (open <= 1) {
    joins_.erase(key);
  } else {
    --open;
  }
}

bool RoomModel::may_join(chat::RoomId id, UserNumber user) {
  if (joins_.find({static_cast<std::uint64_t>(id), static_cast<std::uint64_t>(user), 1})) {
    return true;
  }
  const Room* room = find(id);
  if (room == nullptr || taking_over_.empty()) return false;
  return std::any_of(taking_over_.begin(), taking_over_.end(), [&](const auto& it) {
    return it.second == user && last_row(*room, it.first);
  });
}

void RoomModel::may_take_over(UserNumber absent, UserNumber user) {
  const std::pair pair{absent, user};
  if (std::find(taking_over_.begin(), taking_over_.end(), pair) == taking_over_.end()) {
    taking_over_.push_back(pair);
  }
}

Observer* RoomModel::observer_at(Room& room, SessionNumber session, chat::Seq seq) {
  for (Observer& observer : room.observers) {
    if (observer.session != session) continue;
    if (observer.member == Observer::kNoMember || room.members[observer.member].is_there(seq)) {
      return &observer;
    }
  }
  return nullptr;
}

}  // namespace claims::storm::audit
