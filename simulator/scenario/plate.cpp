#include "simulator/scenario/plate.h"

#include <fmt/format.h>

#include "simulator/scenario/weighted_words.h"

namespace claims::storm {
namespace {

using namespace std::string_view_literals;

constexpr std::array kPrivateLetters = {
    "가"sv, "나"sv, "다"sv, "라"sv, "마"sv, "거"sv, "너"sv, "더"sv, "러"sv, "머"sv, "버"sv,
    "서"sv, "어"sv, "저"sv, "고"sv, "노"sv, "도"sv, "로"sv, "모"sv, "보"sv, "소"sv, "오"sv,
    "조"sv, "구"sv, "누"sv, "두"sv, "루"sv, "무"sv, "부"sv, "수"sv, "우"sv, "주"sv};
constexpr std::array kRentalLetters = {"하"sv, "허"sv, "호"sv};
constexpr std::array kCommercialLetters = {"바"sv, "사"sv, "아"sv, "자"sv};
constexpr std::array kCourierLetters = {"배"sv};

/// Of 1,000 people.
constexpr std::array kRegions = {
    WeightedWord{"경기", 265}, WeightedWord{"서울", 182}, WeightedWord{"부산", 64},
    WeightedWord{"경남", 63},  WeightedWord{"인천", 58},  WeightedWord{"경북", 50},
    WeightedWord{"대구", 46},  WeightedWord{"충남", 41},  WeightedWord{"전남", 35},
    WeightedWord{"전북", 34},  WeightedWord{"충북", 31},  WeightedWord{"강원", 30},
    WeightedWord{"대전", 28},  WeightedWord{"광주", 28},  WeightedWord{"울산", 21},
    WeightedWord{"제주", 13},  WeightedWord{"세종", 8}};

struct Range {
  int from, to;
};
struct PlateClass {
  int per_mille;
  Range number;
  int digits;
  enum class Use { own, rental, commercial, courier, old } use;
};

/// Class numbers: 01–69 and 100–699 car, 70–79 and 700–799 van, 80–97 and 800–979 truck, 98–99 and
/// 980–997 special, 998–999 emergency. Regional plates have one or two digits.
constexpr std::array kClasses = {
    PlateClass{390, {100, 699}, 3, PlateClass::Use::own},
    PlateClass{260, {1, 69}, 2, PlateClass::Use::own},
    PlateClass{20, {700, 799}, 3, PlateClass::Use::own},
    PlateClass{25, {70, 79}, 2, PlateClass::Use::own},
    PlateClass{30, {800, 979}, 3, PlateClass::Use::own},
    PlateClass{60, {80, 97}, 2, PlateClass::Use::own},
    PlateClass{5, {980, 997}, 3, PlateClass::Use::own},
    PlateClass{5, {98, 99}, 2, PlateClass::Use::own},
    PlateClass{5, {998, 999}, 3, PlateClass::Use::own},
    PlateClass{50, {1, 69}, 2, PlateClass::Use::rental},
    PlateClass{50, {100, 699}, 3, PlateClass::Use::rental},
    PlateClass{35, {1, 69}, 2, PlateClass::Use::commercial},
    PlateClass{10, {70, 79}, 2, PlateClass::Use::commercial},
    PlateClass{25, {80, 97}, 2, PlateClass::Use::commercial},
    PlateClass{10, {80, 97}, 2, PlateClass::Use::courier},
    PlateClass{15, {1, 69}, 2, PlateClass::Use::old},
    PlateClass{5, {1, 9}, 1, PlateClass::Use::old},
};

const PlateClass& draw_class(Random& random) {
  auto at = static_cast<int>(random.below(1'000));
  for (const PlateClass& plate_class : kClasses) {
    if (at < plate_class.per_mille) return plate_class;
    at -= plate_class.per_mille;
  }
  return kClasses.front();
}

std::string_view draw_letter(PlateClass::Use use, Random& random) {
  switch (use) {
    case PlateClass::Use::rental:
      return draw(kRentalLetters, random);
    case PlateClass::Use::commercial:
      return draw(kCommercialLetters, random);
    case PlateClass::Use::courier:
      return draw(kCourierLetters, random);
    case PlateClass::Use::own:
    case PlateClass::Use::old:
      break;
  }
  return draw(kPrivateLetters, random);
}

}  // namespace

std::string make_plate(Random& random) {
  const PlateClass& plate_class = draw_class(random);
  const bool regional =
      plate_class.use != PlateClass::Use::own && plate_class.use != PlateClass::Use::rental;
  const std::string_view region = regional ? draw_region(random) : std::string_view();
  const auto [from, to] = plate_class.number;
  const int number = from + static_cast<int>(random.below(static_cast<unsigned>(to - from + 1)));
  const std::string_view letter = draw_letter(plate_class.use, random);
  const std::uint64_t serial = 1'000 + random.below(9'000);
  return fmt::format("{}{:0{}}{}{:04}", region, number, plate_class.digits, letter, serial);
}

std::string make_vin(Random& random) {
  constexpr std::array kMakers = {"KMH"sv, "KNA"sv, "KND"sv, "KPT"sv, "KNM"sv, "KLA"sv, "KMJ"sv};
  constexpr std::string_view kCharacters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
  std::string vin(draw(kMakers, random));
  while (vin.size() < 11) vin += kCharacters[random.below(kCharacters.size())];
  return vin + fmt::format("{:06}", random.below(1'000'000));
}

std::string_view draw_region(Random& random) {
  return draw(kRegions, random);
}

}  // namespace claims::storm
