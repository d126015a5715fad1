#pragma once
// A word of a command that a person copies into a shell.

#include <string>
#include <string_view>

namespace claims::storm {

/// As one word of a POSIX shell; without quotes where it needs none.
std::string shell_word(std::string_view word);

}  // namespace claims::storm
