#include "simulator/check/delivery_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/check/digest.h"

namespace claims::storm::audit {

/// How many of [from, to] an observer must see.
std::uint64_t DeliveryChecker::expected_in(const Room& room, const Observer& observer,
                                           chat::Seq from, chat::Seq to) const {
  if (observer.member == Observer::kNoMember || observer.start == 0) return 0;
  if (scene_.roster.session(observer.session).turned_away) return 0;
  const chat::Seq first = std::max(from, observer.start);
  const chat::Seq last = std::min(to, room.members[observer.member].left);
  return first > last ? 0 : last - first + 1;
}

/// Whose user may have retired: its connections end wherever its stream is.
bool DeliveryChecker::may_be_cut_short(const Room& room, const Observer& observer) const {
  return scene_.roster.user(room.members[observer.member].user).retirements > 0;
}

Arrival DeliveryChecker::delivered(Room& room, SessionNumber session, const EventView& event,
                                   std::uint64_t digest, Observer*& observer) {
  observer = scene_.rooms.observer_at(room, session, event.seq);
  Session& at = scene_.roster.session(session);
  if (observer == nullptr && !room.linked) {
    observer = &room.observers.emplace_back();
    observer->session = session;
    observer->start = event.seq;
    observer->frontier = event.seq - 1;
    observer->epoch = first_epoch(at);
  }
  if (observer == nullptr) {
    if (!room.linked || !room.judged) return Arrival::wrong;
    // Live events may run ahead of the `joined` that a resuming session waits for.
    const UserNumber user = at.user;
    const bool gap = room.known_through + 1 < event.seq;
    if (at.resuming && (gap || scene_.rooms.may_join(room.id, user))) {
      delivered_ahead(room, session, event);
      return Arrival::ahead;
    }
    strangers_.delivered(room, session, event);
    return Arrival::wrong;
  }
  if (observer->epoch != at.replay_epoch) {
    observer->epoch = at.replay_epoch;
    observer->replay = true;
    observer->floor = at.replay_anything ? 0 : observer->settled;
    observer->replayed = 0;
  }
  if (observer->start == 0) {
    const Arrival first = first_of_late_observer(room, *observer, event);
    if (first != Arrival::fresh) return first;
  }
  if (!at.resuming) {
    if (comes_again(at, *observer) && event.seq > observer->settled + 1 &&
        event.seq <= observer->frontier + 1) {
      tell_gap(room, session, observer->settled + 1, event);
    }
    observer->settled = std::max(observer->settled, event.seq);
  }
  if (event.seq <= observer->frontier) return again(room, *observer, event);
  if (event.seq > observer->frontier + 1) {
    if (at.resuming) return Arrival::ahead;
    if (observer->member != Observer::kNoMember) {
      tell_gap(room, session, observer->frontier + 1, event);
    }
    observer->skipped_from = observer->frontier + 1;
    observer->skipped_to = event.seq - 1;
    observer->sum_holds = false;
  }
  observer->frontier = event.seq;
  observer->sum += mix(event.seq, digest);
  // What is redelivered comes before anything new.
  if (!at.resuming) observer->replay = false;
  at.restarts_settled = at.restarts_before;
  if (observer->member == Observer::kNoMember) return Arrival::wrong;
  ++scene_.counts.deliveries;
  return Arrival::fresh;
}

void DeliveryChecker::delivered_ahead(Room& room, SessionNumber session, const EventView& event) {
  RoomChange change;
  change.seq = event.seq;
  change.kind = RoomChange::Kind::delivered;
  change.user = scene_.roster.session(session).user;
  change.session = session;
  change.told = content(event);
  change.cmd = event.cmd;
  add_change(room, std::move(change));
}

/// What came ahead of the answer to `sync` did not move the session's cursor: it must come again.
bool DeliveryChecker::comes_again(const Session& at, const Observer& observer) {
  return !at.replay_anything && observer.epoch == at.replay_epoch && observer.replay &&
         observer.settled < observer.frontier && observer.settled + 1 >= observer.start;
}

Arrival DeliveryChecker::first_of_late_observer(Room& room, Observer& observer,
                                                const EventView& event) {
  if (event.seq > observer.must_start) {
    if (scene_.roster.session(observer.session).resuming) return Arrival::ahead;
    tell_gap(room, observer.session, observer.must_start, event);
    observer.sum_holds = false;
  }
  observer.start = std::min(event.seq, observer.must_start);
  observer.frontier = event.seq - 1;
  if (observer.floor < observer.frontier && observer.replay) observer.floor = observer.frontier;
  scene_.counts.deliveries_expected += expected_in(room, observer, observer.start, room.last());
  return Arrival::fresh;
}

Arrival DeliveryChecker::again(Room& room, Observer& observer, const EventView& event) {
  if (observer.skipped_from <= event.seq && event.seq <= observer.skipped_to) {
    // It was missed, and told; now it came late. Once.
    observer.skipped_from = event.seq + 1;
    ++scene_.counts.deliveries;
    return Arrival::copy;
  }
  if (observer.replay && event.seq > observer.floor &&
      (observer.replayed == 0 || event.seq == observer.replayed + 1)) {
    observer.replayed = event.seq;
    Session& at = scene_.roster.session(observer.session);
    if (++at.copies == at.copies_max + 1) tell_too_many(room, observer, event);
    return Arrival::copy;
  }
  scene_.stories.tell(Checker::completeness, [&] {
    const std::string who = scene_.roster.who(observer.session);
    return Story{
        fmt::format("{}: {}이 같은 연결에서 다시 왔습니다. {}번까지 이미 받았으므로 {}번이 "
                    "와야 합니다. 내용: {}, 명령 {}.",
                    who, place_ko(room, event.seq), observer.frontier, observer.frontier + 1,
                    content(event), event.cmd),
        fmt::format("{}: {} came again on the same connection. Everything up to {} was "
                    "there already, {} was due. It was {}, of command {}.",
                    who, place_en(room, event.seq), observer.frontier, observer.frontier + 1,
                    content(event), event.cmd)};
  });
  return Arrival::wrong;
}

void DeliveryChecker::tell_too_many(const Room& room, const Observer& observer,
                                    const EventView& event) {
  const Session& at = scene_.roster.session(observer.session);
  scene_.stories.tell(Checker::completeness, [&] {
    const std::string who = scene_.roster.who(observer.session);
    return Story{
        fmt::format("{}: 서버가 이어 준 세션에서 이미 받은 이벤트가 {}건 넘게 다시 왔습니다. 그 "
                    "다음 것은 {}, 내용: {}.",
                    who, at.copies_max, place_ko(room, event.seq), content(event)),
        fmt::format("{}: on the session that the server kept, more than {} events came again. The "
                    "next was {}: {}.",
                    who, at.copies_max, place_en(room, event.seq), content(event))};
  });
}

bool DeliveryChecker::agrees(Room& room, SessionNumber session, const EventView& event,
                             std::uint64_t digest, const SeenEvent& seen) {
  if (seen.digest == digest) return true;
  room.disputed = true;
  scene_.stories.tell(Checker::agreement, [&] {
    const std::string who = scene_.roster.who(session);
    const std::string first = scene_.roster.who(seen.first);
    return Story{
        fmt::format("{}의 내용이 서로 다릅니다. {}에게 온 내용: {}, 명령 {}. {}에게는 다른 "
                    "내용이 먼저 왔습니다.",
                    place_ko(room, event.seq), who, content(event), event.cmd, first),
        fmt::format("{} differs between observers. {} got {}, of command {}; {} had got "
                    "another content before.",
                    place_en(room, event.seq), who, content(event), event.cmd, first)};
  });
  return false;
}

void DeliveryChecker::expect(Room& room, chat::Seq last_before, chat::Seq seq, SeenEvent* seen,
                             const Command* command) {
  for (Observer& observer : room.observers) {
    if (observer.member == Observer::kNoMember) continue;
    const Member& member = room.members[observer.member];
    const Session& session = scene_.roster.session(observer.session);
    if (!member.is_there(seq)) continue;
    if (observer.start == 0 && command != nullptr && command->tick > session.first_tick) {
      observer.must_start = std::min(observer.must_start, seq);
    }
    if (seq > last_before) {
      scene_.counts.deliveries_expected += expected_in(room, observer, last_before + 1, seq);
    }
    if (seen == nullptr || !session.subscribed || observer.frontier >= seq) continue;
    ++seen->waiting;
    if (member.user != seen->sender) ++seen->others_left;
  }
}

void DeliveryChecker::joined(Room& room, std::uint32_t row, chat::Seq last_before) {
  for (const Observer& observer : room.observers) {
    if (observer.member != row) continue;
    scene_.counts.deliveries_expected += expected_in(room, observer, 1, last_before);
  }
}

void DeliveryChecker::left(Room& room, std::uint32_t row, chat::Seq last_before) {
  const chat::Seq left = room.members[row].left;
  for (const Observer& observer : room.observers) {
    if (observer.member != row || observer.start == 0 || left >= last_before) continue;
    if (scene_.roster.session(observer.session).turned_away) continue;
    scene_.counts.deliveries_expected -= last_before - std::max(left, observer.start - 1);
  }
}

void DeliveryChecker::linked(Room& room, const std::vector<SessionNumber>& strangers) {
  for (const SessionNumber session : strangers) {
    EventView unknown;
    unknown.seq = room.last();
    unknown.cmd = "?";
    strangers_.delivered(room, session, unknown);
  }
  for (const Observer& observer : room.observers) {
    scene_.counts.deliveries_expected += expected_in(room, observer, 1, room.last());
  }
}

void DeliveryChecker::turned_away(SessionNumber session) {
  for (const Room& room : scene_.rooms.all()) {
    for (const Observer& observer : room.observers) {
      if (observer.session != session) continue;
      scene_.counts.deliveries_expected -=
          expected_in(room, observer, observer.frontier + 1, room.last());
    }
  }
}

void DeliveryChecker::in_history(Room& room, chat::Seq seq, std::uint64_t digest) {
  for (Observer& observer : room.observers) {
    if (observer.member == Observer::kNoMember || observer.start == 0) continue;
    if (seq < observer.start || !room.members[observer.member].is_there(seq)) continue;
    if (seq > observer.frontier && may_be_cut_short(room, observer)) continue;
    observer.expected_sum += mix(seq, digest);
  }
}

void DeliveryChecker::finish(Room& room) {
  if (!room.linked || !room.judged) return;
  for (const Observer& observer : room.observers) {
    const chat::Seq last = std::min(room.last(), room.members[observer.member].left);
    const chat::Seq end = may_be_cut_short(room, observer) ? observer.frontier : last;
    const chat::Seq start = observer.start == 0 ? observer.must_start : observer.start;
    if (start > end) continue;
    if (observer.start == 0) {
      scene_.counts.deliveries_expected += end - start + 1;
      tell_missing(room, observer, start, end);
    } else if (observer.frontier < end) {
      tell_missing(room, observer, observer.frontier + 1, end);
    } else if (const Session& at = scene_.roster.session(observer.session);
               at.subscribed && !at.resuming && observer.settled < end &&
               comes_again(at, observer)) {
      tell_missing(room, observer, observer.settled + 1, end);
    } else if (room.history_complete && observer.sum_holds && !room.disputed &&
               !room.content_unknown && !room.history_differs &&
               observer.sum != observer.expected_sum) {
      scene_.stories.tell(Checker::agreement, [&] {
        const std::string who = scene_.roster.who(observer.session);
        return Story{
            fmt::format("{}: 대화방 {}의 순번 {}–{} 중에 이력에 남은 것과 다른 내용을 받은 것이 "
                        "있습니다.",
                        who, chat::to_string(room.id), start, end),
            fmt::format("{}: in room {}, among seqs {} to {}, something was delivered with another "
                        "content than the history has.",
                        who, chat::to_string(room.id), start, end)};
      });
    }
  }
}

void DeliveryChecker::tell_gap(const Room& room, SessionNumber session, chat::Seq expected,
                               const EventView& event) {
  scene_.stories.tell(Checker::completeness, [&] {
    const std::string who = scene_.roster.who(session);
    return Story{
        fmt::format("{}: 대화방 {}에서 {}번이 와야 하는데 {}번이 왔습니다. 온 내용: {}, "
                    "명령 {}.",
                    who, chat::to_string(room.id), expected, event.seq, content(event), event.cmd),
        fmt::format("{}: in room {}, seq {} was due and seq {} came. It was {}, of "
                    "command {}.",
                    who, chat::to_string(room.id), expected, event.seq, content(event), event.cmd)};
  });
}

void DeliveryChecker::tell_missing(const Room& room, const Observer& observer, chat::Seq from,
                                   chat::Seq to) {
  scene_.stories.tell(Checker::completeness, [&] {
    const std::string who = scene_.roster.who(observer.session);
    const std::string id = chat::to_string(room.id);
    return Story{fmt::format("{}: 대화방 {}의 순번 {}–{}이(가) 끝까지 오지 않았습니다. 이 대화방의 "
                             "마지막 순번은 {}입니다.",
                             who, id, from, to, room.last()),
                 fmt::format("{}: seqs {} to {} of room {} never came. The room's last seq is {}.",
                             who, from, to, id, room.last())};
  });
}

}  // namespace claims::storm::audit
