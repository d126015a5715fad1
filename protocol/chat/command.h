#pragma once
// Commands and reads as a client sends them, and their strict parser.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/chat/error.h"
#include "protocol/chat/ids.h"
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
  std::string vehicle;
};  // vehicle: may be empty
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
using CommandBody =
    std::variant<RegisterReceipt, RegisterIntake, SendMessage, MarkRead, StepRepair, ConvertClaim>;

struct ListMessages {
  RoomId room{};
  Seq after = 0;
  std::size_t limit = 50;
};
struct CountUnread {
  std::optional<RoomId> room;
};
struct Sync {
  std::optional<std::string> cursor;  ///< Nothing: only asks where the session stands.
};
using ReadBody = std::variant<ListMessages, CountUnread, Sync>;

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

}  // namespace claims::chat
