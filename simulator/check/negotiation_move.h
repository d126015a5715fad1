#pragma once
// NegotiationMove of what was sent: a command's action, or a hashtag in a message's text.

#include <optional>

#include "protocol/chat/negotiation.h"
#include "simulator/check/command_ledger.h"

namespace claims::storm::audit {

/// The text of a message carries a hashtag that acts.
bool has_acting_tag(const Command& message);
/// What `command` does when `side` sends it; nothing when no state allows it. Of a message the
/// hashtag's.
std::optional<chat::NegotiationMove> move_of(const Command& command, chat::Side side);

}  // namespace claims::storm::audit
