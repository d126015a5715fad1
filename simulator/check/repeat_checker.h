#pragma once
// RepeatChecker: a command that is sent again under its id is answered again, and the same.
//
// Each time it was sent on a connection, by its session or by another of the user, it is answered
// once there; every answer must be equal to the first one known (ok, result, error). What comes
// beyond is left to the auditor. Kept is the last command of each session, and those that an answer
// is still due to.

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/check/scene.h"

namespace claims::storm::audit {

class RepeatChecker {
 public:
  explicit RepeatChecker(Scene& scene) : scene_(scene) {}

  /// Nothing is kept without it.
  void expect() { expects_ = true; }
  void sent(SessionNumber session, std::string_view id);
  /// The reply that was waited for.
  void answered(SessionNumber session, std::string_view id, const boost::json::object& reply);
  /// By `session`: the last command of `of`.
  void repeated(SessionNumber session, std::string_view id, SessionNumber of);
  /// What was due on it is gone with it.
  void connection_lost(SessionNumber session);
  /// A reply that nothing waits for: true when it was due to a repeat.
  bool answered_again(SessionNumber session, std::string_view id, const boost::json::object& reply);

 private:
  struct Kept {
    std::string id;
    std::optional<std::uint64_t> outcome;  // Digest of the first answer.
    std::uint32_t due = 0;                 // Further answers on this connection.
    bool foreign = false;                  // Of another session of the user.
  };
  std::vector<Kept>* of(SessionNumber session);
  Kept* find(SessionNumber session, std::string_view id);
  void drop_old(std::vector<Kept>& kept);

  Scene& scene_;
  bool expects_ = false;
  std::vector<std::vector<Kept>> kept_;  // By session; the last command is last.
};

}  // namespace claims::storm::audit
