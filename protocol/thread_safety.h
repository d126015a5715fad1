#pragma once
// A mutex and a condition that clang's thread-safety analysis understands (-Wthread-safety): what a
// mutex guards says so, and a build by clang fails where it is touched without it.

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define CLAIMS_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define CLAIMS_THREAD_ANNOTATION(x)
#endif

#define CLAIMS_GUARDED_BY(mutex) CLAIMS_THREAD_ANNOTATION(guarded_by(mutex))
#define CLAIMS_REQUIRES(...) CLAIMS_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define CLAIMS_EXCLUDES(...) CLAIMS_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define CLAIMS_ACQUIRE(...) CLAIMS_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define CLAIMS_RELEASE(...) CLAIMS_THREAD_ANNOTATION(release_capability(__VA_ARGS__))

namespace claims {

class CLAIMS_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() CLAIMS_ACQUIRE() { mutex_.lock(); }
  void unlock() CLAIMS_RELEASE() { mutex_.unlock(); }

 private:
  friend class Condition;
  std::mutex mutex_;
};

class CLAIMS_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) CLAIMS_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() CLAIMS_RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

/// May wake without a reason: wait in a loop over what is waited for.
class Condition {
 public:
  void wait(Mutex& mutex) CLAIMS_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  /// False when `until` has come.
  bool wait_until(Mutex& mutex, std::chrono::steady_clock::time_point until)
      CLAIMS_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    const bool woken = condition_.wait_until(lock, until) == std::cv_status::no_timeout;
    lock.release();
    return woken;
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace claims
