#include "simulator/world/real/real_world.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include "simulator/check/auditor.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/population.h"
#include "simulator/world/real/clock.h"
#include "tests/simulator/world/real/loopback_server.h"

namespace claims::storm {
namespace {

using testing::LoopbackServer;

/// An insurer registers receipts: one workflow every 20 ms for `length`.
Scenario registrations(Microseconds length) {
  Scenario scenario;
  scenario.name = "registrations";
  scenario.population = {.insurers = 1, .adjusters = 2, .garages = 2};
  scenario.phases = {
      {.name = "hold", .hold = true, .length = length, .from_permille = 1000, .to_permille = 1000}};
  ArrivalSpec arrival;
  arrival.count = length.count() / 20'000;
  scenario.arrivals = {arrival};
  Workflow workflow;
  workflow.name = "registration";
  RoleSpec adjuster, insurer;
  adjuster.name = "adjuster";
  adjuster.kind = chat::Role::adjuster;
  insurer.name = "insurer";
  insurer.kind = chat::Role::insurer;
  insurer.choice = RoleSpec::Choice::insurer_of;
  workflow.roles = {adjuster, insurer};
  workflow.let = {{"receipt", *Template::compile("${gen.receipt}")}};
  SendStep send;
  send.type = "receipt.register";
  send.body = *Template::compile({{"type", "receipt.register"},
                                  {"receipt", "${receipt}"},
                                  {"plate", "12가3456"},
                                  {"model", "아반떼"},
                                  {"adjuster", "${adjuster.id}"}});
  Step step;
  step.role = 1;
  step.action = send;
  step.name = send.type;
  workflow.steps = {step};
  scenario.workflows = {workflow};
  return scenario;
}

std::string registered(const boost::json::object& command) {
  return R"({"type":"reply","re":")" + std::string(command.at("id").as_string()) +
         R"(","ok":true,"result":{"receipt":")" + std::string(command.at("receipt").as_string()) +
         R"("}})";
}

/// A player with what it needs, in front of a real world.
struct Playing {
  explicit Playing(Scenario played)
      : scenario(std::move(played)),
        population(make_population(scenario.population, 1, read_clock().wall.count() / 1'000)),
        player(scenario, population, auditor, recorder, 1,
               static_cast<std::uint64_t>(read_clock().wall.count())) {}

  RealWorld::End play(const std::string& url) {
    const auto target = parse_target(url);
    EXPECT_TRUE(target);
    RealWorld world(player, *target, population.people.size());
    return world.run([this](const Now& now) {
      if (each_second) each_second(now);
    });
  }

  Scenario scenario;
  Population population;
  Recorder recorder;
  Auditor auditor{recorder};
  Player player;
  std::function<void(const Now&)> each_second;
};

TEST(RealWorld, PlaysOverRealConnections) {
  LoopbackServer server(registered);
  Playing run(registrations(Microseconds{500'000}));
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_EQ(run.player.end(), Player::End::finished);
  const Progress progress = run.player.progress(read_clock());
  EXPECT_EQ(progress.started, 25U);
  EXPECT_EQ(progress.completed, 25U);
  EXPECT_EQ(run.auditor.violations_total(), 0U);
  EXPECT_EQ(server.accepted(), 5);
}

TEST(RealWorld, AClosedConnectionIsOpenedAgainAndTheCommandRepeated) {
  int commands = 0;
  LoopbackServer server([&](const boost::json::object& command) {
    return ++commands == 3 ? std::string() : registered(command);
  });
  Playing run(registrations(Microseconds{500'000}));
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  const Progress progress = run.player.progress(read_clock());
  EXPECT_EQ(progress.completed, progress.started);
  EXPECT_EQ(progress.connections_lost, 1U);
  EXPECT_EQ(server.accepted(), 6);
}

TEST(RealWorld, APortWhereNobodyListensIsUnreachable) {
  std::string url;
  {
    const LoopbackServer server(registered);
    url = server.url();
  }
  const auto target = parse_target(url);
  ASSERT_TRUE(target);
  EXPECT_TRUE(probe(*target, Milliseconds{3'000}).has_error());
  Playing run(registrations(Microseconds{500'000}));
  EXPECT_EQ(run.play(url), RealWorld::End::played);
  EXPECT_EQ(run.player.end(), Player::End::unreachable);
}

TEST(RealWorld, TheFirstSignalEndsTheRunEarlyInOrder) {
  LoopbackServer server(registered);
  Playing run(registrations(Microseconds{60'000'000}));
  run.each_second = [](const Now&) { raise(SIGINT); };
  EXPECT_EQ(run.play(server.url()), RealWorld::End::played);
  EXPECT_TRUE(run.player.ended_early());
  const Progress progress = run.player.progress(read_clock());
  EXPECT_GT(progress.started, 0U);
  EXPECT_LT(progress.started, 3'000U);
  EXPECT_EQ(progress.completed, progress.started);
}

}  // namespace
}  // namespace claims::storm
