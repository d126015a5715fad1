#include "simulator/check/conversion_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <string_view>

namespace claims::storm::audit {
namespace {

constexpr std::array<std::string_view, 3> kFields{"pre_estimates", "further_estimates", "claims"};

std::optional<std::size_t> which_of(CommandType type) {
  switch (type) {
    case CommandType::pre_estimate_write:
      return 0;
    case CommandType::estimate_further:
      return 1;
    case CommandType::claim_convert:
      return 2;
    default:
      return std::nullopt;
  }
}

std::optional<std::size_t> which_of(std::uint8_t mark) {
  if (mark == mark::kPreEstimate) return 0;
  if (mark == mark::kFurtherEstimate) return 1;
  return mark == mark::kClaim ? std::optional<std::size_t>(2) : std::nullopt;
}

}  // namespace

void ConversionChecker::sent(const Command& command) {
  const auto which = which_of(command.type);
  if (which) open_.push_back({command.key, *which, {}, 0});
}

void ConversionChecker::refused(const Command& command) {
  if (!which_of(command.type)) return;
  std::erase_if(open_, [&](const Open& it) { return it.key == command.key; });
}

void ConversionChecker::seen(const Room& room, const EventView& event, const Traced& traced) {
  const bool converts = event.kind == EventKind::pre_estimate ||
                        event.kind == EventKind::further_estimate || event.kind == EventKind::claim;
  if (!converts) return;
  for (Open& open : open_) {
    if (open.key != traced.key) continue;
    open.room = room.id;
    open.seq = event.seq;
  }
}

void ConversionChecker::fold(const Room& room, chat::Seq seq) {
  const auto which = which_of(room.marks[static_cast<std::size_t>(seq - 1)]);
  if (!which) return;
  std::erase_if(open_, [&](const Open& it) { return it.room == room.id && it.seq == seq; });
  const UserNumber adjuster = room.in_charge(1, seq);
  if (room.garage != kNobody) ++of_users_[room.garage][*which];
  if (room.garage == kNobody || adjuster == kNobody) return;
  ++of_users_[adjuster][*which];
  ++of_insurers_[scene_.roster.user(adjuster).insurer][*which];
}

ConversionChecker::Counts ConversionChecker::counted(UserNumber user) const {
  const User& it = scene_.roster.user(user);
  if (it.role == chat::Role::insurer) {
    const auto found = of_insurers_.find(it.insurer);
    return found == of_insurers_.end() ? Counts{} : found->second;
  }
  const auto found = of_users_.find(user);
  return found == of_users_.end() ? Counts{} : found->second;
}

void ConversionChecker::asked(Ask& ask) const {
  if (ask.type != ReadType::conversions_count) return;
  ask.counted = counted(scene_.roster.session(ask.session).user);
}

bool ConversionChecker::may_count(const Open& open, const User& user, UserNumber number) const {
  if (user.role == chat::Role::garage) return open.key.user == number;
  const Command* command = scene_.ledger.find(open.key);
  const auto id = open.seq != 0        ? std::optional(open.room)
                  : command != nullptr ? command->room
                                       : std::nullopt;
  const Room* room = id ? scene_.rooms.find(*id) : nullptr;
  // Where it is not known yet, it may be anybody's.
  if (room == nullptr || !room->linked) return true;
  if (user.role == chat::Role::adjuster) return last_row(*room, number).has_value();
  return std::any_of(room->members.begin(), room->members.end(), [&](const Member& member) {
    return scene_.roster.user(member.user).insurer == user.insurer;
  });
}

std::optional<std::string> ConversionChecker::replied(const Ask& ask, const ReplyView& reply) {
  const UserNumber number = scene_.roster.session(ask.session).user;
  const User& user = scene_.roster.user(number);
  Counts most = counted(number);
  for (const Open& open : open_) {
    if (may_count(open, user, number)) ++most[open.which];
  }
  if (reply.result->size() != kFields.size()) {
    return "result is not pre_estimates, further_estimates and claims";
  }
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const boost::json::value* value = reply.result->if_contains(kFields[i]);
    const auto count = value == nullptr ? std::nullopt : integer_of(*value);
    if (!count || *count < 0) return "result." + std::string(kFields[i]) + " is no number";
    if (std::int64_t{ask.counted[i]} <= *count && *count <= std::int64_t{most[i]}) continue;
    scene_.stories.tell(Checker::conversions, [&] {
      const std::string who = scene_.roster.who(ask.session);
      return Story{fmt::format("{}: 전환 건수({})의 {}은(는) {}–{}이어야 하는데 {}입니다.", who,
                               ask.id, kFields[i], ask.counted[i], most[i], *count),
                   fmt::format("{}: the conversions ({}) must say {} {} to {}, and say {}.", who,
                               ask.id, kFields[i], ask.counted[i], most[i], *count)};
    });
  }
  return std::nullopt;
}

}  // namespace claims::storm::audit
