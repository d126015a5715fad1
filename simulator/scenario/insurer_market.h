#pragma once
// The insurers of the market: fictional names, company codes 01–43, and how the work is shared.

#include <cstdint>
#include <string_view>
#include <vector>

namespace claims::storm {

inline constexpr int kInsurersMax = 43;

/// The name of the insurer with that code, 1 … 43.
std::string_view insurer_name(int code);
/// Market shares of `insurers` in permille, largest first, summing to 1,000: the first four hold
/// 290, 210, 210 and 140 where there are more than five.
std::vector<std::uint32_t> market_shares(int insurers);
/// `total` divided by shares, each at least 1; total >= shares.size().
std::vector<std::uint32_t> divide_by_shares(std::uint32_t total,
                                            const std::vector<std::uint32_t>& shares);
/// Weights by rank, busiest first: the first tenth of them does 40 % of the work.
std::vector<std::uint32_t> garage_weights(std::uint32_t garages);

}  // namespace claims::storm
