#include "simulator/scenario/fault_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace claims::storm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Microseconds kLength{60'000'000};

Population people() {
  return make_population({.insurers = 2, .adjusters = 10, .garages = 18}, 1, 1'700'000'000);
}

FaultSpec every(FaultKind kind, std::int64_t least_ms, std::int64_t most_ms) {
  FaultSpec spec;
  spec.kind = kind;
  spec.every = {Microseconds(least_ms * 1'000), Microseconds(most_ms * 1'000)};
  return spec;
}
FaultSpec cuts() {
  FaultSpec spec = every(FaultKind::cut, 500, 3'000);
  spec.users = {1, 3};
  return spec;
}
FaultSpec partitions() {
  FaultSpec spec = every(FaultKind::partition, 500, 3'000);
  spec.lasts = {Microseconds{1'000'000}, Microseconds{8'000'000}};
  spec.users_permille = 100;
  spec.direction = Direction::to_user;
  return spec;
}
FaultSpec jumps() {
  FaultSpec spec = every(FaultKind::clock_jump, 500, 3'000);
  spec.amount = {-30'000, 30'000};
  return spec;
}
std::vector<Fault> schedule(std::vector<FaultSpec> specs, std::uint64_t seed = 7) {
  FaultPlan plan;
  plan.faults = std::move(specs);
  return schedule_faults(plan, people(), kLength, Random(seed));
}
std::vector<Fault> of_kind(std::vector<Fault> faults, FaultKind kind) {
  std::erase_if(faults, [&](const Fault& fault) { return fault.kind != kind; });
  return faults;
}

TEST(FaultKindName, IsReadBackAsItIsWritten) {
  const auto names = fault_kind_names();
  ASSERT_EQ(names.size(), kFaultKinds);
  for (std::size_t i = 0; i < kFaultKinds; ++i) {
    EXPECT_EQ(parse_fault_kind(names[i]), static_cast<FaultKind>(i)) << names[i];
    EXPECT_EQ(to_string(static_cast<FaultKind>(i)), names[i]);
  }
  EXPECT_EQ(parse_fault_kind("flood"), std::nullopt);
}

TEST(FaultForms, OfUsersOnlyHaveADirectionAndOfAmountsAKey) {
  for (std::size_t i = 0; i < kFaultKinds; ++i) {
    const FaultForm& form = form_of(static_cast<FaultKind>(i));
    EXPECT_TRUE(form.users || !form.direction) << form.name;
    EXPECT_EQ(form.amount_key.empty(), form.amount == FaultForm::Amount::none) << form.name;
    EXPECT_NE(form.ko, "");
    EXPECT_NE(form.en, "");
  }
  EXPECT_TRUE(happens_in_real_world(FaultKind::crash));
  EXPECT_TRUE(happens_in_real_world(FaultKind::disk_full));
  EXPECT_FALSE(happens_in_real_world(FaultKind::disk_slow));
}

TEST(ScheduledFaults, AreTheSameForTheSameSeedAndOthersForAnother) {
  const auto once = schedule({cuts(), partitions(), jumps()});
  EXPECT_EQ(once, schedule({cuts(), partitions(), jumps()}));
  EXPECT_NE(once, schedule({cuts(), partitions(), jumps()}, 8));
}

TEST(ScheduledFaults, KeepTheGapsTheLengthsAndTheNumbersOfTheirEntry) {
  const auto faults = schedule({cuts()});
  ASSERT_GT(faults.size(), 20U);  // 60 s by 3 s at the most.
  Microseconds before{0};
  for (const Fault& fault : faults) {
    EXPECT_GE(fault.begin - before, Microseconds{500'000});
    EXPECT_LE(fault.begin - before, Microseconds{3'000'000});
    EXPECT_EQ(fault.end, fault.begin);
    EXPECT_GE(fault.connections.size(), 1U);
    EXPECT_LE(fault.connections.size(), 3U);
    before = fault.begin;
  }
  std::vector<std::size_t> sizes;
  sizes.reserve(faults.size());
  for (const Fault& fault : faults) sizes.push_back(fault.connections.size());
  EXPECT_NE(*std::ranges::min_element(sizes), *std::ranges::max_element(sizes));
}

TEST(ScheduledFaults, NameEachUserOnceInOrder) {
  FaultSpec many = cuts();
  many.users = {25, 30};
  for (const Fault& fault : schedule({many})) {
    EXPECT_TRUE(std::ranges::is_sorted(fault.connections));
    EXPECT_EQ(std::ranges::adjacent_find(fault.connections), fault.connections.end());
    EXPECT_LT(static_cast<std::size_t>(fault.connections.back()), 30U);
  }
  FaultSpec more = cuts();
  more.users = {100, 200};
  EXPECT_EQ(schedule({more}).at(0).connections.size(), 30U) << "no more than there are";
}

TEST(ScheduledFaults, OfAShareAreToThatShareOfAll) {
  for (const Fault& fault : schedule({partitions()})) {
    EXPECT_EQ(fault.connections.size(), 3U);
    EXPECT_EQ(fault.direction, Direction::to_user);
  }
  FaultSpec few = partitions();
  few.users_permille = 1;
  EXPECT_EQ(schedule({few}).at(0).connections.size(), 1U) << "never nobody";
}

TEST(ScheduledFaults, EndWithThePhases) {
  FaultSpec spec = every(FaultKind::pause, 1'000, 1'000);
  spec.lasts = {Microseconds{10'000'000}, Microseconds{10'000'000}};
  const auto faults = schedule({spec});
  ASSERT_EQ(faults.size(), 59U);
  EXPECT_EQ(faults[10].end, faults[10].begin + Microseconds{10'000'000});
  EXPECT_EQ(faults.back().begin, kLength - Microseconds{1'000'000});
  EXPECT_EQ(faults.back().end, kLength);

  FaultSpec late;
  late.kind = FaultKind::disk_fails;
  late.at = kLength;
  EXPECT_TRUE(schedule({late}).empty());
  late.at = kLength - Microseconds{1};
  EXPECT_EQ(schedule({late}).size(), 1U);
}

TEST(ScheduledFaults, AtAShareOfThePhasesMoveWithTheirLength) {
  FaultSpec spec;
  spec.kind = FaultKind::disk_fails;
  spec.at_permille = 305;
  const auto faults = schedule({spec});
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].begin, kLength * 305 / 1'000);
  FaultPlan plan;
  plan.faults = {spec};
  const auto year = schedule_faults(plan, people(), Microseconds(31'536'000'000'000), Random(1));
  EXPECT_EQ(year.at(0).begin, Microseconds(31'536'000'000'000 / 1'000 * 305));
}

TEST(ScheduledFaults, StayBetweenFromAndUntil) {
  FaultSpec spec = every(FaultKind::disk_fails, 1'000, 2'000);
  spec.from = Microseconds{10'000'000};
  spec.until = Microseconds{20'000'000};
  const auto faults = schedule({spec});
  ASSERT_GE(faults.size(), 4U);
  EXPECT_GE(faults.front().begin, Microseconds{11'000'000});
  EXPECT_LT(faults.back().begin, Microseconds{20'000'000});
}

TEST(ScheduledFaults, StayAsTheyAreWhenAnEntryIsTakenOut) {
  const auto all = schedule({jumps(), cuts(), cuts(), partitions()});
  const auto fewer = schedule({cuts(), partitions(), cuts()});
  EXPECT_EQ(of_kind(all, FaultKind::cut), of_kind(fewer, FaultKind::cut));
  EXPECT_EQ(of_kind(all, FaultKind::partition), of_kind(fewer, FaultKind::partition));
  const auto one = schedule({cuts()});
  EXPECT_LT(one.size(), of_kind(all, FaultKind::cut).size()) << "the same entry twice is two";
}

TEST(ScheduledFaults, DrawSignedAmounts) {
  const auto faults = schedule({jumps()});
  const auto [least, most] = std::ranges::minmax_element(faults, {}, &Fault::amount);
  EXPECT_GE(least->amount, -30'000);
  EXPECT_LT(least->amount, 0);
  EXPECT_GT(most->amount, 0);
  EXPECT_LE(most->amount, 30'000);
}

TEST(FaultText, TellsWhenWhatAndToWhom) {
  const Population population = people();
  Fault fault{.kind = FaultKind::partition,
              .begin = Microseconds{12'345'678},
              .end = Microseconds{14'345'678},
              .connections = {ConnectionNumber{3}, ConnectionNumber{4}},
              .direction = Direction::to_server};
  const LocalText text = describe(fault, population);
  EXPECT_EQ(text.en,
            "at 12.345 s for 2.000 s: bytes were held back and came at the end, to the "
            "server: " +
                population.people[3].id + ", " + population.people[4].id);
  EXPECT_THAT(text.ko, HasSubstr("12.345 s부터 2.000 s 동안"));
  EXPECT_THAT(text.ko, HasSubstr(population.people[4].id));
  fault.connections.assign(
      {ConnectionNumber{1}, ConnectionNumber{2}, ConnectionNumber{3}, ConnectionNumber{4}});
  EXPECT_THAT(describe(fault, population).en, HasSubstr(", 4 users"));
  Population with_phones = people();
  with_phones.people[3].devices = 2;
  with_phones.index();
  const ConnectionNumber phone{static_cast<std::uint32_t>(with_phones.people.size())};
  fault.connections.assign({ConnectionNumber{3}, phone});
  EXPECT_THAT(describe(fault, with_phones).en, HasSubstr(with_phones.people[3].id + "/phone"));
  fault.connections.assign({ConnectionNumber{1}, ConnectionNumber{2}, ConnectionNumber{3}, phone});
  EXPECT_THAT(describe(fault, with_phones).en, HasSubstr(", 3 users"));
  const Fault jump{.kind = FaultKind::clock_jump, .connections = {}, .amount = -1'500};
  EXPECT_EQ(describe(jump, population).en, "at 0.000 s: the server's clock was set (-1.500 s)");
}

TEST(FaultSchedule, HandsOutEndsBeforeBeginningsOfTheSameInstant) {
  const auto fault = [](std::int64_t begin, std::int64_t end) {
    return Fault{.kind = FaultKind::pause,
                 .begin = Microseconds(begin),
                 .end = Microseconds(end),
                 .connections = {}};
  };
  FaultSchedule schedule({fault(10, 20), fault(20, 20), fault(20, 30)});
  std::vector<std::string> order;
  EXPECT_EQ(schedule.next(), Microseconds{10});
  EXPECT_FALSE(schedule.take(Microseconds{9}));
  while (const auto change = schedule.take(Microseconds{25})) {
    order.push_back(std::to_string(change->fault) + (change->begins ? "+" : "-"));
  }
  EXPECT_THAT(order, ElementsAre("0+", "0-", "1+", "2+", "1-"));
  EXPECT_EQ(schedule.next(), Microseconds{30});
  EXPECT_TRUE(schedule.take(Microseconds{30}));
  EXPECT_EQ(schedule.next(), std::nullopt);
  EXPECT_EQ(FaultSchedule().next(), std::nullopt);
}

}  // namespace
}  // namespace claims::storm
