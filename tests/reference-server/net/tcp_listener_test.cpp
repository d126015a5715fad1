#include "reference-server/net/tcp_listener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>

#include <vector>

#include "tests/reference-server/net/scripted_client.h"

namespace claims::server::testing {
namespace {

TcpListener listening() {
  auto listener = TcpListener::bind(*SocketAddress::parse("127.0.0.1:0"));
  EXPECT_TRUE(listener->listen().has_value());
  return std::move(*listener);
}

TcpListener::Accepted accept_soon(TcpListener& listener) {
  pollfd waiting{.fd = listener.descriptor(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&waiting, 1, 10'000), 1);
  return listener.accept();
}

TEST(TcpListener, RefusesUntilItListensAndThenAccepts) {
  auto listener = TcpListener::bind(*SocketAddress::parse("127.0.0.1:0"));
  ASSERT_TRUE(listener.has_value());
  EXPECT_NE(listener->address().port(), 0);
  EXPECT_FALSE(ScriptedClient(listener->address()).connected());

  ASSERT_TRUE(listener->listen().has_value());
  ScriptedClient client(listener->address());
  EXPECT_TRUE(client.connected());
  const TcpListener::Accepted accepted = accept_soon(*listener);
  ASSERT_TRUE(static_cast<bool>(accepted.socket));
  int no_delay = 0;
  socklen_t size = sizeof no_delay;
  ::getsockopt(accepted.socket.number(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &size);
  EXPECT_NE(no_delay, 0);
  EXPECT_NE(::fcntl(accepted.socket.number(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_FALSE(listener->accept().more);
}

TEST(TcpListener, ListensOnV6) {
  auto listener = TcpListener::bind(*SocketAddress::parse("[::1]:0"));
  if (!listener) GTEST_SKIP() << listener.error();
  ASSERT_TRUE(listener->listen().has_value());
  EXPECT_TRUE(ScriptedClient(listener->address()).connected());
}

TEST(TcpListener, ClosesWhoWaitsWhenOutOfDescriptors) {
  TcpListener listener = listening();
  ScriptedClient client(listener.address());
  ASSERT_TRUE(client.connected());
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  std::vector<Descriptor> taken;
  rlimit low = before;
  low.rlim_cur = 64;
  ::setrlimit(RLIMIT_NOFILE, &low);
  while (true) {
    taken.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!taken.back()) break;
  }
  const TcpListener::Accepted accepted = accept_soon(listener);
  const TcpListener::Accepted next = listener.accept();
  taken.clear();
  ::setrlimit(RLIMIT_NOFILE, &before);

  EXPECT_FALSE(static_cast<bool>(accepted.socket));
  EXPECT_TRUE(accepted.more);
  EXPECT_FALSE(next.more);  // Nobody waits any more: the loop would not spin.
  EXPECT_EQ(client.next().type, Incoming::Type::closed);
  ScriptedClient later(listener.address());
  EXPECT_TRUE(static_cast<bool>(accept_soon(listener).socket));
}

}  // namespace
}  // namespace claims::server::testing
