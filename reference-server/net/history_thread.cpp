#include "reference-server/net/history_thread.h"

#include <pthread.h>

#include <chrono>

namespace claims::server {
namespace {

// One wake-up for several answers, but the first of many does not wait for the last, nor does the
// memory of all.
constexpr std::size_t kAnswersPerPost = 16;

// So long after the last work, what is folded is made durable: the next start has less to fold.
constexpr std::chrono::seconds kIdleBeforeCommit{1};

}  // namespace

HistoryThread::HistoryThread(OpenHistory open, Mailbox& mailbox)
    : mailbox_(mailbox), open_(std::move(open)), thread_([this] { run(); }) {}

HistoryThread::~HistoryThread() {
  stop();
}

void HistoryThread::reopen(Generation generation) {
  const MutexLock lock(mutex_);
  jobs_.emplace_back(Reopen{generation});
  ++told_;
  work_.notify_one();
}

void HistoryThread::fold(std::shared_ptr<const Block> block) {
  const MutexLock lock(mutex_);
  while (blocks_ >= kBlocksMax) progress_.wait(mutex_);
  jobs_.emplace_back(Fold{std::move(block)});
  ++blocks_;
  ++told_;
  work_.notify_one();
}

Result<void, LogError> HistoryThread::settle() {
  const MutexLock lock(mutex_);
  const std::uint64_t until = told_;
  while (done_ < until) progress_.wait(mutex_);
  if (!error_.empty()) return LogError{error_};
  return {};
}

Result<HistoryThread::OpenedAt, LogError> HistoryThread::opened_at() {
  auto settled = settle();
  if (!settled) return settled.error();
  const MutexLock lock(mutex_);
  return opened_at_;
}

bool HistoryThread::ask(Generation generation, QueryId id, Query query) {
  const MutexLock lock(mutex_);
  if (queries_ >= kQueriesMax) return false;
  jobs_.emplace_back(Ask{generation, id, std::move(query)});
  ++queries_;
  ++told_;
  work_.notify_one();
  return true;
}

void HistoryThread::stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    work_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void HistoryThread::run() {
  ::pthread_setname_np(::pthread_self(), "history");
  std::deque<Job> jobs;
  while (next_jobs(jobs)) {
    if (jobs.empty()) {  // Idle.
      commit(true);
      continue;
    }
    for (Job& job : jobs) {
      std::visit([this](auto& one) { carry_out(one); }, job);
      if (answers_.size() >= kAnswersPerPost) mailbox_.post_all(answers_);
    }
    mailbox_.post_all(answers_);
    jobs_done(jobs.size());
    commit(false);
  }
  commit(true);
}

bool HistoryThread::next_jobs(std::deque<Job>& jobs) {
  jobs.clear();
  const MutexLock lock(mutex_);
  while (jobs_.empty() && !stopping_) {
    if (!uncommitted_) {
      work_.wait(mutex_);
    } else if (!work_.wait_until(mutex_, std::chrono::steady_clock::now() + kIdleBeforeCommit)) {
      return true;
    }
  }
  if (jobs_.empty()) return false;
  jobs.swap(jobs_);
  blocks_ = 0;
  queries_ = 0;
  progress_.notify_all();
  return true;
}

void HistoryThread::jobs_done(std::size_t count) {
  const MutexLock lock(mutex_);
  done_ += count;
  progress_.notify_all();
}

void HistoryThread::carry_out(Reopen& job) {
  history_.reset();  // Before the file is opened again.
  uncommitted_ = false;
  generation_ = job.generation;
  {
    const MutexLock lock(mutex_);
    error_.clear();
  }
  auto opened = open_();
  if (!opened) {
    fail(opened.error().what);
    return;
  }
  history_ = std::move(*opened);
  const MutexLock lock(mutex_);
  opened_at_ = {history_->folded(), history_->folded_hash()};
}

void HistoryThread::carry_out(Fold& job) {
  if (!history_) return;
  const auto result = history_->fold(*job.block);
  if (!result) {
    fail(result.error().what);
    return;
  }
  uncommitted_ = true;
}

void HistoryThread::carry_out(Ask& job) {
  if (!history_) {
    answers_.emplace_back(
        RowsRead{job.generation, job.id, LogError{"the history is not available"}});
    return;
  }
  answers_.emplace_back(RowsRead{job.generation, job.id, history_->query(job.query)});
}

void HistoryThread::commit(bool force) {
  if (!history_ || !uncommitted_) return;
  const auto result = history_->commit(force);
  if (!result) {
    fail(result.error().what);
    return;
  }
  if (force) uncommitted_ = false;
}

void HistoryThread::fail(std::string why) {
  history_.reset();
  uncommitted_ = false;
  {
    const MutexLock lock(mutex_);
    error_ = why;
  }
  mailbox_.post(StorageFailed{generation_, "history: " + std::move(why)});
}

}  // namespace claims::server
