#pragma once
// SentFields: fields of a request as it was sent, in the form in which the server stores them.

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "protocol/chat/ids.h"
#include "simulator/check/command_ledger.h"

namespace claims::storm::audit {

/// Empty or 0 when the body has no such field of that type.
std::string_view text_field(const boost::json::object* body, std::string_view key);
std::uint64_t number_field(const boost::json::object* body, std::string_view key);
/// What the server would refuse stays as it is.
std::string stored_text(std::string_view text);
std::string stored_plate(std::string_view plate);

/// Fills what a command of its type carries. Receipts are looked up, or made by receipt.register.
void read_sent(const boost::json::object* body, Roster& roster, ReceiptBook& receipts,
               Command& command);

}  // namespace claims::storm::audit
