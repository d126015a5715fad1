#include "simulator/command/run_environment.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <ctime>

namespace claims::storm {
namespace {

std::tm utc(Milliseconds wall) {
  const std::time_t seconds = wall.count() / 1'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

std::string kernel() {
  utsname names{};
  if (uname(&names) != 0) return "?";
  return fmt::format("{} {} {}", names.sysname, names.release, names.machine);
}

}  // namespace

std::string program_version() {
  return CLAIMS_VERSION;
}

std::map<std::string, std::string> run_environment() {
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  const std::int64_t bytes =
      std::int64_t{sysconf(_SC_PHYS_PAGES)} * std::int64_t{sysconf(_SC_PAGESIZE)};
#ifdef __clang__
  const std::string compiler = fmt::format("clang {}", __clang_version__);
#else
  const std::string compiler = fmt::format("g++ {}", __VERSION__);
#endif
  return {{"cores", fmt::format("{}", cores)},
          {"memory", fmt::format("{} MB", (bytes + 512 * 1024) / (1024 * 1024))},
          {"kernel", kernel()},
          {"compiler", compiler},
          {"version", program_version()}};
}

std::string iso_time(Milliseconds wall) {
  const std::tm at = utc(wall);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", at.tm_year + 1900, at.tm_mon + 1,
                     at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
}

std::string folder_time(Milliseconds wall) {
  const std::tm at = utc(wall);
  return fmt::format("{:04}{:02}{:02}-{:02}{:02}{:02}", at.tm_year + 1900, at.tm_mon + 1,
                     at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
}

}  // namespace claims::storm
