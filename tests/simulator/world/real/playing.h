#pragma once
// A small scenario played in the real world, against a scripted server.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "simulator/check/auditor.h"
#include "simulator/measure/recorder.h"
#include "simulator/scenario/population.h"
#include "simulator/world/real/clock.h"
#include "simulator/world/real/real_world.h"

namespace claims::storm::testing {

/// An insurer registers receipts: one workflow every 20 ms for `length`.
inline Scenario registrations(Microseconds length) {
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

inline std::string registered(const boost::json::object& command) {
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
    const std::size_t users = population.connections();
    SocketTransport sockets(player, *target, users, sources);
    const auto other = make_transport ? make_transport(player, *target, users) : nullptr;
    RealWorld world(player, other ? *other : sockets);
    if (!faults.empty()) world.play_faults(faults, nullptr, &sockets);
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
  std::vector<Fault> faults;
  SourceAddresses sources;
  /// In place of our own sockets.
  std::function<std::unique_ptr<Transport>(Player&, const TargetAddress&, std::size_t)>
      make_transport;
};

}  // namespace claims::storm::testing
