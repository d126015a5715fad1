#pragma once
// RetirementChecker: who has retired is out, and nobody else is.
//
// An insurer retires an adjuster by adjuster.hand_over. Its connections end once the order is
// durable, before the reply to it leaves; what is decided from then on is not delivered to it, and
// no CONNECT of it succeeds any more. While the order is on its way either may be. So it proves:
//   secrecy: no session of who has retired gets an event that the order itself brought about, one
//     of a command that was sent after the order had been acknowledged, or a reply to what it asked
//     after that;
//   in_charge: none of its CONNECTs that went out after that succeeds, and at the end of the run
//     every one of its sessions was turned away, or its connection ended so;
//   completeness: nobody is turned away whom no order retires.
// What was decided before may be on its way when the connections end: of who may have retired
// nothing is missed (DeliveryChecker). That its rooms go over is the ChargeChecker's.
//
// Memory: three numbers a session.

#include <cstdint>
#include <string_view>
#include <vector>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class RetirementChecker {
 public:
  explicit RetirementChecker(Scene& scene) : scene_(scene) {}

  /// CONNECT goes out; it succeeded; it was refused as not authorized, or the session ended so.
  /// shown_out(): the session ended so, and its user, who may have retired, tries again.
  void connecting(SessionNumber session);
  void let_in(SessionNumber session);
  void shown_out(SessionNumber session);
  void turned_away(SessionNumber session);
  /// `seen`: what is known of the event; null when it is too old.
  void delivered(const Room& room, SessionNumber session, const EventView& event,
                 const SeenEvent* seen);
  void replied(const Ask& ask);
  void finish();

 private:
  struct Door {
    std::uint64_t connect_tick = 0;  // Of the last CONNECT.
    bool shown_out = false;          // Since it was let in.
    bool told = false;               // Each session's story is told once.
    bool told_secret = false;
  };
  Door& door(SessionNumber session);
  const User& user_of(SessionNumber session) const;
  void tell_let_in(SessionNumber session, std::string_view ko, std::string_view en);

  Scene& scene_;
  std::vector<Door> doors_;  // By session.
};

}  // namespace claims::storm::audit
