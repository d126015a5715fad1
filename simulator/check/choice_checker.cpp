#include "simulator/check/choice_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <functional>

#include "protocol/chat/error.h"
#include "protocol/limits.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string_view{} : text_of(*value).value_or("");
}

/// What may open, close or bring about a receipt.
bool changes_receipts(CommandType type) {
  switch (type) {
    case CommandType::receipt_register:
    case CommandType::intake_register:
    case CommandType::intake_by_plate:
    case CommandType::pre_estimate_write:
    case CommandType::intake_cancel:
    case CommandType::repair_step:
    case CommandType::room_delete:
      return true;
    default:
      return false;
  }
}

/// Then the command itself may have been carried out all the same.
bool is_about_the_id(std::string_view code) {
  return code == chat::to_string(chat::ErrorCode::id_reused) ||
         code == chat::to_string(chat::ErrorCode::id_too_old);
}

}  // namespace

/// Where it is counted while it is on its way, unless it is unknown.
Changes& ChoiceChecker::changes_by(const Command& command) {
  if (command.type == CommandType::intake_by_plate) return plates_[command.plate];
  return scene_.receipts.at(command.changes).changes;
}

void ChoiceChecker::sent(Command& command, std::string_view receipt) {
  if (!changes_receipts(command.type)) return;
  command.changes = command.receipt;
  const bool registers = command.type == CommandType::receipt_register;
  if (!registers && command.receipt != kNoReceipt &&
      !scene_.receipts.at(command.receipt).acknowledged) {
    command.changes = kNoReceipt;  // Another registration of the number may be the one that holds.
  }
  if (command.type == CommandType::intake_cancel || command.type == CommandType::repair_step ||
      command.type == CommandType::room_delete) {
    const Room* room = command.room ? scene_.rooms.find(*command.room) : nullptr;
    const bool known = room != nullptr && room->linked;
    if (known && room->receipt == kNoReceipt) return;  // One that no receipt has.
    command.changes = known ? room->receipt : kNoReceipt;
  }
  if (command.changes == kNoReceipt && command.type != CommandType::intake_by_plate) {
    command.change_open = true;
    unknown_.push_back({command.key, command.room, std::string(receipt)});
    return;
  }
  change(command, +1);
}

void ChoiceChecker::change(Command& command, int by) {
  if (command.change_open == (by > 0)) return;
  command.change_open = by > 0;
  if (command.changes == kNoReceipt && command.type != CommandType::intake_by_plate) {
    std::erase_if(unknown_, [&](const Unknown& one) { return one.key == command.key; });
    unknown_tick_ = scene_.tick;
    return;
  }
  Changes& changes = changes_by(command);
  changes.open = static_cast<std::uint32_t>(static_cast<int>(changes.open) + by);
  changes.tick = scene_.tick;
  // Nobody who asks for the plate is left to whom it mattered.
  if (command.type == CommandType::intake_by_plate && changes.open == 0) {
    plates_.erase(command.plate);
  }
}

bool ChoiceChecker::may_change(const Unknown& unknown, const Receipt& receipt) const {
  if (!unknown.room) return unknown.number.empty() || unknown.number == receipt.number;
  const Room* room = scene_.rooms.find(*unknown.room);
  if (room == nullptr || !room->linked) return true;
  return room->receipt != kNoReceipt && &scene_.receipts.at(room->receipt) == &receipt;
}

/// Nothing that may change it was on its way since `command` was sent, but that itself.
bool ChoiceChecker::is_settled(const Command& command, const Receipt& receipt) const {
  const auto before = [&](const Changes& changes, std::uint32_t own) {
    return changes.open == own && changes.tick <= command.tick;
  };
  const auto plate = plates_.find(command.plate);
  const bool unknown = unknown_tick_ > command.tick ||
                       std::any_of(unknown_.begin(), unknown_.end(),
                                   [&](const Unknown& one) { return may_change(one, receipt); });
  return !unknown && before(receipt.changes, 0) && plate != plates_.end() &&
         before(plate->second, 1);
}

ChoiceChecker::Open ChoiceChecker::is_open(const Command& command, const Receipt& receipt) const {
  if (receipt.refused) return Open::no;
  if (!receipt.acknowledged || !is_settled(command, receipt)) return Open::perhaps;
  if (!receipt.room) return Open::yes;
  const Room* room = scene_.rooms.find(*receipt.room);
  const bool known = room != nullptr && room->linked && room->judged && !room->second &&
                     room->all_seen() && room->known_through >= room->acknowledged;
  if (!known) return Open::perhaps;
  const bool is_out = room->state == chat::RepairState::out;
  if (room->deleted != 0) return is_out ? Open::no : Open::yes;
  if (room->garage == command.key.user) return is_out ? Open::no : Open::yes;
  // Its garage may have registered it again: the reply to that names no event to wait for.
  return room->state == chat::RepairState::cancelled ? Open::perhaps : Open::no;
}

void ChoiceChecker::acknowledged(Command& command, const ResultView& result) {
  if (command.type == CommandType::intake_by_plate && command.change_open) {
    if (result.choices != nullptr) {
      several(command, *result.choices);
    } else {
      may_name(command, {{"receipt", result.receipt}});
      none_missing(command, {result.receipt});
    }
  }
  change(command, -1);
}

void ChoiceChecker::refused(Command& command, std::string_view code) {
  if (is_about_the_id(code)) return;
  if (command.type == CommandType::intake_by_plate && command.change_open &&
      (code == chat::to_string(chat::ErrorCode::unknown_plate) ||
       code == chat::to_string(chat::ErrorCode::receipt_in_use))) {
    none_missing(command, {});
  }
  change(command, -1);
}

void ChoiceChecker::several(const Command& command, const json::array& choices) {
  std::vector<std::string_view> named;
  for (const json::value& value : choices) {
    const json::object* entry = value.if_object();
    if (entry == nullptr || entry->size() != 4) {
      return tell(command, "choices의 항목이 receipt, insurer, insurer_name, model이 아닙니다.",
                  "an entry of choices is not receipt, insurer, insurer_name and model.");
    }
    may_name(command, *entry);
    named.push_back(text_in(*entry, "receipt"));
  }
  const bool in_order =
      std::adjacent_find(named.begin(), named.end(), std::greater_equal<>()) == named.end();
  if (named.size() < 2 || named.size() > claims::limits::kChoicesMax || !in_order) {
    tell(command,
         fmt::format("choices는 접수번호 순으로 2–{}개여야 하는데 {}개이거나 순서가 다릅니다.",
                     claims::limits::kChoicesMax, named.size()),
         fmt::format("choices must be 2 to {}, by receipt; they are {}, or in another order.",
                     claims::limits::kChoicesMax, named.size()));
  }
  none_missing(command, named);
}

void ChoiceChecker::may_name(const Command& command, const json::object& entry) {
  const std::string_view number = text_in(entry, "receipt");
  const auto fits = [&](const Receipt& receipt) {
    if (receipt.number != number || is_open(command, receipt) == Open::no) return false;
    if (entry.size() == 1) return true;
    const std::string& insurer = scene_.roster.user(receipt.insurer).insurer;
    return text_in(entry, "insurer") == insurer &&
           text_in(entry, "insurer_name") == scene_.roster.insurer_name(insurer) &&
           text_in(entry, "model") == receipt.model;
  };
  const auto registered = scene_.receipts.registrations_of(command.plate);
  const bool fit = std::any_of(registered.begin(), registered.end(), [&](std::uint32_t index) {
    return fits(scene_.receipts.at(index));
  });
  if (fit) return;
  const std::string shown = chat::excerpt(json::serialize(entry));
  tell(command,
       fmt::format("{} 차량에 이 정비공장이 고를 수 있는 그런 접수가 없습니다: {}.", command.plate,
                   shown),
       fmt::format("vehicle {} has no such receipt that is open to this garage: {}.", command.plate,
                   shown));
}

void ChoiceChecker::none_missing(const Command& command,
                                 const std::vector<std::string_view>& named) {
  const bool full = named.size() >= claims::limits::kChoicesMax;
  for (const std::uint32_t index : scene_.receipts.registrations_of(command.plate)) {
    const Receipt& receipt = scene_.receipts.at(index);
    if (std::find(named.begin(), named.end(), receipt.number) != named.end()) continue;
    if (full && receipt.number > named.back()) continue;
    if (is_open(command, receipt) != Open::yes) continue;
    tell(command,
         fmt::format("{} 차량의 접수 {}도 이 정비공장에 열려 있는데 응답에 없습니다.",
                     command.plate, receipt.number),
         fmt::format("receipt {} of vehicle {} is open to this garage, too, and the answer lacks "
                     "it.",
                     receipt.number, command.plate));
  }
}

void ChoiceChecker::tell(const Command& command, std::string_view ko, std::string_view en) {
  scene_.stories.tell(Checker::one_room_per_intake, [&] {
    const std::string who = scene_.roster.who(command.key.user);
    const std::string id = command_text(scene_.roster, command.key);
    return Story{fmt::format("{}의 {} 명령 {}: {}", who, to_string(command.type), id, ko),
                 fmt::format("{}'s {} {}: {}", who, to_string(command.type), id, en)};
  });
}

}  // namespace claims::storm::audit
