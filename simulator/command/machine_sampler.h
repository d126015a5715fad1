#pragma once
// MachineSampler: how busy the machine's cores are and how much of its memory is used, by anybody,
// from /proc, sampled each second.

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/time.h"

namespace claims::storm {

/// Ticks of all cores since the machine started.
struct CoreTicks {
  std::uint64_t all = 0, idle = 0;  ///< idle: also waiting for a disk.
};
/// Reads the text of /proc/stat; nothing when it is not one.
std::optional<CoreTicks> parse_core_ticks(std::string_view stat);

struct MemoryKilobytes {
  std::uint64_t total = 0, available = 0;
};
/// Reads the text of /proc/meminfo; nothing when it is not one.
std::optional<MemoryKilobytes> parse_memory(std::string_view meminfo);

struct MachineSample {
  Microseconds at{0};      ///< Steady.
  double cpu_percent = 0;  ///< Of all cores, since the sample before.
  double memory_percent = 0;
};

class MachineSampler {
 public:
  void sample(Microseconds now);

  const std::vector<MachineSample>& samples() const { return samples_; }
  std::uint64_t memory_kilobytes() const { return memory_kilobytes_; }

 private:
  std::optional<CoreTicks> last_;
  std::uint64_t memory_kilobytes_ = 0;
  std::vector<MachineSample> samples_;  // One a second: a day is 2 MB.
};

/// The run-queue delay of all threads of a process, since each of them began: ready to run, and no
/// core free. Nothing where the kernel does not count it.
std::optional<Microseconds> run_queue_delay(pid_t process);

}  // namespace claims::storm
