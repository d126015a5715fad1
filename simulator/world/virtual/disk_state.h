#pragma once
// DiskState: files, their names, and which changes to them are durable. Knows nothing of SQLite.
//
// Changes to names are made durable by a sync of the directory alone, as POSIX has it; those to one
// name survive in order, files and names are independent of each other.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/scenario/expression.h"
#include "simulator/world/virtual/virtual_file.h"

namespace claims::storm {

class DiskState {
 public:
  using File = std::shared_ptr<VirtualFile>;

  explicit DiskState(const Random& random) : random_(random) {}

  /// Null when there is none.
  File find(std::string_view name) const;
  /// There is none of the name yet.
  File create(const std::string& name);
  /// There is one. Who has it open may go on using it.
  void remove(const std::string& name);
  void write(VirtualFile& file, std::uint64_t offset, const char* from, std::size_t size);
  void truncate(VirtualFile& file, std::uint64_t size);

  /// Also of the names, if told so. False: it failed.
  bool sync(const File& file, bool directory);
  void sync_directory();
  void fail_next_sync(bool fail) { fail_next_sync_ = fail; }

  /// In between, syncs are under way.
  void begin_work();
  void end_work();
  /// Ends the work, too.
  void crash();
  /// Rises with each crash: what was opened in an earlier one is gone.
  std::uint64_t life() const { return life_; }

 private:
  struct NameChange {
    ChangeNumber number = 0;
    std::string name;
    File before, after;  ///< Null: no such name.
  };
  struct Sync {
    ChangeNumber last = 0;   ///< Covers changes up to here,
    File file;               ///< of this file, unless null,
    bool directory = false;  ///< and of names.
  };
  void change_name(const std::string& name, File after);
  void complete(const Sync& sync);
  void complete_all();
  ChangeNumber first_at_risk() const;
  void crash_names(CrashChoice& choice);

  Random random_;
  std::map<std::string, File, std::less<>> files_;
  std::vector<NameChange> name_changes_;  ///< Those not durable.
  std::vector<Sync> under_way_;
  ChangeNumber changes_ = 0;  ///< The number of the last one.
  std::uint64_t life_ = 0;
  bool working_ = false;
  bool fail_next_sync_ = false;
};

}  // namespace claims::storm
