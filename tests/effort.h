#pragma once
// How often a test repeats what it draws at random or plays by seed.

namespace claims {

#ifdef CLAIMS_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// A tenth of `whole`, at least one, where a sanitizer makes each time slow: there it matters which
/// ways through the code are taken, not how often.
constexpr int times(int whole) {
  if (!kSanitized) return whole;
  return whole < 10 ? 1 : whole / 10;
}

}  // namespace claims
