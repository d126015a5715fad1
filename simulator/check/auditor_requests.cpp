#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>

#include "protocol/chat/error.h"
#include "protocol/chat/text.h"
#include "protocol/limits.h"
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

namespace {

std::string_view text_field(const json::object* body, json::string_view key) {
  const json::value* value = body == nullptr ? nullptr : body->if_contains(key);
  return value == nullptr ? std::string_view{} : audit::text_of(*value).value_or("");
}

chat::Seq seq_field(const json::object* body, json::string_view key) {
  const json::value* value = body == nullptr ? nullptr : body->if_contains(key);
  const auto number = value == nullptr ? std::nullopt : audit::integer_of(*value);
  return number && *number > 0 ? static_cast<chat::Seq>(*number) : 0;
}

/// What a server may refuse before it has read the id: then its answer names none.
bool may_be_unreadable(const SentRequest& request) {
  if (request.body == nullptr || !chat::is_token_text(request.id)) return true;
  std::size_t bytes = 0;
  for (const auto& field : *request.body) {
    bytes += field.key().size() + audit::text_of(field.value()).value_or("").size();
  }
  // Escapes and digits may add to it; the bound is the contract's for the whole payload.
  return bytes > claims::limits::kCommandBytesMax / 2;
}

ReadType read_type(std::string_view type) {
  if (type == "room.messages") return ReadType::room_messages;
  if (type == "unread.counts") return ReadType::unread_counts;
  return type == "sync" ? ReadType::sync : ReadType::other;
}

/// As the server stores it; what it would refuse stays as it is.
std::string stored_text(std::string_view text) {
  return chat::normalise_text(text).value_or(std::string(text));
}

std::string stored_plate(std::string_view plate) {
  return plate.empty() ? std::string{} : chat::normalise_plate(plate).value_or(std::string(plate));
}

}  // namespace

void Auditor::sent(SessionNumber session, const SentRequest& request) {
  auto& scene = impl_->scene;
  ++scene.tick;
  ++scene.counts.commands;
  scene.recorder.count_command(request.sent);
  scene.recorder.record_lateness(request.intended, request.sent, request.held_until);
  Ask& ask = may_be_unreadable(request) ? scene.ledger.unreadable_ask(session, request.id)
                                        : scene.ledger.ask(session, request.id);
  ask.read = request.read;
  ask.tick = scene.tick;
  ask.intended = request.intended;
  ask.sent = request.sent;
  ask.step = scene.ledger.step(request.step);
  ask.room = chat::parse_room_id(text_field(request.body, "room"));
  if (const Room* room = ask.room ? scene.rooms.find(*ask.room) : nullptr) {
    ask.acknowledged_before = room->acknowledged;
  }
  if (!request.read) return impl_->command_sent(session, request, ask);
  ask.type = read_type(request.type);
  ask.after = seq_field(request.body, "after");
  audit::Session& it = scene.roster.session(session);
  const bool moves = ask.type == ReadType::sync && !text_field(request.body, "cursor").empty();
  if (moves && it.subscribed && !it.resuming) {
    ++it.replay_epoch;
    it.replay_anything = true;
  }
}

void Auditor::Impl::command_sent(SessionNumber session, const SentRequest& request, Ask& ask) {
  ask.command = audit::parse_command_type(request.type);
  const auto id = chat::parse_command_id(request.id);
  ask.key = {scene.roster.session(session).user, id.value_or(chat::CommandId{})};
  if (!id) return;
  Command* command = scene.ledger.open(ask.key, session);
  if (command == nullptr || command->asks++ > 0) return;
  command->type = ask.command;
  command->tick = ask.tick;
  command->intended = ask.intended;
  command->sent = ask.sent;
  command->room = ask.room;
  command->acknowledged_before = ask.acknowledged_before;
  const json::object* body = request.body;
  switch (command->type) {
    case CommandType::receipt_register: {
      audit::Receipt receipt;
      receipt.number = text_field(body, "receipt");
      receipt.plate = stored_plate(text_field(body, "plate"));
      receipt.model = stored_text(text_field(body, "model"));
      receipt.adjuster = scene.roster.find(text_field(body, "adjuster")).value_or(audit::kNobody);
      command->receipt = scene.receipts.add(std::move(receipt));
      break;
    }
    case CommandType::intake_register:
      command->receipt = scene.receipts.find(text_field(body, "receipt"));
      break;
    case CommandType::message_send:
      command->text = stored_text(text_field(body, "text"));
      command->vehicle = stored_plate(text_field(body, "vehicle"));
      break;
    case CommandType::room_read:
      command->read_seq = seq_field(body, "seq");
      break;
    case CommandType::repair_step:
      command->step = chat::parse_repair_state(text_field(body, "step"));
      break;
    case CommandType::claim_convert:
    case CommandType::other:
      break;
  }
  unread.sent(*command);
}

void Auditor::unanswered(SessionNumber session, std::string_view id, const Now& now) {
  auto& scene = impl_->scene;
  ++scene.tick;
  Ask* ask = scene.ledger.find_ask(session, id);
  if (ask == nullptr || ask->late) return;
  ask->late = true;
  ++scene.counts.timeouts;
  impl_->clock.unanswered(*ask, now.steady);
  Command* command = ask->read ? nullptr : scene.ledger.find(ask->key);
  if (command != nullptr && command->outcome == Outcome::open) command->outcome = Outcome::unknown;
}

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
    if (!problem) stray_reply(session, reply);
    return;
  }
  clock.answered(*ask, !problem && !reply.ok, turn.handled);
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
  outcomes.acknowledged(*command, result);
  if (command->type == CommandType::intake_register) {
    fields.intake_reply(*command, result);
    intakes.replied(*command, result);
  }
  Room* room = result.room ? scene.rooms.find(*result.room) : nullptr;
  if (command->type == CommandType::room_read) {
    unread.read_acknowledged(*command, result);
  } else if (room != nullptr && result.seq != 0) {
    real_time.check(*room, *command, result.seq);
    // A seq that cannot be true would make everything after it look late.
    if (result.seq <= room->last() + audit::RoomModel::kJumpMax) {
      room->acknowledged = std::max(room->acknowledged, result.seq);
    }
  }
  outcomes.settle_if_done(*command);
}

void Auditor::Impl::command_refused(SessionNumber session, const Ask& ask, const ReplyView& reply) {
  Command* command = scene.ledger.find(ask.key);
  if (command == nullptr || command->outcome == Outcome::acknowledged) {
    // An acknowledged one waits for its event: asked again, only its id can be at fault.
    if (command == nullptr) outcomes.answered_again(session, ask, reply, {});
    return;
  }
  unread.read_refused(*command);
  outcomes.refused(*command, reply.code);
}

void Auditor::Impl::read_replied(const Ask& ask, const ReplyView& reply) {
  audit::Session& session = scene.roster.session(ask.session);
  if (!reply.ok) return;
  std::optional<std::string> problem;
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
      });
      break;
    case ReadType::other:
      break;
  }
  if (problem) malformed(ask.session, fmt::format("reply ({})", ask.id), *problem);
}

}  // namespace claims::storm
