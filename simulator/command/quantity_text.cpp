#include "simulator/command/quantity_text.h"

#include <fmt/format.h>

namespace claims::storm {

std::string write_thousandths(std::int64_t milli) {
  std::string text = fmt::format("{}.{:03}", milli / 1'000, milli % 1'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string write_rate(std::int64_t milli) {
  return write_thousandths(milli) + "/s";
}

std::string write_percent(std::int64_t permille) {
  return write_thousandths(permille * 100) + " %";
}

}  // namespace claims::storm
