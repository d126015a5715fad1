// The tutorial of docs/scenarios.md can be followed literally: its files are what it says they are.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "simulator/scenario/fault_plan.h"
#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using testing::Folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::filesystem::path kRoot = CLAIMS_SOURCE_DIR;

std::string tutorial() {
  const std::string page = read(kRoot / "docs/scenarios.md");
  const std::size_t begin = page.find("## A first scenario");
  const std::size_t end = page.find("## A scenario");
  EXPECT_LT(begin, end);
  return begin < end ? page.substr(begin, end - begin) : std::string();
}

/// The scenario files that it has the reader write.
std::vector<std::string> files() {
  const std::string text = tutorial();
  const std::string open = "```json\n";
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    blocks.push_back(text.substr(at, text.find("```", at) - at));
  }
  return blocks;
}

std::vector<std::string> errors(const std::string& scenario) {
  const Folder folder;
  folder.write("scenarios/requirements.json", read(kRoot / "scenarios/requirements.json"));
  const std::string file = folder.write("scenarios/first.json", scenario);
  std::vector<std::string> texts;
  for (const FileError& error : check_file(file)) {
    const std::string text = to_string(error);
    texts.push_back(text.substr(text.find("scenarios/first.json")));
  }
  return texts;
}

TEST(Tutorial, TheFirstFileHasTheSlipThatItShows) {
  ASSERT_THAT(files(), SizeIs(2));
  std::string file = files()[0];
  const auto told = errors(file);
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(tutorial(), HasSubstr("\n" + told[0] + "\n1 error\n"));
  file.replace(file.find("garge"), 5, "garage");
  EXPECT_THAT(errors(file), IsEmpty());
}

TEST(Tutorial, TheFinishedFileIsValidWithEachOfItsVariants) {
  ASSERT_THAT(files(), SizeIs(2));
  const std::string file = files()[1];
  EXPECT_THAT(errors(file), IsEmpty());
  EXPECT_THAT(file, HasSubstr(R"("body.text": "${text}")")) << "what the last part changes";
  EXPECT_THAT(file, HasSubstr("\"busy\"")) << "what --set chooses";
}

TEST(FaultChapter, ItsExampleIsValidAndItsTableHasEveryKind) {
  const std::string page = read(kRoot / "docs/scenarios.md");
  const std::string chapter = page.substr(page.find("## Faults\n"));
  const std::string open = "```json\n";
  const auto begin = chapter.find(open) + open.size();
  const testing::Folder folder;
  const auto plan = load_faults(
      folder.write("faults.json", chapter.substr(begin, chapter.find("```\n", begin) - begin)));
  ASSERT_TRUE(plan) << to_string(plan.error().at(0));
  EXPECT_EQ(plan->faults.size(), 3U);
  for (const std::string& kind : fault_kind_names()) {
    EXPECT_THAT(chapter, HasSubstr("\n| `" + kind + "` |"));
  }
}

}  // namespace
}  // namespace claims::storm
