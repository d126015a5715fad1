#include "reference-server/chat/room_view.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "protocol/limits.h"

namespace claims::server {

RoomView::RoomView(chat::RoomId id, const Room& room, UserIndex user, const State& state)
    : id_(id), room_(room), state_(state) {
  for (const Room::Membership& one : room.memberships()) {
    if (one.user == user) stay_ = &one;
  }
  last_seq_ = stay_->current() ? room.last_seq() : stay_->left;
  if (left()) former_ = room.former(stay_->left);
}

std::size_t RoomView::vehicles() const {
  return former_ != nullptr ? former_->vehicles : room_.vehicles().size();
}

bool RoomView::has_vehicle(std::string_view plate) const {
  const auto& all = room_.vehicles();
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(vehicles());
  return std::find(all.begin(), end, plate) != end;
}

ResultText RoomView::entry() const {
  const auto user_id = [&](std::optional<UserIndex> user) {
    return user ? std::string_view(state_.user(*user).entry.id) : std::string_view{};
  };
  const auto& all = room_.vehicles();
  const std::size_t listed = std::min(vehicles(), claims::limits::kVehiclesListedMax);
  const auto state = former_ != nullptr ? former_->repair_state : room_.repair_state();
  const Receipt* receipt = state_.receipt(room_.receipt());
  const auto is_member = [&](const Room::Membership& one) { return is_current(one); };
  const auto members = std::ranges::count_if(room_.memberships(), is_member);
  const Milliseconds last_at = former_ != nullptr ? former_->at : room_.last_at();
  ResultText text;
  text.add("room", id_)
      .add("kind", to_string(room_.kind()))
      .add("title", title())
      .add("receipt", room_.receipt())
      .add("model",
           receipt != nullptr ? std::string_view(receipt->entry.model) : std::string_view{})
      .add("vehicles", std::vector(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(listed)))
      .add("state", state ? to_string(*state) : std::string_view{})
      .add("adjuster", user_id(former_ != nullptr ? former_->in_charge.front() : room_.in_charge()))
      .add("garage", user_id(room_.garage()))
      .add("member_count", static_cast<std::uint64_t>(members))
      .add("last_seq", last_seq_)
      .add("last_at", static_cast<std::uint64_t>(last_at.count()))
      .add("unread", std::uint64_t{left() ? 0 : stay_->unread})
      .add("left", left());
  return text;
}

std::string RoomView::member_json(const Room::Membership& one) const {
  const UserEntry& entry = state_.user(one.user).entry;
  const bool founder = one.as == chat::Invitation::founder;
  return ResultText()
      .add("user", entry.id)
      .add("name", entry.name)
      .add("role", to_string(entry.role))
      .add("insurer", entry.insurer)
      .add("as", to_string(one.as))
      .add("from", std::uint64_t{one.from})
      .add("joined_at", static_cast<std::uint64_t>(one.joined_at.count()))
      .add("invited_by",
           founder ? std::string_view{} : std::string_view(state_.user(one.invited_by).entry.id))
      .add("left", std::uint64_t{one.left <= last_seq_ ? one.left : 0})
      .add("read", std::min<std::uint64_t>(one.read, last_seq_))
      .take();
}

std::string RoomView::in_full() const {
  std::vector<std::pair<std::string, bool>> members;  // And whether it goes on.
  std::size_t bytes = 0;
  for (const Room::Membership& one : room_.memberships()) {
    if (!shows(one)) continue;
    bytes += members.emplace_back(member_json(one), is_current(one)).first.size();
  }
  for (auto oldest = members.begin();
       bytes > claims::limits::kPageBytesMax && oldest != members.end();) {
    if (oldest->second) {
      ++oldest;
      continue;
    }
    bytes -= oldest->first.size();
    oldest = members.erase(oldest);
  }
  std::string list = "[";
  for (const auto& [member, goes_on] : members) {
    if (list.size() > 1) list += ',';
    list += member;
  }
  list += ']';
  const bool estimated = former_ != nullptr ? former_->estimated : room_.estimated();
  const bool converted = former_ != nullptr ? former_->converted : room_.converted();
  return entry()
      .add("estimate", estimated ? "E-" + room_.receipt() : std::string())
      .add("claim", converted ? "C-" + room_.receipt() : std::string())
      .add_json("members", list)
      .take();
}

}  // namespace claims::server
