#pragma once
// SearchChecker: message.search finds what holds the text, all of it, and nothing else (CPC-002-1).
//
// Proves of each hit that it is a message which the asker may read, of the room and about the
// vehicle that were asked for, not deleted, with the right sender; that what it shows holds the
// text, and is the message's own where the MessageBook has it. The last come first, and pages join:
// no hit comes twice, none was sent after the one before it had been seen. Every booked message
// that holds the text, that the asker could certainly read when it asked, and that nobody deletes,
// must have come by then: at the end of the pages all, before that those that are later than the
// last hit.
//
// Memory: the book, and for a search whose pages are being read what was found, at most so many.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "simulator/check/deletion_checker.h"
#include "simulator/check/message_book.h"
#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class SearchChecker {
 public:
  SearchChecker(Scene& scene, DeletionChecker& deletions) : scene_(scene), deletions_(deletions) {}

  /// At the end: for a part of some of the booked messages, deleted ones too; where searches were
  /// answered during the run.
  std::vector<Auditor::Search> to_ask() const;
  /// A message was seen for the first time.
  void seen(const Room& room, const EventView& event, const Traced& traced);
  /// What is wrong with the reply's shape, if anything.
  std::optional<std::string> replied(const Ask& ask, const ReplyView& reply);

 private:
  static constexpr std::size_t kPagedMax = 1'024;   ///< Searches.
  static constexpr std::size_t kFoundMax = 10'000;  ///< Hits of one of them.
  struct Paged {
    std::string next;
    std::uint64_t tick = 0;  ///< When its first page was asked.
    /// When the last hit had certainly been there; the greatest where that is not known.
    std::uint64_t last_tick = 0;
    std::vector<std::pair<chat::RoomId, chat::Seq>> found;
  };
  struct Hit {
    chat::RoomId room{};
    chat::Seq seq = 0;
    std::int64_t at_ms = 0;
    std::string_view sender, sender_name, vehicle, text;
  };
  using Key = std::tuple<SessionNumber, std::string, std::uint64_t, std::string>;

  static std::optional<std::string> read_hit(const boost::json::value& value, Hit& hit);
  void judge(const Ask& ask, const Hit& hit);
  bool is_right(const Ask& ask, const Room& room, const Hit& hit);
  void in_order(const Ask& ask, Paged& paged, const Hit& hit);
  void find_missing(const Ask& ask, const Paged& paged, bool ends);
  void tell(const Ask& ask, chat::RoomId room, chat::Seq seq, std::string_view ko,
            std::string_view en);

  Scene& scene_;
  DeletionChecker& deletions_;
  MessageBook book_;
  bool answered_ = false;  ///< Any search.
  std::map<Key, Paged> paged_;
};

/// The user could certainly read it when something was asked at that tick.
bool could_read(const Room& room, UserNumber user, chat::Seq seq, std::uint64_t tick);

}  // namespace claims::storm::audit
