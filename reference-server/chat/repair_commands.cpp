// Receipts, and what belongs to inbound rooms: intake, pre-estimate, repair steps, claim
// (CPC-003, CPC-004-5).

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/limits.h"
#include "reference-server/chat/commands.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/chat/room_opening.h"
#include "reference-server/chat/room_texts.h"

namespace claims::server {
namespace {

using chat::Error;
using chat::ErrorCode;
using chat::RepairState;

constexpr std::string_view kNoIntake = "–";  // The state of a room that a pre-estimate opened.

/// By the garage, which is the caller, in a room of that adjuster.
chat::Notice notice_of(RepairState step, const DecisionDraft& draft, UserIndex adjuster,
                       std::string_view plate) {
  const State& state = draft.state();
  return notice_by(state, adjuster, step, names_of(state, adjuster, draft.user(), plate));
}
chat::Notice notice_of(RepairState step, const DecisionDraft& draft, const Room& room) {
  return notice_of(step, draft, *room.in_charge(), room.vehicles().front());
}

std::string state_name(std::optional<RepairState> state) {
  return std::string(state ? to_string(*state) : kNoIntake);
}

std::string next_step(std::optional<RepairState> from) {
  if (!from || *from == RepairState::cancelled) return std::string(to_string(RepairState::in));
  if (*from == RepairState::out) return "–";
  return std::string(to_string(static_cast<RepairState>(static_cast<int>(*from) + 1)));
}

/// 1,250,000
std::string grouped(std::uint64_t amount) {
  std::string digits = std::to_string(amount);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

/// The receipt, when the caller is a garage that may work on it.
Result<const Receipt*, Error> find_receipt_of_garage(const DecisionDraft& draft,
                                                     const std::string& number) {
  if (draft.caller().role != chat::Role::garage) {
    return not_permitted(draft.caller(), chat::Role::garage);
  }
  const Receipt* receipt = draft.state().receipt(number);
  if (receipt == nullptr) return Error{ErrorCode::unknown_receipt, "receipt", number, ""};
  if (draft.state().is_free_for(*receipt, draft.user())) return receipt;
  if (receipt->garage != draft.user()) {
    return Error{ErrorCode::receipt_in_use, "receipt", number, ""};
  }
  // Not free, and gone: it was deleted after the vehicle was out.
  if (draft.state().room(receipt->room)->deleted()) {
    return Error{ErrorCode::illegal_step, "receipt", state_name(RepairState::out), ""};
  }
  return receipt;
}

/// The receipts of the plate that the garage may take in, by number.
Result<std::vector<const Receipt*>, Error> find_open_receipts(const DecisionDraft& draft,
                                                              const std::string& plate) {
  const State& state = draft.state();
  std::vector<const Receipt*> receipts = state.receipts_of(plate);
  const auto is_open = [&](const Receipt* receipt) {
    if (state.is_free_for(*receipt, draft.user())) return true;
    const Room& room = *state.room(receipt->room);
    return receipt->garage == draft.user() && !room.deleted() &&
           room.repair_state() != RepairState::out;
  };
  const bool all_in_use =
      !receipts.empty() && std::ranges::all_of(receipts, [&](const Receipt* receipt) {
        return receipt->garage != draft.user() && !is_open(receipt);
      });
  if (all_in_use) return Error{ErrorCode::receipt_in_use, "plate", plate, ""};
  std::erase_if(receipts, [&](const Receipt* receipt) { return !is_open(receipt); });
  if (receipts.empty()) return Error{ErrorCode::unknown_plate, "plate", plate, ""};
  std::ranges::sort(receipts, {}, [](const Receipt* one) { return one->entry.receipt; });
  return receipts;
}

std::string choices_of(const std::vector<const Receipt*>& receipts, const State& state) {
  std::string choices = "[";
  for (std::size_t i = 0; i < receipts.size() && i < claims::limits::kChoicesMax; ++i) {
    const ReceiptEntry& entry = receipts[i]->entry;
    if (i > 0) choices += ',';
    choices += ResultText()
                   .add("receipt", entry.receipt)
                   .add("insurer", entry.insurer)
                   .add("insurer_name", state.insurer(entry.insurer)->name)
                   .add("model", entry.model)
                   .take();
  }
  choices += ']';
  return ResultText().add_json("choices", choices).take();
}

/// Takes the vehicle in; `field` is where the receipt came from.
Result<std::pair<chat::RoomId, bool>, Error> take_in(const Receipt& receipt, DecisionDraft& draft,
                                                     const ServiceBounds& bounds,
                                                     std::string_view field) {
  const State& state = draft.state();
  if (state.is_free_for(receipt, draft.user())) {
    if (auto full = check_rooms_bound(state, bounds, field)) return std::move(*full);
    const chat::RoomId room = state.next_room();
    const UserIndex adjuster = state.acting_for(*state.find_user(receipt.entry.adjuster));
    open_inbound(draft, receipt.entry,
                 notice_of(RepairState::in, draft, adjuster, receipt.entry.plate));
    return std::pair(room, true);
  }
  const Room& known = *state.room(receipt.room);
  if (!known.repair_state() || known.repair_state() == RepairState::cancelled) {
    if (auto full = check_events_bound(known, 1, bounds, field)) return std::move(*full);
    draft.emit_event(receipt.room, receipt.entry.plate, draft.sender(),
                     notice_of(RepairState::in, draft, known));
  }
  return std::pair(receipt.room, false);
}

/// The inbound room, when the caller is its garage.
Result<const Room*, Error> find_room_of_garage(const DecisionDraft& draft, chat::RoomId id) {
  if (draft.caller().role != chat::Role::garage) {
    return not_permitted(draft.caller(), chat::Role::garage);
  }
  auto room = find_own_room(draft.state(), draft.user(), id);
  if (!room) return room;
  if ((*room)->kind() != chat::RoomKind::inbound) {
    return wrong_kind(**room, chat::RoomKind::inbound);
  }
  if ((*room)->garage() != draft.user()) {
    return not_permitted_in_room(draft.caller().id, "the room's garage");
  }
  return room;
}

}  // namespace

CommandResult run(const chat::RegisterReceipt& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const UserEntry& caller = draft.caller();
  if (caller.role != chat::Role::insurer) return not_permitted(caller, chat::Role::insurer);
  const State& state = draft.state();
  const auto adjuster = find_own_adjuster(state, caller, command.adjuster, "adjuster");
  if (!adjuster) return adjuster.error();
  if (state.user(*adjuster).absence == chat::Absence::retired) {
    return not_in_service(state, *adjuster, "adjuster");
  }
  if (state.receipt(command.receipt) != nullptr) {
    return Error{ErrorCode::receipt_exists, "receipt", command.receipt, ""};
  }
  if (state.receipts() >= bounds.receipts_max) {
    return Error{ErrorCode::limit_reached, "receipt", "",
                 "<= " + std::to_string(bounds.receipts_max) + " receipts"};
  }
  draft.emit(ReceiptEntry{command.receipt, caller.insurer, command.plate, command.model,
                          command.adjuster});
  return {boost::system::in_place_value, ResultText().add("receipt", command.receipt).take()};
}

CommandResult run(const chat::RegisterIntake& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto receipt = find_receipt_of_garage(draft, command.receipt);
  if (!receipt) return receipt.error();
  const auto taken = take_in(**receipt, draft, bounds, "receipt");
  if (!taken) return taken.error();
  return {boost::system::in_place_value, ResultText()
                                             .add("room", taken->first)
                                             .add("created", taken->second)
                                             .add("vehicle", (*receipt)->entry.plate)
                                             .take()};
}

CommandResult run(const chat::TakeInByPlate& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const UserEntry& caller = draft.caller();
  if (caller.role != chat::Role::garage) return not_permitted(caller, chat::Role::garage);
  const auto receipts = find_open_receipts(draft, command.plate);
  if (!receipts) return receipts.error();
  if (receipts->size() > 1) {
    return {boost::system::in_place_value, choices_of(*receipts, draft.state())};
  }
  const Receipt& receipt = *receipts->front();
  const auto taken = take_in(receipt, draft, bounds, "plate");
  if (!taken) return taken.error();
  return {boost::system::in_place_value, ResultText()
                                             .add("room", taken->first)
                                             .add("created", taken->second)
                                             .add("vehicle", receipt.entry.plate)
                                             .add("receipt", receipt.entry.receipt)
                                             .take()};
}

CommandResult run(const chat::CancelIntake& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto room = find_room_of_garage(draft, command.room);
  if (!room) return room.error();
  const auto from = (*room)->repair_state();
  if (from != RepairState::in) {
    return Error{ErrorCode::illegal_step, "room", state_name(from),
                 std::string(to_string(RepairState::in))};
  }
  if (auto full = check_events_bound(**room, 1, bounds)) return std::move(*full);
  const chat::Seq seq = draft.emit_event(command.room, (*room)->vehicles().front(), draft.sender(),
                                         notice_of(RepairState::cancelled, draft, **room));
  return {boost::system::in_place_value, ResultText()
                                             .add("room", command.room)
                                             .add("seq", seq)
                                             .add("state", to_string(RepairState::cancelled))
                                             .take()};
}

CommandResult run(const chat::WriteFurtherEstimate& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto room = find_room_of_garage(draft, command.room);
  if (!room) return room.error();
  const auto state = (*room)->repair_state();
  if (state != RepairState::in_repair) {
    return Error{ErrorCode::illegal_step, "room", state_name(state),
                 std::string(to_string(RepairState::in_repair))};
  }
  if ((*room)->further_estimates() >= claims::limits::kFurtherEstimatesMax) {
    return Error{
        ErrorCode::limit_reached, "room", "",
        "<= " + std::to_string(claims::limits::kFurtherEstimatesMax) + " further estimates"};
  }
  if (auto full = check_events_bound(**room, 1, bounds)) return std::move(*full);
  const std::string number =
      "F-" + (*room)->receipt() + '-' + std::to_string((*room)->further_estimates() + 1);
  const chat::Seq seq =
      draft.emit_event(command.room, (*room)->vehicles().front(), draft.sender(),
                       chat::FurtherEstimate{number, command.amount, command.reason,
                                             "추가견적이 작성되었습니다. 추가견적번호: " + number +
                                                 ", 금액: " + grouped(command.amount) + "원"});
  return {boost::system::in_place_value,
          ResultText().add("room", command.room).add("seq", seq).add("estimate", number).take()};
}

CommandResult run(const chat::WritePreEstimate& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto receipt = find_receipt_of_garage(draft, command.receipt);
  if (!receipt) return receipt.error();
  const bool created = draft.state().is_free_for(**receipt, draft.user());
  const chat::RoomId room = created ? draft.state().next_room() : (*receipt)->room;
  const ReceiptEntry& entry = (*receipt)->entry;
  // One pre-estimate per receipt, so the receipt's number makes the estimate's.
  const std::string number = "E-" + entry.receipt;
  chat::PreEstimate estimate{number, command.amount,
                             "선견적이 작성되었습니다. 선견적번호: " + number +
                                 ", 금액: " + grouped(command.amount) + "원"};
  chat::Seq seq = 0;
  if (created) {
    if (auto full = check_rooms_bound(draft.state(), bounds, "receipt")) return std::move(*full);
    seq = open_inbound(draft, entry, std::move(estimate));
  } else {
    const Room& known = *draft.state().room(room);
    if (known.estimated()) {
      return Error{ErrorCode::already_estimated, "receipt", command.receipt, ""};
    }
    if (known.repair_state() >= RepairState::repaired) {
      return Error{ErrorCode::illegal_step, "receipt", state_name(known.repair_state()),
                   "in, in_repair"};
    }
    if (auto full = check_events_bound(known, 1, bounds, "receipt")) return std::move(*full);
    seq = draft.emit_event(room, entry.plate, draft.sender(), std::move(estimate));
  }
  return {boost::system::in_place_value, ResultText()
                                             .add("room", room)
                                             .add("created", created)
                                             .add("vehicle", entry.plate)
                                             .add("seq", seq)
                                             .add("estimate", number)
                                             .take()};
}

CommandResult run(const chat::StepRepair& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto room = find_room_of_garage(draft, command.room);
  if (!room) return room.error();
  const auto from = (*room)->repair_state();
  if (!from || !chat::is_legal_step(*from, command.step)) {
    return Error{ErrorCode::illegal_step, "step",
                 state_name(from) + " → " + std::string(to_string(command.step)), next_step(from)};
  }
  if (auto full = check_events_bound(**room, 1, bounds)) return std::move(*full);
  const chat::Seq seq = draft.emit_event(command.room, (*room)->vehicles().front(), draft.sender(),
                                         notice_of(command.step, draft, **room));
  return {boost::system::in_place_value, ResultText()
                                             .add("room", command.room)
                                             .add("seq", seq)
                                             .add("state", to_string(command.step))
                                             .take()};
}

CommandResult run(const chat::ConvertClaim& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto room = find_room_of_garage(draft, command.room);
  if (!room) return room.error();
  const auto state = (*room)->repair_state();
  if (!state || !chat::may_convert_claim(*state)) {
    return Error{ErrorCode::illegal_step, "room", state_name(state), "repaired, out"};
  }
  if ((*room)->converted()) {
    return Error{ErrorCode::already_converted, "room", to_string(command.room), ""};
  }
  if (auto full = check_events_bound(**room, 1, bounds)) return std::move(*full);
  // One claim per receipt, so the receipt's number makes the claim's.
  const std::string claim = "C-" + (*room)->receipt();
  const chat::Seq seq =
      draft.emit_event(command.room, (*room)->vehicles().front(), draft.sender(),
                       chat::Claim{claim, "청구로 전환되었습니다. 청구번호: " + claim});
  return {boost::system::in_place_value,
          ResultText().add("room", command.room).add("seq", seq).add("claim", claim).take()};
}

}  // namespace claims::server
