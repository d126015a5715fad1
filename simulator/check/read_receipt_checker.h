#pragma once
// ReadReceiptChecker: read receipts, and the replies to room.reads, tell of every member what it
// has read, and nothing else.
//
// Proves of each receipt on `evt`: it comes to a member, names a member and its name, and a seq
// that this member asked to be read from another session than the one that gets it; on one
// connection a member's never go back and never repeat. Receipts are sent once, at QoS 0, and have
// no seq and no cursor: none of them is waited for (but see OwnReadChecker). A reply to room.reads
// must list the members in the order of their joining, each with a read seq between what was
// acknowledged before the question and what may have been read by the answer.

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class ReadReceiptChecker {
 public:
  explicit ReadReceiptChecker(Scene& scene) : scene_(scene) {}

  static bool is_receipt(const boost::json::object& event);
  /// A room.read goes out.
  void sent(const Command& command, SessionNumber session);
  void refused(const Command& command);
  /// What is wrong with the shape of a receipt, if anything.
  std::optional<std::string> received(SessionNumber session, const boost::json::object& receipt);
  /// The same of a room.reads reply.
  std::optional<std::string> reads_replied(const Ask& ask, const ReplyView& reply);

 private:
  struct Receipt {
    chat::RoomId room{};
    std::string_view user, name;
    chat::Seq seq = 0;
  };
  static std::optional<std::string> read(const boost::json::object& object, Receipt& out);
  void compare(Room& room, SessionNumber session, const Receipt& receipt);
  bool asked(const Member& member, SessionNumber session, chat::Seq seq) const;
  std::optional<std::string> member_row(const Ask& ask, const Room& room, chat::Seq as_of,
                                        const boost::json::value& value, UserNumber due);
  void tell(SessionNumber session, const Room& room, std::string_view ko, std::string_view en);

  Scene& scene_;
};

}  // namespace claims::storm::audit
