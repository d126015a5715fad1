#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>

#include "protocol/chat/error.h"
#include "protocol/limits.h"
#include "simulator/check/auditor_impl.h"
#include "simulator/check/digest.h"
#include "simulator/check/sent_fields.h"

namespace claims::storm {

using audit::Ask;
using audit::Command;
using audit::CommandType;
using audit::Outcome;
using audit::ReadType;
using audit::Room;
using audit::text_field;

namespace {

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
  if (type == "room.reads") return ReadType::room_reads;
  if (type == "bulk.outcomes") return ReadType::bulk_outcomes;
  if (type == "negotiation.status") return ReadType::negotiation_status;
  if (type == "room.list") return ReadType::room_list;
  if (type == "room.show") return ReadType::room_show;
  if (type == "invite.candidates") return ReadType::invite_candidates;
  if (type == "conversions.count") return ReadType::conversions_count;
  if (type == "message.search") return ReadType::message_search;
  if (type == "history.list") return ReadType::history_list;
  if (type == "templates.list") return ReadType::templates_list;
  return type == "sync" ? ReadType::sync : ReadType::other;
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
  ask.after = audit::number_field(request.body, "after");
  ask.vehicle = audit::stored_plate(text_field(request.body, "vehicle"));
  ask.kind = text_field(request.body, "kind");
  ask.receipt = text_field(request.body, "receipt");
  ask.text = audit::stored_text(text_field(request.body, "text"));
  ask.garage = text_field(request.body, "garage");
  ask.insurer = text_field(request.body, "insurer");
  ask.estimate = text_field(request.body, "estimate");
  ask.owner = text_field(request.body, "owner");
  ask.page = text_field(request.body, "page");
  ask.as = chat::parse_invitation(text_field(request.body, "as")).value_or(chat::Invitation{});
  impl_->conversions.asked(ask);
  if (ask.type == ReadType::bulk_outcomes) {
    ask.bulk = chat::parse_command_id(text_field(request.body, "bulk")).value_or(chat::CommandId{});
  }
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
  repeats.sent(session, ask.id);
  Command* command = scene.ledger.open(ask.key, session);
  if (command == nullptr || command->asks++ > 0) return;
  command->type = ask.command;
  command->tick = ask.tick;
  command->intended = ask.intended;
  command->sent = ask.sent;
  command->room = ask.room;
  command->acknowledged_before = ask.acknowledged_before;
  audit::read_sent(request.body, scene.roster, scene.receipts, *command);
  openings.sent(*command);
  choices.sent(*command, text_field(request.body, "receipt"));
  memberships.sent(*command);
  charges.sent(*command);
  conversions.sent(*command);
  deletions.sent(*command);
  templates.sent(*command);
  negotiations.sent(*command);
  if (command->type == CommandType::bulk_send) {
    openings.sent(bulks.sent(*command, request.body), command->tick);
  }
  receipts.sent(*command, session);
  own_reads.sent(*command, session);
  unread.sent(*command);
}

void Auditor::expect_repeats() {
  impl_->repeats.expect();
}

void Auditor::repeated(SessionNumber session, std::string_view id, SessionNumber of) {
  ++impl_->scene.tick;
  impl_->repeats.repeated(session, id, of);
}

void Auditor::unanswered(SessionNumber session, std::string_view id, const Now& now,
                         bool still_waits) {
  auto& scene = impl_->scene;
  ++scene.tick;
  Ask* ask = scene.ledger.find_ask(session, id);
  if (ask == nullptr || ask->late) return;
  ask->late = true;
  ask->waits = still_waits;
  ++scene.counts.timeouts;
  impl_->clock.unanswered(*ask, now.steady);
  Command* command = ask->read ? nullptr : scene.ledger.find(ask->key);
  if (command != nullptr && command->outcome == Outcome::open) command->outcome = Outcome::unknown;
}

void Auditor::withdrawn(SessionNumber session, std::string_view id, const Now& now) {
  auto& scene = impl_->scene;
  ++scene.tick;
  const Ask* ask = scene.ledger.find_ask(session, id);
  if (ask == nullptr) return;
  if (!ask->late || ask->waits) scene.recorder.count_withdrawn(now.steady);
  Command* command = ask->read ? nullptr : scene.ledger.find(ask->key);
  if (command != nullptr && command->outcome == Outcome::open) command->outcome = Outcome::unknown;
  scene.ledger.answered(*ask);
}

}  // namespace claims::storm
