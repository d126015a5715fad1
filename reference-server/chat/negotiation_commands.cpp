// Fault negotiation (Alp-001): opening, the actions by button, and those by hashtag.

#include <utility>

#include "reference-server/chat/commands.h"
#include "reference-server/chat/negotiation_text.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/chat/room_opening.h"

namespace claims::server {
namespace {

using chat::Error;
using chat::ErrorCode;
using chat::Negotiation;
using chat::NegotiationAction;
using chat::NegotiationMove;
using chat::Side;

/// What the negotiation becomes by the move, or why it is refused. `field`, `found`: what asked for
/// the move.
Result<Negotiation, Error> judge(const Negotiation& before, Side by, const NegotiationMove& move,
                                 std::string_view field, std::string found) {
  if (const auto after = before.apply(by, move)) return *after;
  NegotiationMove otherwise = move;
  otherwise.ratio = move.ratio ? std::nullopt : std::optional(before.standing);
  if (before.apply(by, otherwise)) {
    if (move.ratio) {
      return Error{ErrorCode::bad_ratio, "ratio", to_string(seen_from(by, *move.ratio)), "–"};
    }
    return Error{ErrorCode::bad_ratio, field == "text" ? "text" : "ratio", "", "70:30 (own:other)"};
  }
  return Error{ErrorCode::illegal_action, std::string(field),
               std::move(found) + " (" + std::string(to_string(before.state)) + ')',
               before.legal_actions(by)};
}

/// Events that follow from a move: one, and the referral if it was one objection too many.
std::uint64_t events_of(const Negotiation& after) {
  return after.must_refer() ? 2 : 1;
}

class Recorder {
 public:
  Recorder(DecisionDraft& draft, chat::RoomId room) : draft_(draft), room_(room) {}

  /// Tells the move, and the referral that it may bring about; returns the move's seq.
  chat::Seq emit(std::optional<Side> by, NegotiationAction action, std::string reason,
                 const Negotiation& before, const Negotiation& after) {
    const Room& room = *draft_.state().room(room_);
    const auto name = [&](Side side) -> const std::string& {
      return draft_.state().user(*room.in_charge(side)).entry.name;
    };
    chat::Negotiated step{
        action,
        by,
        after.shown_ratio(),
        std::move(reason),
        after.state,
        after.answers(),
        negotiation_text(action, by, {name(Side::initiator), name(Side::counterpart)}, before,
                         after)};
    const chat::Seq seq = draft_.emit_event(
        room_, room.vehicles().front(), by ? draft_.sender() : system_sender(), std::move(step));
    if (after.must_refer()) {
      const auto referred = after.apply(Side::initiator, {NegotiationAction::refer, {}, {}});
      emit(std::nullopt, NegotiationAction::refer, "", after, *referred);
    }
    return seq;
  }

 private:
  DecisionDraft& draft_;
  chat::RoomId room_;
};

NegotiationMove move_of(Side by, const chat::NegotiationTag& tag) {
  const bool sends = by == Side::initiator;
  if (const auto* exemption = std::get_if<chat::ExemptionTag>(&tag)) {
    if (!sends) return {NegotiationAction::accept_exemption, {}, {}};
    return {NegotiationAction::send_exemption, {}, exemption->reason};
  }
  if (!sends) return {NegotiationAction::accept_prior_agreement, {}, {}};
  NegotiationMove move{NegotiationAction::send_prior_agreement, {}, {}};
  if (const auto ratio = std::get<chat::PriorAgreementTag>(tag).ratio) {
    move.ratio = seen_from(by, *ratio);
  }
  return move;
}

/// The code of the exemption that the move sends or accepts.
std::string reason_of(const NegotiationMove& move, const Negotiation& after) {
  const bool exempts = move.action == NegotiationAction::send_exemption ||
                       move.action == NegotiationAction::accept_exemption;
  return exempts ? std::string(to_string(after.exemption)) : std::string();
}

/// Of the counterpart a #기협의 may name the ratio that it accepts: then it must be that one.
std::optional<Error> check_accepted_ratio(Side by, const chat::PriorAgreementTag& tag,
                                          const Negotiation& after) {
  if (!tag.ratio && tag.misread.empty()) return std::nullopt;
  if (tag.ratio && seen_from(by, *tag.ratio) == after.prior) return std::nullopt;
  return Error{ErrorCode::bad_ratio, "text",
               tag.ratio ? to_string(*tag.ratio) : chat::excerpt(tag.misread),
               to_string(seen_from(by, after.prior))};
}

/// Who may act: "adj-00001, adj-00002".
std::string sides_of(const Room& room, const State& state) {
  return state.user(*room.in_charge(Side::initiator)).entry.id + ", " +
         state.user(*room.in_charge(Side::counterpart)).entry.id;
}

std::string result_of(chat::RoomId id, chat::Seq seq, const State& state) {
  return ResultText()
      .add("room", id)
      .add("seq", seq)
      .add("state", to_string(state.room(id)->negotiation()->state))
      .take();
}

}  // namespace

CommandResult run(const chat::OpenNegotiation& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const UserEntry& caller = draft.caller();
  if (caller.role != chat::Role::adjuster) return not_permitted(caller, chat::Role::adjuster);
  const State& state = draft.state();
  const Receipt* receipt = state.receipt(command.receipt);
  // Another insurer's receipt is answered like one that is not there.
  if (receipt == nullptr || receipt->entry.insurer != caller.insurer) {
    return Error{ErrorCode::unknown_receipt, "receipt", command.receipt, ""};
  }
  const auto counterpart =
      find_user_of_role(state, command.counterpart, chat::Role::adjuster, "counterpart");
  if (!counterpart) return counterpart.error();
  if (state.user(*counterpart).entry.insurer == caller.insurer) {
    return Error{ErrorCode::same_insurer, "counterpart", command.counterpart,
                 "≠ " + caller.insurer};
  }
  if (!state.in_service(*counterpart)) return not_in_service(state, *counterpart, "counterpart");
  if (receipt->negotiation != chat::RoomId{}) {
    return Error{ErrorCode::negotiation_exists, "receipt", command.receipt, ""};
  }
  if (auto full = check_rooms_bound(state, bounds, "receipt")) return std::move(*full);
  const chat::RoomId room = open_negotiation(draft, receipt->entry, *counterpart);
  const Negotiation opened = Negotiation::opened(command.ratio);
  const chat::Seq seq =
      Recorder(draft, room).emit(Side::initiator, NegotiationAction::open, "", opened, opened);
  return {boost::system::in_place_value, result_of(room, seq, state)};
}

CommandResult run(const chat::ActNegotiation& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const UserEntry& caller = draft.caller();
  if (caller.role != chat::Role::adjuster) return not_permitted(caller, chat::Role::adjuster);
  const auto room = find_own_room(draft.state(), draft.user(), command.room);
  if (!room) return room.error();
  if ((*room)->kind() != chat::RoomKind::negotiation) {
    return wrong_kind(**room, chat::RoomKind::negotiation);
  }
  const auto side = (*room)->side_of(draft.user());
  if (!side) return not_permitted_in_room(caller.id, sides_of(**room, draft.state()));
  const Side by = *side;
  const Negotiation before = *(*room)->negotiation();
  NegotiationMove move{command.action, std::nullopt, command.exemption};
  if (command.ratio) move.ratio = seen_from(by, *command.ratio);
  const auto after = judge(before, by, move, "action", std::string(to_string(command.action)));
  if (!after) return after.error();
  if (auto full = check_events_bound(**room, events_of(*after), bounds)) return std::move(*full);
  std::string reason =
      command.action == NegotiationAction::object ? command.reason : reason_of(move, *after);
  const chat::Seq seq =
      Recorder(draft, command.room).emit(by, command.action, std::move(reason), before, *after);
  return {boost::system::in_place_value, result_of(command.room, seq, draft.state())};
}

CommandResult run_tagged(const chat::SendMessage& command, const chat::NegotiationTag& tag,
                         DecisionDraft& draft, const ServiceBounds& bounds) {
  const Room& room = *draft.state().room(command.room);
  const auto side = room.side_of(draft.user());
  if (!side) {
    return not_permitted_in_room(draft.caller().id, sides_of(room, draft.state()), "text");
  }
  const Side by = *side;
  const Negotiation before = *room.negotiation();
  if (std::holds_alternative<chat::SeveralTags>(tag)) {
    return Error{ErrorCode::illegal_action, "text", "2 ×", "1 ×"};
  }
  const NegotiationMove move = move_of(by, tag);
  const auto* prior = std::get_if<chat::PriorAgreementTag>(&tag);
  const auto after = judge(before, by, move, "text", std::string(to_string(move.action)));
  if (!after) {
    Error refusal = after.error();
    if (prior != nullptr && refusal.code == ErrorCode::bad_ratio) {
      refusal.found = chat::excerpt(prior->misread);
    }
    return refusal;
  }
  if (by == Side::counterpart && prior != nullptr) {
    if (auto other = check_accepted_ratio(by, *prior, *after)) return std::move(*other);
  }
  if (auto full = check_events_bound(room, 1 + events_of(*after), bounds)) {
    return std::move(*full);
  }
  const chat::Seq seq = draft.emit_event(command.room, room.vehicles().front(), draft.sender(),
                                         chat::Message{command.text, "", command.files});
  Recorder(draft, command.room).emit(by, move.action, reason_of(move, *after), before, *after);
  return {boost::system::in_place_value,
          ResultText().add("room", command.room).add("seq", seq).take()};
}

}  // namespace claims::server
