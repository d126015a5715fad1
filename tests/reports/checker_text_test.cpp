#include "reports/checker_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "reports/html.h"
#include "tests/reports/sample_result.h"

namespace claims::report {
namespace {

using testing::Contains;
using testing::Ge;
using testing::HasSubstr;
using testing::SizeIs;

/// The first column of the table of checkers.
std::vector<std::string> documented() {
  std::ifstream file(CLAIMS_SOURCE_DIR "/docs/checking.md");
  std::vector<std::string> names;
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| in `violations`")) in_table = true;
    if (!line.starts_with("|")) in_table = false;
    if (in_table && line.starts_with("| `")) names.push_back(line.substr(3, line.find('`', 3) - 3));
  }
  return names;
}

TEST(CheckerText, EveryCheckerOfTheDocumentIsDescribedInBothLanguages) {
  const std::vector<std::string> names = documented();
  ASSERT_THAT(names, SizeIs(Ge(19U)));
  ASSERT_THAT(names, Contains("steps"));
  RunResult result = sample_result();
  for (const std::string& name : names) result.violations[name] = 0;
  const std::string page = report_html(result);
  for (const std::string& name : names) {
    const Text text = checker_text(name);
    EXPECT_FALSE(text.ko.empty() || text.en.empty()) << name;
    EXPECT_THAT(page, HasSubstr(text.ko));
    EXPECT_THAT(page, HasSubstr(text.en));
  }
}

TEST(CheckerText, AnUnknownCheckerHasNone) {
  EXPECT_EQ(checker_text("nobody").en, "");
}

}  // namespace
}  // namespace claims::report
