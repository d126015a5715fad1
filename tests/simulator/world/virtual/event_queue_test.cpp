#include "simulator/world/virtual/event_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace claims::storm {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

TEST(EventQueue, RunsByTimeAndThenByOrderOfEntry) {
  EventQueue queue{100us};
  std::vector<int> order;
  queue.at(300us, [&] { order.push_back(4); });
  queue.at(200us, [&] { order.push_back(1); });
  queue.in(100us, [&] { order.push_back(2); });
  queue.at(200us, [&] { order.push_back(3); });
  EXPECT_EQ(queue.next(), 200us);
  while (queue.next()) queue.run_next();
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(queue.now(), 300us);
  EXPECT_EQ(queue.events_run(), 4U);
}

TEST(EventQueue, WhatLiesInThePastHappensNext) {
  EventQueue queue{1'000us};
  std::vector<Microseconds> times;
  queue.at(2'000us, [&] { queue.at(500us, [&] { times.push_back(queue.now()); }); });
  queue.at(2'001us, [&] { times.push_back(queue.now()); });
  while (queue.next()) queue.run_next();
  EXPECT_THAT(times, ElementsAre(2'000us, 2'001us));
}

TEST(EventQueue, AnEventThatMakesEventsOfTheSameTimeLetsThoseBeforeThemGoFirst) {
  EventQueue queue{0us};
  std::vector<int> order;
  queue.at(5us, [&] {
    order.push_back(1);
    queue.in(0us, [&] { order.push_back(3); });
  });
  queue.at(5us, [&] { order.push_back(2); });
  while (queue.next()) queue.run_next();
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(EventQueue, AdvancesUpToTheEarliestEventAndNeverBack) {
  EventQueue queue{0us};
  EXPECT_EQ(queue.next(), std::nullopt);
  queue.at(50us, [] {});
  queue.advance(50us);
  EXPECT_EQ(queue.now(), 50us);
  queue.advance(20us);
  EXPECT_EQ(queue.now(), 50us);
  EXPECT_DEATH(queue.advance(51us), "");
}

}  // namespace
}  // namespace claims::storm
