#include "simulator/check/outcome_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "protocol/chat/error.h"
#include "simulator/check/digest.h"

namespace claims::storm::audit {
namespace {

constexpr std::uint8_t kAllFounding = 0b1111;

constexpr std::array<std::string_view, 10> kUnusedIdCodes{
    "too_large",    "malformed_json", "missing_field", "unknown_field", "bad_field",
    "unknown_type", "id_too_old",     "id_reused",     "id_gap",        "unknown_instance"};

/// The seq that an event of an intake must have: joined (garage), joined (adjuster), notice `in`,
/// greeting. 0: it is none of them.
chat::Seq founding_seq(const Room& room, const Roster& roster, const EventView& event) {
  switch (event.kind) {
    case EventKind::joined: {
      const auto user = roster.find(event.user_id);
      if (!user) return 0;
      if (*user == room.garage) return 1;
      return *user == room.adjuster ? 2 : 0;
    }
    case EventKind::notice:
      return event.state == chat::RepairState::in ? 3 : 0;
    case EventKind::greeting:
      return 4;
    default:
      return 0;
  }
}

bool has_happened(const Command& command) {
  return command.event_seq != 0 || command.founding != 0;
}

}  // namespace

bool leaves_id_unused(std::string_view code) {
  return std::find(kUnusedIdCodes.begin(), kUnusedIdCodes.end(), code) != kUnusedIdCodes.end();
}

void OutcomeChecker::happened(Room& room, const EventView& event, const Traced& traced) {
  if (room.second && traced.type == CommandType::intake_register) return;
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
  if (command.type == CommandType::intake_register) return founding_event(room, event, command);
  if (command.event_seq != 0) {
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

void OutcomeChecker::founding_event(Room& room, const EventView& event, Command& command) {
  const chat::Seq due = founding_seq(room, scene_.roster, event);
  const auto bit = static_cast<std::uint8_t>(due == 0 ? 0 : 1U << (due - 1));
  if (event.kind == EventKind::greeting && (command.founding & bit) != 0) return;
  if (due != event.seq || (command.founding & bit) != 0) {
    tell(command.key, command.type,
         fmt::format(
             "{}에 있을 수 없는 첫 이벤트입니다. 순번 1–4는 joined {}, joined {}, notice in, "
             "greeting이어야 합니다. 내용: {}.",
             place_ko(room, event.seq), scene_.roster.who(room.garage),
             scene_.roster.who(room.adjuster), content(event)),
         fmt::format("an event that cannot be at {}: seqs 1 to 4 are joined {}, joined {}, notice "
                     "in, greeting. It was {}.",
                     place_en(room, event.seq), scene_.roster.who(room.garage),
                     scene_.roster.who(room.adjuster), content(event)));
  }
  command.founding = static_cast<std::uint8_t>(command.founding | bit);
}

void OutcomeChecker::compare_content(const Room& room, const EventView& event, Command& command) {
  std::string expected;
  if (command.room != room.id) {
    expected = command.room ? chat::to_string(*command.room) : "?";
  } else if (event.kind == EventKind::message && event.text != command.text) {
    expected = chat::excerpt(command.text);
  } else if (event.kind == EventKind::message && !command.vehicle.empty() &&
             event.vehicle != command.vehicle) {
    expected = chat::excerpt(command.vehicle);
  } else if (event.kind == EventKind::notice && command.step != event.state) {
    expected = command.step ? chat::to_string(*command.step) : "?";
  } else if (event.kind == EventKind::claim && command.outcome == Outcome::acknowledged &&
             event.claim != command.claim) {
    expected = chat::excerpt(command.claim);
  } else {
    if (event.kind == EventKind::claim) command.claim = event.claim;
    return;
  }
  tell(command.key, command.type,
       fmt::format("보낸 것과 다르게 수행되었습니다. {}, 보낸 것: {}, 온 것: {} (차량 {}).",
                   place_ko(room, event.seq), expected, content(event), event.vehicle),
       fmt::format("it took effect differently from what was sent, at {}. Sent: {}. Came: {} "
                   "(vehicle {}).",
                   place_en(room, event.seq), expected, content(event), event.vehicle));
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
  if (command.type == CommandType::intake_register || command.type == CommandType::other) return;
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
  if (command.type == CommandType::repair_step && command.step &&
      result.state != chat::to_string(*command.step)) {
    tell(command.key, command.type,
         fmt::format("단계 {}을(를) 보냈는데 응답은 {}라고 합니다.", chat::to_string(*command.step),
                     result.state),
         fmt::format("step {} was sent, its reply says {}.", chat::to_string(*command.step),
                     result.state));
  }
  if (command.event_seq == 0) {
    command.claim = result.claim;
    return;
  }
  if (command.type == CommandType::claim_convert && command.claim != result.claim) {
    tell(command.key, command.type,
         fmt::format("응답의 청구 번호 {}와 이벤트의 청구 번호 {}가 다릅니다.", result.claim,
                     command.claim),
         fmt::format("its reply says claim {}, its event claim {}.", result.claim, command.claim));
  }
  if (room != nullptr) compare_seq(*room, command);
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

void OutcomeChecker::settle_if_done(Command& command) {
  if (command.outcome != Outcome::acknowledged) return;
  switch (command.type) {
    case CommandType::message_send:
    case CommandType::repair_step:
    case CommandType::claim_convert:
      if (command.event_seq == 0) return;
      break;
    case CommandType::intake_register:
      if (command.created && command.founding != kAllFounding) return;
      break;
    default:
      break;
  }
  scene_.ledger.settle(command, Outcome::acknowledged);
}

void OutcomeChecker::finish() {
  for (const CommandKey& key : scene_.ledger.still_open()) {
    const Command& command = *scene_.ledger.find(key);
    const bool partly = command.founding != 0 && command.founding != kAllFounding;
    if (command.outcome != Outcome::acknowledged && !partly) continue;
    const std::string room = command.room ? chat::to_string(*command.room) : "?";
    if (command.type == CommandType::intake_register) {
      std::string missing;
      for (unsigned seq = 1; seq <= 4; ++seq) {
        if ((command.founding >> (seq - 1) & 1U) == 0) missing += fmt::format(" {}", seq);
      }
      tell(key, command.type,
           fmt::format("대화방의 첫 이벤트 넷 중 순번{}이(가) 없습니다.", missing),
           fmt::format("of the four events that open the room, seq{} never came.", missing));
    } else {
      tell(key, command.type,
           fmt::format("확인 응답은 대화방 {}의 {}번이라고 했는데, 그 이벤트는 아무에게도 오지 "
                       "않았고 이력에도 없습니다. 보낸 내용: \"{}\".",
                       room, command.reply_seq, chat::excerpt(command.text)),
           fmt::format("its reply acknowledged it as seq {} of room {}, but its event reached "
                       "nobody and is not in the history. Sent: \"{}\".",
                       command.reply_seq, room, chat::excerpt(command.text)));
    }
  }
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
