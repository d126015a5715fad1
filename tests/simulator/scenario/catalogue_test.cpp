// The catalogues beside a scenario: defects.json and country.json.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "simulator/scenario/country_load.h"
#include "simulator/scenario/defect_catalogue.h"

namespace claims::storm {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Catalogue : public testing::Test {
 protected:
  Catalogue()
      : folder_(fs::path(testing::TempDir()) / ("claims-catalogue-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~Catalogue() override { fs::remove_all(folder_); }

  std::string write(const char* name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::string scenario() const { return (folder_ / "my.json").string(); }
  std::vector<std::string> errors_of(const char* name, const std::string& text) const {
    std::vector<std::string> told;
    for (const FileError& error : check_file(write(name, text))) told.push_back(to_string(error));
    return told;
  }

 private:
  fs::path folder_;
};

std::string defects(const std::string& entries) {
  return R"({"format": "claimstorm-defects/1", "defects": [)" + entries + "]}";
}

TEST_F(Catalogue, WithoutFilesThereIsNothing) {
  EXPECT_THAT(*load_defects_beside(scenario()), IsEmpty());
  EXPECT_THAT(load_country_beside(scenario())->kinds, IsEmpty());
}

TEST_F(Catalogue, DefectsAreReadWithTheirProof) {
  write("defects.json", defects(R"({"id": "D-01", "title": {"ko": "가", "en": "a"},
    "checkers": ["present_fields"], "events": ["message"]},
    {"id": "D-02", "title": {"ko": "나", "en": "b"}, "not_covered": {"ko": "없음", "en": "none"}})"));
  const auto read = load_defects_beside(scenario());
  ASSERT_TRUE(read);
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_THAT(read->at(0).checkers, ElementsAre("present_fields"));
  EXPECT_THAT(read->at(0).events, ElementsAre("message"));
  EXPECT_EQ(read->at(1).not_covered.en, "none");
}

TEST_F(Catalogue, WhatIsWrongWithDefectsIsAllTold) {
  const std::string title = R"("title": {"ko": "가", "en": "a"})";
  const auto errors = errors_of("defects.json", defects(R"({"id": "D", )" + title + R"(},
{"id": "D", )" + title + R"(, "checkers": ["nobody"]},
{"id": "E", )" + title + R"(, "clauses": ["A-1/one"], "events": ["message"], "colour": 1})"));
  std::string all;
  for (const std::string& error : errors) all += error + "\n";
  for (const char* part :
       {"allowed: exactly one of checkers, clauses and not_covered", "allowed: each ID once",
        "found \"nobody\", allowed: a checker", "allowed: events: the types", "colour",
        "allowed: no events without checkers"}) {
    EXPECT_THAT(all, HasSubstr(part));
  }
}

TEST_F(Catalogue, TheCountrysLoadIsInThousandthsOfASecond) {
  write("country.json", R"({"format": "claimstorm-country/1", "basis": {"ko": "추정", "en": "E"},
    "kinds": [{"kind": "bulk", "title": {"ko": "일괄", "en": "Bulk"}, "workflows": ["bulk"],
               "mean": "0.09/s", "peak": "0.3/s"}]})");
  const auto read = load_country_beside(scenario());
  ASSERT_TRUE(read);
  ASSERT_THAT(read->kinds, SizeIs(1));
  EXPECT_EQ(read->kinds[0].mean_milli, 90);
  EXPECT_EQ(read->kinds[0].peak_milli, 300);
}

TEST_F(Catalogue, ABrokenFileBesideAScenarioIsAnError) {
  write("country.json", R"({"format": "claimstorm-country/1", "basis": {"ko": "추정", "en": "E"},
    "kinds": [{"kind": "bulk", "title": {"ko": "일괄", "en": "Bulk"}, "workflows": ["bulk"],
               "mean": "fast", "peak": "0.3/s"}]})");
  const auto read = load_country_beside(scenario());
  ASSERT_FALSE(read);
  EXPECT_THAT(to_string(read.error().at(0)), HasSubstr("/kinds/0/mean: found \"fast\""));
}

}  // namespace
}  // namespace claims::storm
