#pragma once
// CommandWindow: what is remembered of one user's commands, so that none has a second effect.
//
// Kept are the 8 highest instances and the last 64 outcomes of each.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/chat/error.h"
#include "protocol/chat/ids.h"
#include "protocol/result.h"

namespace claims::server {

class CommandWindow {
 public:
  struct Fresh {};
  struct Repeated {
    std::string reply;
  };
  using Verdict = std::variant<Fresh, Repeated, chat::Error>;

  /// What to do with a command that came with this id and body.
  Verdict judge(chat::CommandId id, std::uint64_t body_hash) const;

  /// Remembers the outcome of a command that was Fresh. An error when it cannot have been.
  Result<void, std::string> remember(chat::CommandId id, std::uint64_t body_hash,
                                     std::string_view reply);

  /// The highest instance that is remembered no more; 0: none yet.
  std::uint64_t highest_dropped() const { return dropped_; }

 private:
  friend struct StateCodec;
  struct Outcome {
    std::uint64_t body_hash = 0;
    std::string reply_end;  ///< The reply behind its `re`, which the id tells.
  };
  struct Instance {
    std::uint64_t instance = 0;
    std::uint64_t last = 0;         ///< The highest n so far.
    std::vector<Outcome> outcomes;  ///< A ring; n is at (n - 1) % kOutcomesPerInstance.
  };

  const Instance* find(std::uint64_t instance) const;
  /// The instances that are accepted when not known yet are above this.
  std::uint64_t floor() const;

  std::vector<Instance> instances_;  ///< By instance, rising.
  std::uint64_t dropped_ = 0;        ///< The highest instance dropped.
};

}  // namespace claims::server
