#include "simulator/check/scene.h"

#include <fmt/format.h>

#include "protocol/chat/error.h"

namespace claims::storm::audit {

Traced trace(Scene& scene, const EventView& event) {
  Traced traced;
  const auto cmd = parse_cmd(scene.roster, event.cmd);
  if (!cmd) return traced;
  const CommandKey& key = cmd->key;
  traced.key = key;
  traced.derived = cmd->derived;
  if (!cmd->derived.empty()) {
    traced.bulk = scene.bulks.find(key);
    if (traced.bulk != nullptr) traced.target = traced.bulk->target(cmd->derived);
  }
  if (Command* command = scene.ledger.find(key)) {
    traced.sent = true;
    traced.command = command;
    traced.outcome = command->outcome;
    traced.type = command->type;
    return traced;
  }
  const auto settled = scene.ledger.settled(key);
  traced.sent = settled.outcome != Outcome::none;
  traced.outcome = settled.outcome;
  traced.type = settled.type;
  return traced;
}

std::string place_ko(const Room& room, chat::Seq seq) {
  return fmt::format("대화방 {} 순번 {}", chat::to_string(room.id), seq);
}

std::string place_en(const Room& room, chat::Seq seq) {
  return fmt::format("room {}, seq {}", chat::to_string(room.id), seq);
}

std::string content(const EventView& event) {
  switch (event.kind) {
    case EventKind::joined:
      return fmt::format("joined {}", chat::excerpt(event.user_id));
    case EventKind::notice:
      return fmt::format("notice {}", chat::to_string(event.state));
    case EventKind::vehicle_added:
      return fmt::format("vehicle_added {}", chat::excerpt(event.vehicle));
    case EventKind::negotiation: {
      const NegotiationView& step = event.negotiation;
      return fmt::format("negotiation {} by {}: {}{}{}", chat::to_string(step.action),
                         step.by ? chat::to_string(*step.by) : "system",
                         chat::to_string(step.state), step.ratio ? " " : "",
                         step.ratio ? chat::to_string(*step.ratio) : "");
    }
    default:
      break;
  }
  return fmt::format("{} \"{}\"", to_string(event.kind), chat::excerpt(event.text));
}

}  // namespace claims::storm::audit
