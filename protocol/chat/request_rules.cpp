#include "protocol/chat/request_rules.h"

#include <array>

#include "protocol/chat/request_values.h"

namespace claims::chat {
namespace {

using enum FieldName;

constexpr RequestRule command(std::string_view name, std::initializer_list<FieldName> required,
                              std::initializer_list<FieldName> optional = {}) {
  return {name, field_mask(required), field_mask(optional), false};
}
constexpr RequestRule read(std::string_view name, std::initializer_list<FieldName> required,
                           std::initializer_list<FieldName> optional = {}) {
  return {name, field_mask(required), field_mask(optional), true};
}

/// In the order of RequestKind.
constexpr std::array kRules{
    command("receipt.register", {receipt, plate, model, adjuster}),
    command("intake.register", {receipt}),
    command("intake.by_plate", {plate}),
    command("intake.cancel", {room}),
    command("pre_estimate.write", {receipt, amount}),
    command("estimate.further", {room, amount, reason}),
    command("general.open", {adjuster, vehicles}),
    command("message.send", {room}, {text, vehicle, message_template, files}),
    command("message.delete", {room, seq}),
    command("room.read", {room, seq}),
    command("room.change", {room, title}),
    command("room.delete", {room}),
    command("room.invite", {room, user, as}),
    command("room.leave", {room}),
    command("room.hand_over", {room, user}),
    command("adjuster.hand_over", {adjuster, to, reason}),
    command("adjuster.back", {adjuster}),
    command("repair.step", {room, step}),
    command("claim.convert", {room}),
    command("bulk.send", {targets, text}),
    command("negotiation.open", {receipt, counterpart, ratio}),
    command("negotiation.act", {room, action}, {ratio, reason}),
    command("template.set", {name, text}, {owner, role}),
    command("template.delete", {name}, {owner}),
    read("room.list", {}, {kind, vehicle, receipt, text, page, limit}),
    read("room.show", {room}),
    read("room.messages", {room}, {after, limit, vehicle}),
    read("room.reads", {room}),
    read("invite.candidates", {room, as}, {text, page, limit}),
    read("message.search", {text}, {room, vehicle, page, limit}),
    read("history.list", {}, {room, vehicle, insurer, garage, receipt, estimate, page, limit}),
    read("unread.counts", {}, {room}),
    read("bulk.outcomes", {bulk}),
    read("negotiation.status", {room}),
    read("templates.list", {}, {owner, page, limit}),
    read("conversions.count", {}),
    read("sync", {}, {cursor}),
};
static_assert(kRules.size() == kRequestKinds);

std::string kind_names() {
  std::string names;
  for (const RequestRule& rule : kRules) {
    if (!names.empty()) names += ", ";
    names += rule.name;
  }
  return names;
}

}  // namespace

const RequestRule& rule_of(RequestKind kind) {
  return kRules[static_cast<std::size_t>(kind)];
}

// A ratio of an objection may be missing: the state decides whether there must be one.
RequestRule rule_of(NegotiationAction action) {
  RequestRule rule = rule_of(RequestKind::negotiation_act);
  rule.optional = action == NegotiationAction::object ? field_mask({ratio}) : 0;
  if (action == NegotiationAction::object || action == NegotiationAction::send_exemption) {
    rule.required |= field_mask({reason});
  }
  if (action == NegotiationAction::send_prior_agreement) rule.required |= field_mask({ratio});
  return rule;
}

Result<RequestKind, Error> find_kind(const FieldValue& value) {
  if (value.kind == FieldValue::Kind::absent) {
    return Error{ErrorCode::missing_field, "type", "", kind_names()};
  }
  if (value.kind != FieldValue::Kind::string) {
    return Error{ErrorCode::bad_field, "type", found_in(value), kind_names()};
  }
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (value.text == kRules[i].name) return static_cast<RequestKind>(i);
  }
  return Error{ErrorCode::unknown_type, "type", found_in(value), kind_names()};
}

const std::vector<RequestType>& request_types() {
  static const std::vector<RequestType> kTypes = [] {
    std::vector<RequestType> types;
    for (const RequestRule& rule : kRules) {
      RequestType& added = types.emplace_back(RequestType{rule.name, rule.is_read, {}, {}});
      for (std::size_t i = 0; i < kFieldNames; ++i) {
        const auto field = static_cast<FieldName>(i);
        if (holds(rule.required, field)) added.required.push_back(to_string(field));
        if (holds(rule.optional, field)) added.optional.push_back(to_string(field));
      }
    }
    return types;
  }();
  return kTypes;
}

}  // namespace claims::chat
