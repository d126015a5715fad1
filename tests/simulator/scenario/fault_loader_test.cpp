#include "simulator/scenario/fault_loader.h"

#include <gmock/gmock.h>

#include "simulator/scenario/fault_plan.h"
#include "tests/simulator/scenario/draft.h"

namespace claims::storm {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using testing::Draft;
using ::testing::ElementsAre;
using testing::errors_of;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A scenario with these entries, one a line from line 7 on.
Draft with_faults(const std::vector<std::string>& entries) {
  Draft draft;
  draft.more = ", \"faults\": [";
  for (std::size_t i = 0; i < entries.size(); ++i)
    draft.more += (i > 0 ? ",\n" : "\n") + entries[i];
  draft.more += "]";
  return draft;
}
std::vector<std::string> errors(const std::vector<std::string>& entries) {
  return errors_of(with_faults(entries));
}
FaultPlan loaded(const std::vector<std::string>& entries) {
  const Folder folder;
  auto scenario = load_scenario(folder.write("s.json", with_faults(entries).text()));
  EXPECT_TRUE(scenario) << to_string(scenario.error().at(0));
  return scenario ? scenario->faults : FaultPlan{};
}
std::string fault_file(const std::string& entries, const std::string& more = {}) {
  return "{\"format\": \"claimstorm-faults/1\",\n\"title\": {\"ko\": \"장애\", \"en\": "
         "\"faults\"},\n"
         "\"faults\": [" +
         entries + "]" + more + "}\n";
}

TEST(FaultLoader, ReadsAnEntryOfEachKind) {
  const FaultPlan plan = loaded({
      R"({"fault": "crash", "at": "20s", "lasts": "2s"})",
      R"({"fault": "pause", "at": "12345678us", "lasts": "1s..2s"})",
      R"({"fault": "refuse", "every": "1s..2s", "lasts": "1s"})",
      R"({"fault": "backlog", "every": "1s", "lasts": "1s"})",
      R"({"fault": "cut", "every": "2s..10s", "from": "5s", "until": "50s", "users": "1..3"})",
      R"({"fault": "cut_after_publish", "at": "1s", "users": ["g-001", "a-003"]})",
      R"({"fault": "takeover", "at": "1s", "users": "all"})",
      R"({"fault": "half_open", "at": "1s", "lasts": "1s", "users": "10 %"})",
      R"({"fault": "partition", "at": "1s", "lasts": "1s", "users": 2, "direction": "to_server"})",
      R"({"fault": "clog", "at": "1s", "lasts": "1s", "users": "1", "rate": "2000"})",
      R"({"fault": "latency", "at": "1s", "lasts": "1s", "users": "1", "adds": "50ms..300ms"})",
      R"({"fault": "slow_reader", "at": "1s", "lasts": "1s", "users": "1"})",
      R"({"fault": "repeat", "at": "1s", "users": "1", "after": "0ms..3s"})",
      R"({"fault": "disk_slow", "at": "1s", "lasts": "1s", "adds": "20ms..200ms"})",
      R"({"fault": "disk_full", "at": "1s", "lasts": "1s"})",
      R"({"fault": "disk_fails", "at": "30.5 %"})",
      R"({"fault": "clock_jump", "at": "1s", "by": "-30s..30s"})",
      R"({"fault": "clock_drift", "at": "1s", "lasts": "1s", "ppm": "-200..200"})",
  });
  ASSERT_EQ(plan.faults.size(), kFaultKinds);
  for (std::size_t i = 0; i < kFaultKinds; ++i) {
    EXPECT_EQ(plan.faults[i].kind, static_cast<FaultKind>(i));
    EXPECT_EQ(plan.faults[i].place.line, 7 + static_cast<int>(i));
  }
  EXPECT_EQ(plan.faults[1].at, Microseconds{12'345'678});
  EXPECT_EQ(plan.faults[1].lasts, std::pair(Microseconds{1'000'000}, Microseconds{2'000'000}));
  const FaultSpec& cut = plan.faults[4];
  EXPECT_EQ(cut.at, std::nullopt);
  EXPECT_EQ(cut.every, std::pair(Microseconds{2'000'000}, Microseconds{10'000'000}));
  EXPECT_EQ(cut.from, Microseconds{5'000'000});
  EXPECT_EQ(cut.until, Microseconds{50'000'000});
  EXPECT_EQ(cut.users, std::pair(std::int64_t{1}, std::int64_t{3}));
  EXPECT_THAT(plan.faults[5].user_ids, ElementsAre("g-001", "a-003"));
  EXPECT_EQ(plan.faults[6].users_permille, 1'000);
  EXPECT_EQ(plan.faults[7].users_permille, 100);
  EXPECT_EQ(plan.faults[8].users.second, 2);
  EXPECT_EQ(plan.faults[8].direction, Direction::to_server);
  EXPECT_EQ(plan.faults[9].amount.first, 2'000);
  EXPECT_EQ(plan.faults[10].amount, std::pair(std::int64_t{50'000}, std::int64_t{300'000}));
  EXPECT_EQ(plan.faults[16].amount, std::pair(std::int64_t{-30'000}, std::int64_t{30'000}));
  EXPECT_EQ(plan.faults[17].amount, std::pair(std::int64_t{-200}, std::int64_t{200}));
  EXPECT_EQ(plan.faults[15].at_permille, 305);
  EXPECT_EQ(plan.faults[15].at, std::nullopt);
  EXPECT_EQ(plan.liveness, Microseconds{60'000'000});
}

TEST(FaultLoader, TellsEverythingThatIsWrongAtOnceWithItsPlace) {
  const auto found = errors({
      R"({"fault": "crush", "at": "1s", "lasts": "1s"})",
      R"({"fault": "crash", "at": "1s"})",
      R"({"fault": "crash", "at": "1s", "lasts": "1s", "users": "1"})",
      R"({"fault": "cut", "at": "1s", "every": "1s", "users": "1"})",
      R"({"fault": "cut", "users": "1"})",
      R"({"fault": "cut", "every": "5ms", "users": "1"})",
      R"({"fault": "cut", "at": "1s", "from": "1s", "users": "1"})",
      R"({"fault": "cut", "every": "1s", "from": "5s", "until": "5s", "users": "1"})",
      R"({"fault": "cut", "at": "1s", "users": "some"})",
      R"({"fault": "cut", "at": "1s", "users": "101 %"})",
      R"({"fault": "cut", "at": "1s", "users": ["g-001", "g-001"]})",
      R"({"fault": "partition", "at": "1s", "lasts": "8s..1s", "users": "1", "direction": "up"})",
      R"({"fault": "clock_jump", "at": "1s"})",
      R"({"fault": "clock_drift", "at": "1s", "lasts": "1s", "ppm": "-100001"})",
      R"({"at": "1s"})",
      R"({"fault": "disk_fails", "at": "100 %"})",
      R"({"fault": "disk_fails", "at": "a %"})",
  });
  EXPECT_EQ(found.size(), 18U) << ::testing::PrintToString(found);
  const auto told = [&](int line, const std::string& path, const std::string& allowed) {
    EXPECT_THAT(found, Contains(AllOf(HasSubstr("s.json:" + std::to_string(line) + ": "),
                                      HasSubstr(path), HasSubstr(allowed))));
  };
  told(7, "/faults/0/fault: found \"crush\"", "did you mean crash?");
  told(8, "/faults/1/lasts: found nothing", "1s..8s");
  told(9, R"(/faults/2/users: found the key "users")", "lasts");
  told(10, R"(/faults/3/every: found the key "every" beside "at")", "one of the two");
  told(11, "/faults/4: found neither", "every");
  told(12, "/faults/5/every: found \"5ms\"", "from 100ms");
  told(13, "/faults/6/from: found the key", "users");
  told(14, "/faults/7/until: found \"5s\"", "a time after");
  told(15, "/faults/8/users: found \"some\"", "10 %");
  told(16, "/faults/9/users: found \"101 %\"", "0.1 % to 100 %");
  told(17, "/faults/10/users/1: found \"g-001\"", "each user once");
  told(22, "/faults/15/at: found \"100 %\"", "below 100 %");
  told(23, "/faults/16/at: found \"a %\"", "0.1 %");
  told(18, "/faults/11/lasts: found \"8s..1s\"", "not before its beginning");
  told(18, "/faults/11/direction: found \"up\"", "to_server");
  told(19, "/faults/12/by: found nothing", "-30s..30s");
  told(20, "/faults/13/ppm: found \"-100001\"", "-100000");
  told(21, "/faults/14/fault: found nothing", "half_open");
}

TEST(FaultLoader, LoadsAFileOfItsOwn) {
  const Folder folder;
  const auto plan = load_faults(folder.write(
      "f.json", fault_file(R"({"fault": "disk_fails", "at": "1s"})",
                           ",\n\"liveness\": \"90s\",\n\"thresholds\": "
                           "[{\"metric\": \"recovery.max_s\", \"limit\": \"<= 30\", "
                           "\"delivery_p99_ms\": 250}, {\"metric\": \"recovery.max_s\", "
                           "\"limit\": \"<= 60\"}]")));
  ASSERT_TRUE(plan) << to_string(plan.error().at(0));
  EXPECT_EQ(plan->title.en, "faults");
  EXPECT_EQ(plan->faults.size(), 1U);
  EXPECT_EQ(plan->liveness, Microseconds{90'000'000});
  ASSERT_EQ(plan->thresholds.size(), 2U);
  EXPECT_EQ(plan->thresholds[0].recovered_below_ms, 250);
  EXPECT_EQ(plan->thresholds[1].recovered_below_ms, 1'000);
}

TEST(FaultLoader, AFileOfItsOwnHasItsOwnKeys) {
  const Folder folder;
  const auto plan = load_faults(
      folder.write("f.json", fault_file("", ",\n\"liveness\": \"2h\",\n\"population\": {}")));
  ASSERT_FALSE(plan);
  ASSERT_EQ(plan.error().size(), 2U);
  EXPECT_THAT(to_string(plan.error()[0]), HasSubstr(":4: /liveness: found \"2h\""));
  EXPECT_THAT(to_string(plan.error()[1]), HasSubstr("/population"));
  const auto wrong = check_file(folder.write("g.json", fault_file(R"({"fault": "crash"})")));
  EXPECT_EQ(wrong.size(), 2U) << "validate knows the format";
  EXPECT_THAT(check_file(folder.write("h.json", fault_file(""))), IsEmpty());
}

TEST(FaultLoader, OnlyRecoveryHasABoundOfDeliveries) {
  Draft draft;
  draft.more =
      R"(, "thresholds": [{"metric": "delivery.max_ms", "limit": "<= 5", "delivery_p99_ms": 5}])";
  EXPECT_THAT(errors_of(draft), ElementsAre(HasSubstr("delivery_p99_ms")));
  draft.more =
      R"(, "thresholds": [{"metric": "recovery.max_s", "limit": "<= 5", "delivery_p99_ms": 0}])";
  EXPECT_THAT(errors_of(draft), ElementsAre(HasSubstr("an integer from 1")));
}

TEST(FaultLoader, TheRecoveryThatAScenarioAsksForBelongsToItsFaults) {
  const Folder folder;
  Draft draft;
  draft.more =
      R"(, "thresholds": [{"metric": "recovery.max_s", "limit": "<= 5"}, {"metric": "violations.total", "limit": "== 0"}])";
  const auto scenario = load_scenario(folder.write("s.json", draft.text()));
  ASSERT_TRUE(scenario);
  ASSERT_EQ(scenario->thresholds.size(), 1U);
  EXPECT_EQ(scenario->thresholds[0].metric, "violations.total");
  ASSERT_EQ(scenario->faults.thresholds.size(), 1U);
  EXPECT_EQ(scenario->faults.thresholds[0].limit_milli, 5'000);
}

TEST(FaultLoader, ASettingChangesFaults) {
  const Folder folder;
  const std::string file = folder.write(
      "s.json", with_faults({R"({"fault": "pause", "at": "1s", "lasts": "1s"})"}).text());
  const auto changed = load_scenario(file, {{"faults.0.lasts", "3s"}, {"liveness", "5s"}});
  ASSERT_TRUE(changed) << to_string(changed.error().at(0));
  EXPECT_EQ(changed->faults.faults.at(0).lasts.first, Microseconds{3'000'000});
  EXPECT_EQ(changed->faults.liveness, Microseconds{5'000'000});
  const auto wrong = load_scenario(file, {{"faults.0.lasts", "3 parsecs"}});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(to_string(wrong.error().at(0)), HasSubstr("--set faults.0.lasts=3 parsecs"));
}

TEST(FaultUsers, ThatThePopulationDoesNotHaveAreTold) {
  const Population population =
      make_population({.insurers = 1, .adjusters = 2, .garages = 2}, 1, 0);
  const std::string known = population.people.back().id;
  Scenario scenario;
  scenario.faults = loaded({R"({"fault": "cut", "at": "1s", "users": ["x-1", ")" + known + "\"]}"});
  const auto wrong = check_faults(scenario, population);
  ASSERT_EQ(wrong.size(), 1U);
  EXPECT_THAT(to_string(wrong[0]), AllOf(HasSubstr("s.json:7: /faults/0/users/0: found \"x-1\""),
                                         HasSubstr("a user of the population")));
}

/// Of phases of so many tenths of a second, and one more: "every 100ms" comes to so many faults.
class FaultCounts : public ::testing::Test {
 protected:
  std::vector<FileError> wrong(const std::vector<std::string>& entries, std::int64_t tenths) {
    Scenario scenario;
    scenario.faults = loaded(entries);
    scenario.phases.resize(2);
    scenario.phases[0].length = Microseconds{100'000 * tenths};
    scenario.phases[1].length = Microseconds{100'000};
    const Population population =
        make_population({.insurers = 3, .adjusters = 600, .garages = 400}, 1, 0);
    return check_faults(scenario, population);
  }
};

TEST_F(FaultCounts, MoreThanARunMayHaveAreToldWithTheirPlace) {
  const std::string often = R"({"fault": "disk_fails", "every": "100ms"})";
  EXPECT_TRUE(wrong({often}, limits::kFaultsMax).empty());
  const auto year = wrong({often}, 10LL * 366 * 86'400 - 1);
  ASSERT_EQ(year.size(), 1U);
  EXPECT_THAT(to_string(year[0]),
              AllOf(HasSubstr("s.json:7: /faults/0: found up to 316223999 faults in 366d "),
                    HasSubstr("allowed: at most 100000 in a run: a longer \"every\"")));
  EXPECT_EQ(wrong({often}, limits::kFaultsMax + 1).size(), 1U);
  // All entries count together, each at its shortest gap, within its time.
  const std::string until = R"({"fault": "disk_fails", "every": "100ms..1d", "until": "10s"})";
  const std::string once = R"({"fault": "disk_fails", "at": "1s"})";
  const auto one_more = wrong({once, often}, limits::kFaultsMax);
  ASSERT_EQ(one_more.size(), 1U);
  EXPECT_THAT(to_string(one_more[0]), AllOf(HasSubstr(": /faults/1: found up to 100000 faults"),
                                            HasSubstr("with the entries before: 100001")));
  EXPECT_TRUE(wrong({until, often}, limits::kFaultsMax - 99).empty());
  EXPECT_FALSE(wrong({until, often}, limits::kFaultsMax - 98).empty());
}

TEST_F(FaultCounts, OfUsersCountWithAllTheirConnections) {
  const std::string all = R"({"fault": "cut", "every": "100ms", "users": "all"})";
  EXPECT_TRUE(wrong({all}, 9'000).empty());
  const auto many = wrong({all}, 20'000);
  ASSERT_EQ(many.size(), 1U);
  EXPECT_THAT(to_string(many[0]), AllOf(HasSubstr(": /faults/0: found up to 2"),
                                        HasSubstr("connections of users that faults happen to"),
                                        HasSubstr("allowed: at most 10000000 in a run: fewer")));
  const std::string some = R"({"fault": "cut", "every": "100ms", "users": "1..3"})";
  EXPECT_TRUE(wrong({some}, 20'000).empty());
  const std::string share = R"({"fault": "cut", "every": "100ms", "users": "1 %"})";
  EXPECT_TRUE(wrong({share}, 20'000).empty());
}

}  // namespace
}  // namespace claims::storm
