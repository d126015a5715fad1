#include "simulator/world/virtual/disk_state.h"

#include <algorithm>
#include <cassert>
#include <ranges>
#include <set>
#include <utility>

namespace claims::storm {

DiskState::File DiskState::find(std::string_view name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : found->second;
}

DiskState::File DiskState::create(const std::string& name) {
  assert(find(name) == nullptr);
  auto file = std::make_shared<VirtualFile>();
  change_name(name, file);
  return file;
}

void DiskState::remove(const std::string& name) {
  assert(find(name) != nullptr);
  change_name(name, nullptr);
}

void DiskState::change_name(const std::string& name, File after) {
  name_changes_.push_back({++changes_, name, find(name), after});
  if (after == nullptr) {
    files_.erase(name);
  } else {
    files_.insert_or_assign(name, std::move(after));
  }
}

void DiskState::write(VirtualFile& file, std::uint64_t offset, const char* from, std::size_t size) {
  file.write(offset, from, size, ++changes_);
}

void DiskState::truncate(VirtualFile& file, std::uint64_t size) {
  file.truncate(size, ++changes_);
}

bool DiskState::sync(const File& file, bool directory) {
  if (std::exchange(fail_next_sync_, false)) {
    // Whoever goes on after a failure has seen the syncs before it succeed.
    complete_all();
    file->doubt();
    return false;
  }
  const Sync sync{changes_, file, directory};
  if (working_) {
    under_way_.push_back(sync);
  } else {
    complete(sync);
  }
  return true;
}

void DiskState::sync_directory() {
  const Sync sync{changes_, nullptr, true};
  if (working_) {
    under_way_.push_back(sync);
  } else {
    complete(sync);
  }
}

void DiskState::complete(const Sync& sync) {
  if (sync.file != nullptr) sync.file->settle(sync.last);
  if (sync.directory) {
    std::erase_if(name_changes_,
                  [&](const NameChange& change) { return change.number <= sync.last; });
  }
}

void DiskState::complete_all() {
  for (const Sync& sync : under_way_) complete(sync);
  under_way_.clear();
}

void DiskState::begin_work() {
  assert(!working_);
  working_ = true;
}

void DiskState::end_work() {
  assert(working_);
  complete_all();
  working_ = false;
}

ChangeNumber DiskState::first_at_risk() const {
  ChangeNumber first = changes_ + 1;
  if (!name_changes_.empty()) first = name_changes_.front().number;
  for (const auto& [name, file] : files_) {
    if (const auto at_risk = file->first_at_risk()) first = std::min(first, *at_risk);
  }
  return first;
}

void DiskState::crash() {
  ++life_;
  Random random = random_.split(life_);
  // So many of the syncs were through; the next one was waited for, so nothing came after it.
  const std::uint64_t through = random.below(under_way_.size() + 1);
  for (std::size_t i = 0; i < through; ++i) complete(under_way_[i]);
  const ChangeNumber last = through < under_way_.size() ? under_way_[through].last : changes_;
  under_way_.clear();
  working_ = false;
  fail_next_sync_ = false;
  CrashChoice choice(random.split(0), first_at_risk(), last);
  crash_names(choice);
  for (const auto& [name, file] : files_) file->crash(choice);
}

void DiskState::crash_names(CrashChoice& choice) {
  for (const NameChange& change : std::views::reverse(name_changes_)) {
    if (change.before == nullptr) {
      files_.erase(change.name);
    } else {
      files_.insert_or_assign(change.name, change.before);
    }
  }
  std::set<std::string> ended;  // Names of which a change was lost: those after it are, too.
  for (const NameChange& change : name_changes_) {
    const bool lost = choice.fate(change.number) == CrashChoice::Fate::lost;
    if (lost || ended.contains(change.name)) {
      ended.insert(change.name);
    } else if (change.after == nullptr) {
      files_.erase(change.name);
    } else {
      files_.insert_or_assign(change.name, change.after);
    }
  }
  name_changes_.clear();
}

}  // namespace claims::storm
