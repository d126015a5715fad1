#pragma once
// OpeningChecker: one inbound room and one greeting for each receipt and adjuster, also when a
// pre-estimate follows an intake or the other way round; one general room for each garage and
// adjuster; one negotiation room, without a greeting, for each receipt. A room whose intake was
// cancelled, or that was deleted, leaves its place to another one, and never takes it back.
//
// Proves it by linking every room to the command that its first event, or that command's reply,
// names, and what a room is for (receipt, or garage and adjuster) to the first room it got. A
// second room, another room in a reply, or a second greeting is told. This is where a room gets its
// members (see room_model.h): from what was sent, never from the server's word.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/check/delivery_checker.h"
#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class OpeningChecker {
 public:
  OpeningChecker(Scene& scene, DeliveryChecker& deliveries)
      : scene_(scene), deliveries_(deliveries) {}

  /// A command that may open a room goes out.
  void sent(Command& command);
  void sent(const Bulk& bulk, std::uint64_t tick);
  /// An event of such a command was seen in `room` for the first time.
  void opened(Room& room, const EventView& event, const Traced& traced);
  void greeted(Room& room, const EventView& event);
  /// ok:true to such a command, but for bulk messages.
  void replied(Command& command, const ResultView& result);
  /// At the end: who had a place before somebody else got it has given it up.
  void finish();

 private:
  /// What a command opens a room for.
  struct Purpose {
    chat::RoomKind kind{};
    UserNumber first = kNobody, second = kNobody;  ///< Room::founders.
    std::uint32_t receipt = kNoReceipt;
    GeneralPair* pair = nullptr;
    std::optional<chat::RoomId>* slot = nullptr;  ///< The room that it has; null: none can be told.
    std::vector<chat::RoomId>* former = nullptr;  ///< Rooms that had the place before.
    std::uint64_t tick = 0;                       ///< The room was not there before.
  };
  Purpose purpose_of(const Command& command, std::string_view joined = {});
  /// The receipt of intake.by_plate, which its reply or its room's first event names.
  void find_receipt(Command& command, std::string_view number);
  /// The room that has the place may have given it up.
  bool may_be_free(const Room& room) const;
  static Purpose purpose_of(const Bulk& bulk, const BulkTarget& target);
  void link(Room& room, const CommandKey& key, CommandType type, const Purpose& purpose);
  void link_second(Room& room, const CommandKey& key, CommandType type, const Room* first);
  void opened_though_refused(Room& room, const Traced& traced);
  void tell(const CommandKey& key, CommandType type, std::string_view ko, std::string_view en);

  Scene& scene_;
  DeliveryChecker& deliveries_;
  struct Superseded {
    chat::RoomId room{}, by{};
    CommandKey key;
    CommandType type{};
  };
  std::vector<Superseded> superseded_;
};

}  // namespace claims::storm::audit
