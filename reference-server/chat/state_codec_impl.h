#pragma once
// StateCodec: what the classes of the state consist of, and how that becomes rows. The inside of
// state_codec.cpp (writing) and state_loader.cpp (reading); nothing else includes it.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/limits.h"
#include "reference-server/chat/row_archive.h"
#include "reference-server/chat/state_codec.h"

namespace claims::server {

/// Authors are written in pieces, so that a message in a long room does not write them all.
inline constexpr std::size_t kAuthorsPerRow = 1'024;
/// Outcomes that share a row: one at a time would make loading slow, all of an instance a pause.
inline constexpr std::size_t kOutcomesPerRow = 8;
inline constexpr std::size_t kOutcomeRows = claims::limits::kOutcomesPerInstance / kOutcomesPerRow;

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
    auto& [entry, room, garage, negotiation, before] = value;
    archive(entry, room, garage, negotiation, before);
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
  static void fields(auto& archive, IsRow<Conversions> auto& value) {
    auto& [pre_estimates, further_estimates, claims] = value;
    archive(pre_estimates, further_estimates, claims);
  }
  static void fields(auto& archive, IsRow<TemplateEntry> auto& value) {
    auto& [owner, name, text, role] = value;
    archive(owner, name, text, role);
  }
  static void fields(auto& archive, IsRow<State::Pending> auto& value) {
    auto& [user, id, hands_over, adjuster, to, rooms, done] = value;
    archive(user, id, hands_over, adjuster, to, rooms, done);
  }
  static void fields(auto& archive, IsRow<Room::Membership> auto& value) {
    auto& [user, invited_by, live_from, from, left, read, unread, as, joined_at] = value;
    archive(user, invited_by, live_from, from, left, read, unread, as, joined_at);
  }
  static void fields(auto& archive, IsRow<Room::Former> auto& value) {
    auto& [at, title, vehicles, repair_state, estimated, converted, in_charge] = value;
    archive(at, title, vehicles, repair_state, estimated, converted, in_charge);
  }
  /// Without the authors, which have rows of their own.
  static void fields(auto& archive, IsRow<Room> auto& value) {
    auto& [kind, greeted, estimated, converted, deleted, further_estimates, members, repair_state,
           garage, in_charge, negotiation, receipt, title, vehicles, memberships, formers, authors,
           last_at, last_position] = value;
    (void)authors;
    archive(kind, greeted, estimated, converted, deleted, further_estimates, members, repair_state,
            garage, in_charge, negotiation, receipt, title, vehicles, memberships, formers, last_at,
            last_position);
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

  static void write(State& state, RowBatch& rows);
  static std::uint64_t count(const Templates& templates);
  static void write_indexes(State& state, RowBatch& rows);
  static void write_users(State& state, RowBatch& rows);
  /// `change.id.n` is the number of the row.
  static void write_outcomes(const CommandWindow& window, const StateChanges::CommandChange& change,
                             RowBatch& rows);
  static void write_room(const State& state, const StateChanges::RoomChange& change,
                         RowBatch& rows);
  /// The insurers under which the index has the room: those of its founders then, who may be
  /// others' by now.
  static std::vector<std::uint32_t> insurers_of(const State& state, chat::RoomId id);
  static const char* authors_at(const std::vector<std::uint8_t>& authors, std::size_t at);
  static void note_everything(State& state);

  // Reading.

  using Loaded = Result<void, std::string>;

  static Loaded take_counts(StateLoader& loader, std::string_view value);
  static Loaded take_insurer(StateLoader& loader, std::string_view key, std::string_view value);
  static Loaded take_user(State& state, std::string_view key, std::string_view value);
  static Loaded take_receipt(State& state, std::string_view key, std::string_view value);
  static Loaded take_template(State& state, std::string_view key, std::string_view value);
  static Loaded take_outcomes(User& user, std::string_view key, std::string_view value);
  static Loaded take_room(StateLoader& loader, std::string_view key, std::string_view value);
  static Loaded index_room(State& state, chat::RoomId id, const Room& room,
                           const std::vector<std::uint32_t>& insurers);
  static Loaded finish(const StateLoader& loader);
  template <class... Fields>
  static Loaded read(std::string_view value, Fields&... all) {
    Reader archive(value);
    archive(all...);
    if (std::string wrong = archive.finish(); !wrong.empty()) return wrong;
    return {};
  }
  static Loaded take(StateLoader& loader, RowKind kind, std::string_view key,
                     std::string_view value);
};

}  // namespace claims::server
