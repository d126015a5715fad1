#include "simulator/command/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace claims::storm {

void set_up_output() {
  std::signal(SIGPIPE, SIG_IGN);
  // Else the next socket or file would take such a number, and get the words meant for a person.
  int lowest_free = 0;
  do {
    lowest_free = ::open("/dev/null", O_RDWR);
  } while (lowest_free >= 0 && lowest_free <= STDERR_FILENO);
  if (lowest_free >= 0) ::close(lowest_free);
}

namespace {

/// Set and not empty.
const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

}  // namespace

bool redraws_lines(int descriptor) {
  const char* terminal = variable("TERM");
  return isatty(descriptor) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

report::ConsoleStyle console_style(int descriptor) {
  std::string_view language;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = variable(name);
    if (value == nullptr) continue;
    language = value;
    break;
  }
  return {.colour = redraws_lines(descriptor) && variable("NO_COLOR") == nullptr,
          .korean = language.starts_with("ko")};
}

void say(std::FILE* where, std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), where));
  std::fflush(where);
}

}  // namespace claims::storm
