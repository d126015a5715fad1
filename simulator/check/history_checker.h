#pragma once
// HistoryChecker: history.list shows the whole of what its asker may see, and nothing else
// (CPC-004-3, CMO-001).
//
// Proves of each page that every event of it is of a room which was asked for (by room, vehicle,
// receipt, estimate, garage or insurer) and that the asker may see: within its own times in the
// room; for an insurer's user, of rooms with an adjuster in charge who is theirs. Rooms come by
// number downwards, events by seq, each as everybody else saw it; nothing is left out between two
// of them, within a page and from page to page: neither an event nor a room that was certainly
// there when the page was asked for.
//
// Memory: of a history whose pages are being read, where it stands; a few numbers an estimate.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class HistoryChecker {
 public:
  explicit HistoryChecker(Scene& scene) : scene_(scene) {}

  /// An estimate was seen for the first time.
  void seen(const Room& room, const EventView& event);
  /// What is wrong with the reply's shape, if anything. `take_in` gets each event in order.
  std::optional<std::string> replied(const Ask& ask, const ReplyView& reply,
                                     const std::function<void(Room&, const EventView&)>& take_in);

 private:
  static constexpr std::size_t kPagedMax = 1'024;
  /// Where a history stands: the last event that was shown of it; room 0: none yet.
  struct Place {
    chat::RoomId room{};
    chat::Seq seq = 0;
  };
  using Key = std::pair<SessionNumber, std::string>;

  static std::string what(const Ask& ask);
  bool is_asked(const Ask& ask, const Room& room) const;
  bool is_of_insurer(const Room& room, const std::string& insurer) const;
  bool may_see(const Ask& ask, const Room& room, chat::Seq seq) const;
  /// The first seq from `due` on that must be shown, as far as everything is known; 0: none.
  chat::Seq next_due(const Ask& ask, const Room& room, chat::Seq due) const;
  bool follows(const Ask& ask, const Place& place, const Room& room, const EventView& event);
  void find_missing(const Ask& ask, const Place& place, chat::RoomId below);
  void tell(const Ask& ask, std::string_view ko, std::string_view en);

  Scene& scene_;
  std::map<std::string, chat::RoomId, std::less<>> estimates_;
  std::map<Key, std::pair<std::string, Place>> paged_;  ///< With the `next` that leads on.
};

}  // namespace claims::storm::audit
