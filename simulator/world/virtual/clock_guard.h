#pragma once
// ClockGuard: while one lives, whatever in this process reads a real clock or asks the kernel for
// entropy ends the program with a stack trace. A simulation that did so would not repeat.
//
// It works by definitions of clock_gettime, gettimeofday, time, getrandom, getentropy and
// arc4random in the executable, which shared libraries find before the C library's. CPU time
// (getrusage, clock) stays readable.

namespace claims::storm {

class ClockGuard {
 public:
  ClockGuard();
  ~ClockGuard();
  ClockGuard(const ClockGuard&) = delete;
  ClockGuard& operator=(const ClockGuard&) = delete;
};

}  // namespace claims::storm
