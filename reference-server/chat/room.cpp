#include "reference-server/chat/room.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace claims::server {
namespace {

/// What was done, told by its event and the state it came into. Nothing when it tells too little.
std::optional<chat::NegotiationMove> move_of(const chat::Negotiated& step,
                                             chat::NegotiationState before) {
  using chat::NegotiationAction;
  chat::NegotiationMove move{step.action, std::nullopt, {}};
  const bool carries_ratio =
      step.action == NegotiationAction::send_prior_agreement ||
      (step.action == NegotiationAction::object && before == chat::NegotiationState::discussing);
  if (carries_ratio) move.ratio = step.ratio;
  if (step.action == NegotiationAction::send_exemption) {
    const auto reason = chat::parse_exemption_reason(step.reason);
    if (!reason) return std::nullopt;
    move.exemption = *reason;
  }
  return move;
}

}  // namespace

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

Room::Room(chat::RoomKind kind, std::string receipt, std::string vehicle)
    : kind_(kind), receipt_(std::move(receipt)) {
  if (!vehicle.empty()) vehicles_.push_back(std::move(vehicle));
}

bool Room::has_vehicle(std::string_view plate) const {
  return std::ranges::find(vehicles_, plate) != vehicles_.end();
}

std::optional<chat::Side> Room::side_of(UserIndex user) const {
  const std::uint8_t number = member_number(user);
  if (kind_ != chat::RoomKind::negotiation || number == kNobody) return std::nullopt;
  return number == 0 ? chat::Side::initiator : chat::Side::counterpart;
}

Room::Folded Room::apply(const chat::Event& event, Subject subject, Position position) {
  if (event.seq != last_seq() + 1) return std::string("event leaves a gap in its room");
  if (event.at < last_at_) return std::string("event is before the one it follows");
  if (!is_about_own_vehicle(event)) return std::string("event is about another vehicle");
  auto folded = std::visit([&](const auto& body) { return fold(body, subject); }, event.body);
  if (!folded) return folded;
  if (std::holds_alternative<chat::VehicleAdded>(event.body)) vehicles_.push_back(event.vehicle);
  const bool message = std::holds_alternative<chat::Message>(event.body);
  authors_.push_back(message ? member_number(*subject) : kNobody);
  last_at_ = event.at;
  last_position_ = position;
  return {};
}

bool Room::is_about_own_vehicle(const chat::Event& event) const {
  if (kind_ != chat::RoomKind::general) return event.vehicle == vehicles_.front();
  if (std::holds_alternative<chat::VehicleAdded>(event.body)) {
    return !event.vehicle.empty() && !has_vehicle(event.vehicle);
  }
  const bool of_the_room = std::holds_alternative<chat::Joined>(event.body) ||
                           std::holds_alternative<chat::Greeting>(event.body);
  return of_the_room ? event.vehicle.empty() : has_vehicle(event.vehicle);
}

Room::Folded Room::fold(const chat::Joined& joined, Subject subject) {
  if (!subject) return std::string("joined names no user");
  const chat::Seq seq = last_seq() + 1;
  if (joined.kind != kind_ || joined.receipt != receipt_) {
    return std::string("joined is of another kind or receipt");
  }
  if (member(*subject) != nullptr) return std::string("joined is a member already");
  if (members_.size() == kMembersMax) return std::string("room has too many members");
  if (joined.from > seq) return std::string("joined begins after itself");
  const bool founder = members_.size() + 1 == seq;
  Member added{*subject, founder ? joined.from : seq, joined.from, joined.from - 1, 0};
  added.unread = unread_after(added, added.read);
  members_.push_back(added);
  return {};
}

Room::Folded Room::fold(const chat::Notice& notice, Subject) {
  if (kind_ != chat::RoomKind::inbound) return std::string("notice is in no inbound room");
  const bool follows = repair_state_ ? chat::is_legal_step(*repair_state_, notice.state)
                                     : notice.state == chat::RepairState::in;
  if (!follows) return std::string("notice is no legal repair step");
  repair_state_ = notice.state;
  return {};
}

Room::Folded Room::fold(const chat::Greeting&, Subject) {
  if (kind_ == chat::RoomKind::negotiation) return std::string("a negotiation has no greeting");
  if (greeted_) return std::string("room was greeted before");
  greeted_ = true;
  return {};
}

Room::Folded Room::fold(const chat::Message&, Subject subject) {
  if (!subject || member(*subject) == nullptr) return std::string("message is by no member");
  for (Member& member : members_) {
    if (member.user != *subject) ++member.unread;
  }
  return {};
}

Room::Folded Room::fold(const chat::Claim&, Subject) {
  if (!repair_state_ || !chat::may_convert_claim(*repair_state_)) {
    return std::string("claim comes before the repair is done");
  }
  if (converted_) return std::string("claim was converted before");
  converted_ = true;
  return {};
}

Room::Folded Room::fold(const chat::PreEstimate&, Subject) {
  if (kind_ != chat::RoomKind::inbound) return std::string("pre-estimate is in no inbound room");
  if (estimated_) return std::string("pre-estimate was written before");
  if (repair_state_ >= chat::RepairState::repaired) {
    return std::string("pre-estimate comes after the repair");
  }
  estimated_ = true;
  return {};
}

Room::Folded Room::fold(const chat::VehicleAdded&, Subject) {
  if (kind_ != chat::RoomKind::general) return std::string("vehicle is added to no general room");
  return {};
}

Room::Folded Room::fold(const chat::Negotiated& step, Subject subject) {
  using chat::NegotiationAction;
  const bool by_server = !subject;
  const bool by_right_one = by_server ? !step.by : step.by && side_of(*subject) == step.by;
  if (kind_ != chat::RoomKind::negotiation || members_.size() < 2 || !by_right_one) {
    return std::string("negotiation is acted on by no side of it");
  }
  const chat::Side side = step.by.value_or(chat::Side::initiator);
  if (!negotiation_) {
    const bool opens = step.action == NegotiationAction::open && !by_server && step.ratio;
    if (!opens || side != chat::Side::initiator) return std::string("negotiation is not opened");
    negotiation_ = chat::Negotiation::opened(*step.ratio);
  } else {
    if (negotiation_->must_refer() != by_server ||
        (by_server && step.action != NegotiationAction::refer)) {
      return std::string("negotiation is referred by the server at no or at another time");
    }
    const auto move = move_of(step, negotiation_->state);
    negotiation_ = move ? negotiation_->apply(side, *move) : std::nullopt;
    if (!negotiation_) return std::string("negotiation does not allow this");
  }
  const bool accepts_reason = step.action != NegotiationAction::accept_exemption ||
                              step.reason == to_string(negotiation_->exemption);
  const bool told_as_it_is = step.state == negotiation_->state &&
                             step.ratio == negotiation_->shown_ratio() &&
                             step.turn == negotiation_->answers() && accepts_reason;
  if (!told_as_it_is) return std::string("negotiation is not what its event says");
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
