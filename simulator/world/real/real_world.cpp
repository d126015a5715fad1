#include "simulator/world/real/real_world.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

constexpr Microseconds kSecond{1'000'000};

/// Only while starting up: main turns it into a message.
int or_throw(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

RealWorld::RealWorld(Player& player, Transport& transport, std::function<void()> crash_server)
    : player_(player),
      transport_(transport),
      crash_server_(std::move(crash_server)),
      epoll_(or_throw(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      timer_(
          or_throw(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create")) {
  transport_.attach(epoll_.number());
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = Descriptor(or_throw(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC), "signalfd"));
  for (const auto& [descriptor, tag] :
       {std::pair{timer_.number(), kTimerTag}, std::pair{signals_.number(), kSignalTag}}) {
    listen(descriptor, tag);
  }
}

void RealWorld::listen(int descriptor, std::uint64_t tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  or_throw(epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

RealWorld::~RealWorld() {
  // One more signal during the run's end ends the program as it would any other.
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

RealWorld::End RealWorld::run(const std::function<void(const Now&)>& each_second) {
  Now now = read_clock();
  next_second_ = now.steady + kSecond;
  player_.start(now);
  carry_out();
  while (!player_.done()) {
    wait();
    if (signals_taken_ > 1) return End::quit;
    now = read_clock();
    if (now.steady >= next_second_) {
      each_second(now);
      next_second_ = std::max(next_second_ + kSecond, now.steady);
    }
  }
  if (plays_faults_) heal(read_clock());
  return End::played;
}

/// One turn: what is due, then what came, then what must leave.
void RealWorld::wait() {
  set_timer();
  std::array<epoll_event, kEventsPerTurn> events{};
  const int count = epoll_wait(epoll_.number(), events.data(), kEventsPerTurn, -1);
  const Now begin = read_clock();
  tick_if_due(begin);
  if (plays_faults_) play_due_faults(begin);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events.at(static_cast<std::size_t>(i));
    for (bool more = true; more;) {
      more = handle(event.data.u64, event.events, begin);
      carry_out();  // What is answered leaves now, not after all else that came has been read.
      tick_if_due(read_clock());
    }
  }
}

/// At once: what is due must not wait for the reading of what came.
void RealWorld::tick_if_due(const Now& now) {
  const auto due = player_.next_deadline();
  if (!due || *due > now.steady) return;
  player_.tick(now);
  carry_out();
}

void RealWorld::set_timer() {
  Microseconds at = next_second_;
  if (const auto due = player_.next_deadline()) at = std::min(at, *due);
  if (const auto due = next_fault()) at = std::min(at, *due);
  if (const auto due = server_faults_ != nullptr ? server_faults_->next_look() : std::nullopt) {
    at = std::min(at, *due);
  }
  if (timer_at_ == at) return;
  timer_at_ = at;
  itimerspec spec{};
  // Never 0, which would disarm it; a time in the past fires at once.
  const std::int64_t us = std::max<std::int64_t>(1, at.count());
  spec.it_value.tv_sec = us / 1'000'000;
  spec.it_value.tv_nsec = us % 1'000'000 * 1'000;
  timerfd_settime(timer_.number(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

/// True: there is more of it.
bool RealWorld::handle(std::uint64_t tag, std::uint32_t events, const Now& begin) {
  if (tag < Transport::kTagEnd) return transport_.handle(tag, events, begin);
  if (tag == kTimerTag) {
    std::uint64_t times = 0;
    static_cast<void>(::read(timer_.number(), &times, sizeof times));
    timer_at_.reset();
  } else if (tag == kSignalTag) {
    take_signals();
  } else if (tag == kProcessTag) {
    process_.reset();
    process_ended_();
  } else if (tag == kReadyTag) {
    server_faults_->look(read_clock());
  }
  return false;
}

void RealWorld::watch_process(pid_t process, std::function<void()> ended) {
  process_ended_ = std::move(ended);
  process_ = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
  if (!process_) return;  // A kernel before 5.3: its end shows each second.
  listen(process_.number(), kProcessTag);
}

void RealWorld::take_signals() {
  signalfd_siginfo info{};
  while (::read(signals_.number(), &info, sizeof info) == sizeof info) {
    if (++signals_taken_ != 1) continue;
    player_.stop_early(read_clock());
    if (interrupted_) interrupted_();
  }
}

void RealWorld::carry_out() {
  for (player_.drain(actions_); !actions_.empty(); player_.drain(actions_)) {
    const std::vector<PlayerAction> actions = std::exchange(actions_, {});
    for (const PlayerAction& action : actions) {
      if (const auto* send = std::get_if<SendBytes>(&action)) {
        transport_.send(static_cast<std::uint32_t>(send->connection), send->bytes);
      } else if (const auto* to_open = std::get_if<OpenConnection>(&action)) {
        transport_.open(static_cast<std::uint32_t>(to_open->connection));
      } else if (const auto* to_close = std::get_if<CloseConnection>(&action)) {
        transport_.close(static_cast<std::uint32_t>(to_close->connection));
      } else {
        assert(crash_server_ && "asked for only where there is a server to crash");
        crash_server_();
      }
    }
  }
}

}  // namespace claims::storm
