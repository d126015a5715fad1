// Messages and read seqs, in rooms of every kind (CPC-004-1, CPC-004-4).

#include <algorithm>
#include <utility>

#include "reference-server/chat/commands.h"
#include "reference-server/chat/refusals.h"
#include "reference-server/chat/result_text.h"
#include "reference-server/chat/room_opening.h"
#include "reference-server/chat/template_use.h"

namespace claims::server {
namespace {

using chat::Error;
using chat::ErrorCode;

/// The vehicle that a message is about; null when it must be told, or is none of the room's.
const std::string* choose_vehicle(const Room& room, const std::string& wanted) {
  const auto& vehicles = room.vehicles();
  if (wanted.empty()) return vehicles.size() == 1 ? &vehicles.front() : nullptr;
  for (const std::string& vehicle : vehicles) {
    if (vehicle == wanted) return &vehicle;
  }
  return nullptr;
}

}  // namespace

CommandResult run(const chat::SendMessage& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto room = find_own_room(draft.state(), draft.user(), command.room);
  if (!room) return room.error();
  const std::string* vehicle = choose_vehicle(**room, command.vehicle);
  if (vehicle == nullptr) return unknown_vehicle(**room, command.vehicle);
  if ((*room)->kind() == chat::RoomKind::negotiation && command.from_template.empty()) {
    if (const auto tag = chat::find_negotiation_tag(command.text)) {
      return run_tagged(command, *tag, draft, bounds);
    }
  }
  chat::Message message{command.text, command.from_template, command.files};
  if (message.text.empty() && !command.from_template.empty()) {
    auto text = template_text(draft, **room, command.from_template, *vehicle);
    if (!text) return text.error();
    message.text = std::move(*text);
  }
  if (auto full = check_events_bound(**room, 1, bounds)) return std::move(*full);
  const chat::Seq seq =
      draft.emit_event(command.room, *vehicle, draft.sender(), std::move(message));
  return {boost::system::in_place_value,
          ResultText().add("room", command.room).add("seq", seq).take()};
}

CommandResult run(const chat::DeleteMessage& command, DecisionDraft& draft,
                  const ServiceBounds& bounds) {
  const auto found = find_own_room(draft.state(), draft.user(), command.room);
  if (!found) return found.error();
  const Room& room = **found;
  const auto author = room.author_of(command.seq);
  const bool deleted = room.is_deleted_message(command.seq);
  const bool seen = std::ranges::any_of(room.readable_by(draft.user()), [&](const SeqRange& range) {
    return command.seq >= range.first && command.seq <= range.last;
  });
  const std::string seq = std::to_string(command.seq);
  if (!seen || (!author && !deleted)) {
    return Error{ErrorCode::bad_seq, "seq", seq, "message"};
  }
  if (deleted) return Error{ErrorCode::already_deleted, "seq", seq, ""};
  if (author != draft.user()) {
    return not_permitted_in_room(draft.state().user(*author).entry.id, draft.caller().id, "seq");
  }
  if (auto full = check_events_bound(room, 1, bounds)) return std::move(*full);
  const chat::Seq own = draft.emit_event(
      command.room, vehicle_of_room(room), draft.sender(),
      chat::MessageDeleted{command.seq, draft.caller().name + "님이 메시지를 삭제했습니다."});
  return {boost::system::in_place_value,
          ResultText().add("room", command.room).add("seq", own).add("of", command.seq).take()};
}

CommandResult run(const chat::MarkRead& command, DecisionDraft& draft, const ServiceBounds&) {
  const auto room = find_own_room(draft.state(), draft.user(), command.room);
  if (!room) return room.error();
  if (command.seq > (*room)->last_seq()) {
    return Error{ErrorCode::bad_seq, "seq", std::to_string(command.seq),
                 "1–" + std::to_string((*room)->last_seq())};
  }
  const Room::Membership& member = *(*room)->member(draft.user());
  if (command.seq > member.read) draft.move_read(command.room, command.seq);
  return {boost::system::in_place_value, ResultText()
                                             .add("room", command.room)
                                             .add("seq", std::uint64_t{member.read})
                                             .add("unread", std::uint64_t{member.unread})
                                             .take()};
}

}  // namespace claims::server
