#pragma once
// PahoQueue: what Paho's threads report, on its way to the loop. Bounded; never blocks Paho, whose
// threads hold its lock while they report.

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "protocol/thread_safety.h"
#include "protocol/time.h"
#include "simulator/limits.h"
#include "simulator/world/real/descriptor.h"
#include "simulator/world/real/paho_report.h"

namespace claims::storm {

class PahoQueue {
 public:
  /// A connection: the user, and a number that rises with each of its connections.
  struct Connection {
    std::uint32_t user = 0, generation = 0;
    bool operator==(const Connection&) const = default;
  };
  struct Entry {
    Connection connection;
    Now at;  ///< When Paho reported it; never before the entry before.
    PahoReport report;
  };
  struct Bounds {
    std::size_t reports = limits::kPahoReportsMax, bytes = limits::kPahoReportBytesMax;
  };

  explicit PahoQueue(Bounds bounds);
  PahoQueue() : PahoQueue(Bounds{}) {}

  /// On any thread. A connection whose report finds no room is lost: nothing more of it comes but
  /// that.
  void put(Connection connection, PahoReport report) CLAIMS_EXCLUDES(mutex_);
  /// All that came, in order. `entries` must be empty.
  void take(std::vector<Entry>& entries) CLAIMS_EXCLUDES(mutex_);

  /// Readable when there may be something to take.
  int descriptor() const { return event_.number(); }
  /// Makes it so though nothing came.
  void wake() const;

 private:
  const Bounds bounds_;
  const Descriptor event_;
  Mutex mutex_;
  std::vector<Entry> entries_ CLAIMS_GUARDED_BY(mutex_);
  std::size_t bytes_ CLAIMS_GUARDED_BY(mutex_) = 0;
  /// By user: its connection that found no room. At most one for each user.
  std::map<std::uint32_t, std::uint32_t> lost_ CLAIMS_GUARDED_BY(mutex_);
};

}  // namespace claims::storm
