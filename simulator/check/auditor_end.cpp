// The end of an audit: what must still be read, the final reading, and what it settles.

#include "simulator/check/auditor.h"
#include "simulator/check/auditor_impl.h"
#include "simulator/check/digest.h"

namespace claims::storm {

using audit::EventEnd;
using audit::EventView;
using audit::Room;

std::vector<Auditor::RoomToRead> Auditor::rooms_to_read() const {
  const auto& scene = impl_->scene;
  std::vector<RoomToRead> rooms;
  for (const Room& room : scene.rooms.all()) {
    if (!room.linked || room.observers.empty()) continue;
    audit::add_readers(scene, room, rooms);
  }
  return rooms;
}

std::vector<Auditor::Search> Auditor::searches_to_ask() const {
  return impl_->searches.to_ask();
}

void Auditor::history_event(chat::RoomId id, const boost::json::object& object) {
  auto& scene = impl_->scene;
  ++scene.tick;
  Room* room = scene.rooms.find(id);
  if (room == nullptr || room->observers.empty()) return;
  const SessionNumber reader = room->observers.front().session;
  EventView event;
  if (const auto problem = audit::read_event(object, EventEnd::unread_by, event)) {
    impl_->reconciliation.unreadable(*room);
    return impl_->malformed(reader, "room.messages event", *problem);
  }
  if (!impl_->reconciliation.next(*room, event)) return;
  const std::uint64_t digest = audit::digest_of(event);
  if (!impl_->see(*room, reader, event, digest, Checker::reconciliation).counts) return;
  impl_->deletions.in_history(*room, event);
  const std::uint64_t content =
      event.deleted ? impl_->deletions.original(*room, event, digest) : digest;
  impl_->deliveries.in_history(*room, event.seq, content);
  impl_->unread.in_history(*room, event);
}

void Auditor::history_end(chat::RoomId id, bool complete) {
  ++impl_->scene.tick;
  Room* room = impl_->scene.rooms.find(id);
  if (room == nullptr) return;
  room->history_read = true;
  room->history_complete = complete;
}

void Auditor::finish(const Now&) {
  auto& scene = impl_->scene;
  if (impl_->finished) return;
  impl_->finished = true;
  std::size_t unread_rooms = 0;
  for (Room& room : scene.rooms.all()) {
    impl_->unread.finish(room);
    impl_->deletions.finish(room);
    impl_->negotiations.finish(room);
    impl_->ends.finish(room);
    if (room.linked && !room.observers.empty() && !room.history_read) ++unread_rooms;
    if (!room.history_differs) impl_->reconciliation.finish(room);
    if (room.history_read && room.history_last < room.last()) room.history_differs = true;
    impl_->deliveries.finish(room);
  }
  impl_->own_reads.finish();
  impl_->reconciliation.finish_unread(unread_rooms);
  impl_->openings.finish();
  impl_->charges.finish();
  impl_->retirements.finish();
  impl_->settle_rest();
}

void Auditor::Impl::settle_rest() {
  for (const audit::CommandKey& key : scene.ledger.still_open()) {
    const audit::Command& command = *scene.ledger.find(key);
    if (command.type == audit::CommandType::bulk_send) continue;
    if (audit::opens_room(command.type)) {
      foundings.finish(command);
    } else {
      outcomes.finish(command);
    }
  }
  bulks.finish();
}

}  // namespace claims::storm
