#include "reference-server/net/log_thread.h"

#include <pthread.h>

#include <cassert>
#include <chrono>
#include <utility>

#include "reference-server/net/clock.h"

namespace claims::server {

LogThread::LogThread(std::unique_ptr<EventLog> log, const Acknowledged& acknowledged, OpenLog open,
                     NodeConfig config, HistoryThread& history, SnapshotThread* snapshots,
                     Mailbox& mailbox)
    : log_(std::move(log)),
      acknowledged_(acknowledged),
      open_(std::move(open)),
      config_(std::move(config)),
      history_(history),
      snapshots_(snapshots),
      mailbox_(mailbox),
      thread_([this] { run(); }) {}

LogThread::~LogThread() {
  stop();
}

void LogThread::append(Generation generation, std::shared_ptr<const Block> block) {
  const MutexLock lock(mutex_);
  assert(job_.index() == 0);
  job_ = Append{generation, std::move(block)};
  work_.notify_one();
}

void LogThread::reopen(Generation generation, Microseconds delay) {
  const MutexLock lock(mutex_);
  job_ = Reopen{generation, delay};
  work_.notify_one();
}

void LogThread::stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    work_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void LogThread::run() {
  ::pthread_setname_np(::pthread_self(), "log");
  while (true) {
    Job job = next_job();
    if (job.index() == 0) return;
    std::visit([this](auto& one) { carry_out(one); }, job);
  }
}

LogThread::Job LogThread::next_job() {
  const MutexLock lock(mutex_);
  while (job_.index() == 0 && !stopping_) work_.wait(mutex_);
  if (stopping_ && std::holds_alternative<Reopen>(job_)) return {};
  return std::exchange(job_, Job());
}

bool LogThread::wait(Microseconds delay) {
  const auto until = std::chrono::steady_clock::now() + delay;
  const MutexLock lock(mutex_);
  while (!stopping_ && std::chrono::steady_clock::now() < until) work_.wait_until(mutex_, until);
  return !stopping_;
}

void LogThread::carry_out(Append& job) {
  if (!log_) {
    mailbox_.post(StorageFailed{job.generation, "log: not open"});
    return;
  }
  const Microseconds begin = read_clock().steady;
  const auto result = log_->append({job.block});
  if (!result) {
    log_.reset();
    mailbox_.post(StorageFailed{job.generation, "log: " + result.error().what});
    return;
  }
  const Microseconds took = read_clock().steady - begin;
  acknowledged_ = {job.block->number, job.block->hash};
  const Position last = job.block->last();
  history_.fold(std::move(job.block));
  mailbox_.post(BlockDurable{job.generation, last, took});
}

void LogThread::carry_out(Reopen& job) {
  log_.reset();
  if (!wait(job.delay)) return;
  auto restored = restore(open_, &acknowledged_, history_, snapshots_, job.generation, config_);
  if (!restored) {
    mailbox_.post(RestoreFailed{job.generation, restored.error().what});
    return;
  }
  log_ = std::move(restored->log);
  acknowledged_ = restored->acknowledged;
  mailbox_.post(StorageRestored{job.generation, std::move(restored->started), restored->took});
}

}  // namespace claims::server
