// Roles that several users play, each for itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "simulator/actor/cast.h"
#include "tests/simulator/actor/theatre.h"
#include "tests/simulator/actor/written_scenario.h"

namespace claims::storm {
namespace {

using testing::Asked;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::loaded;
using ::testing::SizeIs;
using testing::Theatre;
using testing::Written;

Written bulk(const std::string& count, const std::string& steps) {
  Written written;
  written.roles =
      R"({"adjuster": {"is": "adjuster"}, "garages": {"is": "garage", "count": )" + count + "}}";
  written.steps = steps;
  return written;
}

struct Ending {
  std::vector<Asked> asked;
  std::uint64_t completed = 0, failures = 0;
};
Ending played(const Written& written, std::uint64_t seed = 1) {
  Theatre theatre(loaded(written), seed);
  theatre.on_command = [&theatre](const Asked& asked) {
    theatre.ok(asked, R"({"who":")" + asked.user + R"("})");
  };
  theatre.play();
  EXPECT_TRUE(theatre.player.done());
  for (const StepFailure& failure : theatre.player.steps().stories())
    ADD_FAILURE() << failure.text.en;
  return {theatre.asked, theatre.player.progress(theatre.now()).completed,
          theatre.player.steps().failures()};
}

TEST(RoleGroups, EachMemberPlaysTheStepsWithVariablesOfItsOwn) {
  const Ending ending = played(bulk("3", R"(
    {"role": "garages", "send": {"type": "a", "me": "${self.id}", "place": "p${self_index}"},
     "save": {"who": "${reply.result.who}"}},
    {"role": "garages", "think": "0ms..20ms"},
    {"role": "garages", "send": {"type": "b", "who": "${who}", "same": "${garages[self_index - 1].id}",
     "all": "${size(garages)}"}})"));
  EXPECT_EQ(ending.completed, 1U);
  std::set<std::string> users;
  std::set<std::string> places;
  for (const Asked& asked : ending.asked) {
    users.insert(asked.user);
    if (asked.text("type") == "a") {
      EXPECT_EQ(asked.text("me"), asked.user);
      places.insert(asked.text("place"));
    } else {
      EXPECT_EQ(asked.text("who"), asked.user);
      EXPECT_EQ(asked.text("same"), asked.user);
      EXPECT_EQ(asked.body.at("all").to_number<int>(), 3);
    }
  }
  EXPECT_THAT(ending.asked, SizeIs(6));
  EXPECT_THAT(users, SizeIs(3));
  EXPECT_THAT(places, ElementsAre("p1", "p2", "p3"));
}

TEST(RoleGroups, ASingleRoleIsItsOwnFirst) {
  const Ending ending =
      played(bulk("1", R"({"role": "adjuster", "send": {"type": "a", "n": "n${self_index}"}})"));
  EXPECT_EQ(ending.asked.at(0).text("n"), "n1");
}

TEST(RoleGroups, AfterWaitsForTheLastMember) {
  const Ending ending = played(bulk("4", R"(
    {"role": "garages", "think": "0ms..500ms"},
    {"role": "garages", "send": {"type": "answer"}},
    {"role": "adjuster", "after": {"role": "garages", "step": "answer"}, "send": {"type": "close"}})"));
  ASSERT_THAT(ending.asked, SizeIs(5));
  EXPECT_EQ(ending.asked.back().text("type"), "close");
  EXPECT_GT(ending.asked[3].at - ending.asked[0].at,
            Microseconds{20'000});  // Each thinks for itself.
  EXPECT_LT(ending.asked[4].at - ending.asked[3].at, Microseconds{10'000});
}

TEST(RoleGroups, MembersWaitForOneRoleAndLearnFromIt) {
  const Ending ending = played(bulk("2", R"(
    {"role": "adjuster", "send": {"type": "ask"}, "save": {"asker": "${reply.result.who}"}},
    {"role": "garages", "after": {"role": "adjuster", "step": "ask", "learn": ["asker"]},
     "send": {"type": "answer", "to": "${asker}"}})"));
  ASSERT_THAT(ending.asked, SizeIs(3));
  EXPECT_EQ(ending.asked[1].text("to"), ending.asked[0].user);
  EXPECT_EQ(ending.asked[2].text("to"), ending.asked[0].user);
}

TEST(RoleGroups, OneCommandNamesAllOfThem) {
  Written written =
      bulk("3", R"({"role": "adjuster", "send": {"type": "ask", "to": "${targets}"}})");
  written.let = R"({"targets": {"for_each": "g", "in": "garages", "give":
      {"garage": "${g.id}", "vehicle": "${gen.plate}"}}, "n": "${size(targets)}"})";
  const Ending ending = played(written);
  const auto& targets = ending.asked.at(0).body.at("to").as_array();
  std::set<std::string> garages;
  std::set<std::string> vehicles;
  for (const Value& target : targets) {
    garages.emplace(target.at("garage").as_string().c_str());
    vehicles.emplace(target.at("vehicle").as_string().c_str());
  }
  EXPECT_THAT(garages, SizeIs(3));
  EXPECT_THAT(vehicles, SizeIs(3));
}

TEST(RoleGroups, HowManyIsDrawn) {
  std::map<std::size_t, int> seen;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    ++seen[played(bulk(R"("2..4")", R"({"role": "garages", "send": {"type": "a"}})"), seed)
               .asked.size()];
  }
  EXPECT_THAT(seen, ElementsAre(::testing::Pair(2U, ::testing::Gt(8)),
                                ::testing::Pair(3U, ::testing::Gt(8)),
                                ::testing::Pair(4U, ::testing::Gt(8))));
}

TEST(RoleGroups, AnErrorOfOneMemberNamesHimAndEndsTheInstance) {
  Theatre theatre(loaded(bulk("3", R"({"role": "garages", "send": {"type": "a"}})")));
  std::string wronged;
  theatre.on_command = [&](const Asked& asked) {
    if (asked.user != theatre.asked[1].user) return theatre.ok(asked, "{}");
    wronged = asked.user;
    theatre.refuse(asked, "no_right");
  };
  theatre.in(Microseconds{5'000'000}, [] {});
  theatre.play();
  const auto stories = theatre.player.steps().stories();
  ASSERT_THAT(stories, SizeIs(1));
  EXPECT_THAT(stories[0].text.en, HasSubstr(wronged));
}

Scenario with(std::vector<RoleSpec> roles) {
  Workflow workflow;
  workflow.name = "w";
  workflow.roles = std::move(roles);
  Scenario scenario;
  scenario.workflows.push_back(workflow);
  return scenario;
}

TEST(RoleGroups, TheCastIsDistinctHoweverBusySomeAre) {
  const Scenario scenario =
      with({{"garage", chat::Role::garage},
            {"garages", chat::Role::garage, RoleSpec::Choice::other_than, 0, true, 3, 3}});
  Population population = make_population({.insurers = 2, .adjusters = 4, .garages = 4}, 1, 0);
  for (Person& person : population.people) person.weight = 1;
  population.people.back().weight = 1'000'000'000;
  population.index();
  ASSERT_TRUE(check_cast(scenario, population));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::set<UserNumber> users;
    const auto cast = choose_cast(scenario.workflows[0], population, Random(seed));
    for (const CastMember& member : cast) users.insert(member.user);
    EXPECT_THAT(cast, SizeIs(4));
    EXPECT_THAT(users, SizeIs(4));
  }
}

TEST(RoleGroups, ThePopulationMustHaveTheMost) {
  const Scenario scenario =
      with({{"garages", chat::Role::garage, RoleSpec::Choice::by_weight, 0, true, 1, 5}});
  const auto garages = [](int count) {
    return make_population({.insurers = 1, .adjusters = 1, .garages = count}, 1, 0);
  };
  EXPECT_TRUE(check_cast(scenario, garages(5)));
  const auto checked = check_cast(scenario, garages(4));
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error(), HasSubstr("allowed are 5 or more"));
}

TEST(RoleGroups, AnotherInsurersAdjusterWorksForAnother) {
  const Scenario scenario =
      with({{"adjuster", chat::Role::adjuster},
            {"other", chat::Role::adjuster, RoleSpec::Choice::other_insurer_than, 0},
            {"third", chat::Role::adjuster, RoleSpec::Choice::other_than, 0}});
  const Population population =
      make_population({.insurers = 3, .adjusters = 9, .garages = 1}, 1, 0);
  ASSERT_TRUE(check_cast(scenario, population));
  bool same_again = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto cast = choose_cast(scenario.workflows[0], population, Random(seed));
    const auto insurer = [&](std::size_t i) {
      return population.people[static_cast<std::size_t>(cast[i].user)].insurer;
    };
    EXPECT_NE(insurer(0), insurer(1)) << seed;
    same_again = same_again || insurer(0) == insurer(2);
  }
  EXPECT_TRUE(same_again);
  const auto alone =
      check_cast(scenario, make_population({.insurers = 1, .adjusters = 9, .garages = 1}, 1, 0));
  ASSERT_FALSE(alone);
  EXPECT_THAT(alone.error(), HasSubstr("0 of the kind adjuster outside of the largest insurer"));
}

}  // namespace
}  // namespace claims::storm
