#include "simulator/actor/kept_session.h"

#include "simulator/actor/json_member.h"

namespace claims::storm {
namespace {

constexpr std::uint64_t kSessionStream = 1;
constexpr std::uint32_t kShort = 2, kLong = 7'200;

}  // namespace

bool KeptSession::came_before(const Value& event) {
  const auto room = chat::parse_room_id(text_member(event, "room"));
  const Value* number = member(event, "seq");
  if (!room || number == nullptr || !number->is_int64()) return false;
  const auto seq = static_cast<chat::Seq>(number->get_int64());
  chat::Seq& last = seen_[*room];
  if (seq <= last) return true;
  last = seq;
  return false;
}

std::unique_ptr<KeptSession> draw_kept_session(const Random& random) {
  Random draws = random.split(kSessionStream);
  const std::uint64_t kind = draws.below(6);
  if (kind < 2) return nullptr;
  auto kept = std::make_unique<KeptSession>();
  kept->expiry_s = kind == 2 ? kShort : kLong;
  kept->replies = draws.below(2) == 0 ? mqtt::QoS::at_most_once : mqtt::QoS::at_least_once;
  return kept;
}

}  // namespace claims::storm
