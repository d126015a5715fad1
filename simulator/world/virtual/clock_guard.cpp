#include "simulator/world/virtual/clock_guard.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <sys/random.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

std::atomic<int> guards{0};

void write_error(const char* text) {
  static_cast<void>(!::write(STDERR_FILENO, text, std::strlen(text)));
}

/// The C library's own function of that name.
template <class Function>
Function next_of(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

/// Ends the program when the call comes while virtual time runs.
void allow(const char* name) {
  if (guards.load(std::memory_order_relaxed) == 0) return;
  write_error("claimstorm: ");
  write_error(name);
  write_error(
      " was called while virtual time runs, where only the simulation's clock and seed "
      "count; the call came from:\n");
  std::array<void*, 64> frames{};
  const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
  ::backtrace_symbols_fd(frames.data(), count, STDERR_FILENO);
  std::abort();
}

}  // namespace

// The names are the C library's.
extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  // The process's own CPU time is no clock of the world.
  if (clock != CLOCK_PROCESS_CPUTIME_ID && clock != CLOCK_THREAD_CPUTIME_ID) allow("clock_gettime");
  static const auto real = next_of<int (*)(clockid_t, timespec*)>("clock_gettime");
  return real(clock, time);
}

int gettimeofday(timeval* time, void* zone) noexcept {
  allow("gettimeofday");
  static const auto real = next_of<int (*)(timeval*, void*)>("gettimeofday");
  return real(time, zone);
}

time_t time(time_t* result) noexcept {
  allow("time");
  static const auto real = next_of<time_t (*)(time_t*)>("time");
  return real(result);
}

ssize_t getrandom(void* buffer, size_t bytes, unsigned flags) {
  allow("getrandom");
  static const auto real = next_of<ssize_t (*)(void*, size_t, unsigned)>("getrandom");
  return real(buffer, bytes, flags);
}

int getentropy(void* buffer, size_t bytes) {
  allow("getentropy");
  static const auto real = next_of<int (*)(void*, size_t)>("getentropy");
  return real(buffer, bytes);
}

unsigned arc4random() noexcept {
  allow("arc4random");
  static const auto real = next_of<unsigned (*)()>("arc4random");
  return real();
}
}

namespace claims::storm {

ClockGuard::ClockGuard() {
  // Loads what backtrace() needs now: later it would ask for memory in the middle of an abort.
  std::array<void*, 1> frame{};
  static_cast<void>(::backtrace(frame.data(), 1));
  guards.fetch_add(1);
}

ClockGuard::~ClockGuard() {
  guards.fetch_sub(1);
}

}  // namespace claims::storm
