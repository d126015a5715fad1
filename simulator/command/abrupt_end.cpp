#include "simulator/command/abrupt_end.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "simulator/command/command.h"
#include "simulator/command/output.h"

namespace claims::storm {
namespace {

/// Written before the signals are taken: a handler may not make a text.
std::string last_words;

void end(int) {
  static_cast<void>(!write(STDERR_FILENO, last_words.data(), last_words.size()));
  _exit(to_int(ExitCode::invalid));
}

}  // namespace

AbruptEnd::AbruptEnd(const std::string& when_ko, const std::string& when_en) {
  last_words = console_style(STDERR_FILENO).korean
                   ? fmt::format("\n{} 시그널로 중단됨: 결과 없음\n", when_ko)
                   : fmt::format("\nended by a signal {}; there is no result\n", when_en);
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, end);
}

AbruptEnd::~AbruptEnd() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
}

}  // namespace claims::storm
