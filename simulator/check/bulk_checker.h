#pragma once
// BulkChecker: an acknowledged bulk message reaches every target garage exactly once, in the
// general room of that garage and the adjuster, and nobody else; an unanswered one at most once
// each; a refused one nobody (scenario B).
//
// Proves it target by target through the events' `cmd`, "<user>:<id>/<garage>". A target may be
// missing only when the directory has no such garage, or bulk.outcomes told a limit of the server.
// When every target's message was seen, a count and a digest of the outcomes are all that stays; a
// reply to bulk.outcomes must have that digest. What is missing at the end is told by finish().

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/check/founding_order.h"
#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class BulkChecker {
 public:
  explicit BulkChecker(Scene& scene) : scene_(scene) {}

  /// A bulk.send goes out, for the first time under its id.
  const Bulk& sent(const Command& command, const boost::json::object* body);
  /// An event of rightful origin was seen for the first time.
  void happened(Room& room, const EventView& event, const Traced& traced);
  void acknowledged(const Command& command, const ResultView& result);
  void refused(const Command& command);
  /// What is wrong with the shape of a bulk.outcomes reply, if anything.
  std::optional<std::string> outcomes_replied(const Ask& ask, const ReplyView& reply);
  /// It was acknowledged, and every target is settled.
  bool done(const Command& command);
  void finish();

 private:
  struct ToldOutcome {
    std::string_view garage, code;
    bool ok = false;
    std::optional<chat::RoomId> room;
    chat::Seq seq = 0;
  };
  static std::optional<std::string> read_outcome(const boost::json::value& value, ToldOutcome& out);
  void message(Room& room, const EventView& event, const Traced& traced);
  void settle(Bulk& bulk, BulkTarget& target);
  void outcome(Bulk& bulk, BulkTarget& target, const ToldOutcome& told);
  bool knows_garage(const BulkTarget& target) const;
  void tell(const CommandKey& key, std::string_view garage, std::string_view ko,
            std::string_view en);

  Scene& scene_;
};

}  // namespace claims::storm::audit
