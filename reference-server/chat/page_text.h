#pragma once
// The `page` of reads in pages, as the page before it said; opaque to clients.

#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/chat/error.h"

namespace claims::server {

/// A number of a page's text: up to 2^53, no sign, no leading zeros.
std::optional<std::uint64_t> parse_page_number(std::string_view text);

/// The page is none that this read has said.
chat::Error bad_page(std::string_view page);

}  // namespace claims::server
