#include "simulator/scenario/quantity.h"

#include <fmt/format.h>

#include <array>
#include <tuple>

#include "simulator/scenario/load.h"

namespace claims::storm {
namespace {

constexpr std::int64_t kNumberMax = 100'000'000'000'000;  // A year has fewer microseconds.
constexpr std::int64_t kLimitMax = 1'000'000'000;

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Takes a decimal with at most three places off the front, in thousandths.
std::optional<std::int64_t> take_milli(std::string_view& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t at = 0;
  std::int64_t whole = 0;
  while (at < text.size() && is_digit(text[at])) {
    whole = whole * 10 + (text[at++] - '0');
    if (whole > kNumberMax) return std::nullopt;
  }
  if (at == 0) return std::nullopt;
  std::int64_t milli = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    std::int64_t place = 100;
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) {
      if (place == 0) return std::nullopt;
      milli += place * (text[at++] - '0');
      place /= 10;
    }
    if (at == begin) return std::nullopt;
  }
  text.remove_prefix(at);
  return whole * 1'000 + milli;
}

struct Unit {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr std::array kUnits = {
    Unit{"us", 1},         Unit{"ms", 1'000},        Unit{"s", 1'000'000},
    Unit{"m", 60'000'000}, Unit{"h", 3'600'000'000}, Unit{"d", 86'400'000'000}};
constexpr std::int64_t kLongestUs = 366LL * 86'400'000'000;

}  // namespace

Result<Microseconds, std::string> parse_duration(std::string_view text) {
  const std::string allowed = "a duration up to 366d: 250ms, 10s, 1.5s, 8m, 4h, 2d";
  text = trim(text);
  const auto milli = take_milli(text);
  text = trim(text);
  if (!milli) return allowed;
  for (const Unit& unit : kUnits) {
    if (text != unit.name) continue;
    __extension__ using Wide = __int128;
    const Wide thousandths = Wide{*milli} * unit.microseconds;
    if (thousandths / 1'000 > kLongestUs || thousandths % 1'000 != 0) return allowed;
    return Microseconds(static_cast<std::int64_t>(thousandths / 1'000));
  }
  return allowed;
}

std::string write_duration(Microseconds duration) {
  if (duration.count() == 0) return "0ms";
  const Unit* largest = kUnits.data();
  for (const Unit& unit : kUnits) {
    if (duration.count() % unit.microseconds == 0) largest = &unit;
  }
  return fmt::format("{}{}", duration.count() / largest->microseconds, largest->name);
}

Result<std::int64_t, std::string> parse_rate(std::string_view text) {
  const std::string allowed = "a rate from 0.001/s to 1000000/s: 50/s, 0.8/s, 30/min, 100/h";
  text = trim(text);
  auto milli = take_milli(text);
  text = trim(text);
  if (!milli || !text.starts_with('/')) return allowed;
  text = trim(text.substr(1));
  if (text == "min") {
    *milli /= 60;
  } else if (text == "h") {
    *milli /= 3'600;
  } else if (text != "s") {
    return allowed;
  }
  if (*milli == 0 || *milli > 1'000'000'000) return allowed;
  return *milli;
}

Result<std::int64_t, std::string> parse_percent(std::string_view text) {
  const std::string allowed = "a share from 0 % to 10000 %, in steps of 0.1 %: 80 %";
  text = trim(text);
  const auto milli = take_milli(text);
  if (!milli || trim(text) != "%" || *milli % 100 != 0 || *milli > 10'000'000) return allowed;
  return *milli / 100;
}

namespace {

/// "a" or "a..b", each read by `parse`, in order.
template <class Value, class Parse>
Result<std::pair<Value, Value>, std::string> parse_ends(std::string_view text, const Parse& parse,
                                                        const char* range) {
  const std::size_t dots = text.find("..");
  const auto first = parse(text.substr(0, dots));
  if (!first) return first.error() + ", or a range of them: " + range;
  if (dots == std::string_view::npos) return std::pair<Value, Value>{*first, *first};
  const auto second = parse(text.substr(dots + 2));
  if (!second) return second.error();
  if (*second < *first) return std::string("a range whose end is not before its beginning");
  return std::pair<Value, Value>{*first, *second};
}

bool take_minus(std::string_view& text) {
  text = trim(text);
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  return minus;
}

}  // namespace

Result<std::pair<Microseconds, Microseconds>, std::string> parse_duration_range(
    std::string_view text) {
  return parse_ends<Microseconds>(text, parse_duration, "5s..20s");
}

Result<std::pair<std::int64_t, std::int64_t>, std::string> parse_signed_duration_range(
    std::string_view text) {
  const auto parse = [](std::string_view part) -> Result<std::int64_t, std::string> {
    const bool minus = take_minus(part);
    const auto duration = parse_duration(part);
    if (!duration) return duration.error() + ", forward or, with a '-', back";
    if (duration->count() % 1'000 != 0) return std::string("whole milliseconds");
    return (minus ? -1 : 1) * (duration->count() / 1'000);
  };
  return parse_ends<std::int64_t>(text, parse, "-30s..30s");
}

Result<std::pair<std::int64_t, std::int64_t>, std::string> parse_signed_range(std::string_view text,
                                                                              std::int64_t least,
                                                                              std::int64_t most) {
  const auto parse = [&](std::string_view part) -> Result<std::int64_t, std::string> {
    const bool minus = take_minus(part);
    const auto milli = take_milli(part);
    const std::int64_t number = (minus ? -1 : 1) * (milli.value_or(0) / 1'000);
    if (!milli || *milli % 1'000 != 0 || !trim(part).empty() || number < least || number > most) {
      return fmt::format("a whole number from {} to {}", least, most);
    }
    return number;
  };
  return parse_ends<std::int64_t>(text, parse, "-200..200");
}

Result<ThinkTime, std::string> parse_think_time(std::string_view text) {
  const auto range = parse_duration_range(text);
  if (!range) return range.error();
  ThinkTime time;
  std::tie(time.first, time.second) = *range;
  if (text.find("..") != std::string_view::npos) time.kind = ThinkTime::Kind::uniform;
  return time;
}

Result<std::int64_t, std::string> parse_weight(std::string_view text) {
  const auto milli = take_milli(text);
  if (!milli || !text.empty() || *milli == 0 || *milli > 1'000'000'000) {
    return std::string("a weight from 0.001 to 1000000, with at most three places");
  }
  return *milli;
}

Result<Microseconds, std::string> parse_time_of_curve(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    const auto duration = parse_duration(text);
    if (duration) return *duration;
  }
  const auto digits = [](std::string_view part) -> std::int64_t {
    if (part.size() != 2 || part[0] < '0' || part[0] > '9' || part[1] < '0' || part[1] > '9') {
      return -1;
    }
    return 10 * (part[0] - '0') + part[1] - '0';
  };
  const bool is_time = colon != std::string_view::npos;
  const std::int64_t hours = is_time ? digits(text.substr(0, colon)) : -1;
  const std::int64_t minutes = is_time ? digits(text.substr(colon + 1)) : -1;
  if (hours < 0 || minutes < 0 || minutes > 59) {
    return std::string("a time within the curve: 09:30, or a duration: 10s, 8m, 4h");
  }
  return Microseconds((hours * 60 + minutes) * 60'000'000);
}

Result<std::pair<std::int64_t, std::int64_t>, std::string> parse_range(std::string_view text,
                                                                       std::int64_t least,
                                                                       std::int64_t most) {
  const std::size_t dots = text.find("..");
  std::array<std::int64_t, 2> ends{};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    std::string_view part = trim(i == 0 || dots == std::string_view::npos ? text.substr(0, dots)
                                                                          : text.substr(dots + 2));
    const auto milli = take_milli(part);
    ends.at(i) = milli.value_or(-1) / 1'000;
    if (!milli || *milli % 1'000 != 0 || !part.empty() || ends.at(i) < least || ends.at(i) > most) {
      return fmt::format("a number from {} to {}, or a range of them: 2..4", least, most);
    }
  }
  if (ends[1] < ends[0]) return std::string("a range whose end is not before its beginning");
  return std::pair{ends[0], ends[1]};
}

Result<Limit, std::string> parse_limit(std::string_view text) {
  const std::string allowed = "<, <=, ==, >= or > and a number with at most three places: <= 1000";
  Limit limit;
  text = trim(text);
  for (const std::string_view op : {"<=", ">=", "==", "<", ">"}) {
    if (!text.starts_with(op)) continue;
    limit.op = std::string(op);
    text = trim(text.substr(op.size()));
    break;
  }
  const auto milli = take_milli(text);
  if (limit.op.empty() || !milli || !text.empty() || *milli > kLimitMax * 1'000) return allowed;
  limit.milli = *milli;
  return limit;
}

}  // namespace claims::storm
