#include "reference-server/chat/commands.h"

#include <optional>
#include <string_view>
#include <utility>

#include "protocol/chat/json_text.h"
#include "reference-server/chat/greeting_template.h"

namespace claims::server {
namespace {

using chat::Error;
using chat::ErrorCode;
using chat::RepairState;

Error not_permitted(const UserEntry& caller, std::string allowed) {
  return {ErrorCode::not_permitted, "type", std::string(to_string(caller.role)),
          std::move(allowed)};
}

std::string_view notice_text(RepairState state) {
  switch (state) {
    case RepairState::in:
      return "차량이 입고되었습니다.";
    case RepairState::in_repair:
      return "차량 수리를 시작했습니다.";
    case RepairState::repaired:
      return "차량 수리가 완료되었습니다.";
    case RepairState::out:
      return "차량이 출고되었습니다.";
  }
  return "";
}

/// `{"room":"r<n>","seq":<seq>` and what follows, closed.
std::string room_result(chat::RoomId room, chat::Seq seq) {
  std::string out = R"({"room":")";
  out += to_string(room);
  out += R"(","seq":)";
  chat::append_json_number(seq, out);
  return out;
}
std::string with_field(std::string out, std::string_view key, std::string_view text) {
  out += ",\"";
  out += key;
  out += "\":";
  chat::append_json_string(text, out);
  return out;
}

class Runner {
 public:
  Runner(DecisionDraft& draft, const ServiceBounds& bounds) : draft_(draft), bounds_(bounds) {}

  CommandResult operator()(const chat::RegisterReceipt& command) {
    const UserEntry& caller = draft_.caller();
    if (caller.role != chat::Role::insurer) return not_permitted(caller, "insurer");
    const State& state = draft_.state();
    const auto adjuster = state.find_user(command.adjuster);
    if (!adjuster || state.user(*adjuster).entry.role != chat::Role::adjuster) {
      return Error{ErrorCode::unknown_user, "adjuster", command.adjuster, "role: adjuster"};
    }
    if (state.user(*adjuster).entry.insurer != caller.insurer) {
      return Error{ErrorCode::foreign_adjuster, "adjuster", command.adjuster, caller.insurer};
    }
    if (state.receipt(command.receipt) != nullptr) {
      return Error{ErrorCode::receipt_exists, "receipt", command.receipt, ""};
    }
    if (state.receipts() >= bounds_.receipts_max) {
      return Error{ErrorCode::limit_reached, "receipt", "",
                   "<= " + std::to_string(bounds_.receipts_max) + " receipts"};
    }
    draft_.emit(ReceiptEntry{command.receipt, caller.insurer, command.plate, command.model,
                             command.adjuster});
    std::string out = R"({"receipt":)";
    chat::append_json_string(command.receipt, out);
    out += '}';
    return {boost::system::in_place_value, std::move(out)};
  }

  CommandResult operator()(const chat::RegisterIntake& command) {
    const UserEntry& caller = draft_.caller();
    if (caller.role != chat::Role::garage) return not_permitted(caller, "garage");
    const Receipt* receipt = draft_.state().receipt(command.receipt);
    if (receipt == nullptr) {
      return Error{ErrorCode::unknown_receipt, "receipt", command.receipt, ""};
    }
    const bool created = receipt->room == chat::RoomId{};
    if (!created && receipt->garage != draft_.user()) {
      return Error{ErrorCode::receipt_in_use, "receipt", command.receipt, ""};
    }
    if (created && draft_.state().rooms() >= bounds_.rooms_max) {
      return Error{ErrorCode::limit_reached, "receipt", "",
                   "<= " + std::to_string(bounds_.rooms_max) + " rooms"};
    }
    const ReceiptEntry entry = receipt->entry;
    const chat::RoomId room = created ? draft_.state().next_room() : receipt->room;
    if (created) open_room(room, entry);
    std::string out = R"({"room":")" + to_string(room) + R"(","created":)";
    out += created ? "true" : "false";
    return {boost::system::in_place_value,
            with_field(std::move(out), "vehicle", entry.plate) + '}'};
  }

  CommandResult operator()(const chat::SendMessage& command) {
    const auto room = find_own_room(draft_.state(), draft_.user(), command.room);
    if (!room) return room.error();
    if (!command.vehicle.empty() && command.vehicle != (*room)->vehicle()) {
      return Error{ErrorCode::unknown_vehicle, "vehicle", command.vehicle, (*room)->vehicle()};
    }
    if (auto full = check_room_bound(**room)) return std::move(*full);
    const chat::Seq seq = draft_.emit_event(command.room, (*room)->vehicle(), draft_.sender(),
                                            chat::Message{command.text});
    return {boost::system::in_place_value, room_result(command.room, seq) + '}'};
  }

  CommandResult operator()(const chat::MarkRead& command) {
    const auto room = find_own_room(draft_.state(), draft_.user(), command.room);
    if (!room) return room.error();
    if (command.seq > (*room)->last_seq()) {
      return Error{ErrorCode::bad_seq, "seq", std::to_string(command.seq),
                   "1–" + std::to_string((*room)->last_seq())};
    }
    const Room::Member& member = *(*room)->member(draft_.user());
    if (command.seq > member.read) {
      draft_.emit(ReadMoved{draft_.caller().id, command.room, command.seq});
    }
    std::string out = room_result(command.room, member.read);
    out += R"(,"unread":)";
    chat::append_json_number(member.unread, out);
    out += '}';
    return {boost::system::in_place_value, std::move(out)};
  }

  CommandResult operator()(const chat::StepRepair& command) {
    const auto room = find_room_of_garage(command.room);
    if (!room) return room.error();
    const RepairState from = (*room)->repair_state().value_or(RepairState::in);
    if (!chat::is_legal_step(from, command.step)) {
      return Error{ErrorCode::illegal_step, "step", steps(from, command.step), next_step(from)};
    }
    if (auto full = check_room_bound(**room)) return std::move(*full);
    const chat::Seq seq =
        draft_.emit_event(command.room, (*room)->vehicle(), draft_.sender(),
                          chat::Notice{command.step, std::string(notice_text(command.step))});
    return {boost::system::in_place_value,
            with_field(room_result(command.room, seq), "state", to_string(command.step)) + '}'};
  }

  CommandResult operator()(const chat::ConvertClaim& command) {
    const auto room = find_room_of_garage(command.room);
    if (!room) return room.error();
    const RepairState state = (*room)->repair_state().value_or(RepairState::in);
    if (!chat::may_convert_claim(state)) {
      return Error{ErrorCode::illegal_step, "room", std::string(to_string(state)), "repaired, out"};
    }
    if ((*room)->converted()) {
      return Error{ErrorCode::already_converted, "room", to_string(command.room), ""};
    }
    if (auto full = check_room_bound(**room)) return std::move(*full);
    // One claim per receipt, so the receipt's number makes the claim's.
    const std::string claim = "C-" + (*room)->receipt();
    const chat::Seq seq =
        draft_.emit_event(command.room, (*room)->vehicle(), draft_.sender(),
                          chat::Claim{claim, "청구로 전환되었습니다. 청구번호: " + claim});
    return {boost::system::in_place_value,
            with_field(room_result(command.room, seq), "claim", claim) + '}'};
  }

 private:
  void open_room(chat::RoomId room, const ReceiptEntry& receipt) {
    const State& state = draft_.state();
    const chat::Person garage = draft_.sender();
    const UserEntry& adjuster = state.user(*state.find_user(receipt.adjuster)).entry;
    draft_.emit_event(room, receipt.plate, garage,
                      chat::Joined{garage, chat::Role::garage, 1, chat::RoomKind::inbound,
                                   receipt.receipt, receipt.model});
    draft_.emit_event(room, receipt.plate, garage,
                      chat::Joined{{adjuster.id, adjuster.name},
                                   chat::Role::adjuster,
                                   1,
                                   chat::RoomKind::inbound,
                                   receipt.receipt,
                                   receipt.model});
    draft_.emit_event(room, receipt.plate, garage,
                      chat::Notice{RepairState::in, std::string(notice_text(RepairState::in))});
    const InsurerEntry& insurer = *state.insurer(receipt.insurer);
    draft_.emit_event(room, receipt.plate, {"system", "알림"},
                      chat::Greeting{expand_greeting(insurer.greeting,
                                                     {adjuster.name, garage.name, receipt.plate})});
  }

  Result<const Room*, Error> find_room_of_garage(chat::RoomId id) const {
    const UserEntry& caller = draft_.caller();
    if (caller.role != chat::Role::garage) return not_permitted(caller, "garage");
    auto room = find_own_room(draft_.state(), draft_.user(), id);
    if (!room) return room;
    const Receipt* receipt = draft_.state().receipt((*room)->receipt());
    if (receipt == nullptr || receipt->garage != draft_.user()) {
      return Error{ErrorCode::not_permitted, "room", caller.id, "the room's garage"};
    }
    return room;
  }

  std::optional<Error> check_room_bound(const Room& room) const {
    if (room.last_seq() < bounds_.events_per_room_max) return std::nullopt;
    return Error{ErrorCode::limit_reached, "room", "",
                 "<= " + std::to_string(bounds_.events_per_room_max) + " events"};
  }

  static std::string steps(RepairState from, RepairState to) {
    return std::string(to_string(from)) + " → " + std::string(to_string(to));
  }
  static std::string next_step(RepairState from) {
    if (from == RepairState::out) return "–";
    return std::string(to_string(static_cast<RepairState>(static_cast<int>(from) + 1)));
  }

  DecisionDraft& draft_;
  const ServiceBounds& bounds_;
};

}  // namespace

CommandResult run_command(const chat::CommandBody& body, DecisionDraft& draft,
                          const ServiceBounds& bounds) {
  return std::visit(Runner(draft, bounds), body);
}

Result<const Room*, Error> find_own_room(const State& state, UserIndex user, chat::RoomId id) {
  const Room* room = state.room(id);
  if (room == nullptr || room->member(user) == nullptr) {
    return Error{ErrorCode::unknown_room, "room", to_string(id), ""};
  }
  return room;
}

}  // namespace claims::server
