#pragma once
// CommandLedger: what was sent, until it is settled.
//
// An Ask waits for one reply at one session. A Command waits for its outcome, over all its asks: a
// client may ask again with the same id. A settled command leaves one byte.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/event.h"
#include "protocol/chat/ids.h"
#include "protocol/chat/negotiation.h"
#include "protocol/chat/repair.h"
#include "protocol/time.h"
#include "simulator/check/key_table.h"
#include "simulator/check/receipt_book.h"
#include "simulator/check/roster.h"

namespace claims::storm::audit {

enum class CommandType : std::uint8_t {
  other,
  receipt_register,
  intake_register,
  message_send,
  room_read,
  repair_step,
  claim_convert,
  pre_estimate_write,
  general_open,
  bulk_send,
  negotiation_open,
  negotiation_act,
  intake_by_plate,
  intake_cancel,
  estimate_further,
  message_delete,
  room_change,
  room_delete,
  room_invite,
  room_leave,
  room_hand_over,
  adjuster_hand_over,
  adjuster_back,
  template_set,
  template_delete,
};
std::string_view to_string(CommandType type);
CommandType parse_command_type(std::string_view type);

/// One that opens a room where there is none.
bool opens_room(CommandType type);
/// One that takes a vehicle in by its receipt, however that is found.
inline bool takes_in(CommandType type) {
  return type == CommandType::intake_register || type == CommandType::intake_by_plate;
}
/// One that is logged once and brings about commands of its own, `<id>/<what for>`.
inline bool derives(CommandType type) {
  return type == CommandType::bulk_send || type == CommandType::adjuster_hand_over;
}

enum class ReadType : std::uint8_t {
  other,
  room_messages,
  unread_counts,
  sync,
  room_reads,
  bulk_outcomes,
  negotiation_status,
  room_list,
  room_show,
  invite_candidates,
  conversions_count,
  message_search,
  history_list,
  templates_list,
};

/// What is known of a command's outcome. `rejected`: refused without using up its id.
enum class Outcome : std::uint8_t { none, open, unknown, acknowledged, refused, rejected };

struct CommandKey {
  UserNumber user = kNobody;
  chat::CommandId id;
  bool operator==(const CommandKey&) const = default;
};

struct Command {
  CommandKey key;
  CommandType type{};
  Outcome outcome = Outcome::open;
  bool real_time_told = false;
  bool content_told = false;   ///< A difference between reply and event was told.
  bool counts_unread = false;  ///< Among Room::messages_open, or a Member's reads_open.
  bool created = false;        ///< It was acknowledged as having opened the room.
  bool tag_acts = false;       ///< A message with a hashtag that makes a step of a negotiation.
  bool tag_acted = false;      ///< … and its step was seen.
  std::uint32_t row = 0;       ///< Of a room.read: into Room::members.
  std::uint32_t effects = 0;   ///< Of one that opens a room: see founding_order.h.
  std::uint32_t asks = 0;
  std::uint64_t tick = 0;
  Microseconds intended{0}, sent{0};
  std::optional<chat::RoomId> room;
  std::optional<chat::RepairState> step;
  std::uint32_t receipt = kNoReceipt;
  UserNumber other = kNobody;  ///< The adjuster of general.open, the counterpart, the invited one.
  chat::Invitation as{};       ///< Of an invitation.
  bool joins_open = false;     ///< Among RoomModel's joins that may still come.
  bool finds_cancelled = false;        ///< An intake of what was cancelled: it must make a notice.
  bool chose = false;                  ///< intake.by_plate was answered with several receipts.
  bool change_open = false;            ///< Counted where ChoiceChecker says; see there.
  std::uint32_t changes = kNoReceipt;  ///< The receipt that it may open or close, if it is known.
  UserNumber absent = kNobody;         ///< Whose rooms are handed over, or who is back.
  bool retires = false;
  std::string plate, title;
  std::uint32_t added = 0;     ///< By the reply to general.open; bits as in `effects`.
  std::uint64_t amount = 0;    ///< Of an estimate.
  chat::NegotiationMove move;  ///< Of negotiation.open and .act: own:other.
  std::optional<chat::NegotiationState> negotiation;  ///< Of its reply or event.
  std::vector<std::string> vehicles;                  ///< Of general.open.
  chat::Seq read_seq = 0;             ///< Of room.read; of message.delete the message's.
  chat::Seq acknowledged_before = 0;  ///< Of its room, when it was sent.
  chat::Seq reply_seq = 0, event_seq = 0;
  std::string text, vehicle;  ///< As stored. `vehicle` empty: the room's.
  std::string from_template, reason;
  bool expands = false;           ///< A message whose text the server makes from the template.
  std::uint64_t files = 0;        ///< Digest of a message's files; 0: it has none.
  std::string owner, name, role;  ///< Of a template.
  std::string number;  ///< Of the claim or estimate: the reply's or event's, what came first.
};

struct Ask {
  SessionNumber session{};
  bool read = false;
  bool unreadable = false;
  bool late = false;   ///< Its time-out was taken as a sample.
  bool waits = false;  ///< … and its client goes on asking.
  CommandType command{};
  ReadType type{};
  CommandKey key;  ///< Of a command with a readable id.
  std::uint64_t tick = 0;
  Microseconds intended{0}, sent{0};
  std::uint32_t step = 0;  ///< Into step_name().
  std::optional<chat::RoomId> room;
  chat::Seq acknowledged_before = 0;  ///< Of its room, when it was sent.
  chat::Seq after = 0;
  chat::CommandId bulk;  ///< That bulk.outcomes asks about.
  // Filters of reads, as they were sent.
  std::string vehicle, kind, receipt, text;
  std::string page;  ///< Where a read in pages goes on; empty: from the beginning.
  std::string garage, insurer, estimate, owner;
  chat::Invitation as{};
  std::array<std::uint32_t, 3> counted{};  ///< Conversions, when conversions.count was sent.
  std::string id;
};

class CommandLedger {
 public:
  // Asks.
  Ask& ask(SessionNumber session, std::string_view id);
  /// One whose id the server may be unable to read: then it is answered without `re`, in order.
  Ask& unreadable_ask(SessionNumber session, std::string_view id);
  /// Of either sort.
  Ask* find_ask(SessionNumber session, std::string_view id);
  Ask* first_unreadable(SessionNumber session);
  void answered(const Ask& ask);
  std::uint32_t step(std::string_view name);
  const std::string& step_name(std::uint32_t step) const { return step_names_[step]; }

  // Commands.
  /// Null when its outcome is known: then it is a repeat.
  Command* open(const CommandKey& key, SessionNumber session);
  Command* find(const CommandKey& key);
  struct Settled {
    Outcome outcome = Outcome::none;
    CommandType type{};
  };
  Settled settled(const CommandKey& key);
  /// The session whose commands carry that instance.
  std::optional<SessionNumber> session_of(const CommandKey& key);
  void settle(const Command& command, Outcome outcome);
  /// Of those still open, in the order of users' instances and ids.
  std::vector<CommandKey> still_open();

 private:
  /// n further ahead than this is kept, but leaves no byte when it is settled.
  static constexpr std::uint64_t kJumpMax = 1'024;
  struct Instance {
    SessionNumber session{};
    std::vector<std::uint8_t> outcomes;  ///< By n - 1: Outcome + 8 × CommandType.
  };
  std::uint8_t* outcome_byte(const CommandKey& key);

  KeyTable<Ask> asks_;
  std::map<SessionNumber, std::vector<Ask>> unreadable_;
  std::vector<std::string> step_names_;
  std::map<std::string, std::uint32_t, std::less<>> steps_;
  KeyTable<Instance> instances_;
  std::vector<CommandKey> instance_order_;  ///< First seen first; n is 0.
  std::vector<CommandKey> sparse_;          ///< Open ones without a byte.
  KeyTable<Command> commands_;
};

/// "<user>:<id>", as in an event's `cmd`.
std::string command_text(const Roster& roster, const CommandKey& key);
/// Where a `cmd` leads. `derived`: of a command that another brought about, what it is for: the
/// garage of a bulk message, "<user>:<id>/<garage>", the room of a hand-over; empty for others.
struct ParsedCmd {
  CommandKey key;
  std::string_view derived;
};
/// Nothing when the user is not ours or the id is none.
std::optional<ParsedCmd> parse_cmd(const Roster& roster, std::string_view cmd);

}  // namespace claims::storm::audit
