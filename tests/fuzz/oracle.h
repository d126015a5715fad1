#pragma once
// What every fuzz target has: bytes taken one after the other, and an end when something is wrong.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace claims::fuzz {

#ifdef CLAIMS_FUZZ_CANARY
/// This build has a bug planted: see the target.
inline constexpr bool kCanary = true;
#else
inline constexpr bool kCanary = false;
#endif

/// Ends the program, which is what a fuzzer notices, with the words for whoever reads its log.
inline void require(bool right, std::string_view what, std::string_view detail = {}) {
  if (right) return;
  (void)std::fprintf(stderr, "WRONG: %.*s %.*s\n", static_cast<int>(what.size()), what.data(),
                     static_cast<int>(detail.size()), detail.data());
  std::abort();
}

/// The input, from its beginning. After its end everything is 0 or empty.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t number() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  /// One of 0 … below - 1.
  std::uint8_t choice(std::uint8_t below) { return static_cast<std::uint8_t>(number() % below); }
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view rest() { return take(rest_.size()); }

 private:
  std::string_view rest_;
};

}  // namespace claims::fuzz
