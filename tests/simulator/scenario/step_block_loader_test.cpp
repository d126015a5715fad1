// What is wrong with loops and branches, told at its place.

#include <gmock/gmock.h>

#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using ::testing::ElementsAre;
using testing::errors_of_steps;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kSave = R"({"send": {"type": "t"}, "save": {"room": "${reply.result.room}"}})";
const std::string kUse = R"({"role": "garage", "send": {"type": "t", "room": "${room}"}})";

std::string repeat(const std::string& rounds, const std::string& steps = R"({"think": "1s"})") {
  return R"({"role": "garage", "repeat": )" + rounds + R"(, "steps": [)" + steps + "]}";
}
std::string choose(const std::string& branches) {
  return R"({"role": "garage", "choose": [)" + branches + "]}";
}

TEST(LoadRepeat, Rounds) {
  for (const char* good : {"1", "1000", R"("0..3")", R"("2..2")", R"("${size(receipt)}")"}) {
    EXPECT_THAT(errors_of_steps({repeat(std::string(R"({"times": )") + good + "}")}), IsEmpty());
  }
  EXPECT_THAT(
      errors_of_steps({repeat("{}")}),
      ElementsAre(HasSubstr("s.json:14: /workflows/0/steps/0/repeat/times: found nothing")));
  EXPECT_THAT(errors_of_steps({repeat(R"({"times": 0})")}),
              ElementsAre(HasSubstr("an integer from 1 to 1000")));
  EXPECT_THAT(errors_of_steps({repeat(R"({"times": "4..2"})")}),
              ElementsAre(HasSubstr("a range whose end is not before its beginning")));
  EXPECT_THAT(errors_of_steps({repeat(R"({"times": "2..1001"})")}),
              ElementsAre(HasSubstr("a number from 0 to 1000, or a range of them: 2..4")));
  EXPECT_THAT(errors_of_steps({repeat(R"({"times": 2, "until": "true"})")}),
              ElementsAre(HasSubstr("found the key \"until\", allowed: times, as, while")));
  EXPECT_THAT(errors_of_steps({repeat(R"({"times": 2, "as": "garage"})")}),
              ElementsAre(HasSubstr("/repeat/as: found \"garage\"")));
  EXPECT_THAT(errors_of_steps({repeat(R"({"times": 2, "while": "1 + 1"})")}),
              ElementsAre(HasSubstr("/repeat/while: found \"1 + 1\", allowed: a condition")));
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "repeat": {"times": 2}})"}),
              ElementsAre(HasSubstr("/steps/0/steps: found nothing")));
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "think": "1s", "steps": []})"}),
              ElementsAre(HasSubstr("only on a repeat")));
}

TEST(LoadRepeat, NestedStepsHaveNoRoleAndNestFourDeep) {
  EXPECT_THAT(errors_of_steps({repeat(R"({"times": 2})", R"({"role": "garage", "think": "1s"})")}),
              ElementsAre(HasSubstr("s.json:14: /workflows/0/steps/0/steps/0/role: found the key "
                                    "\"role\", allowed: none here")));
  const auto nested = [](int depth) {
    std::string step = R"({"think": "1s"})";
    for (int i = 1; i < depth; ++i) step = R"({"repeat": {"times": 2}, "steps": [)" + step + "]}";
    return repeat(R"({"times": 2})", step);
  };
  EXPECT_THAT(errors_of_steps({nested(4)}), IsEmpty());
  EXPECT_THAT(errors_of_steps({nested(5)}), ElementsAre(HasSubstr("allowed: 4 deep")));
}

TEST(LoadRepeat, TheCounterIsKnownInTheLoopAlone) {
  EXPECT_THAT(errors_of_steps({repeat(R"({"times": 2, "as": "i", "while": "i < 2"})",
                                      R"({"send": {"type": "t", "n": "${i}"}})"),
                               R"({"role": "garage", "send": {"type": "t", "n": "${i}"}})"}),
              ElementsAre(HasSubstr("s.json:15: /workflows/0/steps/1/send/n: found the name 'i'")));
}

TEST(LoadRepeat, WhatIsSavedInARoundIsKnownAfterwardsIfThereIsOneForCertain) {
  EXPECT_THAT(errors_of_steps({repeat(R"({"times": 2})", kSave), kUse}), IsEmpty());
  for (const char* rounds :
       {R"({"times": "0..2"})", R"({"times": "${2}"})", R"({"times": 2, "while": "1 == 1"})"}) {
    EXPECT_THAT(errors_of_steps({repeat(rounds, kSave), kUse}),
                ElementsAre(HasSubstr("'room' is saved only in a branch or round that may not be "
                                      "played")))
        << rounds;
  }
}

TEST(LoadRepeat, ALargeWorkflowIsBounded) {
  std::vector<std::string> steps;
  for (int i = 0; i < 200; ++i) steps.push_back(repeat(R"({"times": 2})"));  // Three steps each.
  EXPECT_THAT(errors_of_steps(steps), ElementsAre(HasSubstr("allowed: 500 steps in a workflow")));
}

TEST(LoadChoose, Branches) {
  const std::string think = R"("steps": [{"think": "1s"}]})";
  EXPECT_THAT(
      errors_of_steps({choose(R"({"weight": 1, )" + think + R"(, {"weight": 2, )" + think)}),
      IsEmpty());
  EXPECT_THAT(errors_of_steps(
                  {choose(R"({"when": "true", )" + think + R"(, {"otherwise": true, )" + think)}),
              IsEmpty());
  EXPECT_THAT(errors_of_steps({choose("")}), ElementsAre(HasSubstr("1 to 50 elements")));
  EXPECT_THAT(errors_of_steps({choose("{" + think)}),
              ElementsAre(HasSubstr("found a branch without a weight or condition")));
  EXPECT_THAT(errors_of_steps({choose(R"({"weight": 1, "when": "true", )" + think)}),
              ElementsAre(HasSubstr("more than one of weight, when and otherwise")));
  EXPECT_THAT(
      errors_of_steps({choose(R"({"weight": 1, )" + think + R"(, {"when": "true", )" + think)}),
      ElementsAre(HasSubstr("found branches with weights and with conditions")));
  EXPECT_THAT(errors_of_steps({choose(R"({"weight": 0, )" + think)}),
              ElementsAre(HasSubstr("/choose/0/weight: found 0, allowed: an integer from 1")));
  EXPECT_THAT(errors_of_steps({choose(R"({"otherwise": false, )" + think)}),
              ElementsAre(HasSubstr("/choose/0/otherwise: found false, allowed: true")));
  EXPECT_THAT(errors_of_steps(
                  {choose(R"({"otherwise": true, )" + think + R"(, {"when": "true", )" + think)}),
              ElementsAre(HasSubstr("/choose/1: found a branch after \"otherwise\"")));
  EXPECT_THAT(errors_of_steps({choose(R"({"when": "size(receipt) + 1", )" + think)}),
              ElementsAre(HasSubstr("/choose/0/when: ")));
  EXPECT_THAT(errors_of_steps({choose(R"({"weight": 1})")}),
              ElementsAre(HasSubstr("/choose/0/steps: found nothing")));
}

TEST(LoadChoose, WhatEveryBranchSavesIsKnownAfterwards) {
  const std::string save = R"("steps": [)" + kSave + "]}";
  const std::string think = R"("steps": [{"think": "1s"}]})";
  EXPECT_THAT(
      errors_of_steps({choose(R"({"weight": 1, )" + save + R"(, {"weight": 1, )" + save), kUse}),
      IsEmpty());
  EXPECT_THAT(
      errors_of_steps({choose(R"({"weight": 1, )" + save + R"(, {"weight": 1, )" + think), kUse}),
      ElementsAre(HasSubstr("'room' is saved only in a branch")));
  EXPECT_THAT(errors_of_steps({choose(R"({"when": "true", )" + save), kUse}),
              ElementsAre(HasSubstr("'room' is saved only in a branch")));
  EXPECT_THAT(
      errors_of_steps(
          {choose(R"({"when": "true", )" + save + R"(, {"otherwise": true, )" + save), kUse}),
      IsEmpty());
  EXPECT_THAT(errors_of_steps({choose(
                  R"({"weight": 1, "steps": [)" + kSave +
                  R"(]}, {"weight": 1, "steps": [{"send": {"type": "t", "a": "${room}"}}]})")}),
              ElementsAre(HasSubstr("found the name 'room'")));
}

TEST(LoadSend, SeveralErrorsMayBeExpectedOfOneKind) {
  const auto expect = [](const std::string& error,
                         const std::string& action = R"("send": {"type": "t"})") {
    return errors_of_steps(
        {R"({"role": "garage", )" + action + R"(, "expect": {"error": )" + error + "}}"});
  };
  EXPECT_THAT(expect(R"(["illegal_step", "not_permitted"])"), IsEmpty());
  EXPECT_THAT(expect("[]"), ElementsAre(HasSubstr("1 to 20 elements")));
  EXPECT_THAT(expect(R"(["illegal_step", "not_permited"])"),
              ElementsAre(HasSubstr("/expect/error/1: found \"not_permited\"")));
  EXPECT_THAT(
      expect(R"(["illegal_step", "bad_field"])"),
      ElementsAre(HasSubstr("found codes of commands that are not well-formed, and others")));
  EXPECT_THAT(expect(R"("malformed_json")", R"("send_raw": "{")"), IsEmpty());
  EXPECT_THAT(expect(R"("illegal_step")", R"("send_raw": "{")"),
              ElementsAre(HasSubstr("/expect: found a send_raw that may be taken")));
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "send_raw": "{"})"}),
              ElementsAre(HasSubstr("found a send_raw that may be taken")));
  EXPECT_THAT(expect(R"("malformed_json")", R"("send_raw": {"a": 1})"),
              ElementsAre(HasSubstr("/send_raw: found an object, allowed: a text")));
}

TEST(LoadAfter, NamesAWholeLoopAndNoStepInIt) {
  const std::string loop =
      R"({"role": "insurer", "repeat": {"times": 2}, "steps": [{"send": {"type": "t"}}]})";
  const auto after = [&](const std::string& name) {
    return errors_of_steps({loop, R"({"role": "garage", "after": {"role": "insurer", "step": ")" +
                                      name + R"("}, "think": "1s"})"});
  };
  EXPECT_THAT(after("repeat"), IsEmpty());
  EXPECT_THAT(after("t"), ElementsAre(HasSubstr("found \"t\", which stands in a repeat or choose, "
                                                "allowed: a step outside of them")));
  // A nested step may itself wait for one outside.
  EXPECT_THAT(
      errors_of_steps({R"({"role": "insurer", "send": {"type": "t"}})",
                       repeat(R"({"times": 2})",
                              R"({"after": {"role": "insurer", "step": "t"}, "think": "1s"})")}),
      IsEmpty());
}

}  // namespace
}  // namespace claims::storm
