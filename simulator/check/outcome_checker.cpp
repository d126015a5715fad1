#include "simulator/check/outcome_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "protocol/chat/error.h"
#include "simulator/check/digest.h"

namespace claims::storm::audit {
namespace {

constexpr std::array<std::string_view, 10> kUnusedIdCodes{
    "too_large",    "malformed_json", "missing_field", "unknown_field", "bad_field",
    "unknown_type", "id_too_old",     "id_reused",     "id_gap",        "unknown_instance"};

/// One whose reply names the room that it was sent to; all but room.read make an event there.
bool is_of_room(CommandType type) {
  switch (type) {
    case CommandType::message_send:
    case CommandType::room_read:
    case CommandType::repair_step:
    case CommandType::claim_convert:
    case CommandType::negotiation_act:
    case CommandType::intake_cancel:
    case CommandType::estimate_further:
    case CommandType::message_delete:
    case CommandType::room_change:
    case CommandType::room_delete:
    case CommandType::room_invite:
    case CommandType::room_leave:
    case CommandType::room_hand_over:
      return true;
    default:
      return false;
  }
}

bool has_happened(const Command& command) {
  return command.event_seq != 0 || command.effects != 0;
}

}  // namespace

bool leaves_id_unused(std::string_view code) {
  return std::find(kUnusedIdCodes.begin(), kUnusedIdCodes.end(), code) != kUnusedIdCodes.end();
}

void OutcomeChecker::happened(Room& room, const EventView& event, const Traced& traced) {
  if (room.second && opens_room(traced.type)) return;
  if (traced.command == nullptr) {
    const bool was_refused = traced.outcome != Outcome::acknowledged;
    // Another greeting is told by its own checker.
    if (!was_refused && event.kind == EventKind::greeting) return;
    tell(traced.key, traced.type,
         fmt::format("{} 명령인데 {}에 이벤트가 생겼습니다. 내용: {}.",
                     was_refused ? "거절된" : "이미 한 번 수행된", place_ko(room, event.seq),
                     content(event)),
         fmt::format("it {}, yet an event of it came at {}: {}.",
                     was_refused ? "was refused" : "had taken effect once already",
                     place_en(room, event.seq), content(event)));
    return;
  }
  Command& command = *traced.command;
  // Who comes with a hand-over joins first.
  if (command.type == CommandType::room_hand_over && event.kind == EventKind::joined) return;
  const bool by_tag =
      command.type == CommandType::message_send && event.kind == EventKind::negotiation;
  if (by_tag) command.tag_acts = true;
  const bool first = by_tag ? !command.tag_acted : command.event_seq == 0;
  if (by_tag && first) {
    command.tag_acted = true;
    return;
  }
  if (!first) {
    tell(command.key, command.type,
         fmt::format("두 번 수행되었습니다. 대화방 {}의 {}번과 {}번입니다. 내용: {}.",
                     chat::to_string(room.id), command.event_seq, event.seq, content(event)),
         fmt::format("it took effect twice, in room {} at seq {} and at seq {}: {}.",
                     chat::to_string(room.id), command.event_seq, event.seq, content(event)));
    return;
  }
  command.event_seq = event.seq;
  if (command.counts_unread && command.type == CommandType::message_send) {
    command.counts_unread = false;
    if (Room* sent_to = scene_.rooms.find(*command.room)) --sent_to->messages_open;
  }
  compare_content(room, event, command);
  if (command.outcome == Outcome::acknowledged) compare_seq(room, command);
}

void OutcomeChecker::compare_content(const Room& room, const EventView& event, Command& command) {
  const bool further = event.kind == EventKind::further_estimate;
  if (further && command.number.empty()) command.number = event.estimate;
  std::string expected;
  if (command.room != room.id) {
    expected = command.room ? chat::to_string(*command.room) : "?";
  } else if (event.kind == EventKind::message && !event.deleted && !command.expands &&
             event.text != command.text) {
    expected = chat::excerpt(command.text);
  } else if (event.kind == EventKind::message && !event.deleted &&
             event.from_template != command.from_template) {
    expected = "template " + chat::excerpt(command.from_template);
  } else if (event.kind == EventKind::message && !event.deleted &&
             digest_of_files(event.files) != command.files) {
    expected = command.files == 0 ? "no files" : "other files";
  } else if (event.kind == EventKind::message && !command.vehicle.empty() &&
             room.kind != chat::RoomKind::general && event.vehicle != command.vehicle) {
    expected = chat::excerpt(command.vehicle);
  } else if (event.kind == EventKind::notice && command.step != event.state) {
    expected = command.step ? chat::to_string(*command.step) : "?";
  } else if (event.kind == EventKind::claim && command.outcome == Outcome::acknowledged &&
             event.claim != command.number) {
    expected = chat::excerpt(command.number);
  } else if (event.kind == EventKind::further_estimate &&
             (static_cast<std::uint64_t>(event.amount) != command.amount ||
              event.reason != command.reason ||
              (command.outcome == Outcome::acknowledged && event.estimate != command.number))) {
    expected =
        fmt::format("{} {} \"{}\"", command.number, command.amount, chat::excerpt(command.reason));
  } else if (event.kind == EventKind::room_changed && event.title != command.title) {
    expected = chat::excerpt(command.title);
  } else if (event.kind == EventKind::message_deleted && event.of != command.read_seq) {
    expected = std::to_string(command.read_seq);
  } else {
    if (event.kind == EventKind::claim) command.number = event.claim;
    if (event.kind == EventKind::negotiation) compare_state(command, event.negotiation.state);
    return;
  }
  tell(command.key, command.type,
       fmt::format("보낸 것과 다르게 수행되었습니다. {}, 보낸 것: {}, 온 것: {} (차량 {}).",
                   place_ko(room, event.seq), expected, content(event), event.vehicle),
       fmt::format("it took effect differently from what was sent, at {}. Sent: {}. Came: {} "
                   "(vehicle {}).",
                   place_en(room, event.seq), expected, content(event), event.vehicle));
}

void OutcomeChecker::compare_state(Command& command, chat::NegotiationState state) {
  if (!command.negotiation) {
    command.negotiation = state;
    return;
  }
  // The reply to the objection that refers it may tell what it became in the end.
  const bool referred = command.move.action == chat::NegotiationAction::object &&
                        (state == chat::NegotiationState::referred ||
                         *command.negotiation == chat::NegotiationState::referred);
  if (*command.negotiation == state || referred) return;
  tell(command.key, command.type,
       fmt::format("응답과 이벤트의 상태가 다릅니다: {}, {}.",
                   chat::to_string(*command.negotiation), chat::to_string(state)),
       fmt::format("its reply and its event do not say the same state: {} and {}.",
                   chat::to_string(*command.negotiation), chat::to_string(state)));
}

void OutcomeChecker::compare_seq(const Room& room, Command& command) {
  if (command.event_seq == command.reply_seq || command.content_told) return;
  command.content_told = true;
  tell(command.key, command.type,
       fmt::format("대화방 {}에서 응답은 {}번이라고 했는데 이벤트는 {}번입니다.",
                   chat::to_string(room.id), command.reply_seq, command.event_seq),
       fmt::format("in room {} its reply says seq {}, its event is seq {}.",
                   chat::to_string(room.id), command.reply_seq, command.event_seq));
}

void OutcomeChecker::acknowledged(Command& command, const ResultView& result) {
  command.outcome = Outcome::acknowledged;
  command.reply_seq = result.seq;
  command.created = result.created;
  if (command.type == CommandType::receipt_register) {
    if (command.receipt != kNoReceipt) scene_.receipts.at(command.receipt).acknowledged = true;
    return;
  }
  if (command.type == CommandType::pre_estimate_write) same_number(command, result.estimate);
  if (result.choices != nullptr) command.chose = true;
  if (opens_room(command.type) || !is_of_room(command.type)) {
    if (command.type == CommandType::negotiation_open) command.created = true;
    return;
  }
  if (result.room != command.room) {
    tell(command.key, command.type,
         fmt::format("대화방 {}에 보냈는데 응답은 대화방 {}이라고 합니다.",
                     command.room ? chat::to_string(*command.room) : "?",
                     chat::to_string(*result.room)),
         fmt::format("it was sent to room {}, its reply says room {}.",
                     command.room ? chat::to_string(*command.room) : "?",
                     chat::to_string(*result.room)));
    return;
  }
  if (command.type == CommandType::room_read) return;
  Room* room = scene_.rooms.find(*command.room);
  const bool steps =
      command.type == CommandType::repair_step || command.type == CommandType::intake_cancel;
  if (steps && command.step && result.state != chat::to_string(*command.step)) {
    tell(command.key, command.type,
         fmt::format("단계 {}을(를) 보냈는데 응답은 {}라고 합니다.", chat::to_string(*command.step),
                     result.state),
         fmt::format("step {} was sent, its reply says {}.", chat::to_string(*command.step),
                     result.state));
  }
  if (command.type == CommandType::claim_convert) same_number(command, result.claim);
  if (command.type == CommandType::estimate_further) same_number(command, result.estimate);
  if (command.type == CommandType::room_change && result.title != command.title) {
    tell(command.key, command.type,
         fmt::format("제목 \"{}\"을(를) 보냈는데 응답은 \"{}\"라고 합니다.",
                     chat::excerpt(command.title), chat::excerpt(result.title)),
         fmt::format(R"(title "{}" was sent, its reply says "{}".)", chat::excerpt(command.title),
                     chat::excerpt(result.title)));
  }
  if (command.type == CommandType::negotiation_act) {
    const auto state = chat::parse_negotiation_state(result.state);
    if (state) {
      compare_state(command, *state);
    } else {
      tell(command.key, command.type, fmt::format("응답의 상태가 {}입니다.", result.state),
           fmt::format("its reply says state {}.", result.state));
    }
  }
  if (room != nullptr && command.event_seq != 0) compare_seq(*room, command);
}

/// The claim or estimate in its reply is the event's, whichever came first.
void OutcomeChecker::same_number(Command& command, std::string_view number) {
  if (command.event_seq == 0) {
    command.number = number;
    return;
  }
  if (command.number == number) return;
  tell(command.key, command.type,
       fmt::format("응답의 번호 {}와 이벤트의 번호 {}가 다릅니다.", number, command.number),
       fmt::format("its reply says number {}, its event {}.", number, command.number));
}

void OutcomeChecker::refused(Command& command, std::string_view code) {
  // Asked again before the first answer: that refusal is about the repeat alone.
  if (command.asks > 1 && (code == "id_reused" || code == "id_too_old")) return;
  if (has_happened(command)) {
    tell(command.key, command.type,
         fmt::format("{}로 거절되었는데 순번 {}에 이미 수행되어 있습니다.", code,
                     std::max<chat::Seq>(command.event_seq, 1)),
         fmt::format("it was refused with {}, yet it had taken effect at seq {}.", code,
                     std::max<chat::Seq>(command.event_seq, 1)));
  }
  if (command.receipt != kNoReceipt && command.type == CommandType::receipt_register) {
    scene_.receipts.at(command.receipt).refused = true;
  }
  if (command.counts_unread && command.type == CommandType::message_send) {
    if (Room* room = scene_.rooms.find(*command.room)) --room->messages_open;
  }
  scene_.ledger.settle(command, leaves_id_unused(code) ? Outcome::rejected : Outcome::refused);
}

void OutcomeChecker::answered_again(SessionNumber session, const Ask& ask, const ReplyView& reply,
                                    const ResultView& result) {
  const auto before = scene_.ledger.settled(ask.key);
  if (!reply.ok && leaves_id_unused(reply.code)) return;
  if (before.outcome == Outcome::none) {
    if (reply.ok) {
      tell(
          ask.key, ask.command,
          fmt::format("번호 \"{}\"를 읽을 수 없는 명령인데 수락되었습니다.", chat::excerpt(ask.id)),
          fmt::format("its id \"{}\" is none, and it was accepted.", chat::excerpt(ask.id)));
    }
    return;
  }
  const bool was_ok = before.outcome == Outcome::acknowledged;
  if (was_ok != reply.ok) {
    tell(ask.key, before.type,
         fmt::format("{}: 같은 명령 번호로 다시 물었더니 처음에는 {}, 이번에는 {}입니다.",
                     scene_.roster.who(session), was_ok ? "수락" : "거절",
                     reply.ok ? "수락" : "거절"),
         fmt::format("{} asked again with the same id; first it was {}, now it is {}.",
                     scene_.roster.who(session), was_ok ? "accepted" : "refused",
                     reply.ok ? "accepted" : "refused"));
    return;
  }
  if (!reply.ok || result.seq == 0 || before.type == CommandType::room_read || !result.room) return;
  Room* room = scene_.rooms.find(*result.room);
  const SeenEvent* seen = room == nullptr ? nullptr : room->window.find(result.seq);
  if (seen == nullptr || !seen->seen) return;
  if (seen->command != digest_of(command_text(scene_.roster, ask.key))) {
    tell(ask.key, before.type,
         fmt::format("다시 물었더니 {}번이라고 하지만 그것은 다른 명령의 이벤트입니다 (대화방 {}).",
                     result.seq, chat::to_string(room->id)),
         fmt::format("asked again, its reply says seq {} of room {}, which is of another command.",
                     result.seq, chat::to_string(room->id)));
  }
}

bool OutcomeChecker::done(const Command& command) {
  switch (command.type) {
    case CommandType::message_send:
      return command.event_seq != 0 && (!command.tag_acts || command.tag_acted);
    case CommandType::room_read:
      return true;
    default:
      return !is_of_room(command.type) || command.event_seq != 0;
  }
}

void OutcomeChecker::finish(const Command& command) {
  // A hashtag's step that never came is told by the NegotiationChecker.
  if (command.outcome != Outcome::acknowledged || command.event_seq != 0) return;
  const std::string room = command.room ? chat::to_string(*command.room) : "?";
  tell(command.key, command.type,
       fmt::format("확인 응답은 대화방 {}의 {}번이라고 했는데, 그 이벤트는 아무에게도 오지 "
                   "않았고 이력에도 없습니다. 보낸 내용: \"{}\".",
                   room, command.reply_seq, chat::excerpt(command.text)),
       fmt::format("its reply acknowledged it as seq {} of room {}, but its event reached "
                   "nobody and is not in the history. Sent: \"{}\".",
                   command.reply_seq, room, chat::excerpt(command.text)));
}

void OutcomeChecker::tell(const CommandKey& key, CommandType type, std::string_view ko,
                          std::string_view en) {
  scene_.stories.tell(Checker::outcome, [&] {
    const std::string who = scene_.roster.who(key.user);
    const std::string id = command_text(scene_.roster, key);
    return Story{fmt::format("{}의 {} 명령 {}: {}", who, to_string(type), id, ko),
                 fmt::format("{}'s {} {}: {}", who, to_string(type), id, en)};
  });
}

}  // namespace claims::storm::audit
