#pragma once
// Hashtags that act in a fault negotiation (Alp-001): #면책 and #기협의 in a message's text.
//
// A hashtag stands between white space (Unicode's, line separators among it). In a quotation (a
// line that begins with '>', or between quotation marks) it does nothing.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/chat/negotiation.h"

namespace claims::chat {

/// "#면책", "#면책 책임없음": not liable; "#면책 담보외": not covered.
struct ExemptionTag {
  ExemptionReason reason = ExemptionReason::not_liable;
  bool operator==(const ExemptionTag&) const = default;
};
/// "#기협의 70:30", own:other; "#기협의" where no ratio is needed.
struct PriorAgreementTag {
  std::optional<Ratio> ratio;
  /// The word that stands where the ratio does, begins with a digit and is none: "70:40", "7:3".
  /// Else empty.
  std::string misread;
  bool operator==(const PriorAgreementTag&) const = default;
};
/// More than one that acts: which was meant cannot be told.
struct SeveralTags {
  bool operator==(const SeveralTags&) const = default;
};
using NegotiationTag = std::variant<ExemptionTag, PriorAgreementTag, SeveralTags>;

/// `text` is normalised (text.h). Nothing when no hashtag acts.
std::optional<NegotiationTag> find_negotiation_tag(std::string_view text);

}  // namespace claims::chat
