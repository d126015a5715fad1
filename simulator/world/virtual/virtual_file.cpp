#include "simulator/world/virtual/virtual_file.h"

#include <algorithm>

namespace claims::storm {

namespace {
constexpr std::uint64_t kSectorBytes = CrashChoice::kSectorBytes;
}

void VirtualFile::write(std::uint64_t offset, const char* from, std::size_t size,
                        ChangeNumber change) {
  if (size == 0) return;
  if (!doubtful_.empty()) {
    doubtful_.erase(doubtful_.lower_bound(offset / kSectorBytes),
                    doubtful_.upper_bound((offset + size - 1) / kSectorBytes));
  }
  Change made{.number = change,
              .offset = offset,
              .size = size,
              .size_before = bytes_.size(),
              .replaced = replaced_.size()};
  if (const std::uint64_t end = end_of_replaced(made); end > offset) {
    replaced_.resize(made.replaced + (end - offset));
    bytes_.read(offset, replaced_.data() + made.replaced, end - offset);
  }
  bytes_.write(offset, from, size);
  changes_.push_back(std::move(made));
}

void VirtualFile::truncate(std::uint64_t size, ChangeNumber change) {
  doubtful_.erase(doubtful_.lower_bound(size / kSectorBytes), doubtful_.end());
  Change made{.number = change,
              .truncation = true,
              .offset = size,
              .size_before = bytes_.size(),
              .replaced = replaced_.size()};
  replaced_ += bytes_.text(size, bytes_.size());
  bytes_.resize(size);
  changes_.push_back(std::move(made));
}

std::optional<ChangeNumber> VirtualFile::first_at_risk() const {
  if (settled_ == changes_.size()) return std::nullopt;
  return changes_[settled_].number;
}

void VirtualFile::settle(ChangeNumber last) {
  while (settled_ < changes_.size() && changes_[settled_].number <= last) ++settled_;
  if (settled_ == changes_.size()) forget_changes();
}

void VirtualFile::doubt() {
  for (std::size_t i = changes_.size(); i > settled_; --i) undo(changes_[i - 1]);
  for (std::size_t i = settled_; i < changes_.size(); ++i) {
    const Change& change = changes_[i];
    if (change.truncation) continue;
    const std::uint64_t last = (change.offset + change.size - 1) / kSectorBytes;
    for (std::uint64_t sector = change.offset / kSectorBytes; sector <= last; ++sector) {
      // Older doubt stays: what it holds is what the disk holds.
      if (doubtful_.contains(sector)) continue;
      std::string durable = bytes_.text(sector * kSectorBytes, kSectorBytes);
      durable.resize(kSectorBytes);
      doubtful_.emplace(sector, std::move(durable));
    }
  }
  for (std::size_t i = settled_; i < changes_.size(); ++i) redo(changes_[i]);
  forget_changes();
}

void VirtualFile::crash(CrashChoice& choice) {
  for (std::size_t i = changes_.size(); i > settled_; --i) undo(changes_[i - 1]);
  const bool all_doubtful_lost = choice.heads();
  for (const auto& [sector, durable] : doubtful_) {
    const std::uint64_t offset = sector * kSectorBytes;
    if (offset >= bytes_.size() || !(all_doubtful_lost || choice.heads())) continue;
    const std::uint64_t size = std::min(kSectorBytes, bytes_.size() - offset);
    bytes_.write(offset, durable.data(), size);
  }
  doubtful_.clear();
  for (std::size_t i = settled_; i < changes_.size(); ++i) {
    const CrashChoice::Fate fate = choice.fate(changes_[i].number);
    if (fate == CrashChoice::Fate::lost) continue;
    if (fate == CrashChoice::Fate::kept || changes_[i].truncation) {
      redo(changes_[i]);
    } else {
      redo_torn(changes_[i], fate, choice);
    }
  }
  forget_changes();
  locks = {};
}

void VirtualFile::undo(Change& change) {
  if (!change.truncation) change.made = bytes_.text(change.offset, change.size);
  bytes_.resize(change.size_before);
  if (const std::uint64_t end = end_of_replaced(change); end > change.offset) {
    bytes_.write(change.offset, replaced_.data() + change.replaced, end - change.offset);
  }
}

void VirtualFile::redo(const Change& change) {
  if (change.truncation) {
    bytes_.resize(change.offset);
  } else {
    bytes_.write(change.offset, change.made.data(), change.made.size());
  }
}

void VirtualFile::redo_torn(const Change& change, CrashChoice::Fate fate, CrashChoice& choice) {
  if (fate == CrashChoice::Fate::prefix) {
    const std::uint64_t size = choice.prefix(change.offset, change.size);
    if (size > 0) bytes_.write(change.offset, change.made.data(), size);
    return;
  }
  // The file has got its new size, whichever sectors have got their bytes.
  const std::uint64_t end = change.offset + change.size;
  if (end > bytes_.size()) bytes_.resize(end);
  for (std::uint64_t at = change.offset; at < end;) {
    const std::uint64_t next = std::min(end, (at / kSectorBytes + 1) * kSectorBytes);
    if (choice.heads()) {
      bytes_.write(at, change.made.data() + (at - change.offset), next - at);
    }
    at = next;
  }
}

std::uint64_t VirtualFile::end_of_replaced(const Change& change) const {
  if (change.truncation) return change.size_before;
  return std::min(change.offset + change.size, change.size_before);
}

void VirtualFile::forget_changes() {
  changes_.clear();
  settled_ = 0;
  replaced_.clear();
}

}  // namespace claims::storm
