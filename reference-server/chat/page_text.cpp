#include "reference-server/chat/page_text.h"

#include <charconv>
#include <string>

#include "protocol/limits.h"

namespace claims::server {

std::optional<std::uint64_t> parse_page_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [read, wrong] = std::from_chars(text.data(), end, number);
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  if (wrong != std::errc{} || read != end || leading_zero) return std::nullopt;
  if (number > claims::limits::kInstanceMax) return std::nullopt;
  return number;
}

chat::Error bad_page(std::string_view page) {
  return {chat::ErrorCode::bad_field, "page", '"' + chat::excerpt(page) + '"',
          "the \"next\" of a page"};
}

}  // namespace claims::server
