#pragma once
// Trace: everything that goes into the server's Node and comes out of it, as a hash, and as lines
// to read where they are wanted.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/time.h"

namespace claims::storm {

/// SHA-256 over (virtual µs, sequence, kind, connection, bytes) of all inputs and actions.
class Trace {
 public:
  /// `line` gets each entry for a person to read, without the end of line; may be empty.
  explicit Trace(std::function<void(std::string_view)> line = {});
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  void add(Microseconds at, std::string_view kind, std::uint64_t connection,
           std::string_view bytes);
  /// A line for the reader alone: faults, whose connection it is.
  void note(Microseconds at, std::string_view text);
  bool has_reader() const;
  std::uint64_t entries() const;
  std::string hash();  ///< 64 hexadecimal digits; once, at the end.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace claims::storm
