#include "simulator/world/virtual/pipe.h"

#include <gtest/gtest.h>

#include <string>

#include "simulator/world/virtual/link.h"

namespace claims::storm {
namespace {

using namespace std::chrono_literals;

class PipeTest : public testing::Test {
 protected:
  PipeTest() {
    spec_.latency = {100us, 100us};
    spec_.bytes_per_second = 1'000'000;
    spec_.split_permille = 0;
    spec_.segment_bytes_max = 100;
    spec_.receive_buffer_bytes = 250;
  }
  Pipe::Wire wire(Microseconds now) const {
    return {.spec = spec_, .now = now, .bytes_per_second = spec_.bytes_per_second};
  }

  NetworkSpec spec_;
  Pipe pipe_{Random(1)};
};

TEST_F(PipeTest, APieceTakesTheWiresTimeAndTheLatency) {
  pipe_.send(std::string(150, 'x'));
  EXPECT_EQ(pipe_.transmit(wire(1'000us)), std::nullopt);
  EXPECT_EQ(pipe_.next_due(), 1'200us);
  EXPECT_FALSE(pipe_.receive(1'199us));
  EXPECT_TRUE(pipe_.receive(1'200us));
  EXPECT_EQ(pipe_.unread(), 100U);
  EXPECT_EQ(pipe_.next_due(), 1'250us);
  EXPECT_TRUE(pipe_.receive(1'250us));
  EXPECT_EQ(pipe_.take_unread(), std::string(150, 'x'));
  EXPECT_EQ(pipe_.next_due(), std::nullopt);
}

TEST_F(PipeTest, TheWindowCountsWhatIsOnTheWireAndWhatIsUnread) {
  pipe_.send(std::string(400, 'x'));
  pipe_.transmit(wire(0us));
  EXPECT_EQ(pipe_.take_accepted(50), 300U);
  pipe_.receive(1s);
  EXPECT_EQ(pipe_.unread(), 250U);
  pipe_.transmit(wire(1s));
  EXPECT_FALSE(pipe_.accepts_more(50));
  EXPECT_EQ(pipe_.take_unread().size(), 250U);
  pipe_.transmit(wire(1s));
  EXPECT_EQ(pipe_.take_accepted(50), 100U);
}

TEST_F(PipeTest, ABusyWireSaysWhenToCallAgain) {
  spec_.bytes_per_second = 10'000;  // 100 bytes in 10 ms.
  pipe_.send(std::string(200, 'x'));
  EXPECT_EQ(pipe_.transmit(wire(0us)), 9ms);
  EXPECT_EQ(pipe_.transmit(wire(9ms)), std::nullopt);
  EXPECT_EQ(pipe_.next_due(), 10'100us);
}

TEST_F(PipeTest, TheEndComesAfterAllBytesAndAResetDropsThoseThatHaveNotArrived) {
  pipe_.send(std::string(150, 'x'));
  pipe_.end();
  pipe_.send("too late");
  pipe_.transmit(wire(0us));
  pipe_.receive(200us);
  EXPECT_EQ(pipe_.unread(), 100U);
  EXPECT_FALSE(pipe_.end_arrived());
  Pipe another = pipe_;
  pipe_.receive(250us);
  EXPECT_EQ(pipe_.unread(), 150U);
  pipe_.receive(1s);
  EXPECT_TRUE(pipe_.end_arrived());
  EXPECT_FALSE(pipe_.was_reset());

  another.reset(wire(200us));
  EXPECT_EQ(another.next_due(), 300us);
  another.receive(300us);
  EXPECT_TRUE(another.end_arrived());
  EXPECT_TRUE(another.was_reset());
  EXPECT_EQ(another.unread(), 100U) << "what has arrived stays";
}

TEST_F(PipeTest, WhatVanishesKeepsItsPlaceInTheWindow) {
  pipe_.send(std::string(100, 'x'));
  pipe_.transmit(wire(0us));
  pipe_.vanish();
  EXPECT_EQ(pipe_.next_due(), std::nullopt);
  Pipe::Wire dead = wire(1s);
  dead.vanishes = true;
  pipe_.send(std::string(500, 'x'));
  pipe_.transmit(dead);
  EXPECT_EQ(pipe_.take_accepted(50), 300U);
  EXPECT_FALSE(pipe_.receive(100s));
}

TEST_F(PipeTest, ALinkThatIdlesIsSmall) {
  EXPECT_LE(sizeof(Link), 512U);
}

}  // namespace
}  // namespace claims::storm
