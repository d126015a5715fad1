#include "reports/duration_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace claims::report {
namespace {

void add(Text& text, const std::string& number, std::string_view ko, std::string_view en) {
  text.ko += fmt::format("{}{}{}", text.ko.empty() ? "" : " ", number, ko);
  text.en += fmt::format("{}{} {}", text.en.empty() ? "" : " ", number, en);
}

/// 30.25; no zeros at the end.
std::string with_fraction(std::int64_t milli) {
  std::string text = fmt::format("{}.{:03}", milli / 1'000, milli % 1'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

Text duration_text(double seconds) {
  constexpr double kMost = 1e12;
  constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
  std::int64_t milli = std::llround(std::min(std::max(seconds, 0.0), kMost) * 1'000);
  // What has hours is told in whole minutes.
  if (milli >= kHour) milli = (milli + kMinute / 2) / kMinute * kMinute;
  Text text;
  if (milli >= kDay) add(text, std::to_string(milli / kDay), "일", "d");
  if (milli % kDay >= kHour) add(text, std::to_string(milli % kDay / kHour), "시간", "h");
  if (milli % kHour >= kMinute) add(text, std::to_string(milli % kHour / kMinute), "분", "min");
  if (milli % kMinute > 0 || text.ko.empty()) add(text, with_fraction(milli % kMinute), "초", "s");
  return text;
}

}  // namespace claims::report
