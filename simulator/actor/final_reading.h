#pragma once
// FinalReading: reads every room's history at the end of a run, through members' own connections;
// and again through each one who may read a part of it alone, so that its pages prove it. Then
// searches again for what was sent during the run.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulator/actor/virtual_user.h"
#include "simulator/check/auditor.h"

namespace claims::storm {

/// Reads pages, limits::kHistoryReadsInFlight at a time, and hands their events to the auditor. A
/// room whose reader is not connected waits for it, until the owner gives up.
class FinalReading {
 public:
  FinalReading(Auditor& auditor, std::vector<std::unique_ptr<VirtualUser>>& users)
      : auditor_(auditor), users_(users) {}

  void start(const Turn& turn);
  void replied(std::uint32_t place, const Value& reply, const Turn& turn);
  void unanswered(std::uint32_t place, const Turn& turn);
  /// Something may have changed: connections, replies.
  void go_on(const Turn& turn);
  /// Ends what cannot be read.
  void give_up();
  bool done() const { return finished_ == rooms_.size(); }
  std::size_t rooms() const { return rooms_.size(); }
  std::size_t finished() const { return finished_; }

 private:
  struct Room {
    chat::RoomId room{};
    ConnectionNumber reader{};
    bool whole = true;
    std::uint64_t after = 0;
    bool finished = false;
    std::string text, page = {};  ///< Of a search, which is of no room.
  };

  void ask(std::uint32_t place, const Turn& turn);
  boost::json::object question(const Room& room) const;
  /// Whether the page leads on; nothing when it is none.
  std::optional<bool> take_page(Room& room, const Value& reply);
  std::optional<bool> take_hits(Room& search, const Value& reply);
  void finish(std::uint32_t place, bool complete);

  Auditor& auditor_;
  std::vector<std::unique_ptr<VirtualUser>>& users_;
  std::vector<Room> rooms_;
  std::deque<std::uint32_t> to_ask_;
  std::size_t in_flight_ = 0;
  std::size_t finished_ = 0;
};

}  // namespace claims::storm
