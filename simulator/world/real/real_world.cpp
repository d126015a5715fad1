#include "simulator/world/real/real_world.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include "simulator/world/real/clock.h"

namespace claims::storm {
namespace {

/// A user whose bytes the network does not take is lost: none has this much to say.
constexpr std::size_t kUnwrittenBytesMax = 1024 * 1024;
constexpr Microseconds kSecond{1'000'000};

std::uint64_t tag_of(std::uint32_t user, std::uint32_t generation) {
  return (std::uint64_t{generation} << 32U) | user;
}

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

RealWorld::RealWorld(Player& player, const TargetAddress& target, std::size_t users,
                     std::function<void()> crash_server)
    : player_(player),
      target_(target),
      crash_server_(std::move(crash_server)),
      connections_(users),
      epoll_(or_throw(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      timer_(
          or_throw(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create")),
      buffer_(std::make_unique<char[]>(kReadBytes)),
      links_(users) {
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
    handle(event.data.u64, event.events, begin);
    carry_out();  // What is answered leaves now, not after all else that came has been read.
    tick_if_due(read_clock());
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

void RealWorld::handle(std::uint64_t tag, std::uint32_t events, const Now& begin) {
  if (tag == kTimerTag) {
    std::uint64_t times = 0;
    static_cast<void>(::read(timer_.number(), &times, sizeof times));
    timer_at_.reset();
    return;
  }
  if (tag == kSignalTag) return take_signals();
  if (tag == kProcessTag) {
    process_.reset();
    process_ended_();
    return;
  }
  if (tag == kReadyTag) return server_faults_->look(read_clock());
  if (tag >> 32U == kOrphanGeneration) return read_orphan(static_cast<int>(tag & ~0U));
  const auto user = static_cast<std::uint32_t>(tag);
  Connection& connection = connections_[user];
  if (!connection.socket || tag != tag_of(user, connection.generation)) return;
  if (connection.connecting) return finish_connect(user);
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(user, begin);
  const bool still = connection.socket && tag == tag_of(user, connection.generation);
  if (still && (events & EPOLLOUT) != 0) write(user, {});
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

void RealWorld::open(std::uint32_t user) {
  Connection& connection = connections_[user];
  close(connection);
  connection.socket = Descriptor(
      ::socket(target_.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!connection.socket) return fail(user, errno);
  const int on = 1;
  setsockopt(connection.socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto* address = reinterpret_cast<const sockaddr*>(&target_.address);
  const int result = ::connect(connection.socket.number(), address, target_.address_bytes);
  if (result != 0 && errno != EINPROGRESS) {
    return fail(user, errno);
  }
  connection.connecting = true;
  watch(user, EPOLL_CTL_ADD, EPOLLOUT);
}

void RealWorld::finish_connect(std::uint32_t user) {
  Connection& connection = connections_[user];
  int error = 0;
  socklen_t bytes = sizeof error;
  getsockopt(connection.socket.number(), SOL_SOCKET, SO_ERROR, &error, &bytes);
  if (error != 0) {
    return fail(user, error);
  }
  connection.connecting = false;
  watch(user, EPOLL_CTL_MOD, interest(user));
  player_.opened(UserNumber{user}, read_clock());
}

void RealWorld::read(std::uint32_t user, const Now& begin) {
  Connection& connection = connections_[user];
  const ssize_t bytes = ::recv(connection.socket.number(), buffer_.get(), kReadBytes, 0);
  if (connection.vanishes) {
    if (bytes == 0 || (bytes < 0 && errno != EAGAIN && errno != EINTR)) vanish(user);
  } else if (bytes > 0) {
    std::string_view come(buffer_.get(), static_cast<std::size_t>(bytes));
    bool is_cut = false;
    if (plays_faults_) come = until_cut(connection, come, is_cut);
    if (!come.empty()) player_.received(UserNumber{user}, come, {begin, read_clock().steady});
    if (is_cut) cut(user);
  } else if (bytes == 0 || (errno != EAGAIN && errno != EINTR)) {
    lose(user);
  }
}

void RealWorld::write(std::uint32_t user, std::string_view bytes) {
  Connection& connection = connections_[user];
  if (!connection.socket) return;
  if (plays_faults_) note_sent(user, bytes);
  if (connection.vanishes) return;
  if (!connection.unwritten.empty()) {
    connection.unwritten.append(bytes);
    bytes = connection.unwritten;
  }
  const bool held = links_[user].held > 0;
  const ssize_t sent = bytes.empty() || held ? 0
                                             : ::send(connection.socket.number(), bytes.data(),
                                                      bytes.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return lose(user);
  std::string rest(bytes.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent)));
  connection.unwritten = std::move(rest);
  if (connection.unwritten.size() > kUnwrittenBytesMax) return lose(user);
  const bool waits = !connection.unwritten.empty() && !held;
  if (waits == connection.waits_to_write) return;
  connection.waits_to_write = waits;
  watch(user, EPOLL_CTL_MOD, interest(user));
}

std::uint32_t RealWorld::interest(std::uint32_t user) const {
  const Connection& connection = connections_[user];
  const bool reads = links_[user].unread == 0 || connection.vanishes;
  return (reads ? EPOLLIN : 0U) | (connection.waits_to_write ? EPOLLOUT : 0U);
}

void RealWorld::fail(std::uint32_t user, int error) {
  close(connections_[user]);
  player_.open_failed(UserNumber{user}, read_clock(), std::strerror(error));
}

void RealWorld::lose(std::uint32_t user) {
  close(connections_[user]);
  player_.closed(UserNumber{user}, read_clock());
}

void RealWorld::close(Connection& connection) {
  if (connection.vanishes) adopt(std::move(connection.socket));  // The server is not told.
  const std::uint32_t generation = connection.generation + 1;
  connection = {};  // Closing takes it out of the epoll set.
  connection.generation = generation;
}

void RealWorld::watch(std::uint32_t user, int operation, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag_of(user, connections_[user].generation);
  const int result =
      epoll_ctl(epoll_.number(), operation, connections_[user].socket.number(), &event);
  assert(result == 0);
  static_cast<void>(result);
}

void RealWorld::carry_out() {
  for (player_.drain(actions_); !actions_.empty(); player_.drain(actions_)) {
    const std::vector<PlayerAction> actions = std::exchange(actions_, {});
    for (const PlayerAction& action : actions) {
      if (const auto* send = std::get_if<SendBytes>(&action)) {
        write(static_cast<std::uint32_t>(send->user), send->bytes);
      } else if (const auto* to_open = std::get_if<OpenConnection>(&action)) {
        open(static_cast<std::uint32_t>(to_open->user));
      } else if (const auto* to_close = std::get_if<CloseConnection>(&action)) {
        close(connections_[static_cast<std::size_t>(to_close->user)]);
      } else {
        assert(crash_server_ && "asked for only where there is a server to crash");
        crash_server_();
      }
    }
  }
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace claims::storm
