#pragma once
// Commands and reads as a client sends them, and their strict parser.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/chat/error.h"
#include "protocol/chat/event.h"
#include "protocol/chat/ids.h"
#include "protocol/chat/negotiation.h"
#include "protocol/chat/repair.h"
#include "protocol/result.h"

namespace claims::chat {

struct RegisterReceipt {
  std::string receipt, plate, model, adjuster;
};
struct RegisterIntake {
  std::string receipt;
};
/// Finds the receipt by the plate alone.
struct TakeInByPlate {
  std::string plate;
};
struct CancelIntake {
  RoomId room{};
};
struct WriteFurtherEstimate {
  RoomId room{};
  std::uint64_t amount = 0;  ///< Won.
  std::string reason;
};
struct SendMessage {
  RoomId room{};
  std::string text;     ///< Empty: the template's, or files alone.
  std::string vehicle;  ///< May be empty.
  /// The template that the text was made from, or is to be made from by the server; may be empty.
  std::string from_template;
  std::vector<AttachedFile> files;
};
struct DeleteMessage {
  RoomId room{};
  Seq seq = 0;
};
struct MarkRead {
  RoomId room{};
  Seq seq = 0;
};
struct StepRepair {
  RoomId room{};
  RepairState step{};
};
struct ConvertClaim {
  RoomId room{};
};
struct WritePreEstimate {
  std::string receipt;
  std::uint64_t amount = 0;  ///< Won.
};
struct OpenGeneral {
  std::string adjuster;
  std::vector<std::string> vehicles;  ///< Plates, each once.
};
struct SendBulk {
  struct Target {
    std::string garage, vehicle;
  };
  std::vector<Target> targets;  ///< Each garage once.
  std::string text;
};
struct OpenNegotiation {
  std::string receipt, counterpart;
  Ratio ratio;  ///< own:other
};
struct ActNegotiation {
  RoomId room{};
  NegotiationAction action{};  ///< Never open.
  std::optional<Ratio> ratio;  ///< own:other; of objections and prior agreements.
  ExemptionReason exemption{};
  std::string reason;  ///< Of an objection.
};
struct ChangeRoom {
  RoomId room{};
  std::string title;
};
struct DeleteRoom {
  RoomId room{};
};
struct InviteUser {
  RoomId room{};
  std::string user;
  Invitation as{};  ///< colleague or guest.
};
struct LeaveRoom {
  RoomId room{};
};
/// Who is in charge of a room gives it to a colleague.
struct HandOverRoom {
  RoomId room{};
  std::string user;
};
/// All rooms that an adjuster is in charge of, and those of receipts still to come.
struct HandOverAdjuster {
  std::string adjuster, to;
  Absence reason{};
};
struct RecallAdjuster {
  std::string adjuster;
};
struct SetTemplate {
  std::string name, text;
  std::string owner;         ///< Empty: the caller's own.
  std::optional<Role> role;  ///< Who may use it; nothing: everybody who sees the owner's.
};
struct DeleteTemplate {
  std::string name;
  std::string owner;  ///< Empty: the caller's own.
};
using CommandBody =
    std::variant<RegisterReceipt, RegisterIntake, SendMessage, MarkRead, StepRepair, ConvertClaim,
                 WritePreEstimate, OpenGeneral, SendBulk, OpenNegotiation, ActNegotiation,
                 TakeInByPlate, CancelIntake, WriteFurtherEstimate, DeleteMessage, ChangeRoom,
                 DeleteRoom, InviteUser, LeaveRoom, HandOverRoom, HandOverAdjuster, RecallAdjuster,
                 SetTemplate, DeleteTemplate>;

struct ListMessages {
  RoomId room{};
  Seq after = 0;
  std::size_t limit = 50;
  std::string vehicle;  ///< Only events about it; empty: all.
};
struct CountUnread {
  std::optional<RoomId> room;
};
struct Sync {
  std::optional<std::string> cursor;  ///< Nothing: only asks where the session stands.
};
/// Who has read how far.
struct ListReads {
  RoomId room{};
};
struct ListBulkOutcomes {
  CommandId bulk;
};
struct ShowNegotiation {
  RoomId room{};
};
/// Where a read in pages goes on, as the page before it said; opaque to clients.
struct PageStart {
  std::string page;  ///< Empty: from the beginning.
  std::size_t limit = 50;
};
struct ListRooms {
  std::optional<RoomKind> kind;
  std::string vehicle, receipt;
  std::string text;  ///< Within the title or a member's name.
  PageStart start;
};
struct ShowRoom {
  RoomId room{};
};
struct ListCandidates {
  RoomId room{};
  Invitation as{};
  std::string text;  ///< Within the name; empty: all.
  PageStart start;
};
struct SearchMessages {
  std::string text;
  std::optional<RoomId> room;
  std::string vehicle;
  PageStart start;
};
/// Exactly one of them is given.
struct ListHistory {
  std::optional<RoomId> room;
  std::string vehicle, insurer, garage, receipt, estimate;
  PageStart start;
};
struct ListTemplates {
  std::string owner;  ///< Empty: all that the caller may use.
  PageStart start;
};
struct CountConversions {};
using ReadBody = std::variant<ListMessages, CountUnread, Sync, ListReads, ListBulkOutcomes,
                              ShowNegotiation, ListRooms, ShowRoom, ListCandidates, SearchMessages,
                              ListHistory, ListTemplates, CountConversions>;

struct Command {
  CommandId id;
  CommandBody body;
};
struct Read {
  std::string id;
  ReadBody body;
};
using Request = std::variant<Command, Read>;

struct RequestError {
  std::string re;  ///< The id as found, empty when unreadable.
  Error error;
};

/// Text fields come out normalised (text.h), plates in their stored form. Rejects any unknown key,
/// duplicate key, nesting and everything outside protocol/limits.h.
Result<Request, RequestError> parse_request(std::string_view json);

/// What a type of the contract takes beside `type` and `id`, in the order of docs/contract.md.
struct RequestType {
  std::string_view name;
  bool is_read = false;
  std::vector<std::string_view> required, optional;
};
const std::vector<RequestType>& request_types();

}  // namespace claims::chat
