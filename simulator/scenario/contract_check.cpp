#include "simulator/scenario/contract_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "protocol/chat/command.h"
#include "protocol/chat/error.h"
#include "simulator/scenario/near_miss.h"

namespace claims::storm {
namespace {

using Names = std::vector<std::string>;

struct CommandRule {
  std::string type;
  Names required, optional;  ///< Beside `type` and `id`.
};
const std::vector<CommandRule>& commands() {
  static const std::vector<CommandRule> kRules = [] {
    std::vector<CommandRule> rules;
    for (const chat::RequestType& type : chat::request_types()) {
      rules.push_back({std::string(type.name),
                       {type.required.begin(), type.required.end()},
                       {type.optional.begin(), type.optional.end()}});
    }
    return rules;
  }();
  return kRules;
}

struct EventRule {
  std::string type;
  Names body;
};
const std::vector<EventRule>& events() {
  static const std::vector<EventRule> kRules = {
      {"joined", {"user", "from", "kind", "receipt", "model", "as"}},
      {"notice", {"state", "text"}},
      {"greeting", {"text"}},
      {"message", {"text", "template", "files", "deleted"}},
      {"claim", {"claim", "text"}},
      {"pre_estimate", {"estimate", "amount", "text"}},
      {"vehicle_added", {"text"}},
      {"negotiation", {"action", "by", "ratio", "reason", "state", "turn", "text"}},
      {"message_deleted", {"of", "text"}},
      {"left", {"user", "text"}},
      {"handed_over", {"from", "to", "text"}},
      {"room_changed", {"title", "text"}},
      {"room_deleted", {"text"}},
      {"further_estimate", {"estimate", "amount", "reason", "text"}},
  };
  return kRules;
}
const Names& event_fields() {
  static const Names kFields = {"type",    "room", "seq",  "at",    "sender",
                                "vehicle", "cmd",  "body", "cursor"};
  return kFields;
}

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The rule of the `type` of a command or event. Null when it has none, after an error when the
/// type looks like a slip of a known one.
template <class Rule>
const Rule* rule_of(const Cursor& cursor, const std::vector<Rule>& rules, bool may_be_wrong) {
  const auto member = cursor.optional("type");
  if (!member || member->node().kind != JsonNode::Kind::text) return nullptr;
  const std::string& type = member->node().text;
  Names types;
  for (const Rule& rule : rules) {
    if (rule.type == type) return &rule;
    types.push_back(rule.type);
  }
  if (!may_be_wrong && !nearest(type, types).empty()) {
    member->error(allowed_names(type, types) + R"(; another server's: "contract": "other")");
  }
  return nullptr;
}

/// The parts of a path into an event, `body` and `txt`; only the first two are looked at.
void check_event_path(const Cursor& cursor, const Names& path, std::string_view written,
                      const EventRule& rule) {
  const auto refuse = [&](std::string_view found, const Names& allowed) {
    cursor.error(fmt::format("'{}' of the event {}", written, rule.type),
                 allowed_names(found, allowed));
  };
  if (path.empty()) return;
  if (!has(event_fields(), path[0])) return refuse(path[0], event_fields());
  if (path.size() < 2) return;
  static const Names kSender = {"id", "name"};
  if (path[0] == "body" && !has(rule.body, path[1])) refuse(path[1], rule.body);
  if (path[0] == "sender" && !has(kSender, path[1])) refuse(path[1], kSender);
}

Names split(std::string_view path) {
  Names parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    parts.emplace_back(path.substr(0, end));
    if (end == path.size() || path[end] == '[') break;
    path.remove_prefix(end + 1);
  }
  return parts;
}

const Names& error_codes() {
  static const Names kCodes = [] {
    Names codes;
    for (int code = 0; code <= static_cast<int>(chat::ErrorCode::limit_reached); ++code) {
      codes.emplace_back(chat::to_string(static_cast<chat::ErrorCode>(code)));
    }
    return codes;
  }();
  return kCodes;
}

}  // namespace

void check_error_code(const Cursor& code) {
  const std::string& text = code.node().text;
  if (!has(error_codes(), text)) code.error(allowed_names(text, error_codes()));
}

void check_send(const Cursor& send, std::string_view expected_error) {
  const CommandRule* rule = rule_of(send, commands(), !expected_error.empty());
  if (rule == nullptr || !expected_error.empty()) return;
  for (const std::string& field : rule->required) {
    if (!send.optional(field)) {
      send.error(fmt::format("{} without {}", rule->type, field),
                 fmt::format("{}; or an expected error", fmt::join(rule->required, ", ")));
    }
  }
  Names fields = rule->required;
  fields.insert(fields.end(), rule->optional.begin(), rule->optional.end());
  for (const auto& [key, value] : send.members()) {
    if (key == "type" || key == "id" || has(fields, key)) continue;
    value.error(fmt::format("the field \"{}\" of {}", key, rule->type),
                allowed_names(key, fields) + "; or an expected error");
  }
}

void check_await(const Cursor& await, const Cursor& step, const Step& loaded) {
  const EventRule* rule = rule_of(await, events(), false);
  if (rule == nullptr) return;
  for (const auto& [key, value] : await.members()) {
    if (key != "type") check_event_path(value, split(key), key, *rule);
  }
  const auto save = step.optional("save");
  if (!save) return;
  for (const auto& [name, expression] : loaded.save) {
    const auto value = save->optional(name);
    if (!expression || !value) continue;
    for (const std::string& path : expression.paths()) {
      Names parts = split(path);
      if (parts.empty() || parts[0] != "event") continue;
      parts.erase(parts.begin());
      check_event_path(*value, parts, path, *rule);
    }
  }
}

}  // namespace claims::storm
