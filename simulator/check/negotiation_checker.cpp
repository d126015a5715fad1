#include "simulator/check/negotiation_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/chat/error.h"
#include "simulator/check/digest.h"
#include "simulator/check/negotiation_move.h"

namespace claims::storm::audit {

using chat::Negotiation;
using chat::NegotiationAction;

std::optional<chat::Side> side_of(const Room& room, UserNumber user, chat::Seq seq) {
  if (user == room.in_charge(0, seq)) return chat::Side::initiator;
  if (user == room.in_charge(1, seq)) return chat::Side::counterpart;
  return std::nullopt;
}

std::string told(chat::NegotiationState state, std::optional<chat::Ratio> ratio,
                 std::optional<chat::Side> turn) {
  return fmt::format("{}, ratio {}, turn {}", chat::to_string(state),
                     ratio ? chat::to_string(*ratio) : "-", turn ? chat::to_string(*turn) : "-");
}

void NegotiationChecker::seen(Room& room, const EventView& event, const Traced& traced) {
  const bool of_step = event.kind == EventKind::negotiation;
  if (room.negotiation == nullptr) {
    if (of_step && room.linked && room.judged && !room.second) {
      tell(room, event.seq, event.cmd, "과실협의 대화방이 아닌데 과실협의가 진행되었습니다.",
           "a step of a negotiation in a room that is none.");
    }
    return;
  }
  Command* command = traced.command;
  const bool announces =
      event.kind == EventKind::message && command != nullptr && has_acting_tag(*command);
  if (!of_step && !announces) return;
  if (announces) command->tag_acts = true;
  NegotiationStep step;
  step.seq = event.seq;
  step.cmd = digest_of(event.cmd);
  step.told = event.cmd;
  step.announces = announces;
  step.action = event.negotiation.action;
  step.by = event.negotiation.by;
  step.ratio = event.negotiation.ratio;
  step.state = event.negotiation.state;
  step.turn = event.negotiation.turn;
  step.reason = event.negotiation.reason;
  step.user = traced.key.user;
  if (command != nullptr) {
    step.known = true;
    step.sent_tick = command->tick;
    step.by_message = command->type == CommandType::message_send;
    step.sent_reason = command->reason;
    for (const chat::Side side : {chat::Side::initiator, chat::Side::counterpart}) {
      step.moves[static_cast<std::size_t>(side)] = move_of(*command, side);
    }
  }
  auto& ahead = room.negotiation->ahead;
  const auto after = std::find_if(ahead.begin(), ahead.end(),
                                  [&](const NegotiationStep& it) { return it.seq > step.seq; });
  ahead.insert(after, std::move(step));
}

void NegotiationChecker::fold(Room& room, chat::Seq seq) {
  if (room.negotiation == nullptr) return;
  NegotiationRecord& record = *room.negotiation;
  auto& ahead = record.ahead;
  while (!ahead.empty() && ahead.front().seq < seq) ahead.erase(ahead.begin());
  if (ahead.empty() || ahead.front().seq != seq) return must_come(room, record, nullptr, seq);
  NegotiationStep step = std::move(ahead.front());
  ahead.erase(ahead.begin());
  // A hand-over before it moves the side.
  step.side = side_of(room, step.user, seq);
  if (step.side) step.move = step.moves[static_cast<std::size_t>(*step.side)];
  must_come(room, record, &step, seq);
  if (!step.announces) return this->step(room, record, step);
  record.announced = step.cmd;
  if (step.move) return;
  tell(room, seq, step.told, "거절되어야 할 해시태그가 있는 글이 받아들여졌습니다.",
       "a message was taken whose hashtags cannot be carried out.");
  record.announced = 0;
}

/// What the event before it makes necessary, at this place and nowhere else.
void NegotiationChecker::must_come(Room& room, NegotiationRecord& record,
                                   const NegotiationStep* step, chat::Seq seq) {
  const bool refers = step != nullptr && !step->announces && !step->by;
  if (record.referred != 0 && (!refers || step->cmd != record.referred)) {
    tell(room, seq, step == nullptr ? "?" : step->told,
         "다섯 번째 이의제기 뒤에는 분쟁심의 회부가 와야 합니다.",
         "after the fifth objection comes the referral to the dispute committee.");
    record.referred = 0;
  }
  const bool follows = step != nullptr && !step->announces && step->cmd == record.announced;
  if (record.announced != 0 && !follows) {
    tell(room, seq - 1, step == nullptr ? "?" : step->told,
         "해시태그가 있는 글 바로 뒤에 그 과실협의 이벤트가 없습니다.",
         "a message with a hashtag is not followed by the step that it makes.");
    record.announced = 0;
  }
}

void NegotiationChecker::step(Room& room, NegotiationRecord& record, const NegotiationStep& step) {
  judge_refusals(room, record, step.sent_tick);
  const bool announced = std::exchange(record.announced, 0) != 0;
  if (step.action == NegotiationAction::open || record.states.empty()) {
    return opening(room, record, step);
  }
  const NegotiationRecord::State& last = record.states.back();
  const Negotiation before = last.negotiation;
  if (!step.by) return referral(room, record, step);
  if (step.known && step.by_message && !announced) {
    tell(room, step.seq, step.told, "해시태그가 없거나 인용·상용구인 글이 과실협의를 움직였습니다.",
         "a message whose text makes no step (no hashtag, quoted, or from a template) made one.");
  }
  if (step.by != step.side) {
    tell(room, step.seq, step.told,
         fmt::format("{} 쪽이 보냈는데 {} 쪽이 한 것으로 되어 있습니다.",
                     step.side ? chat::to_string(*step.side) : "?", chat::to_string(*step.by)),
         fmt::format("the {} sent it, and it says that the {} did it.",
                     step.side ? chat::to_string(*step.side) : "?", chat::to_string(*step.by)));
  }
  // Where the command is not known any more, what the event shows must do.
  auto move = step.known ? step.move : std::nullopt;
  if (!move) {
    move = chat::NegotiationMove{step.action, step.ratio, {}};
    const bool discusses = before.state == chat::NegotiationState::discussing;
    if (step.action == NegotiationAction::object && !discusses) move->ratio.reset();
  }
  const auto next = after(before, step.side.value_or(*step.by), *move);
  if (next) {
    if (step.known) compare(room, step, *next);
    advance(record, step.seq, *next);
    if (next->must_refer()) record.referred = step.cmd;
    return;
  }
  illegal(room, step, before);
  // What follows is judged by what the server seems to hold.
  Negotiation taken = before;
  taken.state = step.state;
  if (step.ratio)
    (taken.state == chat::NegotiationState::discussing ? taken.standing : taken.prior) =
        *step.ratio;
  if (step.turn) taken.turn = *step.turn;
  taken.sender = *step.by;
  advance(record, step.seq, taken);
}

void NegotiationChecker::opening(Room& room, NegotiationRecord& record,
                                 const NegotiationStep& step) {
  if (step.action != NegotiationAction::open || !record.states.empty()) {
    return tell(room, step.seq, step.told, "과실협의의 시작이 아닌 곳입니다.",
                "a negotiation opens once, before every other step.");
  }
  const bool known = step.move && step.move->ratio;
  const Negotiation opened =
      Negotiation::opened(known ? *step.move->ratio : step.ratio.value_or(chat::Ratio{}));
  if (step.by != step.side || step.by != chat::Side::initiator) {
    tell(room, step.seq, step.told, "과실협의는 시작한 쪽(initiator)이 열어야 합니다.",
         "the initiator opens a negotiation.");
  }
  if (known) compare(room, step, opened);
  advance(record, step.seq, opened);
}

void NegotiationChecker::referral(Room& room, NegotiationRecord& record,
                                  const NegotiationStep& step) {
  const NegotiationRecord::State last = record.states.back();
  Negotiation next = last.negotiation;
  next.state = chat::NegotiationState::referred;
  const bool due = record.referred == step.cmd && step.action == NegotiationAction::refer;
  record.referred = 0;
  if (!due) {
    tell(room, step.seq, step.told,
         fmt::format("이의제기가 {}번인데 서버가 분쟁심의에 회부했습니다.",
                     last.negotiation.objections),
         fmt::format("the server referred it to the committee after {} objections.",
                     last.negotiation.objections),
         is_final(last.negotiation.state) ? Checker::same_end : Checker::legal_negotiation_steps);
  } else {
    compare(room, step, next);
  }
  advance(record, step.seq, next);
}

void NegotiationChecker::illegal(const Room& room, const NegotiationStep& step,
                                 const Negotiation& before) {
  const std::string_view action = chat::to_string(step.action);
  const std::string_view by = chat::to_string(*step.by);
  const std::string was = told(before.state, before.shown_ratio(), before.answers());
  if (is_final(before.state)) {
    return tell(room, step.seq, step.told,
                fmt::format("끝난 과실협의({}) 뒤에 {} 쪽의 {}이(가) 왔습니다.", was, by, action),
                fmt::format("{} by the {} follows the end ({}).", action, by, was),
                Checker::same_end);
  }
  tell(room, step.seq, step.told,
       fmt::format("{} 쪽의 {}은(는) 여기서 할 수 없습니다. 그때 상태: {}. 할 수 있는 것: {}.", by,
                   action, was, before.legal_actions(*step.by)),
       fmt::format("{} by the {} is not legal there. It was {}. Legal: {}.", action, by, was,
                   before.legal_actions(*step.by)));
}

void NegotiationChecker::compare(const Room& room, const NegotiationStep& step,
                                 const Negotiation& due) {
  const NegotiationAction action = step.by && step.move ? step.move->action : step.action;
  std::string reason;
  if (action == NegotiationAction::object) reason = step.sent_reason;
  if (action == NegotiationAction::send_exemption) {
    reason = chat::to_string(step.move ? step.move->exemption : due.exemption);
  }
  if (action == NegotiationAction::accept_exemption) reason = chat::to_string(due.exemption);
  if (step.action == action && step.state == due.state && step.ratio == due.shown_ratio() &&
      step.turn == due.answers() && step.reason == reason) {
    return;
  }
  const std::string must = told(due.state, due.shown_ratio(), due.answers());
  const std::string is = told(step.state, step.ratio, step.turn);
  tell(room, step.seq, step.told,
       fmt::format("{}(사유 \"{}\") 뒤에는 {}이어야 하는데 {}(사유 \"{}\"), {}라고 합니다.",
                   chat::to_string(action), chat::excerpt(reason), must,
                   chat::to_string(step.action), chat::excerpt(step.reason), is),
       fmt::format(R"(after {} (reason "{}") it must be {}; the event says {} (reason "{}"), {}.)",
                   chat::to_string(action), chat::excerpt(reason), must,
                   chat::to_string(step.action), chat::excerpt(step.reason), is));
}

void NegotiationChecker::advance(NegotiationRecord& record, chat::Seq seq,
                                 const Negotiation& next) {
  if (record.states.size() >= NegotiationRecord::kStatesKept) {
    record.states.erase(record.states.begin());
  }
  record.states.push_back({seq, next});
  for (NegotiationTrial& trial : record.trials) {
    trial.refusable =
        trial.refusable || !trial.side || !trial.move || !after(next, *trial.side, *trial.move);
  }
}

void NegotiationChecker::tell(const Room& room, chat::Seq seq, std::string_view cmd,
                              std::string_view ko, std::string_view en, Checker checker) {
  scene_.stories.tell(checker, [&] {
    const std::string initiator = scene_.roster.who(room.founders[0]);
    const std::string counterpart = scene_.roster.who(room.founders[1]);
    return Story{fmt::format("{}: {} 명령 {}. initiator: {}, counterpart: {}.", place_ko(room, seq),
                             ko, cmd, initiator, counterpart),
                 fmt::format("{}: {} The command was {}. The initiator is {}, the counterpart {}.",
                             place_en(room, seq), en, cmd, initiator, counterpart)};
  });
}

}  // namespace claims::storm::audit
