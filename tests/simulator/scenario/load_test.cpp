#include "simulator/scenario/load.h"

#include <gmock/gmock.h>

#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using ::testing::AllOf;
using testing::Draft;
using ::testing::ElementsAre;
using testing::errors_of;
using testing::errors_of_steps;
using testing::errors_of_text;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Load, ADraftIsValid) {
  EXPECT_THAT(errors_of({}), IsEmpty());
}

TEST(Load, ASyntaxErrorStandsAloneWithItsLine) {
  Draft draft;
  draft.population = R"({"adjusters": 4,,})";
  draft.phases = R"([{"hold": "x"}])";
  const auto errors = errors_of(draft);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_THAT(errors[0], StartsWith("s.json:4: /population: found "));
  EXPECT_THAT(errors[0], HasSubstr("valid JSON; syntax error"));
}

TEST(Load, ANumberAtTheEndOfALineHasThatLine) {
  Draft draft;
  draft.more = ",\n\"time_scale\": 0";
  EXPECT_THAT(errors_of(draft),
              ElementsAre("s.json:7: /time_scale: found 0, allowed: an integer from 1 to "
                          "100000000"));
}

TEST(Load, TellsEveryErrorAtOnceInTheOrderOfTheFile) {
  Draft draft;
  draft.population = R"({"insurers": 50, "adjusters": "many", "garages": 4, "cars": 1})";
  draft.arrivals = R"([{"workflow": "x", "rate": "fast"}])";
  draft.phases = R"([{"hold": "1 week"}])";
  draft.steps = {R"({"role": "mechanic", "think": "5s"})", R"({"role": "garge", "think": "5s"})"};
  const auto errors = errors_of(draft);
  EXPECT_THAT(
      errors,
      ElementsAre(
          StartsWith("s.json:4: /population/cars: found the key \"cars\", allowed: insurers, "),
          StartsWith("s.json:4: /population/insurers: found 50, allowed: an integer from 1 to 43"),
          StartsWith("s.json:4: /population/adjusters: found \"many\", allowed: an integer from"),
          StartsWith("s.json:5: /arrivals/0/workflow: found \"x\", allowed: w"),
          StartsWith("s.json:5: /arrivals/0/rate: found \"fast\", allowed: a rate"),
          StartsWith("s.json:5: /arrivals: found no arrival of the workflow \"w\""),
          StartsWith("s.json:6: /phases/0/hold: found \"1 week\", allowed: a duration"),
          "s.json:14: /workflows/0/steps/0/role: found \"mechanic\", allowed: adjuster, insurer, "
          "garage",
          "s.json:15: /workflows/0/steps/1/role: found \"garge\", allowed: adjuster, insurer, "
          "garage (did you mean garage?)"));
}

TEST(Load, MissingMembersAreTold) {
  EXPECT_THAT(
      errors_of_text("{}"),
      ElementsAre(HasSubstr(": /format: found nothing, allowed: \"claimstorm-scenario/1\""),
                  HasSubstr(": /name: found nothing"), HasSubstr(": /title: found nothing"),
                  HasSubstr(": /population: found nothing"),
                  HasSubstr(": /workflows: found nothing"), HasSubstr(": /phases: found nothing"),
                  HasSubstr(": /arrivals: found nothing")));
  EXPECT_THAT(errors_of_text("[]"), ElementsAre("s.json:1: found a list, allowed: an object"));
}

TEST(Load, KeysAreUnique) {
  const auto errors = errors_of_text("{\"name\": \"a\",\n\"title\": {},\n\"name\": \"b\"}");
  EXPECT_THAT(errors,
              ElementsAre("s.json:3: found \"name\" a second time, allowed: each key once"));
}

TEST(Load, UnknownKeysAreErrorsWithTheNearest) {
  Draft draft;
  draft.more = ",\n\"time_scal\": 60";
  EXPECT_THAT(errors_of(draft), ElementsAre(HasSubstr("s.json:7: /time_scal: found the key "
                                                      "\"time_scal\"")));
  EXPECT_THAT(errors_of(draft)[0], HasSubstr("(did you mean time_scale?)"));
}

TEST(Load, Files) {
  const Folder folder;
  EXPECT_THAT(folder.errors("/nonexistent/a.json"),
              ElementsAre("/nonexistent/a.json: found no such file, allowed: a file that can be "
                          "read"));
  EXPECT_THAT(folder.errors("/tmp"),
              ElementsAre("/tmp: found a folder, allowed: a file that can be read"));
  EXPECT_THAT(errors_of_text(std::string((1 << 20) + 1, ' ')),
              ElementsAre("s.json: found more than 1048576 bytes, allowed: fewer"));
  EXPECT_THAT(errors_of_text(std::string(100'000, '[')),
              ElementsAre(HasSubstr("found something nested deeper, allowed: 32 levels")));
  EXPECT_THAT(errors_of_text(""), ElementsAre(HasSubstr("valid JSON")));
  EXPECT_THAT(errors_of_text("{\"name\": \"\xff\"}"), ElementsAre(HasSubstr("valid JSON")));
}

TEST(Load, WorkflowFilesAreReadRelativeToTheScenario) {
  const Folder folder;
  Draft draft;
  draft.workflows = R"(["flows/w.json", "flows/none.json", "/etc/passwd", 5])";
  const auto file = folder.write("s.json", draft.text());
  folder.write("flows/w.json",
               "{\"format\": \"claimstorm-workflow/1\", \"name\": \"w\",\n"
               "\"title\": {\"ko\": \"가\", \"en\": \"a\"},\n"
               "\"roles\": {\"garage\": {\"is\": \"mechanic\"}},\n"
               "\"steps\": [\n{\"role\": \"garage\", \"think\": \"5x\"}]}");
  EXPECT_THAT(
      folder.errors(file),
      ElementsAre(HasSubstr("s.json:7: /workflows/1: found \"flows/none.json\" (no such file)"),
                  HasSubstr("s.json:7: /workflows/2: found \"/etc/passwd\", allowed: a path that "),
                  HasSubstr("s.json:7: /workflows/3: found 5"),
                  "flows/w.json:3: /roles/garage/is: found \"mechanic\", allowed: insurer, "
                  "adjuster, garage",
                  HasSubstr("flows/w.json:5: /steps/0/think: found \"5x\", allowed: a duration")));
}

TEST(Load, Roles) {
  const auto roles = [](const std::string& text) {
    Draft draft;
    draft.roles = text;
    draft.steps = {R"({"role": "garage", "think": "1s"})"};
    return errors_of(draft);
  };
  EXPECT_THAT(roles(R"({"garage": {"is": "garage"}, "two": {"is": "garage"}})"),
              ElementsAre("s.json:10: /workflows/0/roles/two: found a second garage, allowed: "
                          "\"other_than\": \"garage\""));
  EXPECT_THAT(
      roles(R"({"garage": {"is": "garage"}, "two": {"is": "garage", "other_than": "grage"}})"),
      ElementsAre(HasSubstr("another role: garage (did you mean garage?)")));
  EXPECT_THAT(roles(R"({"garage": {"is": "garage"}, "x": {"is": "adjuster", "of": "garage"}})"),
              ElementsAre(HasSubstr("only an insurer can be \"of\" somebody")));
  EXPECT_THAT(
      roles(R"({"garage": {"is": "garage"}, "x": {"is": "adjuster", "other_than": "garage"}})"),
      ElementsAre(HasSubstr("another adjuster: garage is garage")));
  EXPECT_THAT(
      roles(
          R"({"garage": {"is": "garage", "other_than": "b"}, "b": {"is": "garage", "other_than": "garage"}})"),
      ElementsAre(HasSubstr("chosen by each other in a circle")));
  EXPECT_THAT(roles(R"({"garage": {"is": "garage"}, "reply": {"is": "adjuster"}})"),
              ElementsAre(HasSubstr("found the role \"reply\"")));
  EXPECT_THAT(roles(R"({"garage": {"is": "garage", "of": "a", "other_than": "b"}})"),
              ElementsAre(HasSubstr("found a role with of and other_than")));
}

TEST(Load, ACastMustFitThePopulation) {
  Draft draft;
  draft.population = R"({"insurers": 1, "adjusters": 1, "garages": 1})";
  draft.roles =
      R"({"garage": {"is": "garage"}, "other": {"is": "garage", "other_than": "garage"}})";
  EXPECT_THAT(errors_of(draft),
              ElementsAre("s.json:4: /population: found 1 of the kind garage, allowed: at least 2, "
                          "as many as the workflow \"w\" casts"));
  draft.population = R"({"insurers": 3, "adjusters": 2, "garages": 2})";
  EXPECT_THAT(errors_of(draft), ElementsAre(HasSubstr("at least one for each of 3 insurers")));
  draft.population = R"({"insurers": 3, "adjusters": 9000, "garages": 9000})";
  EXPECT_THAT(errors_of(draft),
              ElementsAre(HasSubstr("found 18003 users, allowed: at most 18000")));
}

TEST(Load, NamesInExpressions) {
  EXPECT_THAT(
      errors_of_steps({R"({"role": "garage", "send": {"type": "t", "a": "${recipt}"}})"}),
      ElementsAre("s.json:14: /workflows/0/steps/0/send/a: found the name 'recipt' in "
                  "\"${recipt}\", allowed: receipt, adjuster, insurer, garage, self, self_index "
                  "(did you mean receipt?)"));
}

TEST(Load, SavedNamesBelongToTheirRoleFromTheirStepOn) {
  const std::string save =
      R"({"role": "garage", "send": {"type": "t"}, "save": {"room": "${reply.result.room}"}})";
  const std::string use = R"({"role": "garage", "send": {"type": "t", "room": "${room}"}})";
  const std::string others = R"({"role": "adjuster", "send": {"type": "t", "room": "${room}"}})";
  EXPECT_THAT(errors_of_steps({save, use}), IsEmpty());
  EXPECT_THAT(errors_of_steps({use, save}), ElementsAre(HasSubstr("s.json:14: ")));
  EXPECT_THAT(errors_of_steps({save, others}),
              ElementsAre(HasSubstr("what adjuster itself has saved ('room' is garage's alone)")));
}

TEST(Load, LearntNamesAreKnownFromThere) {
  const std::string save =
      R"({"role": "garage", "send": {"type": "t"}, "save": {"room": "${reply.result.room}"}})";
  const auto learns = [&](const std::string& names) {
    return errors_of_steps(
        {save, R"({"role": "adjuster", "after": {"role": "garage", "step": "t", "learn": )" +
                   names + R"(}, "send": {"type": "u", "room": "${room}"}})"});
  };
  EXPECT_THAT(learns(R"(["room"])"), IsEmpty());
  EXPECT_THAT(learns(R"(["room", "rom"])"),
              ElementsAre(HasSubstr("/after/learn/1: found \"rom\", allowed: what garage has saved "
                                    "by then: room (did you mean room?)")));
}

TEST(Load, AfterNamesOneStepAboveOfAnotherRole) {
  const std::string step = R"({"role": "insurer", "send": {"type": "t"}})";
  const auto after = [&](const std::string& text, std::vector<std::string> before) {
    before.push_back(R"({"role": "garage", "after": )" + text + R"(, "think": "1s"})");
    return errors_of_steps(before);
  };
  EXPECT_THAT(after(R"({"role": "insurer", "step": "t"})", {step}), IsEmpty());
  EXPECT_THAT(after(R"({"role": "insurer", "step": "tt"})", {step}),
              ElementsAre(HasSubstr("s.json:15: ")));
  EXPECT_THAT(after(R"({"role": "insurer", "step": "t"})", {step, step}),
              ElementsAre(HasSubstr("found 2 steps of that name")));
  EXPECT_THAT(after(R"({"role": "insurer", "step": "t"})", {}),
              ElementsAre(HasSubstr("a step above, and insurer has none")));
  EXPECT_THAT(after(R"({"role": "garage", "step": "t"})", {step}),
              ElementsAre(HasSubstr("another role")));
  EXPECT_THAT(after(R"({"role": "nobody", "step": "t"})", {step}),
              ElementsAre(HasSubstr("/after/role: found \"nobody\"")));
}

TEST(Load, ReplyAndEventOnlyWhereThereIsOne) {
  EXPECT_THAT(errors_of_steps(
                  {R"({"role": "garage", "await": {"type": "t"}, "save": {"a": "${reply.x}"}})"}),
              ElementsAre(HasSubstr("reply only after a send of the same role")));
  EXPECT_THAT(errors_of_steps(
                  {R"({"role": "garage", "send": {"type": "t"}, "save": {"a": "${event.x}"}})"}),
              ElementsAre(HasSubstr("event only after an await of the same role")));
  EXPECT_THAT(errors_of_steps(
                  {R"({"role": "garage", "send": {"type": "t"}})",
                   R"({"role": "garage", "assert": "reply.ok", "says": {"ko": "가", "en": "a"}})"}),
              IsEmpty());
}

TEST(Load, PersonsHaveFourFields) {
  EXPECT_THAT(
      errors_of_steps({R"({"role": "garage", "send": {"type": "t", "a": "${adjuster.nam}"}})"}),
      ElementsAre(HasSubstr("found 'adjuster.nam' in \"${adjuster.nam}\", allowed: of a "
                            "person: id, name, role, insurer (did you mean name?)")));
  EXPECT_THAT(errors_of_steps(
                  {R"({"role": "garage", "send": {"type": "t", "a": "${self.insurer.code}"}})"}),
              IsEmpty());
}

TEST(Load, GeneratorsAndSyntaxOfExpressions) {
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "send": {"type": "t", "a": "${gen.plat}"}})"}),
              ElementsAre(HasSubstr("the generator 'plat'")));
  EXPECT_THAT(
      errors_of_steps({R"({"role": "garage", "send": {"type": "t", "a": ["${1 +}"]}})"}),
      ElementsAre(HasSubstr("s.json:14: /workflows/0/steps/0/send/a/0: found \"${1 +}\" (")));
}

TEST(Load, LetNames) {
  Draft draft;
  draft.let =
      R"({"receipt": "${later}", "later": "${gen.receipt}", "garage": 1, "Ä": 2, "ratio": 1.5})";
  EXPECT_THAT(errors_of(draft),
              ElementsAre(HasSubstr("s.json:11: /workflows/0/let/receipt: found the name 'later'"),
                          HasSubstr("/let/garage: found the name \"garage\""),
                          HasSubstr("/let/Ä: found the name \"Ä\""),
                          HasSubstr("/let/ratio: found 1.5, allowed: no number with a fraction")));
}

TEST(Load, StepsHaveOneActionAndWhatBelongsToIt) {
  EXPECT_THAT(errors_of_steps({R"({"role": "garage"})"}),
              ElementsAre(HasSubstr("found a step without an action")));
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "think": "1s", "send": {"type": "t"}})"}),
              ElementsAre(HasSubstr("found a step with several actions")));
  EXPECT_THAT(
      errors_of_steps(
          {R"({"role": "garage", "think": "1s", "within": "1s", "expect": {}, "save": {}, "says": {}, "proves": []})"}),
      ElementsAre(HasSubstr("/expect: "), HasSubstr("/within: "), HasSubstr("/says: "),
                  HasSubstr("/proves: "), HasSubstr("/save: ")));
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "send": {"type": "t", "id": "1.1"}})"}),
              ElementsAre(HasSubstr("the player numbers commands by itself")));
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "send": {"type": "${receipt}"}})"}),
              ElementsAre(HasSubstr("without ${…}")));
  EXPECT_THAT(errors_of_steps(
                  {R"({"role": "garage", "send": {"type": "t"}, "expect": {"error": "Bad!"}})"}),
              ElementsAre(HasSubstr("an error code: illegal_step")));
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "await": {"type": "t", "body..x": 1}})"}),
              ElementsAre(HasSubstr("a path into the event")));
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "assert": "1 == 1"})"}),
              ElementsAre(HasSubstr("/says: found nothing")));
  EXPECT_THAT(errors_of_steps({R"({"role": "garage", "await": {"type": "t"}, "within": "2h"})"}),
              ElementsAre(HasSubstr("from 1ms to 1h")));
}

TEST(Load, ThinkTimes) {
  EXPECT_THAT(errors_of_steps(
                  {R"({"role": "garage", "think": {"median": "8m", "p90": "5m"}})",
                   R"({"role": "garage", "think": {"median": "8m", "p90": "9m", "most": "8m"}})",
                   R"({"role": "garage", "think": {"median": "8m"}})",
                   R"({"role": "garage", "think": 5})"}),
              ElementsAre("s.json:14: /workflows/0/steps/0/think/p90: found \"5m\", allowed: not "
                          "less than the median",
                          HasSubstr("s.json:15: /workflows/0/steps/1/think/most: found \"8m\""),
                          HasSubstr("s.json:16: /workflows/0/steps/2/think/p90: found nothing"),
                          HasSubstr("s.json:17: /workflows/0/steps/3/think: found 5")));
}

TEST(Load, Phases) {
  const auto phases = [](const std::string& text) {
    Draft draft;
    draft.phases = text;
    return errors_of(draft);
  };
  EXPECT_THAT(phases(R"([{"ramp": "1s", "from": "0 %", "to": "100 %"}])"),
              ElementsAre(HasSubstr("found no hold phase")));
  EXPECT_THAT(phases(R"([{"ramp": "1s", "from": "0", "at": "5 %"}, {"hold": "1s", "to": "1 %"}])"),
              ElementsAre(HasSubstr("/phases/0/at: "), HasSubstr("/phases/0/from: found \"0\""),
                          HasSubstr("/phases/0/to: found nothing"), HasSubstr("/phases/1/to: ")));
  EXPECT_THAT(phases(R"([{"name": "x"}, {"hold": "1s"}])"),
              ElementsAre(HasSubstr("found a phase without ramp, hold, spike")));
}

TEST(Load, ThresholdsArrivalsAndSettings) {
  Draft draft;
  draft.arrivals = R"([{"workflow": "w"}, {"workflow": "w", "rate": "1/s", "count": 2}])";
  draft.more =
      ",\n\"thresholds\": [{\"metric\": \"delivery.p99\", \"limit\": \"1000\"}],\n"
      "\"mqtt\": \"4\",\n\"keep_alive\": \"1.5s\",\n\"drain\": \"31s\"";
  EXPECT_THAT(
      errors_of(draft),
      ElementsAre(HasSubstr("s.json:5: /arrivals/0: found an arrival without rate and count"),
                  HasSubstr("s.json:5: /arrivals/1: found an arrival with rate and count"),
                  HasSubstr("s.json:7: /thresholds/0/metric: found \"delivery.p99\", allowed: did "
                            "you mean delivery.p99_ms?"),
                  HasSubstr("s.json:7: /thresholds/0/limit: found \"1000\", allowed: <, <="),
                  HasSubstr("s.json:8: /mqtt: found \"4\", allowed: \"5.0\" or \"3.1.1\""),
                  HasSubstr("s.json:9: /keep_alive: found \"1.5s\", allowed: whole seconds"),
                  HasSubstr("s.json:10: /drain: found \"31s\", allowed: from 1ms to 30s")));
}

TEST(CheckFile, TellsFilesApartByTheirFormat) {
  const Folder folder;
  EXPECT_THAT(check_file(folder.write("s.json", Draft().text())), IsEmpty());
  const auto unknown = check_file(folder.write("x.json", R"({"format": "claimstorm-senario/1"})"));
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_THAT(to_string(unknown[0]), HasSubstr("did you mean claimstorm-scenario/1?"));
  EXPECT_EQ(check_file(folder.write("w.json", R"({"format": "claimstorm-workflow/1"})")).size(),
            4U);
  EXPECT_EQ(check_file(folder.write("y.json", "{}")).size(), 1U);
  EXPECT_EQ(check_file(folder.write("z.json", "3")).size(), 1U);
}

}  // namespace
}  // namespace claims::storm
