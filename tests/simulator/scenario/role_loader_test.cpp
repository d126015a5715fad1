// Groups of people and relations between roles, as they are loaded.

#include <gmock/gmock.h>

#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using testing::Draft;
using ::testing::ElementsAre;
using testing::errors_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> roles(
    const std::string& more, const std::string& step = R"({"role": "garage", "think": "1s"})",
    const std::string& population = R"({"insurers": 2, "adjusters": 20, "garages": 20})") {
  Draft draft;
  draft.population = population;
  draft.roles = R"({"garage": {"is": "garage"}, "adjuster": {"is": "adjuster"}, )" + more + "}";
  draft.steps = {step};
  return errors_of(draft);
}
const std::string kGroup = R"("g": {"is": "garage", "count": 3, "other_than": "garage"})";

TEST(LoadRoles, Counts) {
  EXPECT_THAT(roles(kGroup), IsEmpty());
  EXPECT_THAT(roles(R"("g": {"is": "garage", "count": "3..10", "other_than": "garage"})"),
              IsEmpty());
  EXPECT_THAT(roles(R"("g": {"is": "garage", "count": 0, "other_than": "garage"})"),
              ElementsAre(HasSubstr("/roles/g/count: found 0, allowed: an integer from 1 to 100")));
  EXPECT_THAT(roles(R"("g": {"is": "garage", "count": "3..101", "other_than": "garage"})"),
              ElementsAre(HasSubstr("a number from 1 to 100, or a range")));
  EXPECT_THAT(roles(R"("g": {"is": "garage", "count": "3..20", "other_than": "garage"})"),
              ElementsAre(HasSubstr("found 20 of the kind garage, allowed: at least 21")));
  EXPECT_THAT(roles(R"("g": {"is": "garage", "count": 2})"),
              ElementsAre(HasSubstr("found a second garage")));
  EXPECT_THAT(roles(R"("i": {"is": "insurer", "of": "adjuster", "count": 2})"),
              ElementsAre(HasSubstr("an adjuster has one insurer")));
}

TEST(LoadRoles, OtherInsurers) {
  const std::string other = R"("b": {"is": "adjuster", "other_insurer_than": "adjuster"})";
  EXPECT_THAT(roles(other), IsEmpty());
  EXPECT_THAT(roles(other + R"(, "core": {"is": "insurer", "of": "b"})"), IsEmpty());
  EXPECT_THAT(
      roles(other, R"({"role": "garage", "think": "1s"})",
            R"({"insurers": 1, "adjusters": 9, "garages": 1})"),
      ElementsAre(HasSubstr("s.json:4: /population: found one insurer, allowed: at least 2")));
  EXPECT_THAT(roles(R"("b": {"is": "garage", "other_insurer_than": "garage"})"),
              ElementsAre(HasSubstr("only adjusters and insurers belong to an insurer")));
  EXPECT_THAT(roles(R"("b": {"is": "adjuster", "other_insurer_than": "adjustr"})"),
              ElementsAre(HasSubstr("did you mean adjuster?")));
  EXPECT_THAT(
      roles(
          R"("b": {"is": "adjuster", "other_than": "adjuster", "other_insurer_than": "adjuster"})"),
      ElementsAre(HasSubstr("found a role with other_than and other_insurer_than")));
  EXPECT_THAT(
      roles(
          R"("as": {"is": "adjuster", "count": 2, "other_than": "adjuster"}, "b": {"is": "adjuster", "other_insurer_than": "as"})"),
      ElementsAre(HasSubstr("found \"as\", which is a group")));
}

TEST(LoadRoles, AGroupIsAListOfPeople) {
  const auto send = [](const std::string& expression) {
    return roles(kGroup,
                 R"({"role": "g", "send": {"type": "t", "a": "${)" + expression + R"(}"}})");
  };
  for (const char* good :
       {"g[0].id", "g[self_index - 1].insurer", "size(g)", "self.name", "self_index"}) {
    EXPECT_THAT(send(good), IsEmpty()) << good;
  }
  EXPECT_THAT(send("g.id"),
              ElementsAre(HasSubstr("allowed: g[0].id, size(g): g is a list of people")));
  EXPECT_THAT(send("g[0].nme"),
              ElementsAre(HasSubstr("of a person: id, name, role, insurer (did you mean name?)")));
  EXPECT_THAT(send("garage[0].id"), ElementsAre(HasSubstr("garage is one person, no list")));
}

TEST(LoadForEach, NamesItsElement) {
  const auto send = [](const std::string& value) {
    return roles(kGroup, R"({"role": "garage", "send": {"type": "t", "a": )" + value + "}}");
  };
  EXPECT_THAT(send(R"({"for_each": "one", "in": "g", "give": {"garage": "${one.id}"}})"),
              IsEmpty());
  EXPECT_THAT(send(R"({"for_each": "one", "in": "g", "give": {"garage": "${one.nme}"}})"),
              ElementsAre(HasSubstr("/send/a/give/garage: found 'one.nme' in")));
  EXPECT_THAT(send(R"({"for_each": "one", "in": "h", "give": "${one}"})"),
              ElementsAre(HasSubstr("/send/a/in: found the name 'h'")));
  EXPECT_THAT(send(R"({"for_each": "g", "in": "g", "give": 1})"),
              ElementsAre(HasSubstr("/send/a/for_each: found \"g\"")));
  EXPECT_THAT(send(R"({"for_each": "one", "on": "g"})"),
              ElementsAre(HasSubstr("/send/a/on: found the key \"on\""),
                          HasSubstr("/send/a/in: found nothing"),
                          HasSubstr("/send/a/give: found nothing")));
  EXPECT_THAT(send(R"([{"for_each": "one", "in": "g", "give": 1}, "${one}"])"),
              ElementsAre(HasSubstr("/send/a/1: found the name 'one'")));
}

TEST(LoadRoles, NobodyLearnsFromAGroup) {
  Draft draft;
  draft.population = R"({"insurers": 2, "adjusters": 20, "garages": 20})";
  draft.roles = R"({"adjuster": {"is": "adjuster"}, "g": {"is": "garage", "count": 3}})";
  draft.steps = {
      R"({"role": "g", "send": {"type": "t"}, "save": {"x": "${reply.result}"}})",
      R"({"role": "adjuster", "after": {"role": "g", "step": "t", "learn": ["x"]}, "send": {"type": "t", "x": "${x}"}})"};
  EXPECT_THAT(errors_of(draft),
              ElementsAre(HasSubstr("/after/learn: found learn from g, which is a group")));
}

}  // namespace
}  // namespace claims::storm
