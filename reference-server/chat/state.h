#pragma once
// State: the fold of the chat's records. Deciding and replaying change it through apply() alone.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol/result.h"
#include "reference-server/chat/bulk_window.h"
#include "reference-server/chat/command_window.h"
#include "reference-server/chat/room.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/state_changes.h"
#include "reference-server/chat/typed_record.h"

namespace claims::server {

struct User {
  UserEntry entry;
  CommandWindow commands;
  BulkWindow bulks;
  std::vector<chat::RoomId> rooms;  ///< In the order of joining.
};

struct Receipt {
  ReceiptEntry entry;
  chat::RoomId room{};         ///< Inbound; 0: neither intake nor pre-estimate yet.
  UserIndex garage{};          ///< Of the room.
  chat::RoomId negotiation{};  ///< 0: none.
};

class State {
 public:
  /// Folds one record. An error (the state is void then) when it cannot follow what came before.
  Result<void, std::string> apply(const TypedRecord& record, Position position);

  std::optional<UserIndex> find_user(std::string_view id) const;
  const User& user(UserIndex index) const;
  std::size_t users() const { return users_.size(); }

  const InsurerEntry* insurer(std::string_view id) const;
  std::size_t insurers() const { return insurers_.size(); }

  const Receipt* receipt(std::string_view number) const;
  std::size_t receipts() const { return receipts_.size(); }

  const Room* room(chat::RoomId id) const;
  std::size_t rooms() const { return rooms_.size(); }
  std::size_t rooms(chat::RoomKind kind) const {
    return rooms_of_kind_[static_cast<std::size_t>(kind)];
  }
  /// Where the two do their general work.
  std::optional<chat::RoomId> general_room(UserIndex garage, UserIndex adjuster) const;
  /// The number the next room gets.
  chat::RoomId next_room() const { return chat::RoomId{rooms_.size() + 1}; }

  /// The oldest bulk message with targets that are open.
  struct PendingBulk {
    UserIndex user{};
    const BulkWindow::Bulk* bulk = nullptr;
  };
  std::optional<PendingBulk> pending_bulk() const;

  /// What a checkpoint must write (state_codec.h). Nothing is noted before it is asked for.
  StateChanges& changes() { return changes_; }

 private:
  friend struct StateCodec;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <class Value>
  using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

  Result<void, std::string> fold(const InsurerEntry& insurer, Position position);
  Result<void, std::string> fold(const UserEntry& user, Position position);
  Result<void, std::string> fold(const ReceiptEntry& receipt, Position position);
  Result<void, std::string> fold(const chat::Event& event, Position position);
  Result<void, std::string> fold(const ReadMoved& read, Position position);
  Result<void, std::string> fold(const CommandOutcome& outcome, Position position);
  Result<void, std::string> fold(const BulkOrder& order, Position position);
  Result<void, std::string> fold(const BulkOutcome& outcome, Position position);
  /// Opens the room of a first event.
  Result<void, std::string> open_room(const chat::Event& event);
  /// The founder may be one, as the first or the second; the indexes know the room.
  Result<void, std::string> found(const chat::Event& event, const chat::Joined& joined,
                                  UserIndex user);
  bool found_general(chat::RoomId room, UserIndex first, UserIndex second);

  std::vector<InsurerEntry> insurers_;
  std::vector<User> users_;
  std::vector<Room> rooms_;  ///< Room r<n> is at n - 1.
  std::array<std::size_t, 3> rooms_of_kind_{};
  ByText<UserIndex> user_by_id_;
  ByText<Receipt> receipts_;
  /// By garage and adjuster, in the halves of the key. Look-ups only.
  std::unordered_map<std::uint64_t, chat::RoomId> general_rooms_;
  std::deque<std::pair<UserIndex, chat::CommandId>> pending_bulks_;
  StateChanges changes_;
};

}  // namespace claims::server
