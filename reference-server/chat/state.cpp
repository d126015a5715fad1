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

}  // namespace

Result<void, std::string> State::apply(const TypedRecord& record, Position position) {
  return std::visit([&](const auto& typed) { return fold(typed, position); }, record);
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
  users_.push_back(User{user, {}, {}});
  return {};
}

Result<void, std::string> State::fold(const ReceiptEntry& receipt, Position) {
  if (!receipts_.emplace(receipt.receipt, Receipt{receipt, {}, {}}).second) {
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
  const auto applied = rooms_[index].apply(event, subject, position);
  if (!applied) return to_string(event.room) + ": " + applied.error();
  if (joined != nullptr) users_[index_of(*subject)].rooms.push_back(event.room);
  return {};
}

Result<void, std::string> State::open_room(const chat::Event& event) {
  const auto* joined = std::get_if<chat::Joined>(&event.body);
  if (joined == nullptr) return to_string(event.room) + ": begins with no joined";
  const auto garage = find_user(joined->user.id);
  const auto receipt = receipts_.find(joined->receipt);
  if (!garage || receipt == receipts_.end() || receipt->second.room != chat::RoomId{}) {
    return to_string(event.room) + ": opens on no free receipt";
  }
  receipt->second.room = event.room;
  receipt->second.garage = *garage;
  rooms_.emplace_back(joined->receipt, event.vehicle);
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

}  // namespace claims::server
