// NegotiationChecker's part that judges refusals.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "simulator/check/digest.h"
#include "simulator/check/negotiation_checker.h"
#include "simulator/check/negotiation_move.h"

namespace claims::storm::audit {
namespace {

NegotiationRecord* record_of(RoomModel& rooms, const Command& command) {
  Room* room = command.room ? rooms.find(*command.room) : nullptr;
  return room == nullptr ? nullptr : room->negotiation.get();
}

}  // namespace

void NegotiationChecker::sent(Command& command) {
  const bool acts = command.type == CommandType::negotiation_act;
  const bool may_be_tagged =
      command.type == CommandType::message_send && command.text.find('#') != std::string::npos;
  if (!acts && !may_be_tagged) return;
  NegotiationRecord* record = record_of(scene_.rooms, command);
  if (record == nullptr) return;
  command.tag_acts = !acts && has_acting_tag(command);
  if (!acts && !command.tag_acts) return;
  NegotiationTrial trial;
  trial.told = command_text(scene_.roster, command.key);
  trial.cmd = digest_of(trial.told);
  trial.side = side_of(*scene_.rooms.find(*command.room), command.key.user);
  if (trial.side) trial.move = move_of(command, *trial.side);
  trial.refusable = record->states.empty() || !trial.move ||
                    !after(record->states.back().negotiation, *trial.side, *trial.move);
  auto& trials = record->trials;
  if (trials.size() >= NegotiationRecord::kTrialsMax) trials.erase(trials.begin());
  trials.push_back(std::move(trial));
}

void NegotiationChecker::accepted(const Command& command) {
  if (command.type != CommandType::negotiation_act && !command.tag_acts) return;
  NegotiationRecord* record = record_of(scene_.rooms, command);
  if (record == nullptr || record->trials.empty()) return;
  const std::uint64_t cmd = digest_of(command_text(scene_.roster, command.key));
  std::erase_if(record->trials, [&](const NegotiationTrial& it) { return it.cmd == cmd; });
}

void NegotiationChecker::refused(const Command& command, std::string_view code) {
  NegotiationRecord* record = record_of(scene_.rooms, command);
  if (record == nullptr || record->trials.empty()) return;
  const std::uint64_t cmd = digest_of(command_text(scene_.roster, command.key));
  const auto trial = std::find_if(record->trials.begin(), record->trials.end(),
                                  [&](const NegotiationTrial& it) { return it.cmd == cmd; });
  if (trial == record->trials.end()) return;
  // Other refusals have nothing to do with what stands.
  const bool judged = code == "illegal_action" || code == "bad_ratio";
  if (!judged || trial->refusable) {
    record->trials.erase(trial);
    return;
  }
  trial->refused = true;
  trial->refused_tick = scene_.tick;
  trial->code = code;
}

/// A step of a command that went out at `tick` comes now: refusals from before then met no other
/// state any more.
void NegotiationChecker::judge_refusals(const Room& room, NegotiationRecord& record,
                                        std::uint64_t tick) {
  std::erase_if(record.trials, [&](const NegotiationTrial& trial) {
    if (!trial.refused || tick <= trial.refused_tick) return false;
    if (trial.refusable) return true;
    const chat::Negotiation& now = record.states.back().negotiation;
    tell(room, record.states.back().seq, trial.told,
         fmt::format("할 수 있는 {}이(가) {}(으)로 거절되었습니다. 그때 상태: {}.",
                     chat::to_string(trial.move->action), trial.code,
                     told(now.state, now.shown_ratio(), now.answers())),
         fmt::format("{} was refused with {}, and was legal all the while. It was {}.",
                     chat::to_string(trial.move->action), trial.code,
                     told(now.state, now.shown_ratio(), now.answers())));
    return true;
  });
}

void NegotiationChecker::finish(Room& room) {
  if (room.negotiation == nullptr || !room.judged || room.second) return;
  NegotiationRecord& record = *room.negotiation;
  const bool everything = room.known_through == room.last();
  if (!everything || record.states.empty()) return;
  must_come(room, record, nullptr, room.last() + 1);
  judge_refusals(room, record, kOpenEnd);
}

}  // namespace claims::storm::audit
