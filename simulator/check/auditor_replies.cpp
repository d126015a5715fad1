#include <fmt/format.h>

#include <algorithm>

#include "protocol/chat/error.h"
#include "simulator/check/auditor_impl.h"
#include "simulator/check/digest.h"

namespace claims::storm {

namespace json = boost::json;
using audit::Ask;
using audit::Command;
using audit::CommandType;
using audit::Outcome;
using audit::ReadType;
using audit::ReplyView;
using audit::ResultView;
using audit::Room;
using audit::Story;

void Auditor::replied(SessionNumber session, const json::object& reply, const Turn& turn) {
  ++impl_->scene.tick;
  impl_->replied(session, reply, turn);
}

void Auditor::Impl::replied(SessionNumber session, const json::object& object, const Turn& turn) {
  ReplyView reply;
  const auto problem = audit::read_reply(object, reply);
  const Ask* ask =
      reply.re ? scene.ledger.find_ask(session, *reply.re) : scene.ledger.first_unreadable(session);
  scene.recorder.record_read_lag(turn.begin.steady, turn.handled,
                                 ask == nullptr ? std::nullopt : std::optional(ask->intended));
  if (problem) {
    malformed(session, fmt::format("reply ({})", chat::excerpt(reply.re.value_or("null"))),
              *problem);
  }
  if (ask == nullptr) {
    if (problem) return;
    if (!reply.re || !repeats.answered_again(session, *reply.re, object)) {
      stray_reply(session, reply);
    }
    return;
  }
  if (!problem && !ask->read) repeats.answered(session, ask->id, object);
  clock.answered(*ask, !problem && !reply.ok, turn.handled);
  retirements.replied(*ask);
  if (!problem) {
    if (!reply.ok) {
      scene.recorder.record_error(reply.code, {ask->intended, ask->sent, turn.handled},
                                  reply.message_ko, reply.message_en);
    }
    ++(reply.ok ? scene.counts.acknowledged : scene.counts.error_replies);
    if (ask->read) {
      read_replied(*ask, reply);
    } else if (reply.ok) {
      command_acknowledged(session, *ask, reply);
    } else {
      command_refused(session, *ask, reply);
    }
  }
  scene.ledger.answered(*ask);
}

void Auditor::Impl::stray_reply(SessionNumber session, const ReplyView& reply) {
  const std::string who = scene.roster.who(session);
  if (!reply.re) {
    return malformed(session, "reply (null)", "re is null though every id could be read");
  }
  const std::string re = chat::excerpt(*reply.re);
  const auto id = chat::parse_command_id(*reply.re);
  const audit::CommandKey key{scene.roster.session(session).user, id.value_or(chat::CommandId{})};
  if (id && scene.ledger.session_of(key) == session &&
      scene.ledger.settled(key).outcome != Outcome::none) {
    // Asked again over a new connection, it may be answered for both.
    const audit::Session& it = scene.roster.session(session);
    if (it.connection_tick != it.first_tick) return;
    return malformed(session, fmt::format("reply ({})", re), "it was answered before");
  }
  if (const auto other = asked_by_other_device(session, *reply.re)) {
    scene.stories.tell(Checker::devices_in_step, [&] {
      const std::string asker = scene.roster.who(*other);
      return Story{
          fmt::format("{}: {}이(가) 물은 것(re \"{}\")의 응답이 이 기기로 왔습니다. 응답은 물은 "
                      "기기에만 와야 합니다.",
                      who, asker, re),
          fmt::format("{} got a reply (re \"{}\") to what {} asks: a reply goes to the device "
                      "that asked, alone.",
                      who, re, asker)};
    });
    return;
  }
  scene.stories.tell(Checker::secrecy, [&] {
    return Story{
        fmt::format("{}: 이 연결에서 묻지 않은 것(re \"{}\")의 응답이 왔습니다. 다른 사람의 "
                    "응답이거나 두 번째 응답입니다.",
                    who, re),
        fmt::format("{} got a reply (re \"{}\") to what this session is not asking: "
                    "another's reply, or a second one.",
                    who, re)};
  });
}

/// Another session of the same user that asks that, or has asked it.
std::optional<SessionNumber> Auditor::Impl::asked_by_other_device(SessionNumber session,
                                                                  std::string_view re) {
  const audit::UserNumber user = scene.roster.session(session).user;
  for (const SessionNumber other : scene.roster.user(user).sessions) {
    if (other != session && scene.ledger.find_ask(other, re) != nullptr) return other;
  }
  const auto id = chat::parse_command_id(re);
  if (!id) return std::nullopt;
  const auto sender = scene.ledger.session_of({user, *id});
  if (sender == session) return std::nullopt;
  return sender;
}

void Auditor::Impl::command_acknowledged(SessionNumber session, const Ask& ask,
                                         const ReplyView& reply) {
  ResultView result;
  if (const auto problem = audit::read_result(ask.command, *reply.result, result)) {
    Command* command = scene.ledger.find(ask.key);
    if (command != nullptr) command->outcome = Outcome::unknown;
    return malformed(session, fmt::format("reply ({} {})", to_string(ask.command), ask.id),
                     *problem);
  }
  Command* command = scene.ledger.find(ask.key);
  if (command == nullptr || command->outcome == Outcome::acknowledged) {
    if (command == nullptr) outcomes.answered_again(session, ask, reply, result);
    return;
  }
  effects_acknowledged(*command, result);
  Room* room = result.room ? scene.rooms.find(*result.room) : nullptr;
  // What opens rooms has a room of its own to name.
  if (room != nullptr && !audit::opens_room(command->type))
    strangers.answered(*room, ask, command->tick);
  if (command->type == CommandType::room_read) {
    own_reads.acknowledged(*command);
    unread.read_acknowledged(*command, result);
  } else if (room != nullptr && result.seq != 0) {
    real_time.check(*room, *command, result.seq);
    // A seq that cannot be true would make everything after it look late.
    if (result.seq <= room->last() + audit::RoomModel::kJumpMax) {
      room->acknowledged = std::max(room->acknowledged, result.seq);
    }
  }
  settle_if_done(*command);
}

void Auditor::Impl::effects_acknowledged(Command& command, const ResultView& result) {
  choices.acknowledged(command, result);
  outcomes.acknowledged(command, result);
  memberships.acknowledged(command, result);
  charges.acknowledged(command, result);
  deletions.acknowledged(command, result);
  templates.acknowledged(command, result);
  negotiations.accepted(command);
  if (command.type == CommandType::bulk_send) return bulks.acknowledged(command, result);
  if (!audit::opens_room(command.type)) return;
  if (result.choices != nullptr) return;
  fields.opening_reply(command, result);
  openings.replied(command, result);
  foundings.acknowledged(command, result);
}

void Auditor::Impl::command_refused(SessionNumber session, const Ask& ask, const ReplyView& reply) {
  Command* command = scene.ledger.find(ask.key);
  if (command == nullptr || command->outcome == Outcome::acknowledged) {
    // An acknowledged one waits for its event: asked again, only its id can be at fault.
    if (command == nullptr) outcomes.answered_again(session, ask, reply, {});
    return;
  }
  choices.refused(*command, reply.code);
  unread.read_refused(*command);
  receipts.refused(*command);
  memberships.refused(*command);
  charges.refused(*command);
  conversions.refused(*command);
  deletions.refused(*command, reply.code);
  templates.refused(*command, reply.code);
  negotiations.refused(*command, reply.code);
  if (command->type == CommandType::bulk_send) bulks.refused(*command);
  outcomes.refused(*command, reply.code);
}

void Auditor::Impl::read_replied(const Ask& ask, const ReplyView& reply) {
  audit::Session& session = scene.roster.session(ask.session);
  if (!reply.ok) return;
  std::optional<std::string> problem;
  const Room* about = ask.room ? scene.rooms.find(*ask.room) : nullptr;
  // Rooms of its insurer are open to an insurer's user: the HistoryChecker's.
  const bool of_members = ask.type != ReadType::unread_counts && ask.type != ReadType::history_list;
  if (about != nullptr && of_members && !strangers.answered(*about, ask, ask.tick)) {
    return;
  }
  switch (ask.type) {
    case ReadType::sync:
      session.resuming = false;
      break;
    case ReadType::unread_counts:
      problem = unread.counts_replied(ask, reply);
      break;
    case ReadType::room_messages:
      problem = pages.replied(ask, reply, [&](Room& room, const audit::EventView& event) {
        see(room, ask.session, event, audit::digest_of(event), Checker::origin);
        deletions.read(room, ask, event, audit::as_of_room(reply.as_of, room.id).value_or(0));
      });
      break;
    case ReadType::room_reads:
      problem = receipts.reads_replied(ask, reply);
      break;
    case ReadType::bulk_outcomes:
      problem = bulks.outcomes_replied(ask, reply);
      break;
    case ReadType::negotiation_status:
      problem = ends.status_replied(ask, reply);
      break;
    case ReadType::room_list:
      problem = lists.listed(ask, reply);
      break;
    case ReadType::room_show:
      problem = lists.shown(ask, reply);
      break;
    case ReadType::invite_candidates:
      problem = candidates.replied(ask, reply);
      break;
    case ReadType::conversions_count:
      problem = conversions.replied(ask, reply);
      break;
    case ReadType::message_search:
      problem = searches.replied(ask, reply);
      break;
    case ReadType::history_list:
      problem = histories.replied(ask, reply, [&](Room& room, const audit::EventView& event) {
        see(room, ask.session, event, audit::digest_of(event), Checker::origin);
        deletions.read(room, ask, event, 0);
      });
      break;
    case ReadType::templates_list:
      problem = templates.listed(ask, reply);
      break;
    default:
      break;
  }
  if (problem) malformed(ask.session, fmt::format("reply ({})", ask.id), *problem);
}

}  // namespace claims::storm
