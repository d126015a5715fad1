#include "reference-server/chat/state.h"

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
std::uint64_t key_of(UserIndex garage, UserIndex adjuster) {
  return std::uint64_t{static_cast<std::uint32_t>(garage)} << 32U |
         static_cast<std::uint32_t>(adjuster);
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

const InsurerEntry* State::insurer(std::string_view id) const {
  for (const InsurerEntry& insurer : insurers_) {
    if (insurer.id == id) return &insurer;
  }
  return nullptr;
}

const Receipt* State::receipt(std::string_view number) const {
  const auto it = receipts_.find(number);
  return it == receipts_.end() ? nullptr : &it->second;
}

const Room* State::room(chat::RoomId id) const {
  const std::size_t index = index_of(id);
  return index < rooms_.size() ? &rooms_[index] : nullptr;
}

std::optional<chat::RoomId> State::general_room(UserIndex garage, UserIndex adjuster) const {
  const auto it = general_rooms_.find(key_of(garage, adjuster));
  if (it == general_rooms_.end()) return std::nullopt;
  return it->second;
}

std::optional<State::PendingBulk> State::pending_bulk() const {
  if (pending_bulks_.empty()) return std::nullopt;
  const auto& [sender, id] = pending_bulks_.front();
  return PendingBulk{sender, user(sender).bulks.find(id)};
}

Result<void, std::string> State::fold(const InsurerEntry& insurer, Position) {
  for (InsurerEntry& known : insurers_) {
    if (known.id != insurer.id) continue;
    known = insurer;
    return {};
  }
  insurers_.push_back(insurer);
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
  user_by_id_.emplace(user.id, UserIndex{static_cast<std::uint32_t>(users_.size())});
  users_.push_back(User{user, {}, {}, {}});
  return {};
}

Result<void, std::string> State::fold(const ReceiptEntry& receipt, Position) {
  if (!receipts_.emplace(receipt.receipt, Receipt{receipt, {}, {}, {}}).second) {
    return "receipt " + receipt.receipt + " is registered twice";
  }
  return {};
}

Result<void, std::string> State::fold(const chat::Event& event, Position position) {
  if (event.room == next_room()) {
    auto opened = open_room(event);
    if (!opened) return opened;
  }
  const std::size_t index = index_of(event.room);
  if (index >= rooms_.size()) return "event of unknown room " + to_string(event.room);
  const auto* joined = std::get_if<chat::Joined>(&event.body);
  const auto subject = find_user(joined != nullptr ? joined->user.id : event.sender.id);
  const bool founds = joined != nullptr && rooms_[index].members().size() < 2;
  const auto applied = rooms_[index].apply(event, subject, position);
  if (!applied) return to_string(event.room) + ": " + applied.error();
  if (joined == nullptr) return {};
  users_[index_of(*subject)].rooms.push_back(event.room);
  if (founds) return found(event, *joined, *subject);
  if (joined->kind == chat::RoomKind::negotiation) {
    return to_string(event.room) + ": a negotiation has two sides";
  }
  return {};
}

Result<void, std::string> State::open_room(const chat::Event& event) {
  const auto* joined = std::get_if<chat::Joined>(&event.body);
  if (joined == nullptr) return to_string(event.room) + ": begins with no joined";
  const bool general = joined->kind == chat::RoomKind::general;
  if (general != event.vehicle.empty()) return to_string(event.room) + ": opens on no vehicle";
  rooms_.emplace_back(joined->kind, joined->receipt, event.vehicle);
  ++rooms_of_kind_[static_cast<std::size_t>(joined->kind)];
  return {};
}

Result<void, std::string> State::found(const chat::Event& event, const chat::Joined& joined,
                                       UserIndex user) {
  const auto wrong = [&](const char* what) { return to_string(event.room) + ": " + what; };
  const UserEntry& entry = users_[index_of(user)].entry;
  const auto& members = rooms_[index_of(event.room)].members();
  const bool first = members.size() == 1;
  if (joined.kind == chat::RoomKind::general) {
    if (first || found_general(event.room, members[0].user, user)) return {};
    return wrong("opens for no garage and adjuster without one");
  }
  const auto receipt = receipts_.find(joined.receipt);
  if (receipt == receipts_.end() || receipt->second.entry.plate != event.vehicle) {
    return wrong("opens on no free receipt");
  }
  Receipt& known = receipt->second;
  if (joined.kind == chat::RoomKind::inbound) {
    if (!first) {
      if (known.entry.adjuster != entry.id) return wrong("opens for another adjuster");
      return {};
    }
    if (known.room != chat::RoomId{} || entry.role != chat::Role::garage) {
      return wrong("opens on no free receipt");
    }
    known.room = event.room;
    known.garage = user;
    return {};
  }
  if (entry.role != chat::Role::adjuster || (entry.insurer == known.entry.insurer) != first) {
    return wrong("is no negotiation of the receipt's insurer with another");
  }
  if (!first) return {};
  if (known.negotiation != chat::RoomId{}) return wrong("opens on no free receipt");
  known.negotiation = event.room;
  return {};
}

bool State::found_general(chat::RoomId room, UserIndex first, UserIndex second) {
  const auto role = [&](UserIndex user) { return users_[index_of(user)].entry.role; };
  if (role(first) != chat::Role::garage) std::swap(first, second);
  return role(first) == chat::Role::garage && role(second) == chat::Role::adjuster &&
         general_rooms_.emplace(key_of(first, second), room).second;
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
  if (ordered) pending_bulks_.emplace_back(*user, order.id);
  return ordered;
}

Result<void, std::string> State::fold(const BulkOutcome& outcome, Position) {
  const auto user = find_user(outcome.user);
  if (!user || pending_bulks_.empty() || pending_bulks_.front() != std::pair(*user, outcome.id)) {
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
  if (!*open) pending_bulks_.pop_front();
  return {};
}

}  // namespace claims::server
