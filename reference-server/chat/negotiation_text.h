#pragma once
// What a person reads of a step in a fault negotiation: one Korean sentence.

#include <optional>
#include <string>
#include <string_view>

#include "protocol/chat/negotiation.h"

namespace claims::server {

struct NegotiationNames {
  std::string_view initiator, counterpart;
};

/// `by`: nothing when the server acts; `before`: as it was, the same as `after` for `open`.
std::string negotiation_text(chat::NegotiationAction action, std::optional<chat::Side> by,
                             const NegotiationNames& names, const chat::Negotiation& before,
                             const chat::Negotiation& after);

}  // namespace claims::server
