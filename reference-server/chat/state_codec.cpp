#include "reference-server/chat/state_codec.h"

#include <utility>

#include "reference-server/chat/state_codec_impl.h"

namespace claims::server {
namespace {

std::size_t index_of(UserIndex user) {
  return static_cast<std::size_t>(user);
}

/// A row's key: the kind, then what names it, in the order of numbers.
class Key {
 public:
  explicit Key(RowKind kind) { add(static_cast<std::uint64_t>(kind), 1); }
  Key& add(std::uint64_t number, std::size_t bytes) {
    while (bytes-- > 0) text_.push_back(static_cast<char>((number >> (8 * bytes)) & 0xFFU));
    return *this;
  }
  Key& add(UserIndex user) { return add(static_cast<std::uint64_t>(user), 4); }
  Key& add(chat::RoomId room) { return add(static_cast<std::uint64_t>(room), 8); }
  Key& add(std::string_view text) {
    text_ += text;
    return *this;
  }
  operator std::string_view() const { return text_; }  // NOLINT: what it is for.

 private:
  std::string text_;
};

template <class Value>
void sort_out(std::vector<Value>& values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
}

}  // namespace

void StateCodec::write(State& state, RowBatch& rows) {
  // Derived when they are read: what leads to users, receipts and rooms.
  auto& [insurers, users, all_rooms, receipts, rooms_of_kind, user_by_id, user_order,
         receipt_by_number, last_receipt_of_plate, former_rooms, room_index, templates, general,
         pending, changes] = state;
  (void)user_by_id, (void)user_order, (void)last_receipt_of_plate, (void)room_index;
  auto archive = Writer(rows.add(Key(RowKind::counts)));
  archive(insurers.size(), users.size(), all_rooms.size(), receipts.size(), general.size(),
          count(templates), rooms_of_kind, pending.size());
  for (const State::Pending& one : pending) archive(one);
  for (const Insurer& insurer : insurers) archive(insurer.conversions);
  if (changes.insurers) {
    for (std::size_t i = 0; i < insurers.size(); ++i) {
      Writer(rows.add(Key(RowKind::insurer).add(i, 4)))(insurers[i].entry);
    }
  }
  write_users(state, rows);
  sort_out(changes.receipts);
  for (const std::string& number : changes.receipts) {
    const std::uint32_t at = receipt_by_number.find(number)->second;
    const auto former = former_rooms.find(at);
    const std::vector<chat::RoomId> none;
    Writer(rows.add(Key(RowKind::receipt).add(at, 4)))(
        receipts[at], former == former_rooms.end() ? none : former->second);
  }
  sort_out(changes.rooms);
  const StateChanges::RoomChange* before = nullptr;
  for (const StateChanges::RoomChange& change : changes.rooms) {
    if (before == nullptr || before->room != change.room) write_room(state, change, rows);
    before = &change;
  }
  write_indexes(state, rows);
  changes.clear();
}

std::uint64_t StateCodec::count(const Templates& templates) {
  auto& [by_owner] = templates;
  std::uint64_t count = 0;
  for (const auto& [owner, named] : by_owner) count += named.size();
  return count;
}

void StateCodec::write_indexes(State& state, RowBatch& rows) {
  StateChanges& changes = state.changes_;
  sort_out(changes.general);
  for (const auto& [garage, adjuster] : changes.general) {
    const Key key = Key(RowKind::general).add(garage).add(adjuster);
    if (const auto room = state.general_room(garage, adjuster)) {
      Writer(rows.add(key))(*room);
    } else {
      rows.erase(key);
    }
  }
  sort_out(changes.templates);
  for (const auto& [owner, name] : changes.templates) {
    const Key key = Key(RowKind::text).add(owner).add(0, 1).add(name);
    if (const TemplateEntry* entry = state.templates_.find(owner, name)) {
      Writer(rows.add(key))(*entry);
    } else {
      rows.erase(key);
    }
  }
}

void StateCodec::write_users(State& state, RowBatch& rows) {
  StateChanges& changes = state.changes_;
  sort_out(changes.users);
  for (const UserIndex index : changes.users) {
    auto& [entry, commands, bulks, of_user, conversions, absence, successor] =
        state.users_[index_of(index)];
    (void)commands, (void)bulks, (void)of_user;  // Below.
    Writer(rows.add(Key(RowKind::user).add(index)))(entry, conversions, absence, successor);
  }
  sort_out(changes.users_rooms);
  for (const UserIndex index : changes.users_rooms) {
    Writer(rows.add(Key(RowKind::user_rooms).add(index)))(state.users_[index_of(index)].rooms);
  }
  sort_out(changes.bulks);
  for (const UserIndex index : changes.bulks) {
    Writer(rows.add(Key(RowKind::bulks).add(index)))(state.users_[index_of(index)].bulks);
  }
  sort_out(changes.dropped);
  for (const auto& [index, id] : changes.dropped) {
    for (std::size_t row = 0; row < kOutcomeRows; ++row) {
      rows.erase(Key(RowKind::outcomes).add(index).add(id.instance, 8).add(row, 1));
    }
  }
  for (StateChanges::CommandChange& change : changes.commands) {
    change.id.n = (change.id.n - 1) % claims::limits::kOutcomesPerInstance / kOutcomesPerRow;
  }
  sort_out(changes.commands);
  const StateChanges::CommandChange* before = nullptr;
  for (const StateChanges::CommandChange& change : changes.commands) {
    const CommandWindow& window = state.users_[index_of(change.user)].commands;
    if (before == nullptr || before->user != change.user) {
      Writer(rows.add(Key(RowKind::commands).add(change.user)))(window);
    }
    before = &change;
    write_outcomes(window, change, rows);
  }
}

/// `change.id.n` is the number of the row.
void StateCodec::write_outcomes(const CommandWindow& window,
                                const StateChanges::CommandChange& change, RowBatch& rows) {
  const CommandWindow::Instance* instance = window.find(change.id.instance);
  if (instance == nullptr) return;  // Dropped since.
  std::string& out = rows.add(
      Key(RowKind::outcomes).add(change.user).add(change.id.instance, 8).add(change.id.n, 1));
  Writer archive(out);
  const std::size_t begin = change.id.n * kOutcomesPerRow;
  const std::size_t end = std::min(begin + kOutcomesPerRow, instance->outcomes.size());
  for (std::size_t i = begin; i < end; ++i) archive(instance->outcomes[i]);
}

void StateCodec::write_room(const State& state, const StateChanges::RoomChange& change,
                            RowBatch& rows) {
  const Room& room = *state.room(change.room);
  const std::vector<std::uint8_t>& authors = room.authors_;
  const std::size_t full = authors.size() / kAuthorsPerRow;
  const std::size_t first =
      change.from == StateChanges::kNoAuthors ? full : (change.from - 1) / kAuthorsPerRow;
  for (std::size_t row = first; row < full; ++row) {
    rows.add(Key(RowKind::authors).add(change.room).add(row, 4))
        .append(authors_at(authors, row * kAuthorsPerRow), kAuthorsPerRow);
  }
  std::string& out = rows.add(Key(RowKind::room).add(change.room));
  Writer archive(out);
  archive(room, insurers_of(state, change.room), authors.size());
  out.append(authors_at(authors, full * kAuthorsPerRow), authors.size() % kAuthorsPerRow);
}

/// The insurers under which the index has the room: those of its founders then, who may be
/// others' by now.
std::vector<std::uint32_t> StateCodec::insurers_of(const State& state, chat::RoomId id) {
  const auto number = static_cast<RoomNumber>(id);
  std::vector<std::uint32_t> found;
  const auto look_at = [&](std::uint32_t insurer) {
    const auto rooms = state.room_index_.of_insurer(state.insurers_[insurer].entry.id);
    if (std::ranges::binary_search(rooms, number)) found.push_back(insurer);
  };
  std::size_t founders = 0;
  for (const Room::Membership& one : state.room(id)->memberships()) {
    const UserEntry& entry = state.user(one.user).entry;
    if (one.as != chat::Invitation::founder || entry.role == chat::Role::garage) continue;
    ++founders;
    for (std::uint32_t i = 0; i < state.insurers_.size(); ++i) {
      if (state.insurers_[i].entry.id == entry.insurer) look_at(i);
    }
  }
  sort_out(found);
  if (found.size() == founders) return found;
  found.clear();
  for (std::uint32_t i = 0; i < state.insurers_.size(); ++i) look_at(i);
  return found;
}

const char* StateCodec::authors_at(const std::vector<std::uint8_t>& authors, std::size_t at) {
  return reinterpret_cast<const char*>(authors.data()) + at;
}

void StateCodec::note_everything(State& state) {
  StateChanges& changes = state.changes_;
  changes.clear();
  changes.insurers = true;
  for (std::uint32_t i = 0; i < state.users_.size(); ++i) {
    changes.users.push_back(UserIndex{i});
    changes.users_rooms.push_back(UserIndex{i});
    changes.bulks.push_back(UserIndex{i});
    for (const auto& instance : state.users_[i].commands.instances_) {
      for (std::uint64_t n = 1; n <= instance.outcomes.size(); n += kOutcomesPerRow) {
        changes.commands.push_back({UserIndex{i}, {instance.instance, n}});
      }
    }
  }
  for (const Receipt& receipt : state.receipts_) {
    changes.receipts.push_back(receipt.entry.receipt);
  }
  for (const auto& [owner, named] : state.templates_.by_owner_) {
    for (const auto& [name, entry] : named) changes.templates.emplace_back(owner, name);
  }
  for (std::uint64_t id = 1; id <= state.rooms_.size(); ++id) {
    changes.rooms.push_back({chat::RoomId{id}, 1});
  }
  for (const auto& [key, room] : state.general_rooms_) {
    changes.general.emplace_back(UserIndex{static_cast<std::uint32_t>(key >> 32U)},
                                 UserIndex{static_cast<std::uint32_t>(key)});
  }
}

void write_changes(State& state, RowBatch& rows) {
  StateCodec::write(state, rows);
}

void note_everything(State& state) {
  StateCodec::note_everything(state);
}

}  // namespace claims::server
