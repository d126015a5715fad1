#pragma once
// NegotiationRecord: what is known of the negotiation of a room, as far as every event was seen.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/chat/negotiation.h"
#include "simulator/check/roster.h"

namespace claims::storm::audit {

/// What an observer was told of the state: 0 before the first event of a negotiation.
struct ShownEnd {
  std::uint8_t state = 0;  ///< NegotiationState + 1.
  std::uint8_t ratio = 0;  ///< Its first share + 1; 0: none.
  bool operator==(const ShownEnd&) const = default;
};

/// An event that makes or announces a step, until everything before it was seen.
struct NegotiationStep {
  chat::Seq seq = 0;
  std::uint64_t cmd = 0;        ///< Hash.
  std::uint64_t sent_tick = 0;  ///< When its command was sent; 0: not known.
  bool announces = false;       ///< A message with a hashtag that acts.
  bool by_message = false;      ///< The command is a message.
  bool known = false;           ///< `side` and `move` tell what was sent, if that can be told.
  UserNumber user = kNobody;    ///< Who sent it.
  std::optional<chat::Side> side;
  std::optional<chat::NegotiationMove> move;  ///< Nothing: what was sent is never legal.
  std::array<std::optional<chat::NegotiationMove>, 2> moves;  ///< Seen from either side.
  std::string sent_reason;
  // What the event shows.
  chat::NegotiationAction action{};
  std::optional<chat::Side> by;
  std::optional<chat::Ratio> ratio;
  chat::NegotiationState state{};
  std::optional<chat::Side> turn;
  std::string reason;
  std::string told;  ///< The event's `cmd`, for stories.
};

/// A command that wants to make a step and has no known outcome, or was refused.
struct NegotiationTrial {
  std::uint64_t cmd = 0;
  std::string told;  ///< Its `cmd`.
  std::optional<chat::Side> side;
  std::optional<chat::NegotiationMove> move;
  bool refusable = false;  ///< In some state that it may have met it was not legal.
  bool refused = false;
  std::uint64_t refused_tick = 0;
  std::string code;
};

/// A reply to negotiation.status that is ahead of what was seen.
struct PendingStatus {
  chat::Seq as_of = 0;
  std::string told;                  ///< Who asked, for stories.
  std::array<std::string, 2> sides;  ///< Initiator and counterpart.
  std::optional<chat::NegotiationState> state;
  std::optional<chat::Side> turn;
  std::optional<chat::Ratio> ratio;
  std::string reason;
  std::int64_t objections = 0;
};

struct NegotiationRecord {
  static constexpr std::size_t kStatesKept = 8, kTrialsMax = 64, kPendingMax = 64;
  struct State {
    chat::Seq seq = 0;
    chat::Negotiation negotiation;
  };
  std::vector<State> states;  ///< The last ones, oldest first; none before the opening.
  std::vector<NegotiationStep> ahead;
  std::vector<NegotiationTrial> trials;
  std::vector<PendingStatus> pending;
  std::uint64_t announced = 0;  ///< The message with a hashtag whose step must come now.
  std::uint64_t referred = 0;   ///< The objection after which the server must refer it now.

  const State* at(chat::Seq seq) const {
    for (std::size_t i = states.size(); i > 0; --i) {
      if (states[i - 1].seq <= seq) return &states[i - 1];
    }
    return nullptr;
  }
};

}  // namespace claims::storm::audit
