#include "protocol/chat/hashtag.h"

#include <gtest/gtest.h>

namespace claims::chat {
namespace {

const NegotiationTag kNotLiable = ExemptionTag{ExemptionReason::not_liable};
const NegotiationTag kNoRatio = PriorAgreementTag{};

TEST(NegotiationTag, ActsBetweenWhiteSpace) {
  EXPECT_EQ(find_negotiation_tag("#면책"), kNotLiable);
  EXPECT_EQ(find_negotiation_tag("검토 결과\n#면책 책임없음"), kNotLiable);
  EXPECT_EQ(find_negotiation_tag("#면책 담보외 입니다"),
            NegotiationTag(ExemptionTag{ExemptionReason::not_covered}));
  EXPECT_EQ(find_negotiation_tag("합의했습니다. #기협의 70:30"),
            NegotiationTag(PriorAgreementTag{Ratio{70, 30}}));
  EXPECT_EQ(find_negotiation_tag("#기협의"), kNoRatio);
  EXPECT_EQ(find_negotiation_tag("#기협의 70:40"), kNoRatio);
}

TEST(NegotiationTag, NothingElseActs) {
  for (const char* text :
       {"", "면책", "# 면책", "#면책입니다", "(#면책)", "a#면책", "##면책", "#면책.", "#수리"}) {
    EXPECT_FALSE(find_negotiation_tag(text)) << text;
  }
}

TEST(NegotiationTag, AQuotedOneDoesNothing) {
  for (const char* text :
       {"> #면책", "네\n  > 보냅니다 #면책", "\"#면책\"", "\"그때 #면책 이라고\" 하셨죠",
        "“가 #기협의 50:50 나”", "‘ #면책 ’", "「 #면책 」", "『 #면책 』", "' #면책 '"}) {
    EXPECT_FALSE(find_negotiation_tag(text)) << text;
  }
  EXPECT_EQ(find_negotiation_tag("> 이의가 있습니까?\n#면책"), kNotLiable);
  EXPECT_EQ(find_negotiation_tag("\"네\" #면책"), kNotLiable);
  EXPECT_EQ(find_negotiation_tag("12\" 휠 #면책"), kNotLiable);  // Never closed.
  EXPECT_EQ(find_negotiation_tag("it's #면책 isn't"), kNotLiable);
}

TEST(NegotiationTag, SeveralCannotBeTold) {
  EXPECT_EQ(find_negotiation_tag("#면책 #기협의 70:30"), NegotiationTag(SeveralTags{}));
  EXPECT_EQ(find_negotiation_tag("#면책 #면책"), NegotiationTag(SeveralTags{}));
  EXPECT_EQ(find_negotiation_tag("> #면책\n#면책"), kNotLiable);
}

}  // namespace
}  // namespace claims::chat
