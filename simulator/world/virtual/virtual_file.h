#pragma once
// VirtualFile: the bytes that are read, and how to get back from them to those that are durable.
//
// A change keeps what it replaced until a sync covers it: an append keeps nothing, and a sync costs
// what was changed since the last one. Only a crash goes back, and makes again what survives.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulator/world/virtual/chunked_bytes.h"
#include "simulator/world/virtual/crash_choice.h"

namespace claims::storm {

class VirtualFile {
 public:
  const ChunkedBytes& bytes() const { return bytes_; }
  /// Numbers rise from change to change.
  void write(std::uint64_t offset, const char* from, std::size_t size, ChangeNumber change);
  void truncate(std::uint64_t size, ChangeNumber change);

  /// The earliest change that is not durable.
  std::optional<ChangeNumber> first_at_risk() const;
  /// Changes up to this one are durable.
  void settle(ChangeNumber last);
  /// A sync failed. As on Linux, the next one will claim success for what this one did not write:
  /// sectors changed so far may be lost in a crash, until they are written again.
  void doubt();
  /// What is left is durable.
  void crash(CrashChoice& choice);

  /// Locks, as SQLite's: for as long as this life lasts.
  struct Locks {
    int readers = 0;               ///< Who have SHARED or more.
    const void* writer = nullptr;  ///< Who has RESERVED or more.
    bool pending = false;          ///< The writer has more than RESERVED: no new readers.
  };
  Locks locks;

 private:
  struct Change {
    ChangeNumber number = 0;
    bool truncation = false;
    std::uint64_t offset = 0;  ///< Of a truncation: the new size.
    std::uint64_t size = 0;
    std::uint64_t size_before = 0;  ///< Of the file.
    std::size_t replaced = 0;       ///< Where in `replaced_` begins what was there.
    std::string made = {};          ///< The bytes written, while the change is undone.
  };
  void undo(Change& change);
  void redo(const Change& change);
  void redo_torn(const Change& change, CrashChoice::Fate fate, CrashChoice& choice);
  std::uint64_t end_of_replaced(const Change& change) const;
  void forget_changes();

  ChunkedBytes bytes_;
  std::vector<Change> changes_;  ///< From `settled_` on, those not durable.
  std::size_t settled_ = 0;
  std::string replaced_;  ///< Bytes that changes replaced, one after the other.
  std::map<std::uint64_t, std::string> doubtful_;  ///< Sector: the durable bytes.
};

}  // namespace claims::storm
