// The catalogue of requirements beside a scenario, and the clauses that are cited of it.

#include <gmock/gmock.h>

#include "simulator/scenario/load.h"
#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using ::testing::AllOf;
using testing::Draft;
using ::testing::ElementsAre;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Requirements, ClausesAreThoseOfTheCatalogueBesideTheFile) {
  const Folder folder;
  Draft draft;
  draft.steps = {
      R"({"role": "garage", "send": {"type": "t"}, "proves": ["CPC-003/one-rom", "CPC-999/x", "CPC-003", "CPC-003/one-room"]})"};
  draft.more =
      ",\n\"not_covered\": [{\"clause\": \"CPC-003/one-room\", \"why\": {\"ko\": \"가\", \"en\": "
      "\"a\"}}]";
  const auto file = folder.write("s.json", draft.text());
  EXPECT_THAT(folder.errors(file),
              ElementsAre(AllOf(HasSubstr("no requirements.json that has them"),
                                HasSubstr("allowed: requirements.json or ")),
                          HasSubstr("which a step or threshold proves"),
                          HasSubstr("/proves/2: found \"CPC-003\"")));
  folder.write("requirements.json",
               R"({"format": "claimstorm-requirements/1", "requirements": [{"id": "CPC-003",
               "title": {"ko": "방", "en": "room"}, "clauses": [
               {"clause": "one-room", "title": {"ko": "하나", "en": "one"}}]}]})");
  EXPECT_THAT(
      folder.errors(file),
      ElementsAre(HasSubstr("s.json:7: /not_covered/0/clause"),
                  HasSubstr("s.json:15: /workflows/0/steps/0/proves/0: found \"CPC-003/one-rom\", "
                            "allowed: CPC-003/one-room (did you mean CPC-003/one-room?)"),
                  HasSubstr("/proves/1: found \"CPC-999/x\", allowed: a clause of "
                            "requirements.json"),
                  HasSubstr("/proves/2: found \"CPC-003\", allowed: a requirement's clause")));
}

TEST(Requirements, TheCatalogueMayStandInTheFolderAbove) {
  const Folder folder;
  Draft draft;
  draft.steps = {R"({"role": "garage", "send": {"type": "t"}, "proves": ["CPC-003/one-rom"]})"};
  const auto file = folder.write("mine/s.json", draft.text());
  EXPECT_THAT(folder.errors(file), ElementsAre(HasSubstr("allowed: mine/requirements.json or ")));
  folder.write("requirements.json",
               R"({"format": "claimstorm-requirements/1", "requirements": [{"id": "CPC-003",
               "title": {"ko": "방", "en": "room"}, "clauses": [
               {"clause": "one-room", "title": {"ko": "하나", "en": "one"}}]}]})");
  EXPECT_THAT(folder.errors(file), ElementsAre(HasSubstr("did you mean CPC-003/one-room?")));
  folder.write("requirements.json", "{,}");
  EXPECT_THAT(folder.errors(file), ElementsAre(StartsWith("requirements.json:1: ")))
      << "only what all else may follow from";
}

TEST(Requirements, ErrorsOfTheCatalogue) {
  const Folder folder;
  const auto file = folder.write(
      "requirements.json",
      "{\"format\": \"x\", \"requirements\": [\n{\"id\": \"A-1\", \"title\": {\"ko\": \"가\"}, "
      "\"clauses\": []},\n{\"id\": \"A-1\", \"title\": {\"ko\": \"가\", \"en\": \"\"}, "
      "\"clauses\": [{\"clause\": \"a b\", \"title\": 5}]}]}");
  const auto loaded = load_requirements(file);
  ASSERT_FALSE(loaded);
  std::vector<std::string> paths;
  for (const FileError& error : loaded.error()) paths.push_back(error.place.path);
  EXPECT_THAT(paths,
              ElementsAre("/format", "/requirements/0/title/en", "/requirements/0/clauses",
                          "/requirements/1/id", "/requirements/1/title/en",
                          "/requirements/1/clauses/0/clause", "/requirements/1/clauses/0/title"));
}

}  // namespace
}  // namespace claims::storm
