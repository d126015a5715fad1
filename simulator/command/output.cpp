#include "simulator/command/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

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

void say(std::FILE* where, std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), where));
  std::fflush(where);
}

}  // namespace claims::storm
