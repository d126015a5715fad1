#include "simulator/check/sent_fields.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "protocol/chat/text.h"
#include "protocol/limits.h"
#include "simulator/check/digest.h"
#include "simulator/check/event_view.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

void read_negotiation(const json::object* body, Command& command) {
  command.move.action = command.type == CommandType::negotiation_open
                            ? chat::NegotiationAction::open
                            : chat::parse_negotiation_action(text_field(body, "action"))
                                  .value_or(chat::NegotiationAction::open);
  command.move.ratio = chat::parse_ratio(text_field(body, "ratio"));
  const std::string_view reason = text_field(body, "reason");
  command.reason = stored_text(reason);
  command.move.exemption =
      chat::parse_exemption_reason(reason).value_or(chat::ExemptionReason::not_liable);
}

void read_vehicles(const json::object* body, Command& command) {
  const json::value* vehicles = body == nullptr ? nullptr : body->if_contains("vehicles");
  if (vehicles == nullptr || !vehicles->is_array()) return;
  for (const json::value& vehicle : vehicles->get_array()) {
    // More are refused.
    if (command.vehicles.size() >= claims::limits::kVehiclesPerOpenMax) return;
    command.vehicles.push_back(stored_plate(text_of(vehicle).value_or("")));
  }
}

}  // namespace

std::string_view text_field(const json::object* body, std::string_view key) {
  const json::value* value = body == nullptr ? nullptr : body->if_contains(key);
  return value == nullptr ? std::string_view{} : text_of(*value).value_or("");
}

std::uint64_t number_field(const json::object* body, std::string_view key) {
  const json::value* value = body == nullptr ? nullptr : body->if_contains(key);
  const auto number = value == nullptr ? std::nullopt : integer_of(*value);
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

std::string stored_text(std::string_view text) {
  return chat::normalise_text(text).value_or(std::string(text));
}

std::string stored_plate(std::string_view plate) {
  return plate.empty() ? std::string{} : chat::normalise_plate(plate).value_or(std::string(plate));
}

void read_sent(const json::object* body, Roster& roster, ReceiptBook& receipts, Command& command) {
  switch (command.type) {
    case CommandType::receipt_register: {
      Receipt receipt;
      receipt.number = text_field(body, "receipt");
      receipt.plate = stored_plate(text_field(body, "plate"));
      receipt.model = stored_text(text_field(body, "model"));
      receipt.insurer = command.key.user;
      receipt.sent_tick = command.tick;
      receipt.adjuster = roster.find(text_field(body, "adjuster")).value_or(kNobody);
      command.receipt = receipts.add(std::move(receipt));
      break;
    }
    case CommandType::pre_estimate_write:
      command.amount = number_field(body, "amount");
      command.receipt = receipts.find(text_field(body, "receipt"));
      break;
    case CommandType::intake_register:
      command.receipt = receipts.find(text_field(body, "receipt"));
      break;
    case CommandType::intake_by_plate:
      command.plate = stored_plate(text_field(body, "plate"));
      command.receipt = receipts.only_one_of(command.plate);
      break;
    case CommandType::estimate_further:
      command.amount = number_field(body, "amount");
      command.reason = stored_text(text_field(body, "reason"));
      break;
    case CommandType::room_change:
      command.title = stored_text(text_field(body, "title"));
      break;
    case CommandType::room_invite:
      command.other = roster.find(text_field(body, "user")).value_or(kNobody);
      command.as = chat::parse_invitation(text_field(body, "as")).value_or(chat::Invitation{});
      break;
    case CommandType::room_hand_over:
      command.other = roster.find(text_field(body, "user")).value_or(kNobody);
      command.as = chat::Invitation::successor;
      break;
    case CommandType::adjuster_hand_over:
      command.absent = roster.find(text_field(body, "adjuster")).value_or(kNobody);
      command.other = roster.find(text_field(body, "to")).value_or(kNobody);
      command.as = chat::Invitation::successor;
      command.retires = text_field(body, "reason") == chat::to_string(chat::Absence::retired);
      break;
    case CommandType::adjuster_back:
      command.absent = roster.find(text_field(body, "adjuster")).value_or(kNobody);
      break;
    case CommandType::general_open:
      command.other = roster.find(text_field(body, "adjuster")).value_or(kNobody);
      read_vehicles(body, command);
      break;
    case CommandType::negotiation_open:
      command.receipt = receipts.find(text_field(body, "receipt"));
      command.other = roster.find(text_field(body, "counterpart")).value_or(kNobody);
      read_negotiation(body, command);
      break;
    case CommandType::negotiation_act:
      read_negotiation(body, command);
      break;
    case CommandType::message_send:
      command.text = stored_text(text_field(body, "text"));
      command.vehicle = stored_plate(text_field(body, "vehicle"));
      command.from_template = text_field(body, "template");
      command.expands = !command.from_template.empty() && body->if_contains("text") == nullptr;
      if (const json::value* files = body == nullptr ? nullptr : body->if_contains("files")) {
        command.files = digest_of_files(files->if_array());
      }
      break;
    case CommandType::template_set:
    case CommandType::template_delete:
      command.text = stored_text(text_field(body, "text"));
      command.owner = text_field(body, "owner");
      command.name = text_field(body, "name");
      command.role = text_field(body, "role");
      break;
    case CommandType::bulk_send:
      command.text = stored_text(text_field(body, "text"));
      break;
    case CommandType::room_read:
    case CommandType::message_delete:
      command.read_seq = number_field(body, "seq");
      break;
    case CommandType::repair_step:
      command.step = chat::parse_repair_state(text_field(body, "step"));
      break;
    case CommandType::intake_cancel:
      command.step = chat::RepairState::cancelled;
      break;
    default:
      break;
  }
}

}  // namespace claims::storm::audit
