#pragma once
// StateChanges: which parts of the state have changed since the last checkpoint, told by the
// records that were folded. A part of State.

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "protocol/chat/ids.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/typed_record.h"

namespace claims::server {

class Room;
class State;

/// Each change is noted once more each time it happens: that is cheap, and sorting them out is for
/// who takes them.
class StateChanges {
 public:
  struct RoomChange {
    chat::RoomId room{};
    chat::Seq from = 0;  ///< Authors from here on may be others, or new.
    auto operator<=>(const RoomChange&) const = default;
  };
  struct CommandChange {
    UserIndex user{};
    chat::CommandId id;
    auto operator<=>(const CommandChange&) const = default;
  };
  static constexpr chat::Seq kNoAuthors = std::numeric_limits<chat::Seq>::max();

  /// From now on.
  void begin() { noting_ = true; }
  /// `record` has been folded; `after` is what it came to.
  void note(const TypedRecord& record, const State& after);
  void clear();

  /// All entries: few, and they change when a server starts.
  bool insurers = false;
  std::vector<UserIndex> users;  ///< All but what is below.
  std::vector<UserIndex> users_rooms;
  std::vector<CommandChange> commands;  ///< A new outcome.
  std::vector<CommandChange> dropped;   ///< All outcomes of an instance.
  std::vector<UserIndex> bulks;
  std::vector<std::string> receipts;
  std::vector<RoomChange> rooms;
  std::vector<std::pair<UserIndex, UserIndex>> general;        ///< Garage and adjuster.
  std::vector<std::pair<std::string, std::string>> templates;  ///< Owner and name.

 private:
  void note(const InsurerEntry& insurer, const State& after);
  void note(const UserEntry& user, const State& after);
  void note(const ReceiptEntry& receipt, const State& after);
  void note(const chat::Event& event, const State& after);
  void note(const ReadMoved& read, const State& after);
  void note(const CommandOutcome& outcome, const State& after);
  void note(const BulkOrder& order, const State& after);
  void note(const BulkOutcome& outcome, const State& after);
  void note(const HandOverOrder& order, const State& after);
  void note(const HandOverOutcome& outcome, const State& after);
  void note(const AdjusterBack& back, const State& after);
  void note(const TemplateEntry& entry, const State& after);
  void note(const TemplateRemoved& removed, const State& after);
  void note_conversion(const Room& room);
  void note_room_of(const chat::Event& event, const State& after);

  bool noting_ = false;
};

}  // namespace claims::server
