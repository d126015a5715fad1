#include "simulator/scenario/fault_writer.h"

#include <gtest/gtest.h>

#include "simulator/scenario/load.h"
#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

constexpr Microseconds kLength{86'400'000'000};

std::int64_t between(std::int64_t least, std::int64_t most, Random& random) {
  return least +
         static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most - least) + 1));
}

Fault random_fault(const Population& population, Random& random) {
  Fault fault;
  fault.kind = static_cast<FaultKind>(random.below(kFaultKinds));
  const FaultForm& form = form_of(fault.kind);
  // To the microsecond, and in round numbers too, which are written in larger units.
  const std::int64_t unit = random.below(2) == 0 ? 1 : 1'000'000;
  fault.begin = Microseconds(between(0, (kLength.count() - 1) / unit, random) * unit);
  fault.end = fault.begin;
  if (form.lasts) {
    fault.end = std::min(kLength, fault.begin + Microseconds(between(0, 20'000'000, random)));
  }
  if (form.users) {
    for (std::size_t i = 0; i < population.connections(); ++i) {
      if (random.below(4) == 0)
        fault.connections.push_back(ConnectionNumber{static_cast<unsigned>(i)});
    }
    if (fault.connections.empty()) fault.connections.push_back(ConnectionNumber{0});
  }
  if (form.direction) fault.direction = static_cast<Direction>(random.below(3));
  switch (form.amount) {
    case FaultForm::Amount::none:
      break;
    case FaultForm::Amount::bytes_a_second:
      fault.amount = between(1, 1'000'000, random);
      break;
    case FaultForm::Amount::microseconds:
      fault.amount = between(0, 5'000'000, random);
      break;
    case FaultForm::Amount::milliseconds_signed:
      fault.amount = between(-3'600'000, 3'600'000, random);
      break;
    case FaultForm::Amount::parts_in_a_million_signed:
      fault.amount = between(-500, 500, random);
      break;
  }
  return fault;
}

TEST(FaultWriter, WhatItWritesLoadsBackToTheSameFaults) {
  const Population population = make_population({.insurers = 2,
                                                 .adjusters = 5,
                                                 .garages = 5,
                                                 .adjuster_devices_permille = 2'400,
                                                 .garage_devices_permille = 1'500},
                                                1, 1'700'000'000);
  const testing::Folder folder;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    std::vector<Fault> faults;
    const std::uint64_t count = random.below(30);
    for (std::uint64_t i = 0; i < count; ++i) faults.push_back(random_fault(population, random));
    std::stable_sort(faults.begin(), faults.end(),
                     [](const Fault& a, const Fault& b) { return a.begin < b.begin; });
    const std::string written = faults_json(faults, population);
    const auto plan = load_faults(folder.write(
        "f.json", R"({"format": "claimstorm-faults/1", "title": {"ko": "가", "en": "a"},
                               "faults": )" +
                      written + "}"));
    ASSERT_TRUE(plan) << to_string(plan.error().at(0)) << written;
    Scenario scenario;
    scenario.faults = *plan;
    EXPECT_TRUE(check_faults(scenario, population).empty());
    EXPECT_EQ(schedule_faults(*plan, population, kLength, Random(99)), faults) << written;
  }
}

}  // namespace
}  // namespace claims::storm
