#pragma once
// The state of the chat as rows of a snapshot: what changed since the last checkpoint, and back.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/result.h"
#include "reference-server/chat/state.h"
#include "reference-server/log/checkpoint.h"

namespace claims::server {

/// Writes what changed since it was last called (since changes().begin()), and forgets that it did.
/// Takes about a quarter of a microsecond a row, and allocates next to nothing.
void write_changes(State& state, RowBatch& rows);
/// Makes the next write_changes() write everything.
void note_everything(State& state);

/// Fills a state that nothing was folded into with the rows of one moment. Strict: bytes that
/// write_changes() does not write are an error, and so is what is missing or of no use at the end.
class StateLoader {
 public:
  explicit StateLoader(State& state) : state_(state) {}

  /// Rows come in the order of their keys; `key` without its first byte.
  Result<void, std::string> take(RowKind kind, std::string_view key, std::string_view value);
  Result<void, std::string> finish();

 private:
  friend struct StateCodec;

  State& state_;
  struct Counts {
    std::uint64_t insurers = 0, users = 0, rooms = 0, receipts = 0, general = 0, templates = 0;
  };
  Counts counts_;
  std::vector<Conversions> conversions_;                       ///< Of insurers still to come.
  std::map<chat::RoomId, std::vector<std::uint8_t>> authors_;  ///< Of rooms still to come.
};

}  // namespace claims::server
