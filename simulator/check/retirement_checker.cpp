#include "simulator/check/retirement_checker.h"

#include <fmt/format.h>

#include <utility>

namespace claims::storm::audit {

RetirementChecker::Door& RetirementChecker::door(SessionNumber session) {
  const auto index = static_cast<std::size_t>(session);
  if (index >= doors_.size()) doors_.resize(index + 1);
  return doors_[index];
}

const User& RetirementChecker::user_of(SessionNumber session) const {
  return scene_.roster.user(scene_.roster.session(session).user);
}

void RetirementChecker::connecting(SessionNumber session) {
  door(session).connect_tick = scene_.tick;
}

void RetirementChecker::let_in(SessionNumber session) {
  scene_.roster.session(session).turned_away = false;
  door(session).shown_out = false;
  const User& user = user_of(session);
  if (!user.retired_before(door(session).connect_tick)) return;
  tell_let_in(session, "퇴직이 확인된 뒤에 접속했는데 받아들여졌습니다.",
              "it connected after its retirement had been acknowledged, and was let in.");
}

void RetirementChecker::shown_out(SessionNumber session) {
  door(session).shown_out = true;
}

void RetirementChecker::turned_away(SessionNumber session) {
  scene_.roster.session(session).turned_away = true;
  if (user_of(session).retirements > 0) return;
  scene_.stories.tell(Checker::completeness, [&] {
    const std::string who = scene_.roster.who(session);
    return Story{
        fmt::format("{}: 퇴직하지 않았는데 서버가 권한이 없다고(0x87) 접속을 끊거나 거절했습니다.",
                    who),
        fmt::format("{} was turned away as not authorized (0x87), and has not retired.", who)};
  });
}

void RetirementChecker::delivered(const Room& room, SessionNumber session, const EventView& event,
                                  const SeenEvent* seen) {
  const User& user = user_of(session);
  if (user.retirements == 0 || door(session).told_secret) return;
  const auto parsed = parse_cmd(scene_.roster, event.cmd);
  const Absence* order = parsed ? scene_.absences.find(parsed->key) : nullptr;
  const bool of_order =
      order != nullptr && order->retires && order->absent == scene_.roster.session(session).user;
  if (!of_order && (seen == nullptr || !user.retired_before(seen->sent_tick))) return;
  door(session).told_secret = true;
  scene_.stories.tell(Checker::secrecy, [&] {
    const std::string who = scene_.roster.who(session);
    return Story{
        fmt::format("{}: 퇴직한 뒤에 정해진 {}이 왔습니다. 내용: {}, 명령 {}.", who,
                    place_ko(room, event.seq), content(event), event.cmd),
        fmt::format("{} got {}, which was decided after it had retired. It was {}, of command {}.",
                    who, place_en(room, event.seq), content(event), event.cmd)};
  });
}

void RetirementChecker::replied(const Ask& ask) {
  if (!user_of(ask.session).retired_before(ask.tick) || door(ask.session).told_secret) return;
  door(ask.session).told_secret = true;
  scene_.stories.tell(Checker::secrecy, [&] {
    const std::string who = scene_.roster.who(ask.session);
    return Story{
        fmt::format("{}: 퇴직이 확인된 뒤에 물은 것({})의 응답을 받았습니다.", who, ask.id),
        fmt::format("{} got a reply to what it asked ({}) after its retirement had been "
                    "acknowledged.",
                    who, ask.id)};
  });
}

void RetirementChecker::finish() {
  for (const User& user : scene_.roster.users()) {
    if (user.retired_tick == 0) continue;
    for (const SessionNumber session : user.sessions) {
      if (scene_.roster.session(session).turned_away || door(session).shown_out) continue;
      tell_let_in(session, "퇴직이 확인되었는데 끝까지 접속이 끊기지 않았습니다.",
                  "its retirement was acknowledged, and it was not turned away until the end.");
    }
  }
}

void RetirementChecker::tell_let_in(SessionNumber session, std::string_view ko,
                                    std::string_view en) {
  if (std::exchange(door(session).told, true)) return;
  scene_.stories.tell(Checker::in_charge, [&] {
    const std::string who = scene_.roster.who(session);
    return Story{fmt::format("{}: {}", who, ko), fmt::format("{}: {}", who, en)};
  });
}

}  // namespace claims::storm::audit
