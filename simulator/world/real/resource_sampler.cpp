#include "simulator/world/real/resource_sampler.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "simulator/world/real/descriptor.h"

namespace claims::storm {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string path_of(pid_t process) {
  return fmt::format("/proc/{}/stat", process);
}

}  // namespace

std::optional<ResourceReading> parse_process_stat(std::string_view stat,
                                                  std::int64_t ticks_per_second,
                                                  std::uint64_t page_bytes) {
  // The second field is the program's name in parentheses and may hold anything, also ") ".
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  std::string_view rest = stat.substr(name_end + 1);
  // proc(5): utime is field 14, stime 15, rss 24; `rest` begins before field 3.
  std::array<std::uint64_t, 25> fields{};
  std::size_t field = 3;
  while (!rest.empty() && field < fields.size()) {
    const std::size_t begin = rest.find_first_not_of(" \n");
    if (begin == std::string_view::npos) break;
    rest.remove_prefix(begin);
    const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
    fields[field++] = parse_number(rest.substr(0, end)).value_or(0);
    rest.remove_prefix(end);
  }
  if (field <= 24 || ticks_per_second <= 0) return std::nullopt;
  const auto ticks = static_cast<std::int64_t>(fields[14] + fields[15]);
  return ResourceReading{Microseconds(ticks * 1'000'000 / ticks_per_second),
                         fields[24] * page_bytes};
}

ResourceSampler::ResourceSampler(pid_t process)
    : path_(path_of(process)),
      ticks_per_second_(sysconf(_SC_CLK_TCK)),
      page_bytes_(static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))) {}

void ResourceSampler::follow(pid_t process) {
  path_ = path_of(process);
  used_before_ = cpu_used();
  first_ = last_ = {};
  begun_ = false;
}

void ResourceSampler::sample(Microseconds now) {
  const Descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return;
  std::array<char, 1024> text{};
  const ssize_t bytes = ::read(file.number(), text.data(), text.size());
  if (bytes <= 0) return;
  const auto reading = parse_process_stat({text.data(), static_cast<std::size_t>(bytes)},
                                          ticks_per_second_, page_bytes_);
  if (!reading) return;
  resident_bytes_max_ = std::max(resident_bytes_max_, reading->resident_bytes);
  if (begun_ && now > last_at_) {
    const double used = static_cast<double>((reading->cpu - last_.cpu).count());
    samples_.push_back({now, 100.0 * used / static_cast<double>((now - last_at_).count()),
                        reading->resident_bytes});
  }
  if (!begun_) first_ = *reading;
  begun_ = true;
  last_ = *reading;
  last_at_ = now;
}

}  // namespace claims::storm
