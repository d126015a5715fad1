#include "simulator/check/auditor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "protocol/chat/error.h"
#include "simulator/check/auditor_impl.h"
#include "simulator/check/digest.h"
#include "simulator/limits.h"

namespace claims::storm {

using audit::Arrival;
using audit::EventEnd;
using audit::EventKind;
using audit::EventView;
using audit::Room;
using audit::Story;

namespace {

std::uint8_t mark_of(const audit::Scene& scene, const Room& room, const EventView& event,
                     const audit::Traced& traced) {
  switch (event.kind) {
    case EventKind::notice:
      return audit::mark::notice(event.state);
    case EventKind::claim:
      return audit::mark::kClaim;
    case EventKind::pre_estimate:
      return audit::mark::kPreEstimate;
    case EventKind::further_estimate:
      return audit::mark::kFurtherEstimate;
    case EventKind::message:
      break;
    default:
      return audit::mark::kOther;
  }
  const bool there = scene.rooms.member_at(room, traced.key.user, event.seq).has_value();
  const auto row = there ? first_row(room, traced.key.user) : std::nullopt;
  return audit::mark::message(row.value_or(audit::mark::kMembersMax));
}

}  // namespace

Auditor::Auditor(Recorder& recorder) : impl_(std::make_unique<Impl>(recorder)) {}
Auditor::~Auditor() = default;

void Auditor::know_user(std::string_view user, std::string_view name, chat::Role role,
                        std::string_view insurer) {
  impl_->scene.roster.know(user, name, role, insurer);
}

void Auditor::know_insurer(std::string_view insurer, std::string_view name) {
  impl_->scene.roster.know_insurer(insurer, name);
}

SessionNumber Auditor::add_session(std::string_view user) {
  return impl_->scene.roster.add_session(user);
}

void Auditor::subscribed(SessionNumber session, const Now& now) {
  auto& scene = impl_->scene;
  ++scene.tick;
  audit::Session& it = scene.roster.session(session);
  if (it.subscribed) return;
  impl_->retirements.let_in(session);
  it.subscribed = true;
  it.connected_since = now.steady;
  it.connection_tick = scene.tick;
  it.copies_max = audit::Session::kAnyCopies;
  it.restarts_before = it.restarts_settled = scene.restarts;
  if (it.first_tick == 0) {
    it.first_tick = scene.tick;
    scene.rooms.add_observer(session);
    return;
  }
  it.resuming = true;
  ++it.replay_epoch;
  it.replay_anything = false;
}

void Auditor::resumed(SessionNumber session, const Now& now) {
  auto& scene = impl_->scene;
  ++scene.tick;
  audit::Session& it = scene.roster.session(session);
  impl_->retirements.let_in(session);
  it.subscribed = true;
  it.connected_since = now.steady;
  it.connection_tick = scene.tick;
  ++it.replay_epoch;
  it.replay_anything = true;
  it.copies = 0;
  it.restarts_before = scene.restarts;
  const bool settled = it.restarts_settled == scene.restarts;
  it.copies_max = settled ? limits::kCopiesMax : limits::kCopiesAfterRestartMax;
}

void Auditor::server_restarted() {
  ++impl_->scene.restarts;
  impl_->open_topics.server_restarted();
}

audit::OpenTopicsChecker& Auditor::open_topics() {
  return impl_->open_topics;
}

void Auditor::connection_lost(SessionNumber session, const Now&) {
  ++impl_->scene.tick;
  audit::Session& it = impl_->scene.roster.session(session);
  it.subscribed = false;
  it.resuming = false;
  impl_->repeats.connection_lost(session);
  impl_->deletions.connection_lost(session);
}

void Auditor::received(SessionNumber session, std::size_t bytes) {
  impl_->scene.roster.session(session).received_bytes += bytes;
  impl_->scene.received_bytes += bytes;
}

void Auditor::connecting(SessionNumber session) {
  ++impl_->scene.tick;
  impl_->retirements.connecting(session);
}

void Auditor::turned_away(SessionNumber session) {
  ++impl_->scene.tick;
  if (impl_->scene.roster.session(session).turned_away) return;
  impl_->deliveries.turned_away(session);
  impl_->retirements.turned_away(session);
}

void Auditor::shown_out(SessionNumber session) {
  ++impl_->scene.tick;
  impl_->retirements.shown_out(session);
}

bool Auditor::may_have_retired(SessionNumber session) const {
  const auto& roster = impl_->scene.roster;
  return roster.user(roster.session(session).user).retirements > 0;
}

bool Auditor::has_retired(SessionNumber session) const {
  const auto& roster = impl_->scene.roster;
  return roster.user(roster.session(session).user).retired_tick != 0;
}

void Auditor::stayed_away(SessionNumber session) {
  auto& scene = impl_->scene;
  ++scene.tick;
  const audit::Session& it = scene.roster.session(session);
  if (it.turned_away || scene.roster.user(it.user).retirements > 0) return;
  scene.stories.tell(Checker::completeness, [&] {
    const std::string who = scene.roster.who(session);
    return Story{fmt::format("{}: 장애가 끝난 뒤에도 끝까지 다시 연결되지 못했습니다.", who),
                 fmt::format("{} could not connect again until the end, though the faults were "
                             "over.",
                             who)};
  });
}

void Auditor::event(SessionNumber session, const boost::json::object& object, const Turn& turn) {
  ++impl_->scene.tick;
  const auto counts_from = impl_->event(session, object, turn);
  impl_->scene.recorder.record_read_lag(turn.begin.steady, turn.handled, counts_from);
}

std::optional<Microseconds> Auditor::Impl::event(SessionNumber session,
                                                 const boost::json::object& object,
                                                 const Turn& turn) {
  EventView event;
  if (auto problem = audit::read_event(object, EventEnd::cursor, event)) {
    const bool receipt = audit::ReadReceiptChecker::is_receipt(object);
    if (receipt) problem = receipts.received(session, object);
    if (receipt && !problem) own_reads.received(session, object);
    if (problem) malformed(session, receipt ? "read receipt" : "event", *problem);
    return std::nullopt;
  }
  Room* room = scene.rooms.find_or_add(event.room);
  if (room == nullptr) {
    origins.too_many_rooms(event);
    return std::nullopt;
  }
  scene.recorder.count_event(to_string(event.kind));
  const std::uint64_t digest = audit::digest_of(event);
  const auto sight = see(*room, session, event, digest, Checker::origin);
  const std::uint64_t content = event.deleted ? deletions.original(*room, event, digest) : digest;
  if (event.seq > room->last()) return std::nullopt;  // Impossible, and told.
  audit::Observer* observer = scene.rooms.observer_at(*room, session, event.seq);
  retirements.delivered(*room, session, event, sight.seen);
  if (sight.seen != nullptr) own_reads.delivered(session, *sight.seen);
  const chat::Seq settled = observer == nullptr ? 0 : observer->settled;
  const std::uint64_t before = scene.counts.deliveries;
  const Arrival arrival = deliveries.delivered(*room, session, event, content, observer);
  if (observer != nullptr && observer->settled > settled) orders.moved(*room, session, event);
  if (scene.counts.deliveries > before) scene.recorder.count_delivery(turn.handled);
  deletions.delivered(*room, session, event, observer);
  if (event.kind == EventKind::negotiation && arrival == Arrival::fresh) {
    audit::EndChecker::delivered(*observer, event);
  }
  if (arrival != Arrival::fresh || sight.seen == nullptr || !sight.counts) return std::nullopt;
  clock.delivered(*room, *observer, *sight.seen, turn.handled);
  return sight.seen->timed ? std::optional(sight.seen->intended) : std::nullopt;
}

Auditor::Impl::Sight Auditor::Impl::see(Room& room, SessionNumber session, const EventView& event,
                                        std::uint64_t digest, Checker teller) {
  const bool known = event.seq <= room.last() &&
                     room.marks[static_cast<std::size_t>(event.seq - 1)] != audit::mark::kUnseen;
  if (!known) return first_sight(room, session, event, digest, teller);
  audit::SeenEvent* seen = room.window.find(event.seq);
  if (seen == nullptr) return {};
  if (event.deleted != seen->deleted && deletions.agrees(room, event, digest, *seen)) {
    return {seen, true};
  }
  if (teller == Checker::reconciliation) {
    reconciliation.compare(room, event, digest, *seen);
    return {seen, true};
  }
  return {seen, deliveries.agrees(room, session, event, digest, *seen)};
}

Auditor::Impl::Sight Auditor::Impl::first_sight(Room& room, SessionNumber session,
                                                const EventView& event, std::uint64_t digest,
                                                Checker teller) {
  const chat::Seq last_before = room.last();
  if (event.seq > last_before + audit::RoomModel::kJumpMax) {
    scene.stories.tell(Checker::completeness, [&] {
      const std::string who = scene.roster.who(session);
      return Story{fmt::format("{}: {}이 왔지만 이 대화방에서 본 마지막 순번은 {}입니다.", who,
                               audit::place_ko(room, event.seq), last_before),
                   fmt::format("{} got {}, and the last seq seen of that room is {}.", who,
                               audit::place_en(room, event.seq), last_before)};
    });
    return {nullptr, false};
  }
  const audit::Traced traced = audit::trace(scene, event);
  const bool rightful = origins.check(room, event, traced, teller);
  // What only the history has, and nobody asked for, is not the room's: nobody misses it.
  if (!rightful && teller == Checker::reconciliation) return {nullptr, false};
  if (rightful && audit::opens_room(traced.type)) openings.opened(room, event, traced);

  audit::SeenEvent* seen = event.seq > room.window.last() ? &room.window.extend_to(event.seq)
                                                          : room.window.find(event.seq);
  if (event.seq > last_before) room.marks.resize(static_cast<std::size_t>(event.seq));
  room.marks[static_cast<std::size_t>(event.seq - 1)] = mark_of(scene, room, event, traced);
  if (seen != nullptr) {
    seen->seen = true;
    seen->digest = digest;
    seen->deleted = event.deleted;
    seen->envelope = audit::envelope_of(event);
    seen->first = session;
    seen->tick = scene.tick;
    seen->at_ms = event.at_ms;
    seen->command = audit::digest_of(event.cmd);
    seen->sender = traced.key.user;
    if (traced.command != nullptr) {
      seen->timed = true;
      seen->intended = traced.command->intended;
      seen->sent = traced.command->sent;
      seen->sent_tick = traced.command->tick;
    }
  }
  if (rightful) memberships.seen(room, event, traced, last_before);
  deliveries.expect(room, last_before, event.seq, seen, traced.command);
  fields.check(room, event, traced);
  if (rightful) {
    deletions.seen(room, event, traced, digest);
    searches.seen(room, event, traced);
    histories.seen(room, event);
    templates.seen(room, event, traced);
  }
  if (event.kind == EventKind::greeting) openings.greeted(room, event);
  if (event.kind == EventKind::joined) strangers.joined(room, event);
  if (rightful) take_in(room, event, traced);
  advance(room, event);
  return {seen, true};
}

void Auditor::Impl::take_in(Room& room, const EventView& event, const audit::Traced& traced) {
  repairs.sent_by(room, event, traced);
  vehicles.seen(room, event, traced);
  negotiations.seen(room, event, traced);
  charges.seen(room, event, traced);
  changes.seen(room, event, traced);
  further.seen(room, event, traced);
  conversions.seen(room, event, traced);
  if (event.kind == EventKind::notice && event.state == chat::RepairState::in) room.taken_in = true;
  // What the server refers by itself belongs to no command alone.
  const bool by_server = event.kind == EventKind::negotiation && !event.negotiation.by;
  // Of a hand-over of all rooms each room has its own; its checker counts them.
  if (by_server || traced.type == audit::CommandType::adjuster_hand_over) return;
  audit::Command* command = traced.command;
  if (traced.type == audit::CommandType::bulk_send) {
    bulks.happened(room, event, traced);
  } else if (command != nullptr && audit::opens_room(traced.type)) {
    foundings.happened(room, event, *command);
  } else {
    outcomes.happened(room, event, traced);
  }
  if (command == nullptr) return;
  negotiations.accepted(*command);
  real_time.check(room, *command, event.seq);
  settle_if_done(*command);
}

void Auditor::Impl::advance(Room& room, const EventView& event) {
  while (room.known_through < room.last() &&
         room.marks[static_cast<std::size_t>(room.known_through)] != audit::mark::kUnseen) {
    ++room.known_through;
    fold_changes(room);
    conversions.fold(room, room.known_through);
    repairs.fold(room, room.known_through, room.known_through == event.seq ? &event : nullptr);
    negotiations.fold(room, room.known_through);
  }
  unread.advanced(room);
  ends.advanced(room);
}

void Auditor::Impl::fold_changes(Room& room) {
  while (!room.changes.empty() && room.changes.front().seq <= room.known_through) {
    const audit::RoomChange change = std::move(room.changes.front());
    room.changes.erase(room.changes.begin());
    using Kind = audit::RoomChange::Kind;
    switch (change.kind) {
      case Kind::handed_over:
        charges.fold(room, change);
        break;
      case Kind::changed:
      case Kind::deleted:
        changes.fold(room, change);
        break;
      case Kind::further_estimate:
        further.fold(room, change);
        break;
      default:
        memberships.fold(room, change);
        break;
    }
  }
}

void Auditor::Impl::settle_if_done(audit::Command& command) {
  if (command.outcome != audit::Outcome::acknowledged) return;
  const bool done = command.type == audit::CommandType::bulk_send ? bulks.done(command)
                    : audit::opens_room(command.type)             ? foundings.done(command)
                                                      : audit::OutcomeChecker::done(command);
  if (done) scene.ledger.settle(command, audit::Outcome::acknowledged);
}

void Auditor::Impl::malformed(SessionNumber session, std::string_view what,
                              std::string_view problem) {
  scene.stories.tell(Checker::well_formed, [&] {
    const std::string who = scene.roster.who(session);
    return Story{
        fmt::format("{}에게 온 {}의 형식이 계약과 다릅니다: {}.", who, what, problem),
        fmt::format("{} got a {} that is not of the contract's shape: {}.", who, what, problem)};
  });
}

void Auditor::malformed(SessionNumber session, std::string_view topic, std::string_view payload) {
  ++impl_->scene.tick;
  impl_->malformed(session, chat::excerpt(topic), chat::excerpt(payload));
}

const AuditCounts& Auditor::counts() const {
  return impl_->scene.counts;
}

std::uint64_t Auditor::violations(Checker checker) const {
  return impl_->scene.stories.count(checker);
}

std::uint64_t Auditor::violations_total() const {
  return impl_->scene.stories.total();
}

const std::vector<Violation>& Auditor::stories() const {
  return impl_->scene.stories.told();
}

}  // namespace claims::storm
