#include "simulator/scenario/negotiation_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "simulator/scenario/weighted_words.h"

namespace claims::storm {
namespace {

using namespace std::string_view_literals;

constexpr std::array kSource = {"블랙박스 영상"sv,  "사고 현장 사진"sv, "상대 차량 블랙박스"sv,
                                "주변 상가 CCTV"sv, "목격자 진술"sv,    "파손 부위 사진"sv,
                                "경찰 조사 결과"sv, "도로 노면 흔적"sv};
constexpr std::array kPlace = {
    "교차로"sv,   "합류 지점"sv,      "골목 진입부"sv, "주차장 통로"sv,    "회전 구간"sv,
    "이면도로"sv, "차로 변경 구간"sv, "횡단보도 앞"sv, "버스 정류장 앞"sv, "고가도로 진입로"sv};
constexpr std::array kFault = {"상대 차량이 방향지시등 없이 차로를 변경한 것이"sv,
                               "상대 차량이 정지선을 넘어 멈춘 것이"sv,
                               "상대 차량이 먼저 진입하지 않은 것이"sv,
                               "당사 차량이 이미 멈춰 있었던 것이"sv,
                               "상대 차량의 속도가 과도했던 것이"sv,
                               "상대 차량이 신호가 바뀐 뒤 진입한 것이"sv,
                               "당사 차량이 피할 시간이 없었던 것이"sv,
                               "상대 차량의 안전거리가 부족했던 것이"sv,
                               "상대 차량이 뒤따르다 추돌한 것이"sv,
                               "상대 차량이 후진 중이었던 것이"sv};
constexpr std::array kDemand = {
    "과실 비율 조정을 요청합니다."sv, "제시한 비율에 동의하기 어렵습니다."sv,
    "상대측 과실을 더 크게 보아야 합니다."sv, "기본 과실에서 가감이 필요합니다."sv,
    "인정 기준에 따라 다시 검토해 주시기 바랍니다."sv};

}  // namespace

std::string make_ratio(Random& random) {
  constexpr std::uint64_t kTens = 75;
  constexpr std::uint64_t kFives = 20;  // The rest of 100: any number.
  const std::uint64_t kind = random.below(100);
  std::uint64_t own = 0;
  if (kind < kTens) {
    own = 10 * random.below(11);
  } else if (kind < kTens + kFives) {
    own = 5 + 10 * random.below(10);
  } else {
    own = random.below(101);
  }
  return fmt::format("{}:{}", own, 100 - own);
}

std::string make_objection_reason(Random& random) {
  const std::string_view source = draw(kSource, random);
  const std::string_view place = draw(kPlace, random);
  const std::string_view fault = draw(kFault, random);
  const std::string_view demand = draw(kDemand, random);
  return fmt::format("{}에 따르면 {}에서 {} 확인되므로 {}", source, place, fault, demand);
}

std::int64_t draw_estimate_won(Random& random) {
  constexpr std::uint64_t kLeast = 20;
  constexpr std::uint64_t kMost = 800;
  const std::uint64_t one = random.below(kMost - kLeast + 1);
  const std::uint64_t other = random.below(kMost - kLeast + 1);
  return static_cast<std::int64_t>(10'000 * (kLeast + std::min(one, other)));
}

}  // namespace claims::storm
