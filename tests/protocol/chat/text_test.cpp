#include "protocol/chat/text.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace claims::chat {
namespace {

TEST(Text, IsComposed) {
  EXPECT_EQ(normalise_text("안녕하세요 12가3456 ABC é 🚗"), "안녕하세요 12가3456 ABC é 🚗");
  EXPECT_EQ(normalise_text("\u1100\u1161"), "가");  // Two jamo.
  EXPECT_EQ(normalise_text("가\u11A8"), "각");      // A syllable and a final.
  EXPECT_EQ(normalise_text("e\u0301"), "é");
  EXPECT_EQ(normalise_text("\u2126"), "Ω");  // A singleton.
  EXPECT_EQ(normalise_text("a\u0323\u0302"), "ậ");
}

std::string times(std::size_t n, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += text;
  return out;
}

/// Swapped one by one into their order they would take longer than a test may.
TEST(Text, ManyMarksAreOrdered) {
  constexpr std::size_t kMarks = 400'000;
  EXPECT_EQ(normalise_text("a" + times(kMarks, "\u0301") + times(kMarks, "\u0323")),
            "\u1EA1" + times(kMarks - 1, "\u0323") + times(kMarks, "\u0301"));
  // A mark that becomes two of different classes.
  EXPECT_EQ(normalise_text(times(kMarks, "\u0F73")),
            times(kMarks, "\u0F71") + times(kMarks, "\u0F72"));
}

TEST(Text, KeepsOnlyTwoControlCharacters) {
  EXPECT_EQ(normalise_text("a\n\tb"), "a\n\tb");
  for (const std::string& text : {std::string("\0", 1), std::string("\r"), std::string("\x1b"),
                                  std::string("\x7f"), std::string("\u0085")}) {
    EXPECT_FALSE(normalise_text("a" + text));
  }
}

TEST(Text, RefusesWhatIsNoUtf8) {
  for (const char* text : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "가\xEA\xB0"}) {
    EXPECT_FALSE(normalise_text(text));
  }
}

TEST(Text, CountsCodePoints) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("a가🚗"), 3U);
}

TEST(Plate, EveryClassHasItsForm) {
  for (const char* plate :
       {"12가3456", "01가0001", "69주9999", "123가4567", "100나1234", "999다1234", "70마1234",
        "12허3456", "123호4567", "서울32바1234", "경기70아1234", "부산12배3456", "서울12가3456",
        "경기5가1234", "서울12허3456", "KMHXX00XXXX000000", "1HGCM82633A004352"}) {
    EXPECT_EQ(normalise_plate(plate), plate);
  }
}

TEST(Plate, HasOneStoredForm) {
  EXPECT_EQ(normalise_plate(" 12 가 3456 "), "12가3456");
  EXPECT_EQ(normalise_plate("１２가３４５６"), "12가3456");
  EXPECT_EQ(normalise_plate("12\u1100\u11613456"), "12가3456");
  EXPECT_EQ(normalise_plate("서울\u300032바1234"), "서울32바1234");
  EXPECT_EQ(normalise_plate("1hgcm82633a004352"), "1HGCM82633A004352");
}

TEST(Plate, RefusesTheRest) {
  for (const char* text : {"",
                           "가",
                           "00가1234",
                           "1가1234",
                           "012가1234",
                           "1234가1234",
                           "12가123",
                           "12가12345",
                           "12각1234",
                           "32바1234",
                           "런던32바1234",
                           "서울123가1234",
                           "서울0가1234",
                           "12가34a6",
                           "1HGCM82633A00435",
                           "1HGCM82633A00435I",
                           "1HGCM82633A00435O",
                           "1HGCM82633A00435Q",
                           "12\n가3456",
                           "\xFF"}) {
    EXPECT_FALSE(normalise_plate(text)) << text;
  }
  EXPECT_FALSE(normalise_plate(std::string(1000, ' ')));
}

}  // namespace
}  // namespace claims::chat
