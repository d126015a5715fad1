#include "simulator/actor/cast.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace claims::storm {
namespace {

using testing::HasSubstr;

Scenario with_another_insurer() {
  Workflow workflow;
  workflow.name = "intake";
  workflow.roles = {{"insurer", chat::Role::insurer, RoleSpec::Choice::by_weight, 0},
                    {"other_insurer", chat::Role::insurer, RoleSpec::Choice::other_than, 0}};
  Scenario scenario;
  scenario.workflows.push_back(workflow);
  return scenario;
}

Population insurers(int count) {
  return make_population({.insurers = count, .adjusters = count, .garages = 1}, 1, 0);
}

TEST(Cast, APopulationWithoutAnOtherIsRefused) {
  const auto checked = check_cast(with_another_insurer(), insurers(1));
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error(), HasSubstr("\"other_insurer\" of workflow intake"));
  EXPECT_THAT(checked.error(), HasSubstr("allowed are 2 or more"));
  EXPECT_TRUE(check_cast(with_another_insurer(), insurers(2)));
}

TEST(Cast, TheOtherIsNeverTheSameHoweverBusyThatOneIs) {
  Population population = insurers(2);
  for (Person& person : population.people) person.weight = 1;
  population.people[static_cast<std::size_t>(population.insurers[0].core)].weight = 1'000'000'000;
  population.index();
  const Scenario scenario = with_another_insurer();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto cast = choose_cast(scenario.workflows[0], population, Random(seed));
    EXPECT_NE(cast[0].user, cast[1].user) << seed;
  }
}

}  // namespace
}  // namespace claims::storm
