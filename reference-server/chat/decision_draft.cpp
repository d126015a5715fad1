#include "reference-server/chat/decision_draft.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "reference-server/chat/record_codec.h"

namespace claims::server {

DecisionDraft::DecisionDraft(State& state, UserIndex user, chat::CommandId id,
                             std::string_view derived_for, Position next, const Now& now)
    : state_(state), user_(user), id_(id), next_(next), now_(now) {
  cmd_ = state.user(user).entry.id;
  cmd_ += ':';
  cmd_ += to_string(id);
  if (derived_for.empty()) return;
  cmd_ += '/';
  cmd_ += derived_for;
}

void DecisionDraft::emit(const TypedRecord& record) {
  fold(record);
}

chat::Seq DecisionDraft::emit_event(chat::RoomId id, const std::string& vehicle,
                                    chat::Person sender, chat::EventBody body) {
  const Room* before = state_.room(id);
  chat::Event event;
  event.room = id;
  event.seq = before == nullptr ? 1 : before->last_seq() + 1;
  event.at = before == nullptr ? now_.wall : time_in(*before);
  event.sender = std::move(sender);
  event.vehicle = vehicle;
  event.cmd = cmd_;
  event.body = std::move(body);
  const chat::Seq seq = event.seq;
  const bool joins = std::holds_alternative<chat::Joined>(event.body);
  Emitted& emitted = fold(TypedRecord(std::move(event)));
  // Whose stay ends with the event sees it too.
  const auto& memberships = state_.room(id)->memberships();
  emitted.recipients.reserve(memberships.size());
  for (const Room::Membership& one : memberships) {
    if (one.current() || one.left == seq) emitted.recipients.push_back(one.user);
  }
  if (joins) show_founding(id, memberships.back());
  return seq;
}

void DecisionDraft::move_read(chat::RoomId id, chat::Seq seq) {
  const Room& room = *state_.room(id);
  read_notice_ = ReadNotice{chat::read_receipt_json({id, time_in(room), sender(), seq}), {}};
  for (const Room::Membership& one : room.memberships()) {
    if (one.current()) read_notice_->recipients.push_back(one.user);
  }
  emit(ReadMoved{caller().id, id, seq});
}

void DecisionDraft::show_founding(chat::RoomId room, const Room::Membership& joined) {
  const chat::Seq own = state_.room(room)->last_seq();
  for (Emitted& earlier : records_) {
    const Record& record = earlier.record;
    if (record.room == room && record.seq >= joined.live_from && record.seq < own) {
      earlier.recipients.push_back(joined.user);
    }
  }
}

Emitted& DecisionDraft::fold(const TypedRecord& record) {
  const auto folded = state_.apply(record, next_);
  if (!folded) {
    // What is decided must follow from the state; going on would log what cannot be read back.
    std::fputs(("chat: decided what does not fold: " + folded.error() + '\n').c_str(), stderr);
    std::abort();
  }
  next_ = Position{static_cast<std::uint64_t>(next_) + 1};
  return records_.emplace_back(Emitted{encode_record(record), {}});
}

}  // namespace claims::server
