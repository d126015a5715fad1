#pragma once
// Goes through the levels of a topic name or filter (MQTT 5.0 section 4.7.1.1): "a//b" has the
// levels "a", "" and "b".

#include <optional>
#include <string_view>

namespace claims::mqtt {

class LevelReader {
 public:
  /// The text must outlive what is read.
  explicit LevelReader(std::string_view topic) : rest_(topic) {}

  /// Nothing after the last level.
  std::optional<std::string_view> next() {
    if (at_end_) return std::nullopt;
    const std::size_t slash = rest_.find('/');
    const std::string_view level = rest_.substr(0, slash);
    at_end_ = slash == std::string_view::npos;
    if (!at_end_) rest_.remove_prefix(slash + 1);
    return level;
  }
  /// The level read last was the last one.
  bool at_end() const { return at_end_; }

 private:
  std::string_view rest_;
  bool at_end_ = false;
};

}  // namespace claims::mqtt
