#include "simulator/command/token_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reference-server/log/temporary_folder.h"

namespace claims::storm {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::int64_t kNow = 1'700'000'000;
constexpr std::int64_t kPhaseS = 600;

Scenario ten_minutes() {
  Scenario scenario;
  scenario.phases.push_back({.name = "peak", .length = Microseconds(kPhaseS * 1'000'000)});
  return scenario;
}

TEST(TokenCheck, RefusesTokensThatEndBeforeTheRun) {
  const Scenario scenario = ten_minutes();
  const std::int64_t length = planned_length_s(scenario);
  EXPECT_GT(length, kPhaseS);
  const Milliseconds began(kNow * 1'000);
  const Population lasts = make_population({2, 4, 4}, 1, kNow, length);
  EXPECT_TRUE(check_tokens(lasts, "pop", scenario, began).has_value());
  const Population ends = make_population({2, 4, 4}, 1, kNow, length - 1);
  const auto refused = check_tokens(ends, "pop", scenario, began);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error(),
              AllOf(HasSubstr("pop/tokens.csv: found a token of " + ends.people[0].id +
                              " that ends at 2023-11-14T22:"),
                    HasSubstr("allowed: 2023-11-14T22:"), HasSubstr("토큰이 2023-11-14T22:")));
}

TEST(TokenCheck, KnowsWhenTokensOfAFolderEnd) {
  const TemporaryFolder folder;
  const std::string path = folder.file("pop");
  ASSERT_TRUE(write_population(make_population({2, 4, 4}, 1, kNow, 60), path).has_value());
  const auto population = read_population(path);
  ASSERT_TRUE(population.has_value()) << population.error();
  for (const Person& person : population->people) EXPECT_EQ(person.token_expires_s, kNow + 60);
  EXPECT_FALSE(check_tokens(*population, path, ten_minutes(), Milliseconds(kNow * 1'000)));
}

}  // namespace
}  // namespace claims::storm
