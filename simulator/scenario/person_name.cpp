#include "simulator/scenario/person_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/scenario/plate.h"
#include "simulator/scenario/weighted_words.h"

namespace claims::storm {
namespace {

using namespace std::string_view_literals;

/// Of 1,000 people (census of 2015, rounded); the rare ones left out.
constexpr std::array kSurnames = {
    WeightedWord{"김", 215}, WeightedWord{"이", 147}, WeightedWord{"박", 84},
    WeightedWord{"최", 47},  WeightedWord{"정", 43},  WeightedWord{"강", 24},
    WeightedWord{"조", 21},  WeightedWord{"윤", 21},  WeightedWord{"장", 20},
    WeightedWord{"임", 17},  WeightedWord{"한", 15},  WeightedWord{"오", 15},
    WeightedWord{"서", 15},  WeightedWord{"신", 15},  WeightedWord{"권", 14},
    WeightedWord{"황", 14},  WeightedWord{"안", 14},  WeightedWord{"송", 14},
    WeightedWord{"류", 13},  WeightedWord{"전", 11},  WeightedWord{"홍", 11},
    WeightedWord{"고", 9},   WeightedWord{"문", 9},   WeightedWord{"양", 9},
    WeightedWord{"손", 9},   WeightedWord{"배", 8},   WeightedWord{"백", 8},
    WeightedWord{"허", 7},   WeightedWord{"유", 6},   WeightedWord{"남", 6},
    WeightedWord{"심", 5},   WeightedWord{"노", 5},   WeightedWord{"하", 5},
    WeightedWord{"곽", 4},   WeightedWord{"성", 4},   WeightedWord{"차", 4},
    WeightedWord{"주", 4},   WeightedWord{"우", 4},   WeightedWord{"구", 4},
    WeightedWord{"민", 3},   WeightedWord{"나", 3},   WeightedWord{"진", 3},
    WeightedWord{"지", 3},   WeightedWord{"엄", 3},   WeightedWord{"채", 3},
    WeightedWord{"원", 3},   WeightedWord{"천", 2},   WeightedWord{"방", 2},
    WeightedWord{"공", 2},   WeightedWord{"현", 2},   WeightedWord{"함", 2},
    WeightedWord{"변", 2},   WeightedWord{"남궁", 1}, WeightedWord{"황보", 1}};

constexpr std::array kGivenNames = {
    "민준"sv, "지훈"sv, "현우"sv, "동현"sv, "성민"sv, "정훈"sv, "준호"sv, "성호"sv, "상현"sv,
    "영수"sv, "민수"sv, "진우"sv, "승현"sv, "재영"sv, "태훈"sv, "경수"sv, "상우"sv, "재훈"sv,
    "성훈"sv, "종훈"sv, "기현"sv, "도현"sv, "영호"sv, "광수"sv, "병철"sv, "재석"sv, "용준"sv,
    "형석"sv, "인호"sv, "창민"sv, "우진"sv, "시우"sv, "건우"sv, "명수"sv, "동욱"sv, "윤호"sv,
    "철민"sv, "대현"sv, "한결"sv, "은우"sv, "지영"sv, "은영"sv, "미경"sv, "수진"sv, "은정"sv,
    "혜진"sv, "지은"sv, "유진"sv, "현정"sv, "미영"sv, "보람"sv, "지현"sv, "선영"sv, "은주"sv,
    "정은"sv, "소영"sv, "민정"sv, "혜원"sv, "수빈"sv, "서연"sv, "하은"sv, "지민"sv, "예진"sv,
    "다은"sv, "아름"sv, "경희"sv, "영미"sv, "미란"sv, "희정"sv, "윤정"sv, "가영"sv, "나래"sv,
    "연주"sv, "주희"sv, "세영"sv, "채원"sv, "소라"sv, "인영"sv, "정아"sv, "훈"sv,   "준"sv,
    "솔"sv,   "진"sv,   "혁"sv};

struct Place {
  std::string_view region, name;
};
constexpr std::array kPlaces = {
    Place{"서울", "강남"},   Place{"서울", "강서"},   Place{"서울", "송파"},
    Place{"서울", "영등포"}, Place{"서울", "구로"},   Place{"서울", "성동"},
    Place{"서울", "노원"},   Place{"경기", "수원"},   Place{"경기", "용인"},
    Place{"경기", "성남"},   Place{"경기", "일산"},   Place{"경기", "안양"},
    Place{"경기", "부천"},   Place{"경기", "평택"},   Place{"경기", "화성"},
    Place{"경기", "김포"},   Place{"경기", "의정부"}, Place{"경기", "남양주"},
    Place{"인천", "부평"},   Place{"인천", "남동"},   Place{"인천", "계양"},
    Place{"부산", "해운대"}, Place{"부산", "사상"},   Place{"부산", "동래"},
    Place{"대구", "달서"},   Place{"대구", "수성"},   Place{"대전", "유성"},
    Place{"대전", "대덕"},   Place{"광주", "광산"},   Place{"광주", "첨단"},
    Place{"울산", "울주"},   Place{"울산", "언양"},   Place{"경남", "창원"},
    Place{"경남", "김해"},   Place{"경남", "진주"},   Place{"경북", "포항"},
    Place{"경북", "구미"},   Place{"경북", "경주"},   Place{"충남", "천안"},
    Place{"충남", "아산"},   Place{"충북", "청주"},   Place{"충북", "충주"},
    Place{"전북", "전주"},   Place{"전북", "익산"},   Place{"전남", "순천"},
    Place{"전남", "여수"},   Place{"전남", "목포"},   Place{"강원", "춘천"},
    Place{"강원", "원주"},   Place{"강원", "강릉"},   Place{"제주", "서귀포"},
    Place{"제주", "애월"},   Place{"세종", "조치원"}, Place{"세종", "나성"}};
constexpr std::array kGarageWords = {
    "한빛"sv,   "대성"sv,   "삼정"sv,   "우진"sv,   "태양"sv,   "미래"sv, "신흥"sv, "남부"sv,
    "중앙"sv,   "제일"sv,   "새한"sv,   "성실"sv,   "으뜸"sv,   "명성"sv, "금강"sv, "백두"sv,
    "오성"sv,   "한마음"sv, "삼원"sv,   "동방"sv,   "영진"sv,   "가온"sv, "나래"sv, "다온"sv,
    "온누리"sv, "늘푸른"sv, "참좋은"sv, "스피드"sv, "하나로"sv, "믿음"sv, "정성"sv, "일등"sv,
    "청솔"sv,   "두리"sv,   "한결"sv,   "보람"sv,   "대륙"sv,   "유성"sv, "진성"sv, "경인"sv};
constexpr std::array kGarageKinds = {
    WeightedWord{"자동차공업사", 35}, WeightedWord{"자동차정비", 20},
    WeightedWord{"종합정비", 12},     WeightedWord{"모터스", 12},
    WeightedWord{"자동차서비스", 8},  WeightedWord{"정비공업사", 5},
    WeightedWord{"카센터", 8}};

constexpr std::array kCarModels = {WeightedWord{"쏘나타", 60},
                                   WeightedWord{"그랜저", 75},
                                   WeightedWord{"아반떼", 75},
                                   WeightedWord{"싼타페", 50},
                                   WeightedWord{"투싼", 35},
                                   WeightedWord{"팰리세이드", 25},
                                   WeightedWord{"캐스퍼", 12},
                                   WeightedWord{"아이오닉 5", 14},
                                   WeightedWord{"코나", 15},
                                   WeightedWord{"스타리아", 15},
                                   WeightedWord{"포터2", 50},
                                   WeightedWord{"모닝", 45},
                                   WeightedWord{"레이", 35},
                                   WeightedWord{"K3", 20},
                                   WeightedWord{"K5", 40},
                                   WeightedWord{"K8", 18},
                                   WeightedWord{"쏘렌토", 55},
                                   WeightedWord{"스포티지", 40},
                                   WeightedWord{"카니발", 50},
                                   WeightedWord{"셀토스", 22},
                                   WeightedWord{"니로", 15},
                                   WeightedWord{"EV6", 10},
                                   WeightedWord{"봉고3", 25},
                                   WeightedWord{"제네시스 G80", 25},
                                   WeightedWord{"제네시스 GV70", 16},
                                   WeightedWord{"제네시스 GV80", 16},
                                   WeightedWord{"티볼리", 18},
                                   WeightedWord{"렉스턴 스포츠", 14},
                                   WeightedWord{"토레스", 8},
                                   WeightedWord{"SM6", 14},
                                   WeightedWord{"QM6", 16},
                                   WeightedWord{"스파크", 25},
                                   WeightedWord{"말리부", 12},
                                   WeightedWord{"트랙스", 9},
                                   WeightedWord{"BMW 520i", 12},
                                   WeightedWord{"BMW X3", 6},
                                   WeightedWord{"벤츠 E300", 14},
                                   WeightedWord{"벤츠 C200", 6},
                                   WeightedWord{"아우디 A6", 7},
                                   WeightedWord{"테슬라 모델 Y", 8},
                                   WeightedWord{"테슬라 모델 3", 6},
                                   WeightedWord{"렉서스 ES300h", 6},
                                   WeightedWord{"볼보 XC60", 5},
                                   WeightedWord{"폭스바겐 티구안", 5}};

std::string_view draw_place(std::string_view region, Random& random) {
  const auto lies_in = [&](const Place& place) { return place.region == region; };
  const auto* first = std::find_if(kPlaces.begin(), kPlaces.end(), lies_in);
  const auto* last = std::find_if_not(first, kPlaces.end(), lies_in);
  return first[random.below(static_cast<std::uint64_t>(last - first))].name;
}

}  // namespace

std::string make_person_name(Random& random) {
  const std::string_view surname = draw(kSurnames, random);
  const std::string_view given = draw(kGivenNames, random);
  return fmt::format("{}{}", surname, given);
}

GarageName make_garage_name(Random& random) {
  const std::string_view region = draw_region(random);
  const bool with_place = random.below(10) < 4;
  const std::string_view place = draw_place(region, random);
  const std::string_view word = draw(kGarageWords, random);
  const std::string_view kind = draw(kGarageKinds, random);
  return {with_place ? fmt::format("{} {}{}", place, word, kind) : fmt::format("{}{}", word, kind),
          region};
}

std::string_view draw_car_model(Random& random) {
  return draw(kCarModels, random);
}

}  // namespace claims::storm
