#pragma once
// BulkWindow: what is remembered of one user's bulk messages: the last 16, and those under way.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/result.h"
#include "reference-server/chat/typed_record.h"

namespace claims::server {

class BulkWindow {
 public:
  struct Result {
    chat::RoomId room{};
    chat::Seq seq = 0;
    std::optional<chat::ErrorCode> refusal;
  };
  struct Bulk {
    chat::CommandId id;
    std::vector<BulkTarget> targets;
    std::vector<Result> results;  ///< Of the first targets, in their order.
    std::string text;             ///< Empty once nothing is open.

    std::size_t open() const { return targets.size() - results.size(); }
    /// The target to carry out next. Only while open() > 0.
    const BulkTarget& next() const { return targets[results.size()]; }
  };

  const Bulk* find(chat::CommandId id) const;
  /// False while 16 are under way.
  bool takes_another() const;

  /// Folds an order. An error when it cannot follow.
  claims::Result<void, std::string> order(const BulkOrder& order);
  /// Folds what came of the next target of a bulk message. Returns whether targets are still open;
  /// an error when it cannot follow.
  claims::Result<bool, std::string> settle(const BulkOutcome& outcome);

 private:
  friend struct StateCodec;
  std::vector<Bulk> bulks_;  ///< The oldest first.
};

}  // namespace claims::server
