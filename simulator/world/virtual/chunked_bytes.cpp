#include "simulator/world/virtual/chunked_bytes.h"

#include <algorithm>
#include <cstring>

namespace claims::storm {

std::size_t ChunkedBytes::read(std::uint64_t offset, char* into, std::size_t size) const {
  if (offset >= size_) return 0;
  const auto total = static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - offset));
  for (std::size_t done = 0; done < total;) {
    const auto within = static_cast<std::size_t>((offset + done) % kChunkBytes);
    const std::size_t piece = std::min(total - done, kChunkBytes - within);
    std::memcpy(into + done, chunks_[(offset + done) / kChunkBytes].get() + within, piece);
    done += piece;
  }
  return total;
}

std::string ChunkedBytes::text(std::uint64_t offset, std::uint64_t size) const {
  if (offset >= size_) return {};
  std::string bytes(std::min(size, size_ - offset), '\0');
  read(offset, bytes.data(), bytes.size());
  return bytes;
}

void ChunkedBytes::write(std::uint64_t offset, const char* from, std::size_t size) {
  if (offset + size > size_) resize(offset + size);
  for (std::size_t done = 0; done < size;) {
    const auto within = static_cast<std::size_t>((offset + done) % kChunkBytes);
    const std::size_t piece = std::min(size - done, kChunkBytes - within);
    std::memcpy(chunks_[(offset + done) / kChunkBytes].get() + within, from + done, piece);
    done += piece;
  }
}

void ChunkedBytes::resize(std::uint64_t size) {
  const std::uint64_t chunks = (size + kChunkBytes - 1) / kChunkBytes;
  if (size < size_) {
    chunks_.resize(chunks);
    const auto within = static_cast<std::size_t>(size % kChunkBytes);
    if (within != 0) {
      const std::uint64_t used = size_ - (chunks - 1) * kChunkBytes;
      const auto end = static_cast<std::size_t>(std::min<std::uint64_t>(used, kChunkBytes));
      std::memset(chunks_.back().get() + within, 0, end - within);
    }
  } else {
    while (chunks_.size() < chunks) chunks_.push_back(std::make_unique<char[]>(kChunkBytes));
  }
  size_ = size;
}

}  // namespace claims::storm
