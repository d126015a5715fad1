#pragma once
// ConversionChecker: conversions.count tells how many chats became pre-estimates, further estimates
// and claims (CMO-001).
//
// Proves it by counting them itself, room by room in the order of seq, as far as every event was
// seen: for the garage, for the adjuster who is in charge at that seq, and for that adjuster's
// insurer. A reply must lie between what was counted when it was asked for, and what is counted
// when it comes with those that are on their way; where nothing is, it is exact.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class ConversionChecker {
 public:
  explicit ConversionChecker(Scene& scene) : scene_(scene) {}

  /// A command goes out; was refused.
  void sent(const Command& command);
  void refused(const Command& command);
  /// An event of it was seen for the first time.
  void seen(const Room& room, const EventView& event, const Traced& traced);
  /// Everything up to `seq` was seen.
  void fold(const Room& room, chat::Seq seq);
  /// conversions.count goes out.
  void asked(Ask& ask) const;
  /// What is wrong with the shape of its reply, if anything.
  std::optional<std::string> replied(const Ask& ask, const ReplyView& reply);

 private:
  using Counts = std::array<std::uint32_t, 3>;  ///< In the order of the reply's fields.
  struct Open {
    CommandKey key;
    std::size_t which = 0;
    chat::RoomId room{};  ///< Of its event, once that was seen.
    chat::Seq seq = 0;
  };
  Counts counted(UserNumber user) const;
  bool may_count(const Open& open, const User& user, UserNumber number) const;

  Scene& scene_;
  std::map<UserNumber, Counts> of_users_;
  std::map<std::string, Counts, std::less<>> of_insurers_;
  std::vector<Open> open_;
};

}  // namespace claims::storm::audit
