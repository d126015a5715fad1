#include "reference-server/chat/room.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "reference-server/limits.h"

namespace claims::server {

static_assert(limits::kEventsPerRoomMax + limits::kHandOverEventsPerRoom <= UINT32_MAX / 2);

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

Room::Room(chat::RoomKind kind, std::string receipt, std::string vehicle)
    : kind_(kind), receipt_(std::move(receipt)) {
  if (!vehicle.empty()) vehicles_.push_back(std::move(vehicle));
}

bool Room::has_vehicle(std::string_view plate) const {
  return std::ranges::find(vehicles_, plate) != vehicles_.end();
}

// Who is and was a member.

const Room::Membership* Room::member(UserIndex user) const {
  for (const Membership& membership : memberships_) {
    if (membership.user == user && membership.current()) return &membership;
  }
  return nullptr;
}

Room::Membership* Room::find_member(UserIndex user) {
  return const_cast<Membership*>(std::as_const(*this).member(user));
}

std::uint8_t Room::author_number(UserIndex user) const {
  const auto first = std::ranges::find(memberships_, user, &Membership::user);
  if (first == memberships_.end()) return kNobody;
  return static_cast<std::uint8_t>(first - memberships_.begin());
}

std::vector<SeqRange> Room::readable_by(UserIndex user) const {
  std::vector<SeqRange> ranges;
  for (const Membership& one : memberships_) {
    if (one.user == user) ranges.push_back({one.from, one.current() ? last_seq() : one.left});
  }
  std::ranges::sort(ranges, {}, &SeqRange::first);
  std::size_t kept = 0;
  for (const SeqRange& range : ranges) {
    if (kept > 0 && range.first <= ranges[kept - 1].last + 1) {
      ranges[kept - 1].last = std::max(ranges[kept - 1].last, range.last);
    } else {
      ranges[kept++] = range;
    }
  }
  ranges.resize(kept);
  return ranges;
}

std::optional<UserIndex> Room::author_of(chat::Seq seq) const {
  if (seq == 0 || seq > last_seq() || authors_[seq - 1] >= kDeleted) return std::nullopt;
  return memberships_[authors_[seq - 1]].user;
}

bool Room::is_deleted_message(chat::Seq seq) const {
  return seq > 0 && seq <= last_seq() && authors_[seq - 1] == kDeleted;
}

const Room::Former* Room::former(chat::Seq left) const {
  for (const auto& [seq, former] : formers_) {
    if (seq == left) return &former;
  }
  return nullptr;
}

std::optional<UserIndex> Room::in_charge(chat::Side side) const {
  return in_charge_[static_cast<std::size_t>(side)];
}

bool Room::is_in_charge(UserIndex user) const {
  return in_charge_[0] == user || in_charge_[1] == user;
}

std::optional<chat::Side> Room::side_of(UserIndex user) const {
  if (kind_ != chat::RoomKind::negotiation || !is_in_charge(user)) return std::nullopt;
  return in_charge_[0] == user ? chat::Side::initiator : chat::Side::counterpart;
}

// Folding.

Room::Folded Room::apply(const chat::Event& event, std::optional<UserIndex> subject,
                         Position position, std::optional<UserIndex> other) {
  if (deleted_) return std::string("event comes after the room was deleted");
  if (event.seq != last_seq() + 1) return std::string("event leaves a gap in its room");
  if (event.at < last_at_) return std::string("event is before the one it follows");
  if (!is_about_own_vehicle(event)) return std::string("event is about another vehicle");
  const Subject about{subject, other, event.at};
  auto folded = std::visit([&](const auto& body) { return fold(body, about); }, event.body);
  if (!folded) return folded;
  if (std::holds_alternative<chat::VehicleAdded>(event.body)) vehicles_.push_back(event.vehicle);
  const bool message = std::holds_alternative<chat::Message>(event.body);
  authors_.push_back(message ? author_number(*subject) : kNobody);
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
                           std::holds_alternative<chat::Greeting>(event.body) ||
                           std::holds_alternative<chat::Left>(event.body) ||
                           std::holds_alternative<chat::HandedOver>(event.body) ||
                           std::holds_alternative<chat::RoomChanged>(event.body) ||
                           std::holds_alternative<chat::MessageDeleted>(event.body) ||
                           std::holds_alternative<chat::RoomDeleted>(event.body);
  return of_the_room ? event.vehicle.empty() : has_vehicle(event.vehicle);
}

Room::Folded Room::fold(const chat::Joined& joined, const Subject& subject) {
  if (!subject.user) return std::string("joined names no user");
  const chat::Seq seq = last_seq() + 1;
  if (joined.kind != kind_ || joined.receipt != receipt_) {
    return std::string("joined is of another kind or receipt");
  }
  if (member(*subject.user) != nullptr) return std::string("joined is a member already");
  if (memberships_.size() == kMembershipsMax) return std::string("room has too many members");
  const bool founder = joined.as == chat::Invitation::founder;
  if (joined.from != (joined.as == chat::Invitation::guest ? seq : 1)) {
    return std::string("joined begins where it must not");
  }
  if (founder) {
    if (auto founded = found(joined, *subject.user); !founded) return founded;
  } else if (memberships_.size() < 2) {
    return std::string("joined is invited by nobody");
  }
  Membership added;
  added.user = *subject.user;
  added.invited_by = subject.other.value_or(*subject.user);
  added.from = static_cast<std::uint32_t>(joined.from);
  added.live_from = founder ? added.from : static_cast<std::uint32_t>(seq);
  added.read = added.from - 1;
  // What was read before stays read.
  for (const Membership& earlier : memberships_) {
    if (earlier.user == added.user) added.read = std::max(added.read, earlier.read);
  }
  added.as = joined.as;
  added.joined_at = subject.at;
  added.unread = static_cast<std::uint32_t>(unread_after(added, added.read));
  memberships_.push_back(added);
  ++members_;
  return {};
}

/// The founders are two, and nothing comes before them.
Room::Folded Room::found(const chat::Joined& joined, UserIndex user) {
  if (memberships_.size() >= 2 || last_seq() != memberships_.size()) {
    return std::string("joined founds a room that is there");
  }
  if (joined.role == chat::Role::garage) {
    if (garage_ || kind_ == chat::RoomKind::negotiation) {
      return std::string("joined founds a room with no place for a garage");
    }
    garage_ = user;
    return {};
  }
  auto& in_charge = in_charge_[kind_ == chat::RoomKind::negotiation ? memberships_.size() : 0];
  if (in_charge || joined.role != chat::Role::adjuster) {
    return std::string("joined founds a room that has somebody in charge");
  }
  in_charge = user;
  return {};
}

void Room::end(Membership& membership) {
  membership.left = static_cast<std::uint32_t>(last_seq() + 1);
  --members_;
}

Room::Folded Room::fold(const chat::Left&, const Subject& subject) {
  Membership* leaving = subject.user ? find_member(*subject.user) : nullptr;
  if (leaving == nullptr) return std::string("left is by no member");
  if (is_in_charge(leaving->user) || garage_ == leaving->user) {
    return std::string("left is by one who must stay");
  }
  end(*leaving);
  formers_.emplace_back(leaving->left, Former{subject.at, title_, vehicles_.size(), repair_state_,
                                              estimated_, converted_, in_charge_});
  return {};
}

Room::Folded Room::fold(const chat::HandedOver&, const Subject& subject) {
  const auto& [to, from, at] = subject;
  if (!from || !is_in_charge(*from)) return std::string("room is handed over by another");
  if (!to || member(*to) == nullptr || is_in_charge(*to) || garage_ == *to) {
    return std::string("room is handed over to no member");
  }
  in_charge_[in_charge_[0] == *from ? 0 : 1] = *to;
  return {};
}

Room::Folded Room::fold(const chat::RoomChanged& changed, const Subject& subject) {
  const Membership* by = subject.user ? member(*subject.user) : nullptr;
  if (by == nullptr || by->as == chat::Invitation::guest) {
    return std::string("room is changed by no member");
  }
  title_ = changed.title;
  return {};
}

Room::Folded Room::fold(const chat::RoomDeleted&, const Subject& subject) {
  const bool may = subject.user && (garage_ == *subject.user || is_in_charge(*subject.user));
  if (!may || kind_ == chat::RoomKind::negotiation) {
    return std::string("room is deleted by another");
  }
  if (repair_state_ && *repair_state_ != chat::RepairState::cancelled &&
      *repair_state_ != chat::RepairState::out) {
    return std::string("room is deleted during the repair");
  }
  for (Membership& membership : memberships_) {
    if (membership.current()) end(membership);
  }
  deleted_ = true;
  return {};
}

Room::Folded Room::fold(const chat::Notice& notice, const Subject&) {
  if (kind_ != chat::RoomKind::inbound) return std::string("notice is in no inbound room");
  const bool follows = repair_state_ ? chat::is_legal_step(*repair_state_, notice.state)
                                     : notice.state == chat::RepairState::in;
  if (!follows) return std::string("notice is no legal repair step");
  repair_state_ = notice.state;
  return {};
}

Room::Folded Room::fold(const chat::Greeting&, const Subject&) {
  if (kind_ == chat::RoomKind::negotiation) return std::string("a negotiation has no greeting");
  if (greeted_) return std::string("room was greeted before");
  greeted_ = true;
  return {};
}

Room::Folded Room::fold(const chat::Message&, const Subject& subject) {
  if (!subject.user || member(*subject.user) == nullptr) {
    return std::string("message is by no member");
  }
  for (Membership& membership : memberships_) {
    if (membership.current() && membership.user != *subject.user) ++membership.unread;
  }
  return {};
}

Room::Folded Room::fold(const chat::MessageDeleted& deleted, const Subject& subject) {
  if (!subject.user || member(*subject.user) == nullptr || author_of(deleted.of) != subject.user) {
    return std::string("what is deleted is no message of the member");
  }
  for (Membership& membership : memberships_) {
    const bool counted = membership.current() && membership.user != *subject.user;
    if (counted && membership.read < deleted.of) --membership.unread;
  }
  authors_[deleted.of - 1] = kDeleted;
  return {};
}

Room::Folded Room::fold(const chat::Claim&, const Subject&) {
  if (!repair_state_ || !chat::may_convert_claim(*repair_state_)) {
    return std::string("claim comes before the repair is done");
  }
  if (converted_) return std::string("claim was converted before");
  converted_ = true;
  return {};
}

Room::Folded Room::fold(const chat::PreEstimate&, const Subject&) {
  if (kind_ != chat::RoomKind::inbound) return std::string("pre-estimate is in no inbound room");
  if (estimated_) return std::string("pre-estimate was written before");
  if (repair_state_ >= chat::RepairState::repaired) {
    return std::string("pre-estimate comes after the repair");
  }
  estimated_ = true;
  return {};
}

Room::Folded Room::fold(const chat::FurtherEstimate& further, const Subject&) {
  if (repair_state_ != chat::RepairState::in_repair) {
    return std::string("further estimate comes outside the repair");
  }
  const std::string next = "F-" + receipt_ + '-' + std::to_string(further_estimates_ + 1);
  if (further.estimate != next || further_estimates_ == UINT8_MAX) {
    return std::string("further estimate is not the next");
  }
  ++further_estimates_;
  return {};
}

Room::Folded Room::fold(const chat::VehicleAdded&, const Subject&) {
  if (kind_ != chat::RoomKind::general) return std::string("vehicle is added to no general room");
  return {};
}

Room::Folded Room::fold(const chat::Negotiated& step, const Subject& subject) {
  using chat::NegotiationAction;
  const bool by_server = !subject.user;
  const bool by_right_one = by_server ? !step.by : step.by && side_of(*subject.user) == step.by;
  if (kind_ != chat::RoomKind::negotiation || memberships_.size() < 2 || !by_right_one) {
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

std::uint64_t Room::unread_after(const Membership& member, chat::Seq read) const {
  // A read seq only moves forward, so each event is counted at most once per member that was there.
  const std::uint8_t own = author_number(member.user);
  if (read > member.read && own != kNobody) {
    std::uint64_t unread = member.unread;
    for (chat::Seq seq = member.read + 1; seq <= read && seq <= last_seq(); ++seq) {
      const std::uint8_t author = authors_[seq - 1];
      if (author < kDeleted && author != own) --unread;
    }
    return unread;
  }
  std::uint64_t unread = 0;
  for (chat::Seq seq = read + 1; seq <= last_seq(); ++seq) {
    const std::uint8_t author = authors_[seq - 1];
    if (author < kDeleted && author != own) ++unread;
  }
  return unread;
}

Result<void, std::string> Room::move_read(UserIndex user, chat::Seq seq) {
  Membership* member = find_member(user);
  if (member == nullptr) return std::string("read is by no member");
  if (seq <= member->read || seq > last_seq()) return std::string("read seq does not move");
  member->unread = static_cast<std::uint32_t>(unread_after(*member, seq));
  member->read = static_cast<std::uint32_t>(seq);
  return {};
}

}  // namespace claims::server
