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
struct SendMessage {
  RoomId room{};
  std::string text;
  std::string vehicle;        ///< May be empty.
  std::string from_template;  ///< The template that the text was made from; may be empty.
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
using CommandBody =
    std::variant<RegisterReceipt, RegisterIntake, SendMessage, MarkRead, StepRepair, ConvertClaim,
                 WritePreEstimate, OpenGeneral, SendBulk, OpenNegotiation, ActNegotiation>;

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
using ReadBody =
    std::variant<ListMessages, CountUnread, Sync, ListReads, ListBulkOutcomes, ShowNegotiation>;

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
