#include "simulator/scenario/chat_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/scenario/weighted_words.h"

namespace claims::storm {
namespace {

using namespace std::string_view_literals;

// A `{name}` in a sentence is replaced by one of the words of that list. Words that take a particle
// carry it, so that it always fits (파손이, 단차가).

constexpr std::array kPart = {"앞범퍼"sv,
                              "뒷범퍼"sv,
                              "운전석 앞문"sv,
                              "운전석 뒷문"sv,
                              "조수석 앞문"sv,
                              "조수석 뒷문"sv,
                              "보닛"sv,
                              "트렁크"sv,
                              "왼쪽 앞 펜더"sv,
                              "오른쪽 앞 펜더"sv,
                              "왼쪽 헤드램프"sv,
                              "오른쪽 헤드램프"sv,
                              "왼쪽 테일램프"sv,
                              "오른쪽 테일램프"sv,
                              "라디에이터 그릴"sv,
                              "왼쪽 사이드미러"sv,
                              "오른쪽 사이드미러"sv,
                              "운전석 사이드실"sv,
                              "뒤 쿼터패널"sv,
                              "앞유리"sv};
constexpr std::array kDamage = {"파손이"sv, "긁힘이"sv, "찍힘이"sv,        "찌그러짐이"sv,
                                "균열이"sv, "단차가"sv, "도장 벗겨짐이"sv, "고정핀 탈락이"sv};
constexpr std::array kRepair = {"교환이"sv, "판금 도장이"sv, "수리가"sv, "탈부착 점검이"sv,
                                "부분 도장이"sv};
constexpr std::array kWork = {"교환"sv, "판금 도장"sv, "수리"sv, "탈부착"sv, "부분 도장"sv};
constexpr std::array kSpan = {"하루"sv,   "이틀"sv,      "사흘"sv,  "나흘"sv,
                              "일주일"sv, "두세 시간"sv, "반나절"sv};
constexpr std::array kDay = {"오늘 오전"sv,      "오늘 오후"sv,  "내일 오전"sv, "내일 오후"sv,
                             "모레"sv,           "수요일"sv,     "목요일"sv,    "금요일 오전"sv,
                             "다음 주 월요일"sv, "토요일 오전"sv};
constexpr std::array kGarageOpening = {""sv,
                                       ""sv,
                                       ""sv,
                                       "안녕하세요. "sv,
                                       "담당자님, "sv,
                                       "네, "sv,
                                       "수고 많으십니다. "sv,
                                       "추가로 말씀드립니다. "sv,
                                       "확인 결과 알려 드립니다. "sv};
constexpr std::array kGarageSentence = {
    "{part} 쪽에 {damage} 있어서 {repair} 필요해 보입니다."sv,
    "{part} 탈거해 보니 안쪽에도 {damage} 있습니다."sv,
    "{part} {work} 작업으로 진행해도 될까요?"sv,
    "{part} 부품은 재고가 없어서 주문했습니다. {span} 정도 걸립니다."sv,
    "부품 입고가 늦어져서 {day}에 작업을 시작합니다."sv,
    "{part} {work} 작업은 {day}까지 마무리하겠습니다."sv,
    "고객님께서 {part} 상태도 같이 봐 달라고 하십니다."sv,
    "견적에 {part} {work} 공임이 포함되어 있습니다."sv,
    "차량은 지금 도장 건조 중이고 {span} 뒤에 조립합니다."sv,
    "{part} 도장 색상 조색에 {span} 정도 더 필요합니다."sv,
    "하체 점검 결과 이상은 없고 휠 얼라인먼트만 보면 됩니다."sv,
    "센서 점검하니 {part} 주변 배선에도 {damage} 있었습니다."sv,
    "대차는 {day}까지 이용하시는 것으로 안내했습니다."sv,
    "수리 부위 세척과 광택까지 끝나면 다시 연락드리겠습니다."sv,
    "{part} 사진은 같은 각도로 다시 찍어서 올리겠습니다."sv,
    "{part} 기존 흠집은 이번 사고와 관계없는 것으로 보입니다."sv};
constexpr std::array kGarageClosing = {""sv,
                                       ""sv,
                                       ""sv,
                                       " 확인 부탁드립니다."sv,
                                       " 감사합니다."sv,
                                       " 검토 후 답변 주세요."sv,
                                       " 잘 부탁드립니다."sv};

constexpr std::array kAdjusterOpening = {
    ""sv,         "네, "sv,         "네, 확인했습니다. "sv,      "수고하십니다. "sv,
    "사장님, "sv, "안녕하세요. "sv, "말씀하신 내용 봤습니다. "sv};
constexpr std::array kAdjusterSentence = {
    "{part} {work} 작업으로 진행해 주세요."sv,
    "{part} {damage} 어느 정도인지 조금 더 가까이 볼 수 있을까요?"sv,
    "{part} {work} 건은 내부 검토 후 {day}까지 답변드리겠습니다."sv,
    "{part} 건은 교환보다 수리가 가능한지 먼저 봐 주세요."sv,
    "부품 가격과 공임을 나누어 적어 주시면 검토가 빠릅니다."sv,
    "고객님께는 출고가 {span} 정도 늦어진다고 안내하겠습니다."sv,
    "이번 사고와 관련된 부위만 견적에 넣어 주세요."sv,
    "작업 전후 비교가 되도록 {part} 상태를 남겨 주세요."sv,
    "{day}에 직접 방문해서 {part} 상태를 보겠습니다."sv,
    "예상 출고일이 {day}에서 바뀌면 미리 알려 주세요."sv,
    "대차 기간은 수리가 끝나는 날까지로 보겠습니다."sv,
    "{part} 추가 작업은 승인되었습니다."sv,
    "도장 범위는 {part} 한 판으로 보겠습니다."sv,
    "청구 서류는 수리가 끝난 뒤 한꺼번에 보내 주시면 됩니다."sv,
    "과실 확인이 끝나는 대로 다시 말씀드리겠습니다."sv,
    "{part} 쪽은 {span} 안에 결론을 내겠습니다."sv};
constexpr std::array kAdjusterClosing = {
    ""sv, ""sv, ""sv, " 감사합니다."sv, " 부탁드립니다."sv, " 고생 많으십니다."sv};

std::string_view draw_word(std::string_view list, Random& random) {
  if (list == "part") return draw(kPart, random);
  if (list == "damage") return draw(kDamage, random);
  if (list == "repair") return draw(kRepair, random);
  if (list == "work") return draw(kWork, random);
  if (list == "span") return draw(kSpan, random);
  return draw(kDay, random);
}

void append_sentence(std::string_view sentence, Random& random, std::string& out) {
  while (!sentence.empty()) {
    const std::size_t open = std::min(sentence.find('{'), sentence.size());
    out += sentence.substr(0, open);
    if (open == sentence.size()) return;
    const std::size_t close = sentence.find('}', open);
    out += draw_word(sentence.substr(open + 1, close - open - 1), random);
    sentence.remove_prefix(close + 1);
  }
}

template <std::size_t N, std::size_t M, std::size_t K>
std::string make_text(const std::array<std::string_view, N>& openings,
                      const std::array<std::string_view, M>& sentences,
                      const std::array<std::string_view, K>& closings, Random& random) {
  std::string text(draw(openings, random));
  const std::size_t first = random.below(M);
  append_sentence(sentences[first], random, text);
  if (random.below(10) < 3) {
    // Another one, never the same twice in a message.
    const std::size_t second = (first + 1 + random.below(M - 1)) % M;
    text += ' ';
    append_sentence(sentences[second], random, text);
  }
  text += draw(closings, random);
  return text;
}

}  // namespace

std::string make_garage_text(Random& random) {
  return make_text(kGarageOpening, kGarageSentence, kGarageClosing, random);
}

std::string make_adjuster_text(Random& random) {
  return make_text(kAdjusterOpening, kAdjusterSentence, kAdjusterClosing, random);
}

}  // namespace claims::storm
