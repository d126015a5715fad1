#pragma once
// CandidateChecker: invite.candidates offers who may be invited, and nobody else: no staff of
// another insurer as a colleague, no own staff as a guest, nobody who is there, nobody who is away
// or retired (CPC-004-4).
//
// Proves it with the harness's own directory and model. Each page must be in the order of the ids;
// whoever it offers must be one whom room.invite may take, and whoever it leaves out between two of
// them must be one whom it may not take. Who comes, goes or is away just now may be on it or not.

#include <map>
#include <optional>
#include <string>

#include "simulator/check/reply_view.h"
#include "simulator/check/scene.h"

namespace claims::storm::audit {

class CandidateChecker {
 public:
  explicit CandidateChecker(Scene& scene) : scene_(scene) {}

  /// What is wrong with the shape of the reply, if anything.
  std::optional<std::string> replied(const Ask& ask, const ReplyView& reply);

 private:
  enum class Fits : std::uint8_t { no, perhaps, yes };
  Fits fits(const Ask& ask, const Room& room, UserNumber caller, UserNumber user) const;
  void tell(const Ask& ask, const Room& room, UserNumber user, bool offered);

  Scene& scene_;
  /// The last id of the page before, by the session and the place where it said to go on.
  std::map<SessionNumber, std::pair<std::string, std::string>> last_;
};

}  // namespace claims::storm::audit
