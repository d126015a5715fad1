#include "reference-server/log/snapshot_writer.h"

#include <fmt/format.h>

#include <utility>

namespace claims::server {

void SnapshotWriter::begin(std::unique_ptr<SnapshotStore> store) {
  store_ = std::move(store);
  stored_ = attempted_ = store_->at();
  merge_.emplace(stored_);
}

void SnapshotWriter::close() {
  store_.reset();
  merge_.reset();
}

void SnapshotWriter::take(const Checkpoint& checkpoint) {
  if (merge_) merge_->take(checkpoint);
}

bool SnapshotWriter::due() const {
  if (!merge_ || merge_->empty()) return false;
  const auto records = static_cast<std::uint64_t>(merge_->at().last) -
                       static_cast<std::uint64_t>(merge_->base().last);
  return records >= pacing_.records || merge_->bytes() >= pacing_.bytes;
}

Result<void, LogError> SnapshotWriter::write() {
  if (!merge_ || merge_->empty()) return {};
  auto done = store_ ? Result<void, LogError>() : reopen();
  if (done && !merge_->empty()) {
    attempted_ = merge_->at();
    done = store_->write(*merge_);
  }
  if (!done) {
    store_.reset();
    if (merge_ && merge_->bytes() >= pacing_.bytes_max) merge_.reset();
    if (merge_) return done;
    return LogError{done.error().what + "; no more is written until the next start"};
  }
  merge_->stored();
  stored_ = merge_->base();
  return {};
}

Result<void, LogError> SnapshotWriter::reopen() {
  auto opened = open_();
  if (!opened) return opened.error();
  // A commit that failed may be in the file all the same.
  const BlockMark& at = opened->store->at();
  if (at == merge_->at()) {
    merge_->stored();
  } else if (at == attempted_) {
    merge_->follow(at);
  } else if (at != merge_->base()) {
    LogError error{fmt::format("snapshot: is of block {}, not of {} or {}", at.number,
                               merge_->base().number, merge_->at().number)};
    merge_.reset();
    return error;
  }
  store_ = std::move(opened->store);
  return {};
}

}  // namespace claims::server
