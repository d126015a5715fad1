#include "simulator/check/command_ledger.h"

#include <algorithm>
#include <array>

#include "simulator/check/digest.h"

namespace claims::storm::audit {
namespace {

constexpr std::array<std::string_view, 25> kTypes{"?",
                                                  "receipt.register",
                                                  "intake.register",
                                                  "message.send",
                                                  "room.read",
                                                  "repair.step",
                                                  "claim.convert",
                                                  "pre_estimate.write",
                                                  "general.open",
                                                  "bulk.send",
                                                  "negotiation.open",
                                                  "negotiation.act",
                                                  "intake.by_plate",
                                                  "intake.cancel",
                                                  "estimate.further",
                                                  "message.delete",
                                                  "room.change",
                                                  "room.delete",
                                                  "room.invite",
                                                  "room.leave",
                                                  "room.hand_over",
                                                  "adjuster.hand_over",
                                                  "adjuster.back",
                                                  "template.set",
                                                  "template.delete"};

TableKey ask_key(SessionNumber session, std::string_view id) {
  return {static_cast<std::uint64_t>(session), digest_of(id, 1), digest_of(id, 2)};
}

TableKey command_key(const CommandKey& key) {
  return {static_cast<std::uint64_t>(key.user), key.id.instance, key.id.n};
}

}  // namespace

std::string_view to_string(CommandType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

CommandType parse_command_type(std::string_view type) {
  for (std::size_t i = 1; i < kTypes.size(); ++i) {
    if (kTypes[i] == type) return static_cast<CommandType>(i);
  }
  return CommandType::other;
}

bool opens_room(CommandType type) {
  switch (type) {
    case CommandType::intake_register:
    case CommandType::intake_by_plate:
    case CommandType::pre_estimate_write:
    case CommandType::general_open:
    case CommandType::bulk_send:
    case CommandType::negotiation_open:
      return true;
    default:
      return false;
  }
}

Ask& CommandLedger::ask(SessionNumber session, std::string_view id) {
  Ask& ask = asks_.put(ask_key(session, id));
  ask = Ask{};
  ask.session = session;
  ask.id = id;
  return ask;
}

Ask& CommandLedger::unreadable_ask(SessionNumber session, std::string_view id) {
  Ask& ask = unreadable_[session].emplace_back();
  ask.session = session;
  ask.unreadable = true;
  ask.id = id;
  return ask;
}

Ask* CommandLedger::find_ask(SessionNumber session, std::string_view id) {
  if (Ask* ask = asks_.find(ask_key(session, id))) return ask;
  const auto asks = unreadable_.find(session);
  if (asks == unreadable_.end()) return nullptr;
  const auto ask = std::find_if(asks->second.begin(), asks->second.end(),
                                [&](const Ask& it) { return it.id == id; });
  return ask == asks->second.end() ? nullptr : &*ask;
}

Ask* CommandLedger::first_unreadable(SessionNumber session) {
  const auto asks = unreadable_.find(session);
  return asks == unreadable_.end() ? nullptr : &asks->second.front();
}

void CommandLedger::answered(const Ask& ask) {
  if (!ask.unreadable) return asks_.erase(ask_key(ask.session, ask.id));
  const auto asks = unreadable_.find(ask.session);
  std::erase_if(asks->second, [&](const Ask& it) { return &it == &ask; });
  if (asks->second.empty()) unreadable_.erase(asks);
}

std::uint32_t CommandLedger::step(std::string_view name) {
  const auto found = steps_.find(name);
  if (found != steps_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(step_names_.size());
  step_names_.emplace_back(name);
  steps_.emplace(name, number);
  return number;
}

std::uint8_t* CommandLedger::outcome_byte(const CommandKey& key) {
  Instance* instance = instances_.find(command_key({key.user, {key.id.instance, 0}}));
  if (instance == nullptr || key.id.n == 0 || key.id.n > instance->outcomes.size()) return nullptr;
  return &instance->outcomes[static_cast<std::size_t>(key.id.n - 1)];
}

Command* CommandLedger::open(const CommandKey& key, SessionNumber session) {
  if (Command* command = find(key)) return command;
  const CommandKey instance_key{key.user, {key.id.instance, 0}};
  Instance* instance = instances_.find(command_key(instance_key));
  if (instance == nullptr) {
    instance = &instances_.put(command_key(instance_key));
    instance->session = session;
    instance_order_.push_back(instance_key);
  }
  const std::size_t sent = instance->outcomes.size();
  if (key.id.n > sent && key.id.n - sent <= kJumpMax) {
    instance->outcomes.resize(static_cast<std::size_t>(key.id.n));
  }
  if (const std::uint8_t* byte = outcome_byte(key)) {
    const auto outcome = static_cast<Outcome>(*byte & 7U);
    if (outcome == Outcome::acknowledged || outcome == Outcome::refused) return nullptr;
  } else {
    sparse_.push_back(key);
  }
  Command& command = commands_.put(command_key(key));
  command.key = key;
  if (std::uint8_t* byte = outcome_byte(key)) *byte = static_cast<std::uint8_t>(Outcome::open);
  return &command;
}

Command* CommandLedger::find(const CommandKey& key) {
  return commands_.find(command_key(key));
}

CommandLedger::Settled CommandLedger::settled(const CommandKey& key) {
  const std::uint8_t* byte = outcome_byte(key);
  if (byte == nullptr) return {};
  return {static_cast<Outcome>(*byte & 7U), static_cast<CommandType>(*byte >> 3U)};
}

std::optional<SessionNumber> CommandLedger::session_of(const CommandKey& key) {
  const Instance* instance = instances_.find(command_key({key.user, {key.id.instance, 0}}));
  if (instance == nullptr) return std::nullopt;
  return instance->session;
}

void CommandLedger::settle(const Command& command, Outcome outcome) {
  const CommandKey key = command.key;
  if (std::uint8_t* byte = outcome_byte(key)) {
    *byte = static_cast<std::uint8_t>(static_cast<unsigned>(outcome) |
                                      (static_cast<unsigned>(command.type) << 3U));
  } else {
    std::erase(sparse_, key);
  }
  commands_.erase(command_key(key));
}

std::vector<CommandKey> CommandLedger::still_open() {
  std::vector<CommandKey> keys;
  for (const CommandKey& instance_key : instance_order_) {
    const Instance& instance = *instances_.find(command_key(instance_key));
    for (std::uint64_t n = 1; n <= instance.outcomes.size(); ++n) {
      const CommandKey key{instance_key.user, {instance_key.id.instance, n}};
      if (find(key) != nullptr) keys.push_back(key);
    }
  }
  for (const CommandKey& key : sparse_) {
    if (outcome_byte(key) == nullptr && find(key) != nullptr) keys.push_back(key);
  }
  return keys;
}

std::string command_text(const Roster& roster, const CommandKey& key) {
  return roster.user(key.user).id + ":" + chat::to_string(key.id);
}

std::optional<ParsedCmd> parse_cmd(const Roster& roster, std::string_view cmd) {
  const std::size_t colon = cmd.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto user = roster.find(cmd.substr(0, colon));
  const std::string_view rest = cmd.substr(colon + 1);
  const std::size_t slash = rest.find('/');
  const bool derived = slash != std::string_view::npos;
  const auto id = chat::parse_command_id(rest.substr(0, slash));
  if (!user || !id || (derived && slash + 1 == rest.size())) return std::nullopt;
  return ParsedCmd{{*user, *id}, derived ? rest.substr(slash + 1) : std::string_view{}};
}

}  // namespace claims::storm::audit
