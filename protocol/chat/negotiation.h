#pragma once
// Fault negotiation (과실협의) between two insurers over one accident: whose turn it is, what
// stands, and how it ends (Alp-001; the seven actions of the workflow "fault negotiation", and the
// referral to the dispute committee).
//
// A value: apply() tells what it becomes, or that the action is not legal. No I/O, no time.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace claims::chat {

/// The initiator opened the negotiation.
enum class Side : std::uint8_t { initiator, counterpart };
std::string_view to_string(Side side);
constexpr Side other_side(Side side) {
  return side == Side::initiator ? Side::counterpart : Side::initiator;
}

/// Shares of the fault in percent; they sum to 100. In commands own:other of who sends it, in
/// events and state initiator:counterpart.
struct Ratio {
  std::uint8_t first = 0, second = 0;
  bool operator==(const Ratio&) const = default;
};
std::string to_string(Ratio ratio);  ///< "70:30"
/// Two integers of 0–100 that sum to 100, without signs, spaces or leading zeros.
std::optional<Ratio> parse_ratio(std::string_view text);
/// Own:other of `side` as initiator:counterpart, and the other way round.
Ratio seen_from(Side side, Ratio ratio);

enum class ExemptionReason : std::uint8_t { not_liable, not_covered };
std::string_view to_string(ExemptionReason reason);
std::optional<ExemptionReason> parse_exemption_reason(std::string_view text);

enum class NegotiationAction : std::uint8_t {
  open,  ///< Only as the first of a negotiation; apply() never takes it.
  accept,
  object,
  accept_objection,
  send_exemption,
  accept_exemption,
  send_prior_agreement,
  accept_prior_agreement,
  refer,  ///< To the dispute committee (분쟁심의 회부).
};
std::string_view to_string(NegotiationAction action);
std::optional<NegotiationAction> parse_negotiation_action(std::string_view text);

enum class NegotiationState : std::uint8_t {
  discussing,
  exemption_sent,
  prior_agreement_sent,
  agreed,
  exempt,
  referred,
};
std::string_view to_string(NegotiationState state);
std::optional<NegotiationState> parse_negotiation_state(std::string_view text);
constexpr bool is_final(NegotiationState state) {
  return state >= NegotiationState::agreed;
}

struct NegotiationMove {
  NegotiationAction action{};
  std::optional<Ratio> ratio;  ///< initiator:counterpart
  ExemptionReason exemption{};
};

struct Negotiation {
  NegotiationState state = NegotiationState::discussing;
  Ratio standing;                 ///< The ratio under discussion.
  Side turn = Side::counterpart;  ///< To whom the standing ratio was put.
  bool from_objection = false;    ///< The standing ratio is an objection's.
  Side sender{};                  ///< Of the exemption or prior agreement that waits.
  Ratio prior;                    ///< Of the prior agreement that waits; when agreed: the outcome.
  ExemptionReason exemption{};
  std::uint32_t objections = 0;

  static Negotiation opened(Ratio first);  ///< initiator:counterpart

  /// What it is after the action, nothing when that is not legal now. Judges the presence of a
  /// ratio, too: an objection has one exactly while a ratio is under discussion.
  std::optional<Negotiation> apply(Side by, const NegotiationMove& move) const;
  /// After so many objections the work goes to the dispute committee by itself.
  bool must_refer() const;
  /// The ratio that a person sees: standing, sent or agreed. Nothing where none counts.
  std::optional<Ratio> shown_ratio() const;
  /// Who may answer now. Nothing at the end.
  std::optional<Side> answers() const;
  /// The actions that `by` may take now, "accept, object, …"; "–" when there are none.
  std::string legal_actions(Side by) const;

  bool operator==(const Negotiation&) const = default;
};

}  // namespace claims::chat
