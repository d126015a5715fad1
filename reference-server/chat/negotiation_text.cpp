#include "reference-server/chat/negotiation_text.h"

#include "protocol/limits.h"

namespace claims::server {
namespace {

using chat::NegotiationAction;
using chat::NegotiationState;

/// 과실 비율(김민준 70 : 이서연 30)
std::string shares(const chat::Negotiation& negotiation, const NegotiationNames& names) {
  const chat::Ratio ratio = negotiation.shown_ratio().value_or(negotiation.standing);
  std::string text = "과실 비율(";
  text += names.initiator;
  text += ' ' + std::to_string(ratio.first) + " : ";
  text += names.counterpart;
  text += ' ' + std::to_string(ratio.second) + ')';
  return text;
}

std::string exemption(const chat::Negotiation& negotiation) {
  return negotiation.exemption == chat::ExemptionReason::not_covered ? "면책(담보 외)"
                                                                     : "면책(책임 없음)";
}

std::string objection(const NegotiationNames& names, const chat::Negotiation& before,
                      const chat::Negotiation& after) {
  if (before.state == NegotiationState::discussing) {
    return "이의를 제기하며 " + shares(after, names) + "을 제시했습니다.";
  }
  const bool exempts = before.state == NegotiationState::exemption_sent;
  return (exempts ? exemption(before) : std::string("기협의")) + "에 이의를 제기하여 " +
         shares(after, names) + " 협의로 돌아갑니다.";
}

}  // namespace

std::string negotiation_text(NegotiationAction action, std::optional<chat::Side> by,
                             const NegotiationNames& names, const chat::Negotiation& before,
                             const chat::Negotiation& after) {
  if (!by) {
    return "이의제기가 " + std::to_string(claims::limits::kObjectionsMax) +
           "회에 이르러 과실협의가 분쟁심의위원회에 회부되었습니다.";
  }
  std::string text(*by == chat::Side::initiator ? names.initiator : names.counterpart);
  text += "님이 ";
  switch (action) {
    case NegotiationAction::open:
      return text + shares(after, names) + "을 제시하며 과실협의를 시작했습니다.";
    case NegotiationAction::accept:
      return text + shares(after, names) + "을 수용하여 과실협의가 합의로 끝났습니다.";
    case NegotiationAction::object:
      return text + objection(names, before, after);
    case NegotiationAction::accept_objection:
      return text + "이의를 수용하여 과실협의가 " + shares(after, names) + " 합의로 끝났습니다.";
    case NegotiationAction::send_exemption:
      return text + exemption(after) + "을 전송했습니다.";
    case NegotiationAction::accept_exemption:
      return text + exemption(after) + "을 수용하여 과실협의가 면책으로 끝났습니다.";
    case NegotiationAction::send_prior_agreement:
      return text + "기협의 " + shares(after, names) + "을 전송했습니다.";
    case NegotiationAction::accept_prior_agreement:
      return text + "기협의 " + shares(after, names) + "을 수용하여 과실협의가 합의로 끝났습니다.";
    case NegotiationAction::refer:
      return text + "과실협의를 분쟁심의위원회에 회부했습니다.";
  }
  return text;
}

}  // namespace claims::server
