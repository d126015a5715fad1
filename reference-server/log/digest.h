#pragma once
// Digest: SHA-256, fed piece by piece, one after the other with one context.

#include <cstdint>
#include <memory>
#include <string_view>

#include "reference-server/log/block.h"

namespace claims::server {

class Digest {
 public:
  Digest();
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  Digest& add(std::string_view bytes);
  Digest& add(const Hash& hash);
  Digest& add_u8(std::uint8_t value);
  Digest& add_u64(std::uint64_t value);  ///< Little-endian.
  /// The hash of what was added since the last finish().
  Hash finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace claims::server
