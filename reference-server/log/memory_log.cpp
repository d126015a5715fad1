#include <fmt/format.h>

#include "reference-server/log/chain.h"
#include "reference-server/log/event_log.h"

namespace claims::server {
namespace {

class MemoryLog final : public EventLog {
 public:
  Result<void, LogError> read(std::uint64_t after,
                              const std::function<void(Block&&)>& take) override {
    if (after > blocks_.size()) {
      return LogError{
          fmt::format("memory log: ends at block {}, before block {}", blocks_.size(), after)};
    }
    for (std::size_t i = after; i < blocks_.size(); ++i) take(Block(*blocks_[i]));
    return {};
  }

  Result<std::optional<Hash>, LogError> hash_of(std::uint64_t number) override {
    if (number == 0 || number > blocks_.size()) return std::optional<Hash>();
    return std::optional(blocks_[number - 1]->hash);
  }

  Result<void, LogError> append(const std::vector<std::shared_ptr<const Block>>& blocks) override {
    if (failed_) return LogError{"memory log: an append failed before"};
    Chain end = end_;
    for (const auto& block : blocks) {
      if (auto extended = end.extend(*block); !extended) {
        failed_ = true;
        return LogError{"memory log: " + extended.error()};
      }
    }
    end_ = end;
    blocks_.insert(blocks_.end(), blocks.begin(), blocks.end());
    return {};
  }

 private:
  std::vector<std::shared_ptr<const Block>> blocks_;
  Chain end_;
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<EventLog> make_memory_log() {
  return std::make_unique<MemoryLog>();
}

}  // namespace claims::server
