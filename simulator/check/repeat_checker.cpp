#include "simulator/check/repeat_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "protocol/chat/error.h"
#include "simulator/check/digest.h"

namespace claims::storm::audit {
namespace {

/// Over what must be equal.
std::uint64_t outcome_of(const boost::json::object& reply) {
  std::string text;
  for (const std::string_view key : {"ok", "result", "error"}) {
    const boost::json::value* value = reply.if_contains(key);
    text += value == nullptr ? "-" : boost::json::serialize(*value);
    text += '\n';
  }
  return digest_of(text, 0);
}

}  // namespace

std::vector<RepeatChecker::Kept>* RepeatChecker::of(SessionNumber session) {
  if (!expects_) return nullptr;
  const auto index = static_cast<std::size_t>(session);
  if (index >= kept_.size()) kept_.resize(index + 1);
  return &kept_[index];
}

RepeatChecker::Kept* RepeatChecker::find(SessionNumber session, std::string_view id) {
  std::vector<Kept>* kept = of(session);
  if (kept == nullptr) return nullptr;
  const auto found =
      std::find_if(kept->rbegin(), kept->rend(), [&](const Kept& one) { return one.id == id; });
  return found == kept->rend() ? nullptr : &*found;
}

void RepeatChecker::drop_old(std::vector<Kept>& kept) {
  if (kept.size() < 2) return;
  const auto last = kept.end() - 1;
  kept.erase(std::remove_if(kept.begin(), last, [](const Kept& one) { return one.due == 0; }),
             last);
}

void RepeatChecker::sent(SessionNumber session, std::string_view id) {
  std::vector<Kept>* kept = of(session);
  if (kept == nullptr) return;
  kept->push_back({.id = std::string(id), .outcome = std::nullopt});
  drop_old(*kept);
}

void RepeatChecker::answered(SessionNumber session, std::string_view id,
                             const boost::json::object& reply) {
  Kept* one = find(session, id);
  if (one != nullptr && !one->outcome) one->outcome = outcome_of(reply);
}

void RepeatChecker::repeated(SessionNumber session, std::string_view id, SessionNumber of) {
  if (Kept* one = find(session, id)) {
    ++one->due;
    return;
  }
  std::vector<Kept>* kept = this->of(session);
  const Kept* first = session == of ? nullptr : find(of, id);
  if (kept == nullptr || first == nullptr) return;
  // Before the session's own last one, which stays the last.
  kept->insert(kept->empty() ? kept->end() : kept->end() - 1,
               Kept{.id = first->id, .outcome = first->outcome, .due = 1, .foreign = true});
}

void RepeatChecker::connection_lost(SessionNumber session) {
  std::vector<Kept>* kept = of(session);
  if (kept == nullptr) return;
  for (Kept& one : *kept) one.due = 0;
  drop_old(*kept);
}

bool RepeatChecker::answered_again(SessionNumber session, std::string_view id,
                                   const boost::json::object& reply) {
  Kept* one = find(session, id);
  if (one == nullptr) return false;
  const std::uint64_t outcome = outcome_of(reply);
  const bool differs = one->outcome && *one->outcome != outcome;
  if (!one->outcome) one->outcome = outcome;
  if (differs) {
    const Checker teller = one->foreign ? Checker::devices_in_step : Checker::outcome;
    scene_.stories.tell(teller, [&] {
      const std::string who = scene_.roster.who(session);
      const boost::json::value* what = reply.if_contains("error");
      if (what == nullptr) what = reply.if_contains("result");
      const std::string told = chat::excerpt(what == nullptr ? "?" : boost::json::serialize(*what));
      return Story{
          fmt::format("{}: 명령 {}을 같은 번호로 다시 보냈더니 처음과 다른 응답이 왔습니다: {}.",
                      who, id, told),
          fmt::format("{} sent command {} again under its id, and the answer was another than the "
                      "first: {}.",
                      who, id, told)};
    });
  }
  if (one->due == 0) return differs;  // Not due, and told already.
  --one->due;
  if (std::vector<Kept>* kept = of(session)) drop_old(*kept);
  return true;
}

}  // namespace claims::storm::audit
