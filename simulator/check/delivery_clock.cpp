#include "simulator/check/delivery_clock.h"

#include <algorithm>

#include "simulator/limits.h"

namespace claims::storm::audit {

void DeliveryClock::delivered(const Room& room, const Observer& observer, SeenEvent& seen,
                              Microseconds handled) {
  const Session& session = scene_.roster.session(observer.session);
  const Sample sample{seen.intended, seen.sent, handled};
  const bool throughout = session.connected_since <= seen.intended;
  if (seen.timed) {
    scene_.recorder.record(throughout ? Figure::delivery : Figure::catch_up, sample);
  }
  // Those that connected after the first sight were not waited for.
  if (session.connection_tick > seen.tick) return;
  if (seen.waiting > 0) --seen.waiting;
  if (room.members[observer.member].user == seen.sender || seen.others_left == 0) return;
  if (throughout) seen.last_other = std::max(seen.last_other, handled);
  if (--seen.others_left > 0 || !seen.timed || seen.last_other == Microseconds{0}) return;
  scene_.recorder.record(Figure::delivery_last_member, {seen.intended, seen.sent, seen.last_other});
}

void DeliveryClock::answered(const Ask& ask, bool error, Microseconds handled) {
  if (error) scene_.recorder.count_error(handled);
  if (ask.late) return scene_.recorder.count_late_answer(handled, ask.waits);
  const Sample sample{ask.intended, ask.sent, handled};
  scene_.recorder.record(Figure::reply, sample);
  if (error) scene_.recorder.record(Figure::error_reply, sample);
  scene_.recorder.record_step(scene_.ledger.step_name(ask.step), sample);
}

void DeliveryClock::unanswered(const Ask& ask, Microseconds now) {
  const Sample sample{ask.intended, ask.sent, std::max(now, ask.sent + limits::kReplyTimeout)};
  scene_.recorder.record_unanswered(sample, now, ask.waits);
  scene_.recorder.record_step(scene_.ledger.step_name(ask.step), sample);
}

}  // namespace claims::storm::audit
