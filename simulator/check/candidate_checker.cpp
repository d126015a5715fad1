#include "simulator/check/candidate_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/chat/error.h"

namespace claims::storm::audit {
namespace {

namespace json = boost::json;

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string_view{} : text_of(*value).value_or("");
}

}  // namespace

CandidateChecker::Fits CandidateChecker::fits(const Ask& ask, const Room& room, UserNumber caller,
                                              UserNumber number) const {
  const User& user = scene_.roster.user(number);
  const User& by = scene_.roster.user(caller);
  if (!user.known || user.role == chat::Role::insurer) return Fits::no;
  if (ask.as == chat::Invitation::colleague) {
    if (user.role != chat::Role::adjuster || user.insurer != by.insurer) return Fits::no;
  } else {
    bool own = false;
    for (const Member& member : room.members) {
      const User& charge = scene_.roster.user(member.user);
      if (charge.role != chat::Role::adjuster || member.as == chat::Invitation::guest) continue;
      own = own || charge.insurer == user.insurer;
    }
    if (user.role == chat::Role::adjuster && own) return Fits::no;
  }
  if (!ask.text.empty() && user.name.find(ask.text) == std::string::npos) return Fits::no;
  const auto row = last_row(room, number);
  const bool moves = scene_.rooms.may_join(room.id, number) || !room.all_seen() ||
                     scene_.absences.may_be_out(number, ask.tick) ||
                     (row && room.members[*row].left_tick >= ask.tick);
  if (scene_.absences.is_out(number, ask.tick)) return Fits::no;
  const bool leaving = row && room.members[*first_row(room, number)].leaves_sent > 0;
  if (moves || leaving) return Fits::perhaps;
  return row && room.members[*row].current() ? Fits::no : Fits::yes;
}

std::optional<std::string> CandidateChecker::replied(const Ask& ask, const ReplyView& reply) {
  const json::value* users = reply.result->if_contains("users");
  const json::value* next = reply.result->if_contains("next");
  if (users == nullptr || !users->is_array() || next == nullptr || !text_of(*next) ||
      reply.result->size() != 2) {
    return "result is not users and next";
  }
  const Room* room = ask.room ? scene_.rooms.find(*ask.room) : nullptr;
  if (room == nullptr || !room->linked || !room->judged) return std::nullopt;
  const UserNumber caller = scene_.roster.session(ask.session).user;
  std::vector<std::string> offered;
  for (const json::value& entry : users->get_array()) {
    const json::object* fields = entry.if_object();
    if (fields == nullptr || fields->size() != 4) {
      return "an entry of users is not user, name, role and insurer";
    }
    const std::string_view id = text_in(*fields, "user");
    const auto user = scene_.roster.find(id);
    if (!user) return "an entry of users is nobody";
    if (!offered.empty() && id <= offered.back()) return "users are not in the order of their ids";
    offered.emplace_back(id);
    const User& it = scene_.roster.user(*user);
    const bool right = text_in(*fields, "name") == it.name &&
                       text_in(*fields, "role") == chat::to_string(it.role) &&
                       text_in(*fields, "insurer") == it.insurer;
    if (!right || fits(ask, *room, caller, *user) == Fits::no) tell(ask, *room, *user, true);
  }
  // Pages follow each other: this one begins after the last id of the one that led to it.
  auto& last = last_[ask.session];
  const bool first = ask.page.empty();
  const bool follows = !first && last.first == ask.page;
  const std::string after = follows ? last.second : std::string();
  const bool ends = text_of(*next)->empty();
  if (first || follows) {
    for (const User& user : scene_.roster.users()) {
      const bool in_range =
          user.id > after && (ends || (!offered.empty() && user.id < offered.back()));
      if (!in_range || std::binary_search(offered.begin(), offered.end(), user.id)) continue;
      const UserNumber number = *scene_.roster.find(user.id);
      if (fits(ask, *room, caller, number) == Fits::yes) tell(ask, *room, number, false);
    }
  }
  last = {std::string(*text_of(*next)), offered.empty() ? after : offered.back()};
  return std::nullopt;
}

void CandidateChecker::tell(const Ask& ask, const Room& room, UserNumber user, bool offered) {
  scene_.stories.tell(Checker::invite_candidates, [&] {
    const std::string who = scene_.roster.who(ask.session);
    const std::string whom = scene_.roster.who(user);
    const std::string id = chat::to_string(room.id);
    const std::string_view as = chat::to_string(ask.as);
    const std::string& insurer = scene_.roster.user(user).insurer;
    return Story{fmt::format("{}: 대화방 {}에 {}(으)로 초대할 사람의 목록({})에 {}({})이(가) {}.",
                             who, id, as, ask.id, whom, insurer,
                             offered ? "있으면 안 되거나 잘못 적혀 있습니다" : "없습니다"),
                 fmt::format("{}: who may be invited into room {} as {} ({}): {} (of {}) {}.", who,
                             id, as, ask.id, whom, insurer.empty() ? "no insurer" : insurer,
                             offered ? "must not be there, or is told wrongly" : "is missing")};
  });
}

}  // namespace claims::storm::audit
