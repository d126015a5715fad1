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
/// What the negotiation becomes by it; nothing when it is not legal there. A hashtag that accepts a
/// prior agreement may name the ratio, and then it must be the one that was sent.
std::optional<chat::Negotiation> after(const chat::Negotiation& before, chat::Side side,
                                       const chat::NegotiationMove& move);

}  // namespace claims::storm::audit
