#pragma once
// State: the fold of the chat's records. Deciding and replaying change it through apply() alone.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/result.h"
#include "reference-server/chat/command_window.h"
#include "reference-server/chat/room.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/typed_record.h"

namespace claims::server {

struct User {
  UserEntry entry;
  CommandWindow commands;
  std::vector<chat::RoomId> rooms;  ///< In the order of joining.
};

struct Receipt {
  ReceiptEntry entry;
  chat::RoomId room{};  ///< 0: no intake yet.
  UserIndex garage{};   ///< Of the intake.
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
  /// The number the next room gets.
  chat::RoomId next_room() const { return chat::RoomId{rooms_.size() + 1}; }

 private:
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
  /// Opens the room of a first event.
  Result<void, std::string> open_room(const chat::Event& event);

  std::vector<InsurerEntry> insurers_;
  std::vector<User> users_;
  std::vector<Room> rooms_;  ///< Room r<n> is at n - 1.
  ByText<UserIndex> user_by_id_;
  ByText<Receipt> receipts_;
};

}  // namespace claims::server
