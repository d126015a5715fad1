#include "simulator/scenario/insurer_market.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <utility>

namespace claims::storm {
namespace {

using namespace std::string_view_literals;

constexpr std::array kNames = {"한빛손해보험"sv,
                               "온가람화재"sv,
                               "다솜손해보험"sv,
                               "미르화재"sv,
                               "푸른솔손해보험"sv,
                               "해담손해보험"sv,
                               "새벽손해보험"sv,
                               "아라온화재"sv,
                               "도담손해보험"sv,
                               "하람다이렉트"sv,
                               "가온누리손해보험"sv,
                               "별하화재"sv,
                               "온길화물공제조합"sv,
                               "가람버스공제조합"sv,
                               "다온택시공제조합"sv,
                               "해솔개인택시공제조합"sv,
                               "새길전세버스공제조합"sv,
                               "참빛렌터카공제조합"sv,
                               "늘봄손해보험"sv,
                               "라온화재"sv,
                               "마루손해보험"sv,
                               "바름손해보험"sv,
                               "사랑채화재"sv,
                               "아침손해보험"sv,
                               "자람화재"sv,
                               "차오름손해보험"sv,
                               "타래손해보험"sv,
                               "파란하늘화재"sv,
                               "한울타리손해보험"sv,
                               "고운손해보험"sv,
                               "너울화재"sv,
                               "두레손해보험"sv,
                               "모아손해보험"sv,
                               "보듬화재"sv,
                               "소담손해보험"sv,
                               "여울손해보험"sv,
                               "조은날화재"sv,
                               "큰나무손해보험"sv,
                               "토담손해보험"sv,
                               "포근화재"sv,
                               "햇살손해보험"sv,
                               "시나브로손해보험"sv,
                               "윤슬화재"sv};
static_assert(kNames.size() == kInsurersMax);

}  // namespace

std::string_view insurer_name(int code) {
  assert(code >= 1 && code <= kInsurersMax);
  return kNames[static_cast<std::size_t>(code - 1)];
}

std::vector<std::uint32_t> market_shares(int insurers) {
  assert(insurers >= 1 && insurers <= kInsurersMax);
  constexpr std::array<std::uint32_t, 5> kTop = {290, 210, 210, 140, 100};
  std::vector<std::uint32_t> weights;
  const auto count = static_cast<std::uint32_t>(insurers);
  for (std::uint32_t i = 0; i < count && i < kTop.size(); ++i) weights.push_back(kTop[i]);
  if (count <= kTop.size()) return divide_by_shares(1'000, weights);
  weights.pop_back();
  // The rest of 150 falls evenly from the fifth to the last.
  std::vector<std::uint32_t> falling;
  for (std::uint32_t left = count - 4; left > 0; --left) falling.push_back(left);
  for (const std::uint32_t share : divide_by_shares(150, falling)) weights.push_back(share);
  return weights;
}

std::vector<std::uint32_t> divide_by_shares(std::uint32_t total,
                                            const std::vector<std::uint32_t>& shares) {
  assert(total >= shares.size());
  const std::uint64_t sum = std::accumulate(shares.begin(), shares.end(), std::uint64_t{0});
  // One at least; the others by largest remainder.
  std::vector<std::uint32_t> parts;
  std::vector<std::pair<std::uint64_t, std::size_t>> remainders;
  std::uint64_t given = shares.size();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::uint64_t exact = std::uint64_t{total} * shares[i];
    const std::uint64_t whole = std::max<std::uint64_t>(exact / sum, 1);
    parts.push_back(static_cast<std::uint32_t>(whole));
    given += whole - 1;
    remainders.emplace_back(exact / sum == 0 ? 0 : exact % sum, i);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; given < total; i = (i + 1) % remainders.size(), ++given) {
    ++parts[remainders[i].second];
  }
  // Raising the smallest to one may have taken too much: the largest give it back.
  for (; given > total; --given) --*std::max_element(parts.begin(), parts.end());
  return parts;
}

std::vector<std::uint32_t> garage_weights(std::uint32_t garages) {
  // 1 / (rank + 0.0345 n): its integral over the first tenth is 40 % of the whole,
  // ln(0.1345/0.0345) / ln(1.0345/0.0345) = 0.40. In integers, ranks counted from their middle.
  std::vector<std::uint32_t> weights;
  for (std::uint64_t rank = 0; rank < garages; ++rank) {
    const std::uint64_t place = (2 * rank + 1) * 5'000 + 345 * std::uint64_t{garages};
    weights.push_back(static_cast<std::uint32_t>(std::uint64_t{garages} * 1'000'000'000 / place));
  }
  return weights;
}

}  // namespace claims::storm
