#include "reference-server/net/connection_table.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string>

namespace claims::server {
namespace {

/// A table with one end of a socket pair in it; the test is the client at the other end.
class Pair {
 public:
  explicit Pair(std::size_t connections_max = 10) : table(epoll, connections_max) {
    connection = *table.add(make_pair(client));
  }

  static Descriptor make_pair(Descriptor& other) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    other = Descriptor(ends[1]);
    return Descriptor(ends[0]);
  }
  /// What the client can read now.
  std::string read() const {
    std::string all;
    std::array<char, 4'096> buffer{};
    ssize_t count = 0;
    while ((count = ::recv(client.number(), buffer.data(), buffer.size(), 0)) > 0) {
      all.append(buffer.data(), static_cast<std::size_t>(count));
    }
    ended = count == 0;
    return all;
  }
  void write(std::string_view bytes) const {
    EXPECT_EQ(::send(client.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  /// What the loop would be woken for.
  bool readable() { return ready().first; }
  bool writable() { return ready().second; }
  std::pair<bool, bool> ready() {
    std::pair<bool, bool> found{};
    for (const Epoll::Ready& one : epoll.wait(Microseconds{0})) {
      if (one.token != static_cast<Epoll::Token>(connection)) continue;
      found = {one.readable, one.writable};
      other_end_closed = one.ended;
    }
    return found;
  }
  ConnectionTable::Received receive() {
    return table.receive(connection, buffer, other_end_closed);
  }

  Epoll epoll;
  ConnectionTable table;
  Descriptor client;
  ConnectionId connection{};
  Now now;
  std::array<char, 1'024> buffer{};
  bool other_end_closed = false;
  mutable bool ended = false;
};

TEST(ConnectionTable, ReceivesAndSends) {
  Pair pair;
  EXPECT_FALSE(pair.readable());
  pair.write("abc");
  EXPECT_TRUE(pair.readable());
  const auto received = pair.receive();
  EXPECT_EQ(std::string_view(pair.buffer.data(), received.bytes), "abc");
  EXPECT_EQ(pair.table.send(pair.connection, "reply").bytes, 5U);
  EXPECT_EQ(pair.read(), "reply");
}

TEST(ConnectionTable, ToldOnceWhatAReadTakesWhole) {
  Pair pair;
  pair.write("abc");
  EXPECT_TRUE(pair.readable());
  EXPECT_FALSE(pair.readable());
  EXPECT_EQ(pair.receive().bytes, 3U);
  EXPECT_FALSE(pair.readable());
  pair.write("d");
  EXPECT_TRUE(pair.readable());
}

TEST(ConnectionTable, ToldAgainWhatTheBufferHadNoRoomFor) {
  Pair pair;
  const std::size_t all = pair.buffer.size() * 2 + 1;
  pair.write(std::string(all, 'x'));
  std::size_t got = 0;
  while (pair.readable()) got += pair.receive().bytes;
  EXPECT_EQ(got, all);
}

TEST(ConnectionTable, ToldTheEndThatCameTogetherWithInput) {
  Pair pair;
  pair.write("last words");
  pair.client.reset();
  ASSERT_TRUE(pair.readable());
  EXPECT_EQ(pair.receive().bytes, 10U);
  ASSERT_TRUE(pair.readable());
  EXPECT_TRUE(pair.receive().gone);
}

TEST(ConnectionTable, ToldTheEndThatCameAfterTheInput) {
  Pair pair;
  pair.write("last words");
  ASSERT_TRUE(pair.readable());
  pair.client.reset();
  EXPECT_EQ(pair.receive().bytes, 10U);
  ASSERT_TRUE(pair.readable());
  EXPECT_TRUE(pair.receive().gone);
}

TEST(ConnectionTable, KeepsWhatTheKernelDoesNotTake) {
  Pair pair;
  const std::string large(4 * 1024 * 1024, 'x');
  std::size_t left = pair.table.send(pair.connection, std::string(large)).bytes;
  ASSERT_LT(left, large.size());
  EXPECT_EQ(pair.table.send(pair.connection, "end").bytes, 0U);  // Behind the rest.
  std::string got;
  while (left < large.size() + 3) {
    got += pair.read();
    ASSERT_TRUE(pair.writable());
    left += pair.table.flush(pair.connection).bytes;
  }
  got += pair.read();
  EXPECT_EQ(got, large + "end");
  EXPECT_FALSE(pair.writable());
}

TEST(ConnectionTable, TellsOnceThatTheClientIsGone) {
  Pair pair;
  pair.client.reset();
  EXPECT_TRUE(pair.receive().gone);
  EXPECT_FALSE(pair.receive().gone);
  EXPECT_FALSE(pair.table.send(pair.connection, "x").gone);
  EXPECT_EQ(pair.table.open(), 0U);
}

TEST(ConnectionTable, TellsOfABrokenSend) {
  Pair pair;
  pair.client.reset();
  EXPECT_TRUE(pair.table.send(pair.connection, "x").gone);
  EXPECT_EQ(pair.table.open(), 0U);
}

TEST(ConnectionTable, NeverUsesANumberTwice) {
  Pair pair;
  const ConnectionId first = pair.connection;
  pair.client.reset();
  ASSERT_TRUE(pair.receive().gone);
  const ConnectionId second = *pair.table.add(Pair::make_pair(pair.client));
  EXPECT_NE(first, second);
  EXPECT_EQ(pair.table.send(first, "for the first").bytes, 0U);
  EXPECT_EQ(pair.table.send(second, "for the second").bytes, 14U);
  EXPECT_EQ(pair.read(), "for the second");
}

TEST(ConnectionTable, LingersUntilTheClientCloses) {
  Pair pair;
  pair.write("input that nobody reads");
  pair.table.send(pair.connection, "why");
  pair.table.close(pair.connection, pair.now);
  EXPECT_EQ(pair.table.open(), 0U);
  EXPECT_EQ(pair.table.closing(), 1U);
  EXPECT_EQ(pair.read(), "why");
  EXPECT_TRUE(pair.ended);
  // The input is thrown away, and neither it nor the end is told.
  for (int i = 0; i < 2; ++i) {
    const auto received = pair.receive();
    EXPECT_EQ(received.bytes, 0U);
    EXPECT_FALSE(received.gone);
    pair.client.reset();
  }
  EXPECT_EQ(pair.table.closing(), 0U);
}

TEST(ConnectionTable, ClosesAfterTheOutputHasLeft) {
  Pair pair;
  const std::string large(4 * 1024 * 1024, 'x');
  pair.table.send(pair.connection, std::string(large));
  pair.write("input");
  pair.table.close(pair.connection, pair.now);
  EXPECT_FALSE(pair.readable());  // Input would wake the loop for nothing until the output is out.
  std::string got;
  while (!pair.ended) {
    got += pair.read();
    pair.table.flush(pair.connection);
  }
  EXPECT_EQ(got.size(), large.size());
}

TEST(ConnectionTable, EndsAClosingConnectionWhoseTimeIsOver) {
  Pair pair;
  pair.table.close(pair.connection, pair.now);
  EXPECT_EQ(pair.table.next_deadline(), ConnectionTable::kClosing);
  pair.now.steady = ConnectionTable::kClosing - Microseconds{1};
  pair.table.expire(pair.now);
  EXPECT_EQ(pair.table.closing(), 1U);
  pair.now.steady = ConnectionTable::kClosing;
  pair.table.expire(pair.now);
  EXPECT_EQ(pair.table.closing(), 0U);
  EXPECT_EQ(pair.table.next_deadline(), std::nullopt);
}

TEST(ConnectionTable, IsFullAtItsBound) {
  Pair pair(1);
  Descriptor other;
  EXPECT_EQ(pair.table.add(Pair::make_pair(other)), std::nullopt);
  pair.table.close(pair.connection, pair.now);
  // One that lingers does not keep a new client out.
  EXPECT_NE(pair.table.add(Pair::make_pair(other)), std::nullopt);
}

}  // namespace
}  // namespace claims::server
