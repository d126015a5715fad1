#pragma once
// DeletionChecker: who deletes a message takes it away from everybody, for good (CPC-002-1).
//
// Proves from the message.delete commands that were sent: a message is deleted once, by who sent
// it, and a tombstone stands nowhere but in the place of a message whose deletion was asked for and
// not refused. Nobody is shown the text any more: a read that was asked after the deletion was
// known (its reply or its event came to anybody), or that is as of its event or later, and what is
// delivered on a connection after one that was lost after that, or behind the session's own
// message_deleted, has the tombstone. Before that it may be either. A tombstone differs from its
// message in the body alone, by a digest of the rest.
//
// Memory: a few numbers for each deletion.

#include <cstdint>
#include <map>
#include <string_view>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class DeletionChecker {
 public:
  explicit DeletionChecker(Scene& scene) : scene_(scene) {}

  /// A message.delete goes out; was acknowledged; was refused.
  void sent(const Command& command);
  void acknowledged(const Command& command, const ResultView& result);
  void refused(const Command& command, std::string_view code);
  /// A message or message_deleted of rightful origin was seen for the first time.
  void seen(Room& room, const EventView& event, const Traced& traced, std::uint64_t digest);
  /// Whether what was seen as `seen` came as the same message, one of them a tombstone; the window
  /// then has the message.
  static bool agrees(Room& room, const EventView& event, std::uint64_t digest, SeenEvent& seen);
  /// The digest of the message in whose place the tombstone stands; its own where that is not
  /// known.
  static std::uint64_t original(Room& room, const EventView& event, std::uint64_t digest);
  /// What comes next on that session was asked for from now on.
  void connection_lost(SessionNumber session) { lost_[session] = scene_.tick; }
  /// A message as it was delivered, or as a read showed it.
  void delivered(Room& room, SessionNumber session, const EventView& event,
                 const Observer* observer);
  void read(Room& room, const Ask& ask, const EventView& event, chat::Seq as_of);
  /// In the final reading, when everything is known.
  void in_history(Room& room, const EventView& event);
  /// A search found it.
  void found(const Room& room, const Ask& ask, chat::Seq seq);
  void finish(const Room& room);

 private:
  void shown(Room& room, const EventView& event, std::string_view whom, bool never_again);
  void tell(const Room& room, chat::Seq seq, std::string_view ko, std::string_view en);
  void told_refused(const Command& command, std::string_view code);

  Scene& scene_;
  std::map<SessionNumber, std::uint64_t> lost_;  ///< When its last connection ended.
};

/// As of that seq; or ever, as far as anybody may know of it.
bool is_deleted(const Room& room, chat::Seq seq, chat::Seq as_of);
bool may_be_deleted(const Room& room, chat::Seq seq);

}  // namespace claims::storm::audit
