#include "reference-server/chat/room.h"

#include <utility>
#include <variant>

namespace claims::server {

const Room::Member* Room::member(UserIndex user) const {
  for (const Member& member : members_) {
    if (member.user == user) return &member;
  }
  return nullptr;
}

std::uint8_t Room::member_number(UserIndex user) const {
  const Member* found = member(user);
  return found == nullptr ? kNobody : static_cast<std::uint8_t>(found - members_.data());
}

Result<void, std::string> Room::apply(const chat::Event& event, std::optional<UserIndex> subject,
                                      Position position) {
  if (event.seq != last_seq() + 1) return std::string("event leaves a gap in its room");
  if (event.at < last_at_) return std::string("event is before the one it follows");
  if (event.vehicle != vehicle_) return std::string("event is about another vehicle");
  std::uint8_t author = kNobody;
  if (const auto* joined = std::get_if<chat::Joined>(&event.body)) {
    if (!subject) return std::string("joined names no user");
    auto result = join(*joined, *subject, event.seq);
    if (!result) return result;
  } else if (const auto* notice = std::get_if<chat::Notice>(&event.body)) {
    const bool follows = repair_state_ ? chat::is_legal_step(*repair_state_, notice->state)
                                       : notice->state == chat::RepairState::in;
    if (!follows) return std::string("notice is no legal repair step");
    repair_state_ = notice->state;
  } else if (std::holds_alternative<chat::Message>(event.body)) {
    author = subject ? member_number(*subject) : kNobody;
    if (author == kNobody) return std::string("message is by no member");
    for (Member& member : members_) {
      if (member.user != *subject) ++member.unread;
    }
  } else if (std::holds_alternative<chat::Claim>(event.body)) {
    if (converted_) return std::string("claim was converted before");
    converted_ = true;
  }
  authors_.push_back(author);
  last_at_ = event.at;
  last_position_ = position;
  return {};
}

Result<void, std::string> Room::join(const chat::Joined& joined, UserIndex user, chat::Seq seq) {
  if (member(user) != nullptr) return std::string("joined is a member already");
  if (members_.size() == kMembersMax) return std::string("room has too many members");
  if (joined.from > seq) return std::string("joined begins after itself");
  const bool founder = members_.size() + 1 == seq;
  Member added{user, founder ? joined.from : seq, joined.from, joined.from - 1, 0};
  added.unread = unread_after(added, added.read);
  members_.push_back(added);
  return {};
}

std::uint64_t Room::unread_after(const Member& member, chat::Seq read) const {
  // A read seq only moves forward, so each event is counted at most once per member that was there.
  const std::uint8_t own = member_number(member.user);
  if (read > member.read && own != kNobody) {
    std::uint64_t unread = member.unread;
    for (chat::Seq seq = member.read + 1; seq <= read && seq <= last_seq(); ++seq) {
      const std::uint8_t author = authors_[seq - 1];
      if (author != kNobody && author != own) --unread;
    }
    return unread;
  }
  std::uint64_t unread = 0;
  for (chat::Seq seq = read + 1; seq <= last_seq(); ++seq) {
    const std::uint8_t author = authors_[seq - 1];
    if (author != kNobody && author != own) ++unread;
  }
  return unread;
}

Result<void, std::string> Room::move_read(UserIndex user, chat::Seq seq) {
  const std::uint8_t number = member_number(user);
  if (number == kNobody) return std::string("read is by no member");
  Member& member = members_[number];
  if (seq <= member.read || seq > last_seq()) return std::string("read seq does not move");
  member.unread = unread_after(member, seq);
  member.read = seq;
  return {};
}

}  // namespace claims::server
