#include "reference-server/chat/state_codec.h"

#include <algorithm>
#include <utility>

#include "protocol/limits.h"
#include "reference-server/chat/row_archive.h"
#include "reference-server/limits.h"

namespace claims::server {
namespace {

/// Authors are written in pieces, so that a message in a long room does not write them all.
constexpr std::size_t kAuthorsPerRow = 1'024;
/// Outcomes that share a row: one at a time would make loading slow, all of an instance a pause.
constexpr std::size_t kOutcomesPerRow = 8;
constexpr std::size_t kOutcomeRows = claims::limits::kOutcomesPerInstance / kOutcomesPerRow;

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

/// The number that the key goes on with.
std::uint64_t take_number(std::string_view& key, std::size_t bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes && i < key.size(); ++i) {
    number = number << 8U | static_cast<unsigned char>(key[i]);
  }
  key.remove_prefix(std::min(bytes, key.size()));
  return number;
}

template <class Value>
void sort_out(std::vector<Value>& values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
}

using Loaded = Result<void, std::string>;

}  // namespace

/// Knows the inside of what it writes. Each struct is taken apart by a structured binding: a member
/// that is new does not compile until it is named here, and what is named is either written or told
/// why not.
struct StateCodec {
  using Writer = RowWriter<StateCodec>;
  using Reader = RowReader<StateCodec>;

  // What structs consist of.

  static void fields(auto& archive, IsRow<Centre> auto& value) {
    auto& [id, name, region] = value;
    archive(id, name, region);
  }
  static void fields(auto& archive, IsRow<InsurerEntry> auto& value) {
    auto& [id, code, name, greeting, centres] = value;
    archive(id, code, name, greeting, centres);
  }
  static void fields(auto& archive, IsRow<UserEntry> auto& value) {
    auto& [id, role, name, insurer, centre, region] = value;
    archive(id, role, name, insurer, centre, region);
  }
  static void fields(auto& archive, IsRow<ReceiptEntry> auto& value) {
    auto& [receipt, insurer, plate, model, adjuster] = value;
    archive(receipt, insurer, plate, model, adjuster);
  }
  static void fields(auto& archive, IsRow<Receipt> auto& value) {
    auto& [entry, room, garage, negotiation] = value;
    archive(entry, room, garage, negotiation);
  }
  static void fields(auto& archive, IsRow<chat::CommandId> auto& value) {
    auto& [instance, n] = value;
    archive(instance, n);
  }
  static void fields(auto& archive, IsRow<BulkTarget> auto& value) {
    auto& [garage, vehicle] = value;
    archive(garage, vehicle);
  }
  static void fields(auto& archive, IsRow<BulkWindow::Result> auto& value) {
    auto& [room, seq, refusal] = value;
    archive(room, seq, refusal);
  }
  static void fields(auto& archive, IsRow<BulkWindow::Bulk> auto& value) {
    auto& [id, targets, results, text] = value;
    archive(id, targets, results, text);
  }
  static void fields(auto& archive, IsRow<BulkWindow> auto& value) {
    auto& [bulks] = value;
    archive(bulks);
  }
  static void fields(auto& archive, IsRow<chat::Ratio> auto& value) {
    auto& [first, second] = value;
    archive(first, second);
  }
  static void fields(auto& archive, IsRow<chat::Negotiation> auto& value) {
    auto& [state, standing, turn, from_objection, sender, prior, exemption, objections] = value;
    archive(state, standing, turn, from_objection, sender, prior, exemption, objections);
  }
  static void fields(auto& archive, IsRow<Room::Member> auto& value) {
    auto& [user, live_from, from, read, unread] = value;
    archive(user, live_from, from, read, unread);
  }
  /// Without the authors, which have rows of their own.
  static void fields(auto& archive, IsRow<Room> auto& value) {
    auto& [kind, greeted, estimated, converted, repair_state, negotiation, receipt, vehicles,
           members, authors, last_at, last_position] = value;
    (void)authors;
    archive(kind, greeted, estimated, converted, repair_state, negotiation, receipt, vehicles,
            members, last_at, last_position);
  }
  static void fields(auto& archive, IsRow<CommandWindow::Outcome> auto& value) {
    auto& [body_hash, reply_end] = value;
    archive(body_hash, reply_end);
  }
  /// Without the outcomes, which have rows of their own.
  static void fields(auto& archive, IsRow<CommandWindow::Instance> auto& value) {
    auto& [instance, last, outcomes] = value;
    (void)outcomes;
    archive(instance, last);
  }
  static void fields(auto& archive, IsRow<CommandWindow> auto& value) {
    auto& [instances, dropped] = value;
    archive(instances, dropped);
  }

  // Writing.

  static void write(State& state, RowBatch& rows) {
    auto& [insurers, users, all_rooms, rooms_of_kind, user_by_id, receipts, general, pending_bulks,
           changes] = state;
    auto archive = Writer(rows.add(Key(RowKind::counts)));
    archive(insurers.size(), users.size(), all_rooms.size(), receipts.size(), general.size(),
            user_by_id.size(), rooms_of_kind[0], rooms_of_kind[1], rooms_of_kind[2],
            pending_bulks.size());
    for (const auto& pending : pending_bulks) archive(pending);
    if (changes.insurers) {
      for (std::size_t i = 0; i < insurers.size(); ++i) {
        Writer(rows.add(Key(RowKind::insurer).add(i, 4)))(insurers[i]);
      }
    }
    write_users(state, rows);
    sort_out(changes.receipts);
    for (const std::string& receipt : changes.receipts) {
      Writer(rows.add(Key(RowKind::receipt).add(receipt)))(receipts.find(receipt)->second);
    }
    sort_out(changes.rooms);
    const StateChanges::RoomChange* before = nullptr;
    for (const StateChanges::RoomChange& change : changes.rooms) {
      if (before == nullptr || before->room != change.room) write_room(state, change, rows);
      before = &change;
    }
    sort_out(changes.general);
    for (const auto& [garage, adjuster] : changes.general) {
      const auto room = state.general_room(garage, adjuster);
      if (room) Writer(rows.add(Key(RowKind::general).add(garage).add(adjuster)))(*room);
    }
    changes.clear();
  }

  static void write_users(State& state, RowBatch& rows) {
    StateChanges& changes = state.changes_;
    sort_out(changes.users);
    for (const UserIndex index : changes.users) {
      auto& [entry, commands, bulks, of_user] = state.users_[index_of(index)];
      (void)commands, (void)bulks;  // Below.
      Writer(rows.add(Key(RowKind::user).add(index)))(entry, of_user);
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
  static void write_outcomes(const CommandWindow& window, const StateChanges::CommandChange& change,
                             RowBatch& rows) {
    const CommandWindow::Instance* instance = window.find(change.id.instance);
    if (instance == nullptr) return;  // Dropped since.
    std::string& out = rows.add(
        Key(RowKind::outcomes).add(change.user).add(change.id.instance, 8).add(change.id.n, 1));
    Writer archive(out);
    const std::size_t begin = change.id.n * kOutcomesPerRow;
    const std::size_t end = std::min(begin + kOutcomesPerRow, instance->outcomes.size());
    for (std::size_t i = begin; i < end; ++i) archive(instance->outcomes[i]);
  }

  static void write_room(const State& state, const StateChanges::RoomChange& change,
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
    archive(room, authors.size());
    out.append(authors_at(authors, full * kAuthorsPerRow), authors.size() % kAuthorsPerRow);
  }

  static const char* authors_at(const std::vector<std::uint8_t>& authors, std::size_t at) {
    return reinterpret_cast<const char*>(authors.data()) + at;
  }

  static void note_everything(State& state) {
    StateChanges& changes = state.changes_;
    changes.clear();
    changes.insurers = true;
    for (std::uint32_t i = 0; i < state.users_.size(); ++i) {
      changes.users.push_back(UserIndex{i});
      changes.bulks.push_back(UserIndex{i});
      for (const auto& instance : state.users_[i].commands.instances_) {
        for (std::uint64_t n = 1; n <= instance.outcomes.size(); n += kOutcomesPerRow) {
          changes.commands.push_back({UserIndex{i}, {instance.instance, n}});
        }
      }
    }
    for (const auto& [number, receipt] : state.receipts_) changes.receipts.push_back(number);
    for (std::uint64_t id = 1; id <= state.rooms_.size(); ++id) {
      changes.rooms.push_back({chat::RoomId{id}, 1});
    }
    for (const auto& [key, room] : state.general_rooms_) {
      changes.general.emplace_back(UserIndex{static_cast<std::uint32_t>(key >> 32U)},
                                   UserIndex{static_cast<std::uint32_t>(key)});
    }
  }

  // Reading.

  static Loaded take_counts(StateLoader& loader, std::string_view value) {
    State& state = loader.state_;
    auto& [insurers, users, rooms, receipts, general] = loader.counts_;
    Reader archive(value);
    std::uint64_t pending = 0, ids = 0;
    archive(insurers, users, rooms, receipts, general, ids, state.rooms_of_kind_[0],
            state.rooms_of_kind_[1], state.rooms_of_kind_[2], pending);
    for (std::uint64_t i = 0; i < pending && archive.bytes().wrong.empty(); ++i) {
      archive(state.pending_bulks_.emplace_back());
    }
    if (std::string wrong = archive.finish(); !wrong.empty()) return wrong;
    state.users_.reserve(std::min<std::uint64_t>(users, limits::kUsersMax));
    state.rooms_.reserve(std::min<std::uint64_t>(rooms, limits::kRoomsMax));
    state.receipts_.reserve(std::min<std::uint64_t>(receipts, limits::kReceiptsMax));
    state.user_by_id_.reserve(std::min<std::uint64_t>(users, limits::kUsersMax));
    return {};
  }

  static Loaded take_insurer(State& state, std::string_view key, std::string_view value) {
    if (take_number(key, 4) != state.insurers_.size()) return std::string("an insurer is missing");
    return read(value, state.insurers_.emplace_back());
  }

  static Loaded take_user(State& state, std::string_view key, std::string_view value) {
    const std::uint64_t index = take_number(key, 4);
    if (index != state.users_.size()) return std::string("a user is missing");
    User& user = state.users_.emplace_back();
    if (auto done = read(value, user.entry, user.rooms); !done) return done;
    state.user_by_id_.emplace(user.entry.id, UserIndex{static_cast<std::uint32_t>(index)});
    return {};
  }

  static Loaded take_outcomes(User& user, std::string_view key, std::string_view value) {
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

  static Loaded take_room(StateLoader& loader, std::string_view key, std::string_view value) {
    const chat::RoomId id{take_number(key, 8)};
    if (id != loader.state_.next_room()) return std::string("a room is missing");
    Room& room = loader.state_.rooms_.emplace_back(chat::RoomKind{}, std::string(), std::string());
    if (const auto full = loader.authors_.find(id); full != loader.authors_.end()) {
      room.authors_ = std::move(full->second);
      loader.authors_.erase(full);
    }
    Reader archive(value);
    std::uint64_t count = 0;
    archive(room, count);
    const std::string_view rest = archive.bytes().take(count % kAuthorsPerRow, "authors");
    room.authors_.insert(room.authors_.end(), rest.begin(), rest.end());
    if (std::string wrong = archive.finish(); !wrong.empty()) return wrong;
    if (room.authors_.size() != count) return std::string("authors are missing");
    for (const Room::Member& member : room.members_) {
      if (index_of(member.user) >= loader.state_.users_.size()) {
        return std::string("a member is no user");
      }
    }
    return {};
  }

  static Loaded finish(const StateLoader& loader) {
    const State& state = loader.state_;
    const auto& [insurers, users, rooms, receipts, general] = loader.counts_;
    if (state.insurers_.size() != insurers || state.users_.size() != users ||
        state.user_by_id_.size() != users || state.rooms_.size() != rooms ||
        state.receipts_.size() != receipts || state.general_rooms_.size() != general ||
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

  template <class... Fields>
  static Loaded read(std::string_view value, Fields&... all) {
    Reader archive(value);
    archive(all...);
    if (std::string wrong = archive.finish(); !wrong.empty()) return wrong;
    return {};
  }

  static Loaded take(StateLoader& loader, RowKind kind, std::string_view key,
                     std::string_view value) {
    State& state = loader.state_;
    switch (kind) {
      case RowKind::counts:
        return take_counts(loader, value);
      case RowKind::insurer:
        return take_insurer(state, key, value);
      case RowKind::user:
        return take_user(state, key, value);
      case RowKind::commands:
      case RowKind::outcomes:
      case RowKind::bulks: {
        const std::uint64_t index = take_number(key, 4);
        if (index >= state.users_.size()) return std::string("a row of no user");
        User& user = state.users_[index];
        if (kind == RowKind::commands) return read(value, user.commands);
        if (kind == RowKind::bulks) return read(value, user.bulks);
        return take_outcomes(user, key, value);
      }
      case RowKind::receipt:
        return read(value, state.receipts_[std::string(key)]);
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
      case RowKind::session:
        break;
    }
    return std::string("is no row of the chat");
  }
};

void write_changes(State& state, RowBatch& rows) {
  StateCodec::write(state, rows);
}

void note_everything(State& state) {
  StateCodec::note_everything(state);
}

Result<void, std::string> StateLoader::take(RowKind kind, std::string_view key,
                                            std::string_view value) {
  return StateCodec::take(*this, kind, key, value);
}

Result<void, std::string> StateLoader::finish() {
  return StateCodec::finish(*this);
}

}  // namespace claims::server
