#pragma once
// What claimstorm says to its terminal, or to whatever stands in its place.

#include <fmt/format.h>

#include <cstdio>
#include <string_view>
#include <utility>

#include "reports/console.h"

namespace claims::storm {

/// Before anything is opened: standard input, output and error exist (/dev/null where they were
/// closed), and a reader that goes away ends nobody.
void set_up_output();

/// In the language of the environment (LC_ALL, LC_MESSAGES, LANG); with colours on a terminal,
/// unless it is a dumb one or NO_COLOR is set.
report::ConsoleStyle console_style(int descriptor);
/// Whether it is a terminal on which a line can be drawn over.
bool redraws_lines(int descriptor);

/// A reader that went away, or a full disk, loses the words alone: the run and its files matter
/// more.
void say(std::FILE* where, std::string_view text);

template <class... Parts>
void say(std::FILE* where, fmt::format_string<Parts...> format, Parts&&... parts) {
  say(where, std::string_view(fmt::format(format, std::forward<Parts>(parts)...)));
}

}  // namespace claims::storm
