#include "simulator/check/negotiation_move.h"

#include <variant>

#include "protocol/chat/hashtag.h"

namespace claims::storm::audit {
namespace {

using chat::NegotiationAction;

struct TagMove {
  chat::Side side;

  std::optional<chat::NegotiationMove> operator()(const chat::ExemptionTag& tag) const {
    const bool sends = side == chat::Side::initiator;
    return chat::NegotiationMove{
        sends ? NegotiationAction::send_exemption : NegotiationAction::accept_exemption,
        {},
        tag.reason};
  }
  std::optional<chat::NegotiationMove> operator()(const chat::PriorAgreementTag& tag) const {
    if (!tag.misread.empty()) return std::nullopt;
    if (side == chat::Side::counterpart) {
      auto ratio = tag.ratio;
      if (ratio) ratio = chat::seen_from(side, *ratio);
      return chat::NegotiationMove{NegotiationAction::accept_prior_agreement, ratio, {}};
    }
    if (!tag.ratio) return std::nullopt;
    return chat::NegotiationMove{
        NegotiationAction::send_prior_agreement, chat::seen_from(side, *tag.ratio), {}};
  }
  std::optional<chat::NegotiationMove> operator()(const chat::SeveralTags&) const {
    return std::nullopt;
  }
};

}  // namespace

bool has_acting_tag(const Command& message) {
  return message.type == CommandType::message_send && message.from_template.empty() &&
         chat::find_negotiation_tag(message.text).has_value();
}

std::optional<chat::NegotiationMove> move_of(const Command& command, chat::Side side) {
  if (command.type == CommandType::message_send) {
    const auto tag = chat::find_negotiation_tag(command.text);
    if (!tag || !command.from_template.empty()) return std::nullopt;
    return std::visit(TagMove{side}, *tag);
  }
  chat::NegotiationMove move = command.move;
  if (move.ratio) move.ratio = chat::seen_from(side, *move.ratio);
  return move;
}

std::optional<chat::Negotiation> after(const chat::Negotiation& before, chat::Side side,
                                       const chat::NegotiationMove& move) {
  const bool accepts_prior = move.action == NegotiationAction::accept_prior_agreement;
  if (accepts_prior && move.ratio && *move.ratio != before.prior) return std::nullopt;
  return before.apply(side, move);
}

}  // namespace claims::storm::audit
