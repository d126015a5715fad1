// Rows of a snapshot, back to a state.

#include <utility>

#include "reference-server/chat/state_codec_impl.h"
#include "reference-server/limits.h"

namespace claims::server {
namespace {

std::size_t index_of(UserIndex user) {
  return static_cast<std::size_t>(user);
}

/// The number that the key goes on with.
std::uint64_t take_number(std::string_view& key, std::size_t bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes && i < key.size(); ++i) {
    number = number << 8U | static_cast<unsigned char>(key[i]);
  }
  key.remove_prefix(std::min(bytes, key.size()));
  return number;
}

using Loaded = StateCodec::Loaded;

}  // namespace

Loaded StateCodec::take_counts(StateLoader& loader, std::string_view value) {
  State& state = loader.state_;
  auto& [insurers, users, rooms, receipts, general, templates] = loader.counts_;
  Reader archive(value);
  std::uint64_t pending = 0;
  archive(insurers, users, rooms, receipts, general, templates, state.rooms_of_kind_, pending);
  for (std::uint64_t i = 0; i < pending && archive.bytes().wrong.empty(); ++i) {
    archive(state.pending_.emplace_back());
  }
  for (std::uint64_t i = 0; i < insurers && archive.bytes().wrong.empty(); ++i) {
    archive(loader.conversions_.emplace_back());
  }
  if (std::string wrong = archive.finish(); !wrong.empty()) return wrong;
  state.users_.reserve(std::min<std::uint64_t>(users, limits::kUsersMax));
  state.user_by_id_.reserve(std::min<std::uint64_t>(users, limits::kUsersMax));
  state.rooms_.reserve(std::min<std::uint64_t>(rooms, limits::kRoomsMax));
  state.receipts_.reserve(std::min<std::uint64_t>(receipts, limits::kReceiptsMax));
  state.receipt_by_number_.reserve(std::min<std::uint64_t>(receipts, limits::kReceiptsMax));
  state.last_receipt_of_plate_.reserve(std::min<std::uint64_t>(receipts, limits::kReceiptsMax));
  return {};
}

Loaded StateCodec::take_insurer(StateLoader& loader, std::string_view key, std::string_view value) {
  std::vector<Insurer>& insurers = loader.state_.insurers_;
  if (take_number(key, 4) != insurers.size() || insurers.size() >= loader.conversions_.size()) {
    return std::string("an insurer is missing");
  }
  Insurer& insurer = insurers.emplace_back();
  insurer.conversions = loader.conversions_[insurers.size() - 1];
  return read(value, insurer.entry);
}

Loaded StateCodec::take_user(State& state, std::string_view key, std::string_view value) {
  const std::uint64_t number = take_number(key, 4);
  if (number != state.users_.size()) return std::string("a user is missing");
  User& user = state.users_.emplace_back();
  auto done = read(value, user.entry, user.conversions, user.absence, user.successor);
  const UserIndex index{static_cast<std::uint32_t>(number)};
  state.user_by_id_.emplace(user.entry.id, index);
  state.user_order_.emplace(user.entry.id, index);
  return done;
}

Loaded StateCodec::take_receipt(State& state, std::string_view key, std::string_view value) {
  const auto index = static_cast<std::uint32_t>(take_number(key, 4));
  if (index != state.receipts_.size()) return std::string("a receipt is missing");
  Receipt& receipt = state.receipts_.emplace_back();
  std::vector<chat::RoomId> former;
  if (auto done = read(value, receipt, former); !done) return done;
  if (!former.empty()) state.former_rooms_.emplace(index, std::move(former));
  state.last_receipt_of_plate_[receipt.entry.plate] = index + 1;
  state.receipt_by_number_.emplace(receipt.entry.receipt, index);
  return {};
}

Loaded StateCodec::take_template(State& state, std::string_view key, std::string_view value) {
  TemplateEntry entry;
  if (auto done = read(value, entry); !done) return done;
  if (entry.owner + '\0' + entry.name != key) return std::string("a template has another's key");
  return state.templates_.set(entry);
}

Loaded StateCodec::take_outcomes(User& user, std::string_view key, std::string_view value) {
  const std::uint64_t id = take_number(key, 8);
  const std::uint64_t row = take_number(key, 1);
  auto& instances = user.commands.instances_;
  const auto instance = std::ranges::find(instances, id, &CommandWindow::Instance::instance);
  if (instance == instances.end() || row * kOutcomesPerRow != instance->outcomes.size()) {
    return std::string("outcomes of no instance");
  }
  const std::uint64_t all =
      std::min<std::uint64_t>(instance->last, claims::limits::kOutcomesPerInstance);
  if (instance->outcomes.empty()) instance->outcomes.reserve(all);
  const std::uint64_t end = std::min<std::uint64_t>(all, (row + 1) * kOutcomesPerRow);
  Reader archive(value);
  while (instance->outcomes.size() < end) archive(instance->outcomes.emplace_back());
  if (std::string wrong = archive.finish(); !wrong.empty()) return wrong;
  return {};
}

Loaded StateCodec::take_room(StateLoader& loader, std::string_view key, std::string_view value) {
  const chat::RoomId id{take_number(key, 8)};
  if (id != loader.state_.next_room()) return std::string("a room is missing");
  Room& room = loader.state_.rooms_.emplace_back(chat::RoomKind{}, std::string(), std::string());
  if (const auto full = loader.authors_.find(id); full != loader.authors_.end()) {
    room.authors_ = std::move(full->second);
    loader.authors_.erase(full);
  }
  Reader archive(value);
  std::vector<std::uint32_t> insurers;
  std::uint64_t count = 0;
  archive(room, insurers, count);
  const std::string_view rest = archive.bytes().take(count % kAuthorsPerRow, "authors");
  room.authors_.insert(room.authors_.end(), rest.begin(), rest.end());
  if (std::string wrong = archive.finish(); !wrong.empty()) return wrong;
  if (room.authors_.size() != count) return std::string("authors are missing");
  return index_room(loader.state_, id, room, insurers);
}

Loaded StateCodec::index_room(State& state, chat::RoomId id, const Room& room,
                              const std::vector<std::uint32_t>& insurers) {
  for (const Room::Membership& membership : room.memberships_) {
    if (index_of(membership.user) >= state.users_.size()) {
      return std::string("a member is no user");
    }
  }
  for (const std::string& plate : room.vehicles_) state.room_index_.add_vehicle(plate, id);
  if (room.garage_) state.room_index_.add_garage(*room.garage_, id);
  for (const std::uint32_t insurer : insurers) {
    if (insurer >= state.insurers_.size()) return std::string("a room's insurer is missing");
    state.room_index_.add_insurer(state.insurers_[insurer].entry.id, id);
  }
  return {};
}

Loaded StateCodec::finish(const StateLoader& loader) {
  const State& state = loader.state_;
  const auto& [insurers, users, rooms, receipts, general, templates] = loader.counts_;
  if (state.insurers_.size() != insurers || state.users_.size() != users ||
      state.user_by_id_.size() != users || state.rooms_.size() != rooms ||
      state.receipts_.size() != receipts || state.receipt_by_number_.size() != receipts ||
      state.general_rooms_.size() != general || count(state.templates_) != templates ||
      !loader.authors_.empty()) {
    return std::string("rows are missing");
  }
  for (const User& user : state.users_) {
    for (const CommandWindow::Instance& one : user.commands.instances_) {
      const std::size_t all =
          std::min<std::uint64_t>(one.last, claims::limits::kOutcomesPerInstance);
      if (one.outcomes.size() != all) return "outcomes of " + user.entry.id + " are missing";
    }
  }
  return {};
}

Loaded StateCodec::take(StateLoader& loader, RowKind kind, std::string_view key,
                        std::string_view value) {
  State& state = loader.state_;
  switch (kind) {
    case RowKind::counts:
      return take_counts(loader, value);
    case RowKind::insurer:
      return take_insurer(loader, key, value);
    case RowKind::user:
      return take_user(state, key, value);
    case RowKind::user_rooms:
    case RowKind::commands:
    case RowKind::outcomes:
    case RowKind::bulks: {
      const std::uint64_t index = take_number(key, 4);
      if (index >= state.users_.size()) return std::string("a row of no user");
      User& user = state.users_[index];
      if (kind == RowKind::user_rooms) return read(value, user.rooms);
      if (kind == RowKind::commands) return read(value, user.commands);
      if (kind == RowKind::bulks) return read(value, user.bulks);
      return take_outcomes(user, key, value);
    }
    case RowKind::receipt:
      return take_receipt(state, key, value);
    case RowKind::authors: {
      std::vector<std::uint8_t>& authors = loader.authors_[chat::RoomId{take_number(key, 8)}];
      if (take_number(key, 4) * kAuthorsPerRow != authors.size() ||
          value.size() != kAuthorsPerRow) {
        return std::string("authors are missing");
      }
      authors.insert(authors.end(), value.begin(), value.end());
      return {};
    }
    case RowKind::room:
      return take_room(loader, key, value);
    case RowKind::general:
      return read(value, state.general_rooms_[take_number(key, 8)]);
    case RowKind::text:
      return take_template(state, key, value);
    case RowKind::session:
      break;
  }
  return std::string("is no row of the chat");
}

Result<void, std::string> StateLoader::take(RowKind kind, std::string_view key,
                                            std::string_view value) {
  return StateCodec::take(*this, kind, key, value);
}

Result<void, std::string> StateLoader::finish() {
  return StateCodec::finish(*this);
}

}  // namespace claims::server
