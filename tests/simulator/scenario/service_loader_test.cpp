#include "simulator/scenario/service_loader.h"

#include <gmock/gmock.h>

#include "tests/simulator/scenario/draft.h"
#include "tests/simulator/scenario/shipped_scenario.h"

namespace claims::storm {
namespace {

using testing::Draft;
using ::testing::ElementsAre;
using testing::errors_of;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Microseconds kHour{3'600'000'000};

std::string levels(const std::string& bands) {
  return R"({"format": "claimstorm-service-levels/1", "schedules": [
{"name": "a", "title": {"ko": "가", "en": "a"}, "bands": [)" +
         bands + "]}]}\n";
}

std::string errors_of_bands(const std::string& bands) {
  const Folder folder;
  std::string all;
  for (const FileError& error : check_file(folder.write("service-levels.json", levels(bands)))) {
    all += to_string(error) + "\n";
  }
  return all;
}

TEST(ServiceLoader, AScenarioWithoutItAsksForNothing) {
  const Folder folder;
  const auto scenario = load_scenario(folder.write("s.json", Draft().text()));
  ASSERT_TRUE(scenario);
  EXPECT_FALSE(scenario->service);
  EXPECT_THAT(scenario->credit_schedules, IsEmpty());
}

TEST(ServiceLoader, ReadsArchitectureAndMaintenance) {
  const Folder folder;
  Draft draft;
  draft.more = R"(, "service": {"architecture": "redundant",
"maintenance": [{"at": "0s", "lasts": "1h"}, {"at": "3h", "lasts": "2h"}]})";
  folder.write("service-levels.json", levels(R"({"below": "99.95 %", "credit": "10 %"})"));
  const auto scenario = load_scenario(folder.write("s.json", draft.text()));
  ASSERT_TRUE(scenario);
  ASSERT_TRUE(scenario->service);
  EXPECT_TRUE(scenario->service->redundant);
  ASSERT_THAT(scenario->service->maintenance, SizeIs(2));
  EXPECT_EQ(scenario->service->maintenance[1].begin, 3 * kHour);
  EXPECT_EQ(scenario->service->maintenance[1].end, 5 * kHour);
  ASSERT_THAT(scenario->credit_schedules, SizeIs(1));
  EXPECT_EQ(scenario->credit_schedules[0].bands.at(0).below_milli, 99'950);
}

TEST(ServiceLoader, TellsWhatIsWrongWithAScenariosService) {
  Draft draft;
  draft.more = R"(, "service": {"architecture": "cloud", "colour": 1,
"maintenance": [{"at": "3h", "lasts": "2h"},
{"at": "4h", "lasts": "0s"}, {"at": "6h"}]})";
  std::string all;
  for (const std::string& error : errors_of(draft)) all += error + "\n";
  for (const char* part :
       {R"(/service/architecture: found "cloud", allowed: "single" or "redundant")", "colour",
        "/service/maintenance/1: found a window from 4h, allowed: one after the end",
        "/service/maintenance/1/lasts", "/service/maintenance/2"}) {
    EXPECT_THAT(all, HasSubstr(part));
  }
}

TEST(ServiceLoader, TheSchedulesThatShipAreThoseOfTheContract) {
  const auto schedules =
      *load_service_levels_beside((testing::scenarios_folder() / "month.json").string());
  ASSERT_THAT(schedules, SizeIs(3));
  const auto bands = [&](std::size_t i) {
    std::vector<std::pair<std::int64_t, std::int64_t>> all;
    for (const auto& band : schedules.at(i).bands) {
      all.emplace_back(band.below_milli, band.credit_percent);
    }
    return all;
  };
  using Band = std::pair<std::int64_t, std::int64_t>;
  EXPECT_THAT(bands(0), ElementsAre(Band{99'900, 10}, Band{99'000, 25}, Band{95'000, 50}));
  EXPECT_THAT(bands(1), ElementsAre(Band{99'900, 10}, Band{99'000, 25}, Band{95'000, 100}));
  EXPECT_THAT(bands(2), ElementsAre(Band{99'950, 10}, Band{99'900, 20}, Band{99'500, 30}));
}

TEST(ServiceLoader, BandsGoDownAndCreditsUp) {
  EXPECT_EQ(errors_of_bands(R"({"below": "99.9 %", "credit": "10 %"})"), "");
  EXPECT_THAT(errors_of_bands(R"({"below": "99.9 %", "credit": "10 %"},
{"below": "99.9%", "credit": "25%"})"),
              HasSubstr(":3: /schedules/0/bands/1/below: found \"99.9%\", allowed: less than"));
  EXPECT_THAT(errors_of_bands(R"({"below": "99.9 %", "credit": "10 %"},
{"below": "99 %", "credit": "10 %"})"),
              HasSubstr("/bands/1/credit: found \"10 %\", allowed: more than"));
}

TEST(ServiceLoader, SharesAreShares) {
  for (const char* wrong : {"99.9", "100.001 %", "99.9999 %", "-1 %", "%", "many"}) {
    EXPECT_THAT(errors_of_bands(std::string(R"({"below": ")") + wrong + R"(", "credit": "10 %"})"),
                HasSubstr("allowed: a share above 0 %"))
        << wrong;
  }
  EXPECT_THAT(errors_of_bands(R"({"below": "99 %", "credit": "10.5 %"})"),
              HasSubstr("allowed: whole percents"));
}

}  // namespace
}  // namespace claims::storm
