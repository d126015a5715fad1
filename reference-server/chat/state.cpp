#include "reference-server/chat/state.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace claims::server {
namespace {

std::size_t index_of(UserIndex user) {
  return static_cast<std::size_t>(user);
}
std::size_t index_of(chat::RoomId room) {
  return static_cast<std::size_t>(room) - 1;
}

}  // namespace

Result<void, std::string> State::apply(const TypedRecord& record, Position position) {
  auto folded = std::visit([&](const auto& typed) { return fold(typed, position); }, record);
  if (folded) changes_.note(record, *this);
  return folded;
}

std::optional<UserIndex> State::find_user(std::string_view id) const {
  const auto it = user_by_id_.find(id);
  if (it == user_by_id_.end()) return std::nullopt;
  return it->second;
}

const User& State::user(UserIndex index) const {
  return users_.at(index_of(index));
}

UserIndex State::acting_for(UserIndex adjuster) const {
  // A successor is in service when it takes over, so the chain has an end.
  while (user(adjuster).absence) adjuster = user(adjuster).successor;
  return adjuster;
}

const InsurerEntry* State::insurer(std::string_view id) const {
  for (const Insurer& insurer : insurers_) {
    if (insurer.entry.id == id) return &insurer.entry;
  }
  return nullptr;
}

std::vector<std::string_view> State::insurer_ids() const {
  std::vector<std::string_view> ids;
  ids.reserve(insurers_.size());
  for (const Insurer& insurer : insurers_) ids.push_back(insurer.entry.id);
  return ids;
}

const Conversions& State::conversions_of(std::string_view id) const {
  static const Conversions kNone;
  for (const Insurer& insurer : insurers_) {
    if (insurer.entry.id == id) return insurer.conversions;
  }
  return kNone;
}

const Receipt* State::receipt(std::string_view number) const {
  const auto it = receipt_by_number_.find(number);
  return it == receipt_by_number_.end() ? nullptr : &receipts_[it->second];
}

std::vector<const Receipt*> State::receipts_of(std::string_view plate) const {
  std::vector<const Receipt*> found;
  const auto last = last_receipt_of_plate_.find(plate);
  if (last == last_receipt_of_plate_.end()) return found;
  for (std::uint32_t at = last->second; at != 0; at = receipts_[at - 1].before) {
    found.push_back(&receipts_[at - 1]);
  }
  return found;
}

bool State::is_free_for(const Receipt& receipt, UserIndex garage) const {
  const Room* last = room(receipt.room);
  if (last == nullptr) return true;
  if (last->deleted()) return last->repair_state() != chat::RepairState::out;
  return last->repair_state() == chat::RepairState::cancelled && receipt.garage != garage;
}

const Room* State::room(chat::RoomId id) const {
  const std::size_t index = index_of(id);
  return index < rooms_.size() ? &rooms_[index] : nullptr;
}

std::optional<std::variant<State::PendingBulk, State::PendingHandOver>> State::pending_order()
    const {
  if (pending_.empty()) return std::nullopt;
  const Pending& next = pending_.front();
  if (!next.hands_over) return PendingBulk{next.user, user(next.user).bulks.find(next.id)};
  return PendingHandOver{next.user, next.id, next.adjuster, next.to, next.rooms[next.done]};
}

std::vector<State::RoomInCharge> State::rooms_on_the_way_to(UserIndex adjuster) const {
  std::vector<RoomInCharge> rooms;
  for (const Pending& one : pending_) {
    if (!one.hands_over || acting_for(one.to) != adjuster) continue;
    for (std::size_t i = one.done; i < one.rooms.size(); ++i) {
      const Room& room = rooms_[index_of(one.rooms[i])];
      if (!room.deleted() && room.is_in_charge(one.adjuster)) {
        rooms.push_back({one.rooms[i], one.adjuster});
      }
    }
  }
  return rooms;
}

std::size_t State::pending_hand_overs(UserIndex user) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      pending_, [&](const Pending& one) { return one.hands_over && one.user == user; }));
}

Result<void, std::string> State::fold(const InsurerEntry& insurer, Position) {
  for (Insurer& known : insurers_) {
    if (known.entry.id != insurer.id) continue;
    known.entry = insurer;
    return {};
  }
  insurers_.push_back({insurer, {}});
  return {};
}

Result<void, std::string> State::fold(const UserEntry& user, Position) {
  if (!user.insurer.empty() && insurer(user.insurer) == nullptr) {
    return "user " + user.id + " belongs to no known insurer";
  }
  const auto known = find_user(user.id);
  if (known) {
    users_[index_of(*known)].entry = user;
    return {};
  }
  const UserIndex index{static_cast<std::uint32_t>(users_.size())};
  user_by_id_.emplace(user.id, index);
  user_order_.emplace(user.id, index);
  users_.emplace_back().entry = user;
  return {};
}

Result<void, std::string> State::fold(const ReceiptEntry& receipt, Position) {
  const auto index = static_cast<std::uint32_t>(receipts_.size());
  if (!receipt_by_number_.emplace(receipt.receipt, index).second) {
    return "receipt " + receipt.receipt + " is registered twice";
  }
  std::uint32_t& last = last_receipt_of_plate_[receipt.plate];
  Receipt& added = receipts_.emplace_back();
  added.entry = receipt;
  added.before = std::exchange(last, index + 1);
  return {};
}

Result<void, std::string> State::fold(const ReadMoved& read, Position) {
  const auto user = find_user(read.user);
  const std::size_t index = index_of(read.room);
  if (!user || index >= rooms_.size()) {
    return "read by " + read.user + " in " + to_string(read.room) + ": no such user or room";
  }
  return rooms_[index].move_read(*user, read.seq);
}

Result<void, std::string> State::fold(const CommandOutcome& outcome, Position) {
  const auto user = find_user(outcome.user);
  if (!user) return "outcome of unknown user " + outcome.user;
  return users_[index_of(*user)].commands.remember(outcome.id, outcome.body_hash, outcome.reply);
}

Result<void, std::string> State::fold(const BulkOrder& order, Position) {
  const auto user = find_user(order.user);
  if (!user || users_[index_of(*user)].entry.role != chat::Role::adjuster) {
    return "bulk by " + order.user + ", who is no adjuster";
  }
  auto ordered = users_[index_of(*user)].bulks.order(order);
  if (ordered) pending_.push_back({*user, order.id, false, {}, {}, {}, 0});
  return ordered;
}

Result<void, std::string> State::fold(const BulkOutcome& outcome, Position) {
  const auto user = find_user(outcome.user);
  if (!user || !goes_on(false, *user, outcome.id)) {
    return "outcome of bulk " + to_string(outcome.id) + " by " + outcome.user +
           ": is not what goes on";
  }
  if (!outcome.refusal) {
    const auto garage = find_user(outcome.garage);
    const Room* sent_in = room(outcome.room);
    if (!garage || sent_in == nullptr || general_room(*garage, *user) != outcome.room ||
        sent_in->last_seq() != outcome.seq) {
      return "outcome of bulk " + to_string(outcome.id) + ": tells of no message to " +
             outcome.garage;
    }
  }
  const auto open = users_[index_of(*user)].bulks.settle(outcome);
  if (!open) return open.error();
  if (!*open) pending_.pop_front();
  return {};
}

bool State::goes_on(bool hands_over, UserIndex user, chat::CommandId id) const {
  if (pending_.empty()) return false;
  const Pending& next = pending_.front();
  return next.hands_over == hands_over && next.user == user && next.id == id;
}

Result<void, std::string> State::fold(const HandOverOrder& order, Position) {
  const auto wrong = [&](const char* what) {
    return "hand-over of " + order.adjuster + " to " + order.to + ": " + what;
  };
  const auto by = find_user(order.user);
  const auto adjuster = find_user(order.adjuster);
  const auto to = find_user(order.to);
  if (!by || !adjuster || !to) return wrong("names no users");
  const auto is = [&](UserIndex user, chat::Role role) {
    const UserEntry& entry = users_[index_of(user)].entry;
    return entry.role == role && entry.insurer == users_[index_of(*by)].entry.insurer;
  };
  if (!is(*by, chat::Role::insurer) || !is(*adjuster, chat::Role::adjuster) ||
      !is(*to, chat::Role::adjuster)) {
    return wrong("is not among one insurer's adjusters");
  }
  User& leaving = users_[index_of(*adjuster)];
  if (*to == *adjuster || !in_service(*to) || leaving.absence == chat::Absence::retired) {
    return wrong("is not from one to another in service");
  }
  Pending pending{*by, order.id, true, *adjuster, *to, {}, 0};
  for (const chat::RoomId id : leaving.rooms) {
    const Room& room = rooms_[index_of(id)];
    if (!room.deleted() && room.is_in_charge(*adjuster)) pending.rooms.push_back(id);
  }
  if (pending.rooms.size() != order.rooms) return wrong("counts other rooms");
  leaving.absence = order.reason;
  leaving.successor = *to;
  if (!pending.rooms.empty()) pending_.push_back(std::move(pending));
  return {};
}

Result<void, std::string> State::fold(const HandOverOutcome& outcome, Position) {
  const auto user = find_user(outcome.user);
  if (!user || !goes_on(true, *user, outcome.id) ||
      pending_.front().rooms[pending_.front().done] != outcome.room) {
    return "outcome of hand-over " + to_string(outcome.id) + " by " + outcome.user +
           ": is not what goes on";
  }
  const bool told = outcome.seq == 0 || room(outcome.room)->last_seq() == outcome.seq;
  if (!told) return "outcome of hand-over " + to_string(outcome.id) + ": tells of no event";
  if (++pending_.front().done == pending_.front().rooms.size()) pending_.pop_front();
  return {};
}

Result<void, std::string> State::fold(const AdjusterBack& back, Position) {
  const auto adjuster = find_user(back.adjuster);
  if (!adjuster || user(*adjuster).absence != chat::Absence::away) {
    return back.adjuster + " is back, and was not away";
  }
  users_[index_of(*adjuster)].absence.reset();
  return {};
}

Result<void, std::string> State::fold(const TemplateEntry& entry, Position) {
  return templates_.set(entry);
}

Result<void, std::string> State::fold(const TemplateRemoved& removed, Position) {
  return templates_.remove(removed);
}

}  // namespace claims::server
