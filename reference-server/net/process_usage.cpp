#include "reference-server/net/process_usage.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

#include "reference-server/net/descriptor.h"

namespace claims::server {
namespace {

Microseconds to_microseconds(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + Microseconds{time.tv_usec};
}

// proc(5): /proc/self/statm is "size resident …" in pages.
std::uint64_t read_resident_bytes() {
  const Descriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 128> buffer{};
  const ssize_t count = file ? ::read(file.number(), buffer.data(), buffer.size()) : 0;
  if (count <= 0) return 0;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(count));
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return 0;
  std::uint64_t pages = 0;
  std::from_chars(text.data() + space + 1, text.data() + text.size(), pages);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

ProcessUsage read_process_usage() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return {.resident_bytes = read_resident_bytes(),
          .cpu = to_microseconds(usage.ru_utime) + to_microseconds(usage.ru_stime)};
}

}  // namespace claims::server
