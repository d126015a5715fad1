#include "reference-server/chat/body_hash.h"

#include <cstddef>

namespace claims::server {
namespace {

std::uint64_t mix(std::uint64_t z) {  // The finaliser of SplitMix64: a bijection.
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

/// Up to eight bytes, the first in the lowest place.
std::uint64_t word_at(std::string_view bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return word;
}

}  // namespace

std::uint64_t body_hash(std::string_view payload) {
  std::uint64_t hash = mix(payload.size() + 0x9E3779B97F4A7C15U);
  for (std::size_t at = 0; at < payload.size(); at += 8) {
    hash = mix(hash ^ word_at(payload.substr(at, 8))) + 0x9E3779B97F4A7C15U;
  }
  return hash;
}

}  // namespace claims::server
