#include "simulator/check/scene.h"

#include <fmt/format.h>

#include "protocol/chat/error.h"

namespace claims::storm::audit {

Traced trace(Scene& scene, const EventView& event) {
  Traced traced;
  const auto key = parse_cmd(scene.roster, event.cmd);
  if (!key) return traced;
  traced.key = *key;
  if (Command* command = scene.ledger.find(*key)) {
    traced.sent = true;
    traced.command = command;
    traced.outcome = command->outcome;
    traced.type = command->type;
    return traced;
  }
  const auto settled = scene.ledger.settled(*key);
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
    default:
      break;
  }
  return fmt::format("{} \"{}\"", to_string(event.kind), chat::excerpt(event.text));
}

}  // namespace claims::storm::audit
