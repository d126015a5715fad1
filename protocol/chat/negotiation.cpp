#include "protocol/chat/negotiation.h"

#include <array>
#include <charconv>
#include <cstddef>

#include "protocol/limits.h"

namespace claims::chat {
namespace {

constexpr std::array<std::string_view, 9> kActions{"open",
                                                   "accept",
                                                   "object",
                                                   "accept_objection",
                                                   "send_exemption",
                                                   "accept_exemption",
                                                   "send_prior_agreement",
                                                   "accept_prior_agreement",
                                                   "refer"};
constexpr std::array<std::string_view, 6> kStates{
    "discussing", "exemption_sent", "prior_agreement_sent", "agreed", "exempt", "referred"};
constexpr std::array<std::string_view, 2> kSides{"initiator", "counterpart"};
constexpr std::array<std::string_view, 2> kReasons{"not_liable", "not_covered"};

template <class Enum, std::size_t Size>
std::optional<Enum> find_name(const std::array<std::string_view, Size>& names,
                              std::string_view text) {
  for (std::size_t i = 0; i < Size; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

std::optional<std::uint8_t> parse_share(std::string_view text) {
  std::uint8_t share = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  const bool leading_zero = text.size() > 1 && text[0] == '0';
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || leading_zero) {
    return std::nullopt;
  }
  return share;
}

}  // namespace

std::string_view to_string(Side side) {
  return kSides[static_cast<std::size_t>(side)];
}
std::string_view to_string(ExemptionReason reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}
std::string_view to_string(NegotiationAction action) {
  return kActions[static_cast<std::size_t>(action)];
}
std::string_view to_string(NegotiationState state) {
  return kStates[static_cast<std::size_t>(state)];
}
std::optional<ExemptionReason> parse_exemption_reason(std::string_view text) {
  return find_name<ExemptionReason>(kReasons, text);
}
std::optional<NegotiationAction> parse_negotiation_action(std::string_view text) {
  return find_name<NegotiationAction>(kActions, text);
}
std::optional<NegotiationState> parse_negotiation_state(std::string_view text) {
  return find_name<NegotiationState>(kStates, text);
}

std::string to_string(Ratio ratio) {
  return std::to_string(ratio.first) + ':' + std::to_string(ratio.second);
}

std::optional<Ratio> parse_ratio(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto first = parse_share(text.substr(0, colon));
  const auto second = parse_share(text.substr(colon + 1));
  if (!first || !second || *first + *second != 100) return std::nullopt;
  return Ratio{*first, *second};
}

Ratio seen_from(Side side, Ratio ratio) {
  return side == Side::initiator ? ratio : Ratio{ratio.second, ratio.first};
}

Negotiation Negotiation::opened(Ratio first) {
  Negotiation negotiation;
  negotiation.standing = first;
  return negotiation;
}

std::optional<Negotiation> Negotiation::apply(Side by, const NegotiationMove& move) const {
  if (is_final(state)) return std::nullopt;
  const bool discusses = state == NegotiationState::discussing;
  const bool answers_sent = !discusses && by != sender;
  Negotiation next = *this;
  switch (move.action) {
    case NegotiationAction::open:
      return std::nullopt;
    case NegotiationAction::accept:
    case NegotiationAction::accept_objection:
      if (!discusses || by != turn) return std::nullopt;
      if (move.action == NegotiationAction::accept_objection && !from_objection) {
        return std::nullopt;
      }
      next.state = NegotiationState::agreed;
      next.prior = standing;
      return next;
    case NegotiationAction::object:
      if (discusses ? by != turn || !move.ratio : !answers_sent || move.ratio) return std::nullopt;
      ++next.objections;
      next.state = NegotiationState::discussing;
      if (!discusses) return next;  // Back to the ratio under discussion, and to whose turn it was.
      next.standing = *move.ratio;
      next.turn = other_side(by);
      next.from_objection = true;
      return next;
    case NegotiationAction::send_exemption:
      next.state = NegotiationState::exemption_sent;
      next.sender = by;
      next.exemption = move.exemption;
      return next;
    case NegotiationAction::accept_exemption:
      if (state != NegotiationState::exemption_sent || !answers_sent) return std::nullopt;
      next.state = NegotiationState::exempt;
      return next;
    case NegotiationAction::send_prior_agreement:
      if (!move.ratio) return std::nullopt;
      next.state = NegotiationState::prior_agreement_sent;
      next.sender = by;
      next.prior = *move.ratio;
      return next;
    case NegotiationAction::accept_prior_agreement:
      if (state != NegotiationState::prior_agreement_sent || !answers_sent) return std::nullopt;
      next.state = NegotiationState::agreed;
      return next;
    case NegotiationAction::refer:
      next.state = NegotiationState::referred;
      return next;
  }
  return std::nullopt;
}

bool Negotiation::must_refer() const {
  return !is_final(state) && objections >= limits::kObjectionsMax;
}

std::optional<Ratio> Negotiation::shown_ratio() const {
  switch (state) {
    case NegotiationState::discussing:
      return standing;
    case NegotiationState::prior_agreement_sent:
    case NegotiationState::agreed:
      return prior;
    case NegotiationState::exemption_sent:
    case NegotiationState::exempt:
    case NegotiationState::referred:
      break;
  }
  return std::nullopt;
}

std::optional<Side> Negotiation::answers() const {
  if (is_final(state)) return std::nullopt;
  return state == NegotiationState::discussing ? turn : other_side(sender);
}

std::string Negotiation::legal_actions(Side by) const {
  std::string actions;
  for (std::size_t i = 1; i < kActions.size(); ++i) {
    const auto action = static_cast<NegotiationAction>(i);
    const bool legal = apply(by, {action, Ratio{}, {}}) || apply(by, {action, std::nullopt, {}});
    if (!legal) continue;
    if (!actions.empty()) actions += ", ";
    actions += kActions[i];
  }
  return actions.empty() ? "–" : actions;
}

}  // namespace claims::chat
