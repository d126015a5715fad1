#include "reference-server/net/snapshot_thread.h"

#include <pthread.h>

#include <utility>

#include "reference-server/net/clock.h"

namespace claims::server {

SnapshotThread::SnapshotThread(OpenSnapshot open, const SnapshotWriter::Pacing& pacing,
                               Mailbox& mailbox)
    : mailbox_(mailbox),
      open_(open),
      writer_(std::move(open), pacing),
      thread_([this] { run(); }) {}

SnapshotThread::~SnapshotThread() {
  stop();
}

Result<OpenedSnapshot, LogError> SnapshotThread::open() {
  const MutexLock lock(mutex_);
  waiting_.clear();
  while (busy_) progress_.wait(mutex_);
  writer_.close();
  status_.active = false;
  return open_();
}

void SnapshotThread::begin(std::unique_ptr<SnapshotStore> store) {
  const Microseconds now = read_clock().steady;
  const MutexLock lock(mutex_);
  writer_.begin(std::move(store));
  status_.active = true;
  status_.stored = writer_.stored();
  status_.stored_at = now;
}

void SnapshotThread::take(std::shared_ptr<const Checkpoint> checkpoint) {
  const MutexLock lock(mutex_);
  while (waiting_.size() >= limits::kCheckpointsWaitingMax) progress_.wait(mutex_);
  if (!status_.active) return;
  waiting_.push_back(std::move(checkpoint));
  work_.notify_one();
}

void SnapshotThread::offer(std::shared_ptr<const Checkpoint> checkpoint) {
  const MutexLock lock(mutex_);
  if (!status_.active) return;
  if (waiting_.size() < limits::kCheckpointsWaitingMax) {
    waiting_.push_back(std::move(checkpoint));
    work_.notify_one();
    return;
  }
  waiting_.clear();
  status_.active = false;
  ++status_.failures_total;
  mailbox_.post(
      SnapshotFailed{"snapshot: the disk does not keep up; no more is written until the "
                     "next start"});
}

SnapshotStatus SnapshotThread::status() {
  const MutexLock lock(mutex_);
  return status_;
}

void SnapshotThread::stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    work_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void SnapshotThread::run() {
  ::pthread_setname_np(::pthread_self(), "snapshot");
  while (const auto checkpoint = next()) {
    writer_.take(*checkpoint);
    if (writer_.due()) write();
  }
  write();
}

std::shared_ptr<const Checkpoint> SnapshotThread::next() {
  const MutexLock lock(mutex_);
  busy_ = false;
  progress_.notify_all();
  while (waiting_.empty() && !stopping_) work_.wait(mutex_);
  if (waiting_.empty()) return nullptr;
  busy_ = true;
  auto checkpoint = std::move(waiting_.front());
  waiting_.pop_front();
  return checkpoint;
}

void SnapshotThread::write() {
  const Microseconds begin = read_clock().steady;
  const auto written = writer_.write();
  const Microseconds end = read_clock().steady;
  const MutexLock lock(mutex_);
  status_.active = status_.active && writer_.active();
  if (!written) {
    ++status_.failures_total;
    mailbox_.post(SnapshotFailed{written.error().what});
    return;
  }
  if (writer_.stored() == status_.stored) return;
  ++status_.writes_total;
  status_.stored = writer_.stored();
  status_.stored_at = end;
  status_.write_took = end - begin;
}

}  // namespace claims::server
