#pragma once
// Stories: counts violations by checker and keeps the first ones told in full.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "simulator/check/auditor.h"
#include "simulator/limits.h"

namespace claims::storm::audit {

struct Story {
  std::string ko, en;
};

class Stories {
 public:
  /// `make` gives the Story; it is called only while there is room for another one.
  template <class Make>
  void tell(Checker checker, Make make) {
    ++counts_[static_cast<std::size_t>(checker)];
    if (told_.size() >= limits::kStoriesMax) return;
    Story story = make();
    told_.push_back({checker, std::move(story.ko), std::move(story.en)});
  }

  std::uint64_t count(Checker checker) const { return counts_[static_cast<std::size_t>(checker)]; }
  std::uint64_t total() const {
    std::uint64_t total = 0;
    for (const std::uint64_t count : counts_) total += count;
    return total;
  }
  const std::vector<Violation>& told() const { return told_; }

 private:
  std::array<std::uint64_t, kCheckers> counts_{};
  std::vector<Violation> told_;
};

}  // namespace claims::storm::audit
