#pragma once
// ChunkedBytes: a file's bytes in memory. Growing moves nothing, so that a write costs its own
// bytes, however large the file.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace claims::storm {

class ChunkedBytes {
 public:
  std::uint64_t size() const { return size_; }
  /// Returns how many of the bytes exist; the others are left as they are.
  std::size_t read(std::uint64_t offset, char* into, std::size_t size) const;
  /// Those that exist of a range.
  std::string text(std::uint64_t offset, std::uint64_t size) const;
  /// Grows as needed; a gap before `offset` is filled with zeros.
  void write(std::uint64_t offset, const char* from, std::size_t size);
  /// What is new is zero.
  void resize(std::uint64_t size);

 private:
  static constexpr std::size_t kChunkBytes = 64 * 1024;

  std::vector<std::unique_ptr<char[]>> chunks_;  ///< Beyond `size_` they hold zeros.
  std::uint64_t size_ = 0;
};

}  // namespace claims::storm
