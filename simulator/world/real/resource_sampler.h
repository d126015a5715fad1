#pragma once
// ResourceSampler: CPU and memory of a process, from /proc, sampled each second.

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/time.h"

namespace claims::storm {

struct ResourceReading {
  Microseconds cpu{0};  ///< User and system, all threads, since the process began.
  std::uint64_t resident_bytes = 0;
};
/// Reads the text of /proc/<pid>/stat; nothing when it is not one.
std::optional<ResourceReading> parse_process_stat(std::string_view stat,
                                                  std::int64_t ticks_per_second,
                                                  std::uint64_t page_bytes);

struct ResourceSample {
  Microseconds at{0};      ///< Steady.
  double cpu_percent = 0;  ///< Of one core, since the sample before.
  std::uint64_t resident_bytes = 0;
};

class ResourceSampler {
 public:
  explicit ResourceSampler(pid_t process);

  /// From now on of this process; what the one before used stays counted.
  void follow(pid_t process);
  /// Nothing is added once the process is gone.
  void sample(Microseconds now);

  const std::vector<ResourceSample>& samples() const { return samples_; }
  Microseconds cpu_used() const {
    return used_before_ + last_.cpu - first_.cpu;
  }  ///< Since the first sample.
  std::uint64_t resident_bytes_max() const { return resident_bytes_max_; }

 private:
  std::string path_;
  std::int64_t ticks_per_second_;
  std::uint64_t page_bytes_;
  bool begun_ = false;
  Microseconds last_at_{0}, used_before_{0};
  ResourceReading first_, last_;
  std::uint64_t resident_bytes_max_ = 0;
  std::vector<ResourceSample> samples_;  // One a second: a day is 2 MB.
};

}  // namespace claims::storm
