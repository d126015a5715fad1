#pragma once
// Text on a terminal, where Hangul and other wide characters take two columns.

#include <cstddef>
#include <string>
#include <string_view>

namespace claims::report {

/// Columns that a UTF-8 text takes. A byte that is no UTF-8 takes one.
std::size_t columns(std::string_view text);
/// With blanks up to `width`; a wider text stays as it is.
std::string padded(std::string_view text, std::size_t width);
/// With blanks before it.
std::string padded_left(std::string_view text, std::size_t width);
/// As much of the beginning as fits; no character is cut in two.
std::string cut(std::string_view text, std::size_t width);

}  // namespace claims::report
