// What --set changes of a scenario before it is loaded.

#include "simulator/scenario/variant.h"

#include <gmock/gmock.h>

#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using testing::Draft;
using ::testing::ElementsAre;
using testing::errors_of;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

Draft with_variants() {
  Draft draft;
  draft.arrivals = R"([{"workflow": "w", "rate": "2/s"}])";
  draft.more = R"(,
"time_scale": 10,
"variants": {"scale": {"ci": {"population": {"garages": 2}},
"x3": {"arrivals": [{"workflow": "w", "rate": "6/s"}],
"time_scale": null}}})";
  return draft;
}

/// The scenario, or the errors as text.
struct Outcome {
  Scenario scenario;
  std::vector<std::string> errors;
};
Outcome loaded(const Draft& draft, const std::vector<Setting>& settings) {
  const Folder folder;
  auto scenario = load_scenario(folder.write("s.json", draft.text()), settings);
  Outcome outcome;
  if (scenario) {
    outcome.scenario = std::move(*scenario);
  } else {
    for (const FileError& error : scenario.error()) outcome.errors.push_back(to_string(error));
  }
  return outcome;
}
std::vector<std::string> refused(const std::vector<Setting>& settings) {
  return loaded(with_variants(), settings).errors;
}

TEST(Settings, AVariantIsMergedAndWhatItDoesNotNameStays) {
  const Outcome plain = loaded(with_variants(), {});
  EXPECT_THAT(plain.errors, IsEmpty());
  EXPECT_EQ(plain.scenario.population.garages, 4);
  EXPECT_EQ(plain.scenario.time_scale, 10);
  const Outcome ci = loaded(with_variants(), {{"scale", "ci"}});
  EXPECT_EQ(ci.scenario.population.garages, 2);
  EXPECT_EQ(ci.scenario.population.adjusters, 4);
  EXPECT_EQ(ci.scenario.arrivals.at(0).rate_milli, 2'000);
  const Outcome x3 = loaded(with_variants(), {{"scale", "x3"}});
  ASSERT_THAT(x3.scenario.arrivals, SizeIs(1)) << "a list is replaced";
  EXPECT_EQ(x3.scenario.arrivals[0].rate_milli, 6'000);
  EXPECT_EQ(x3.scenario.time_scale, 1) << "null deletes";
}

TEST(Settings, APathSetsAValueAndTheLaterOneWins) {
  const Outcome outcome = loaded(with_variants(), {{"population.garages", "9"},
                                                   {"phases.0.hold", "10s"},
                                                   {"mqtt", "3.1.1"},
                                                   {"population.insurers", "3"},
                                                   {"time_scale", "5"},
                                                   {"time_scale", "7"}});
  EXPECT_THAT(outcome.errors, IsEmpty());
  EXPECT_EQ(outcome.scenario.population.garages, 9);
  EXPECT_EQ(outcome.scenario.population.insurers, 3);
  EXPECT_EQ(outcome.scenario.phases.at(0).length.count(), 10'000'000);
  EXPECT_EQ(outcome.scenario.mqtt_version, 4);
  EXPECT_EQ(outcome.scenario.time_scale, 7);
  EXPECT_EQ(loaded(with_variants(), {{"scale", "x3"}, {"time_scale", "5"}}).scenario.time_scale, 5);
  EXPECT_EQ(loaded(with_variants(), {{"mqtt", "5.0"}}).scenario.mqtt_version, 5);
}

TEST(Settings, UnknownNamesAndValuesAreToldWithWhatIsAllowed) {
  EXPECT_THAT(
      refused({{"scael", "x3"}}),
      ElementsAre(AllOf(StartsWith("--set scael=x3: found \"scael\", allowed: scale, name, title"),
                        HasSubstr("did you mean scale?"))));
  EXPECT_THAT(refused({{"scale", "x4"}}),
              ElementsAre(AllOf(HasSubstr("found \"x4\", allowed: ci, x3"),
                                HasSubstr("did you mean x3?"))));
  EXPECT_THAT(refused({{"scale", "x3"}, {"scale", "ci"}}),
              ElementsAre(HasSubstr("each variant once")));
  EXPECT_THAT(refused({{"format", "x"}}), ElementsAre(HasSubstr("found \"format\"")));
  EXPECT_THAT(refused({{"variants.scale", "1"}}), ElementsAre(HasSubstr("found \"variants\"")));
  EXPECT_THAT(refused({{"phases.1.hold", "1s"}}),
              ElementsAre("--set phases.1.hold=1s: found phases.1, which is not there, allowed: of "
                          "phases: 0 to 0"));
  EXPECT_THAT(refused({{"time_scale.x", "1"}}), ElementsAre(HasSubstr("nothing: it has no parts")));
}

TEST(Settings, AnErrorInASetValueNamesTheOption) {
  EXPECT_THAT(
      refused({{"population.garages", "many"}}),
      ElementsAre("--set population.garages=many: /population/garages: found \"many\", allowed: an "
                  "integer from 1 to 18000"));
  EXPECT_THAT(
      refused({{"population.garagse", "5"}}),
      ElementsAre(StartsWith("--set population.garagse=5: /population/garagse: found the key")));
}

TEST(Settings, AnErrorInAVariantHasTheLineOfTheVariant) {
  Draft draft = with_variants();
  draft.more.replace(draft.more.find("6/s"), 3, "fast");
  const auto errors = loaded(draft, {{"scale", "x3"}}).errors;
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0], HasSubstr("s.json:9: /arrivals/0/rate: found \"fast\""));
  EXPECT_THAT(loaded(draft, {}).errors, IsEmpty()) << "what is not chosen is not merged";
}

TEST(Settings, TheShapeOfVariantsIsChecked) {
  const auto variants = [](const std::string& text) {
    Draft draft;
    draft.more = ",\n\"variants\": " + text;
    return errors_of(draft);
  };
  EXPECT_THAT(variants("[]"), ElementsAre("s.json:7: /variants: found a list, allowed: an object"));
  EXPECT_THAT(variants(R"({"phases": {"a": {}}})"),
              ElementsAre(HasSubstr("found the name \"phases\"")));
  EXPECT_THAT(variants(R"({"a.b": {"a": {}}})"), ElementsAre(HasSubstr("found the name \"a.b\"")));
  EXPECT_THAT(variants(R"({"a": {}})"), ElementsAre(HasSubstr("a variant without choices")));
  EXPECT_THAT(variants(R"({"a": {"b": 5}})"), ElementsAre(HasSubstr("/variants/a/b: found 5")));
  EXPECT_THAT(
      variants(R"({"a": {"b": {"time_scal": 5, "variants": {}}}})"),
      ElementsAre(HasSubstr("did you mean time_scale?"), HasSubstr("found the key \"variants\"")));
}

TEST(CheckFile, ChecksEveryVariant) {
  const Folder folder;
  Draft draft = with_variants();
  draft.more.replace(draft.more.find("6/s"), 3, "fast");
  draft.more.replace(draft.more.find("\"garages\": 2"), 12, "\"garages\": 0");
  const std::string file = folder.write("s.json", draft.text());
  const auto texts = [&](const std::vector<Setting>& settings) {
    std::vector<std::string> all;
    for (const FileError& error : check_file(file, settings)) all.push_back(to_string(error));
    return all;
  };
  EXPECT_THAT(texts({}), ElementsAre(AllOf(HasSubstr("s.json:8: /population/garages: found 0"),
                                           HasSubstr("(with --set scale=ci)")),
                                     AllOf(HasSubstr("s.json:9: /arrivals/0/rate: found \"fast\""),
                                           HasSubstr("(with --set scale=x3)"))));
  EXPECT_THAT(texts({{"scale", "x3"}}), ElementsAre(HasSubstr("found \"fast\"")));
  EXPECT_THAT(check_file(folder.write("w.json", R"({"format": "claimstorm-workflow/1"})"),
                         {{"scale", "x3"}}),
              SizeIs(5));
}

TEST(ParseSetting, IsKeyAndValue) {
  EXPECT_EQ(parse_setting("a.b=c=d")->key, "a.b");
  EXPECT_EQ(parse_setting("a.b=c=d")->value, "c=d");
  EXPECT_FALSE(parse_setting("a"));
  EXPECT_FALSE(parse_setting("=a"));
}

}  // namespace
}  // namespace claims::storm
