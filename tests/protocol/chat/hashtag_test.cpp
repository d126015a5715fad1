#include "protocol/chat/hashtag.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

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
            NegotiationTag(PriorAgreementTag{Ratio{70, 30}, {}}));
  EXPECT_EQ(find_negotiation_tag("#기협의"), kNoRatio);
  EXPECT_EQ(find_negotiation_tag("#기협의 맞습니다 70:30"), kNoRatio) << "only the next word";
}

TEST(NegotiationTag, WhatIsMeantAsARatioAndIsNoneIsTold) {
  for (const char* word : {"70:40", "7:3", "60:40입니다", "70", "070:30", "70：30", "７０:３０"}) {
    EXPECT_EQ(find_negotiation_tag("#기협의 " + std::string(word)),
              NegotiationTag(PriorAgreementTag{std::nullopt, word}));
  }
}

TEST(NegotiationTag, WhiteSpaceIsWhatAReaderSeesAsSuch) {
  for (const char* space : {"\t", "\u00A0", "\u2003", "\u202F", "\u3000", "\u2028", "\u2029"}) {
    const std::string text = std::string("네") + space + "#기협의" + space + "70:30" + space;
    EXPECT_EQ(find_negotiation_tag(text), NegotiationTag(PriorAgreementTag{Ratio{70, 30}, {}}));
    EXPECT_FALSE(find_negotiation_tag(std::string("\n") + space + "> #면책")) << "quoted";
  }
  EXPECT_EQ(find_negotiation_tag("> 인용\u2028#면책"), kNotLiable) << "a line of its own";
  EXPECT_FALSE(find_negotiation_tag("> 인용\u3000#면책"));
  for (const char* no_space : {"\u200B", "\u2013", "\u0301"}) {
    EXPECT_FALSE(find_negotiation_tag(std::string("#면책") + no_space));
  }
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
        "“가 #기협의 50:50 나”", "‘ #면책 ’", "「 #면책 」", "『 #면책 』", "' #면책 '",
        "('네 #면책 ')", "그분이'네 #면책 '하셨죠", "« #면책 »", "＂ #면책 ＂", "｢ #면책 ｣"}) {
    EXPECT_FALSE(find_negotiation_tag(text)) << text;
  }
  EXPECT_EQ(find_negotiation_tag("> 이의가 있습니까?\n#면책"), kNotLiable);
  EXPECT_EQ(find_negotiation_tag("\"네\" #면책"), kNotLiable);
  EXPECT_EQ(find_negotiation_tag("12\" 휠 #면책"), kNotLiable);  // Never closed.
  EXPECT_EQ(find_negotiation_tag("it's #면책 isn't"), kNotLiable);
}

/// A search to the end for each of them would not end in the time that a test has.
TEST(NegotiationTag, ManyMarksThatAreNeverClosedCostNoMoreThanOne) {
  constexpr std::size_t kMarks = 400'000;
  std::string text;
  for (std::size_t i = 0; i < kMarks; ++i) text += "“";
  EXPECT_EQ(find_negotiation_tag(text + " #면책"), kNotLiable);
}

TEST(NegotiationTag, SeveralCannotBeTold) {
  EXPECT_EQ(find_negotiation_tag("#면책 #기협의 70:30"), NegotiationTag(SeveralTags{}));
  EXPECT_EQ(find_negotiation_tag("#면책 #면책"), NegotiationTag(SeveralTags{}));
  EXPECT_EQ(find_negotiation_tag("> #면책\n#면책"), kNotLiable);
}

}  // namespace
}  // namespace claims::chat
