#pragma once
// State: the fold of the chat's records. Deciding and replaying change it through apply() alone.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/result.h"
#include "reference-server/chat/bulk_window.h"
#include "reference-server/chat/command_window.h"
#include "reference-server/chat/room.h"
#include "reference-server/chat/room_index.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/state_changes.h"
#include "reference-server/chat/templates.h"
#include "reference-server/chat/typed_record.h"

namespace claims::server {

/// What chats have brought about.
struct Conversions {
  std::uint64_t pre_estimates = 0, further_estimates = 0, claims = 0;
};

struct User {
  UserEntry entry;
  CommandWindow commands;
  BulkWindow bulks;
  std::vector<chat::RoomId> rooms;  ///< Where the user is or was a member, rising.
  /// Of a garage in its rooms; of an adjuster while in charge.
  Conversions conversions;
  std::optional<chat::Absence> absence;
  UserIndex successor{};  ///< Only with an absence.
};

struct Insurer {
  InsurerEntry entry;
  Conversions conversions;  ///< In rooms that an adjuster of it is in charge of.
};

struct Receipt {
  ReceiptEntry entry;
  chat::RoomId room{};         ///< Inbound, the last; 0: neither intake nor pre-estimate yet.
  UserIndex garage{};          ///< Of the room.
  chat::RoomId negotiation{};  ///< 0: none.
  std::uint32_t before = 0;    ///< The receipt before it of the same plate, from 1 on.
};

class State {
 public:
  /// Folds one record. An error (the state is void then) when it cannot follow what came before.
  Result<void, std::string> apply(const TypedRecord& record, Position position);

  std::optional<UserIndex> find_user(std::string_view id) const;
  const User& user(UserIndex index) const;
  std::size_t users() const { return users_.size(); }
  /// By user id, rising: those after `id`.
  std::map<std::string, UserIndex>::const_iterator users_after(const std::string& id) const {
    return user_order_.upper_bound(id);
  }
  std::map<std::string, UserIndex>::const_iterator users_end() const { return user_order_.end(); }
  bool in_service(UserIndex user) const { return !this->user(user).absence; }
  /// Who works for the adjuster: itself, or who has followed it.
  UserIndex acting_for(UserIndex adjuster) const;

  const InsurerEntry* insurer(std::string_view id) const;
  const Conversions& conversions_of(std::string_view insurer) const;
  std::size_t insurers() const { return insurers_.size(); }
  std::vector<std::string_view> insurer_ids() const;

  const Receipt* receipt(std::string_view number) const;
  std::size_t receipts() const { return receipts_.size(); }
  /// In no particular order.
  std::vector<const Receipt*> receipts_of(std::string_view plate) const;
  /// The garage may open a room for the receipt: there is none, or it ended before the repair.
  bool is_free_for(const Receipt& receipt, UserIndex garage) const;

  const Room* room(chat::RoomId id) const;
  std::size_t rooms() const { return rooms_.size(); }
  std::size_t rooms(chat::RoomKind kind) const {
    return rooms_of_kind_[static_cast<std::size_t>(kind)];
  }
  /// The insurer of the adjuster in charge; of a negotiation that of the side.
  const std::string& insurer_of(const Room& room, chat::Side side = chat::Side::initiator) const;
  const RoomIndex& room_index() const { return room_index_; }
  const Templates& templates() const { return templates_; }
  /// Inbound rooms and the negotiation, rising.
  std::vector<chat::RoomId> rooms_of_receipt(std::string_view number) const;
  /// Those that have an estimate of this number: E-<receipt>, F-<receipt>-<n>.
  std::vector<chat::RoomId> rooms_of_estimate(std::string_view number) const;
  /// Where the two do their general work.
  std::optional<chat::RoomId> general_room(UserIndex garage, UserIndex adjuster) const;
  /// The number the next room gets.
  chat::RoomId next_room() const { return chat::RoomId{rooms_.size() + 1}; }

  // Orders bring about one command after the other; the oldest goes on first.
  struct PendingBulk {
    UserIndex user{};
    const BulkWindow::Bulk* bulk = nullptr;
  };
  struct PendingHandOver {
    UserIndex user{};
    chat::CommandId id;
    UserIndex adjuster{}, to{};
    chat::RoomId room{};  ///< The next.
  };
  std::optional<std::variant<PendingBulk, PendingHandOver>> pending_order() const;
  struct RoomInCharge {
    chat::RoomId room{};
    UserIndex adjuster{};  ///< In charge of it.
  };
  /// Those that hand-overs under way will bring the adjuster, as it is now.
  std::vector<RoomInCharge> rooms_on_the_way_to(UserIndex adjuster) const;
  bool has_pending_orders() const { return !pending_.empty(); }
  /// How many of the user's hand-overs are under way.
  std::size_t pending_hand_overs(UserIndex user) const;

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
  /// An order under way: a bulk message is in its user's window, a hand-over is here.
  struct Pending {
    UserIndex user{};
    chat::CommandId id;
    bool hands_over = false;
    UserIndex adjuster{}, to{};
    std::vector<chat::RoomId> rooms;
    std::size_t done = 0;
  };
  using Folded = Result<void, std::string>;

  Folded fold(const InsurerEntry& insurer, Position position);
  Folded fold(const UserEntry& user, Position position);
  Folded fold(const ReceiptEntry& receipt, Position position);
  Folded fold(const chat::Event& event, Position position);
  Folded fold(const ReadMoved& read, Position position);
  Folded fold(const CommandOutcome& outcome, Position position);
  Folded fold(const BulkOrder& order, Position position);
  Folded fold(const BulkOutcome& outcome, Position position);
  Folded fold(const HandOverOrder& order, Position position);
  Folded fold(const HandOverOutcome& outcome, Position position);
  Folded fold(const AdjusterBack& back, Position position);
  Folded fold(const TemplateEntry& entry, Position position);
  Folded fold(const TemplateRemoved& removed, Position position);

  /// It is the oldest order under way.
  bool goes_on(bool hands_over, UserIndex user, chat::CommandId id) const;

  // state_rooms.cpp: what an event changes beyond its room.
  Folded open_room(const chat::Event& event);
  Folded joined(const chat::Event& event, const chat::Joined& joined, UserIndex user);
  /// The founder may be one, as the first or the second; the indexes know the room.
  Folded found(const chat::Event& event, const chat::Joined& joined, UserIndex user);
  Folded found_negotiation(chat::RoomId id, Receipt& receipt, const UserEntry& user, bool first);
  bool found_general(chat::RoomId room);
  Folded check_hand_over(const chat::HandedOver& handed, const Room& room) const;
  void index_hand_over(chat::RoomId id, UserIndex from, UserIndex to);
  void index_deletion(chat::RoomId id);
  void count_conversion(const Room& room, std::uint64_t Conversions::*of);

  std::vector<Insurer> insurers_;
  std::vector<User> users_;
  std::vector<Room> rooms_;  ///< Room r<n> is at n - 1.
  std::vector<Receipt> receipts_;
  std::array<std::size_t, 3> rooms_of_kind_{};
  ByText<UserIndex> user_by_id_;
  std::map<std::string, UserIndex> user_order_;
  ByText<std::uint32_t> receipt_by_number_;
  ByText<std::uint32_t> last_receipt_of_plate_;  ///< From 1 on; the others by Receipt::before.
  /// Inbound rooms of a receipt before its last: cancelled or deleted. By place; look-ups only.
  std::unordered_map<std::size_t, std::vector<chat::RoomId>> former_rooms_;
  RoomIndex room_index_;
  Templates templates_;
  /// By garage and adjuster in charge, in the halves of the key. Look-ups only. Where there are
  /// several, as rooms were handed over, it is the one that was there first.
  std::unordered_map<std::uint64_t, chat::RoomId> general_rooms_;
  std::deque<Pending> pending_;
  StateChanges changes_;
};

}  // namespace claims::server
