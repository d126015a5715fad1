#include "simulator/command/run_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace claims::storm {
namespace {

TEST(RepeatCommand, IsWhatAShellUnderstandsAsTheSameRun) {
  RunOptions options;
  options.file = "my scenarios/it's.json";
  options.population = "$HOME/pop";
  options.target = "mqtt://[::1]:1883";
  EXPECT_EQ(repeat_command(options, 7),
            "claimstorm run 'my scenarios/it'\\''s.json' --target 'mqtt://[::1]:1883' "
            "--population '$HOME/pop' --seed 7");
}

TEST(RepeatCommand, HasTheSettings) {
  RunOptions options;
  options.file = "a.json";
  options.settings = {{"scale", "x3"}, {"phases.0.hold", "10 s"}};
  EXPECT_EQ(repeat_command(options, 7),
            "claimstorm run a.json --embedded --set scale=x3 --set 'phases.0.hold=10 s' --seed 7");
}

TEST(RepeatCommand, HasTheFaults) {
  RunWords words;
  words.file = "a.json";
  words.faults = "scenarios/faults/real.json";
  words.seed = "7";
  const auto options = parse_run_options(words);
  ASSERT_TRUE(options);
  EXPECT_EQ(repeat_command(*options, 7),
            "claimstorm run a.json --embedded --faults scenarios/faults/real.json --seed 7");
}

TEST(ParseRunOptions, SettingsAreKeyAndValue) {
  RunWords words;
  words.set = {"a=b", "c"};
  const auto options = parse_run_options(words);
  ASSERT_FALSE(options);
  ASSERT_EQ(options.error().size(), 1U);
  EXPECT_THAT(options.error()[0], testing::HasSubstr("--set \"c\": allowed is key=value"));
}

TEST(ParseRunOptions, TheClientIsOursOrPahos) {
  RunWords words;
  words.file = "a.json";
  EXPECT_EQ(parse_run_options(words)->client, Client::own);
  words.client = "own";
  EXPECT_EQ(parse_run_options(words)->client, Client::own);
  words.client = "paho";
  const auto options = parse_run_options(words);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->client, Client::paho);
  EXPECT_EQ(repeat_command(*options, 7), "claimstorm run a.json --embedded --client paho --seed 7");
  words.client = "mosquitto";
  const auto refused = parse_run_options(words);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(),
              testing::ElementsAre("--client \"mosquitto\": allowed are own and paho"));
}

TEST(ParseRunOptions, SourceAddressesAreBounded) {
  RunWords words;
  words.file = "a.json";
  EXPECT_EQ(parse_run_options(words)->source_addresses, std::nullopt);
  words.source_addresses = "4";
  const auto options = parse_run_options(words);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->source_addresses, 4U);
  EXPECT_EQ(repeat_command(*options, 7),
            "claimstorm run a.json --embedded --source-addresses 4 --seed 7");
  for (const char* wrong : {"0", "251", "-1", "many", "4294967297"}) {
    words.source_addresses = wrong;
    const auto refused = parse_run_options(words);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_THAT(refused.error()[0], testing::HasSubstr("allowed is a whole number from 1 to 250"));
  }
  words.source_addresses = "4";
  words.client = "paho";
  const auto both = parse_run_options(words);
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error()[0], testing::HasSubstr("exclude each other"));
}

Scenario of(std::vector<ArrivalSpec> arrivals, std::vector<Phase> phases) {
  Scenario scenario;
  scenario.file = "s.json";
  scenario.arrivals = std::move(arrivals);
  scenario.phases = std::move(phases);
  return scenario;
}

TEST(ApplyOptions, ARateIsDividedAsTheRatesWereAndChangesNothingElse) {
  Scenario scenario =
      of({{0, 40'000, 0}, {1, 9'000, 0}, {2, 14'000, 0}, {3, 0, 5}, {4, 0, 0, 20}}, {});
  RunOptions options;
  options.rate_milli = 50'000;
  ASSERT_TRUE(apply_options(options, scenario));
  EXPECT_EQ(scenario.arrivals[0].rate_milli, 31'746);
  EXPECT_EQ(scenario.arrivals[1].rate_milli, 7'143);
  EXPECT_EQ(scenario.arrivals[2].rate_milli, 11'111);
  EXPECT_EQ(scenario.arrivals[3].rate_milli, 0);
  EXPECT_EQ(scenario.arrivals[3].count, 5);
  EXPECT_EQ(scenario.arrivals[4].rate_milli, 0);
  EXPECT_EQ(scenario.arrivals[4].concurrent, 20);
  Scenario none = of({{0, 0, 0, 20}}, {});
  EXPECT_FALSE(apply_options(options, none));
}

TEST(ApplyOptions, ADurationKeepsTheProportionsOfWhatIsMeasured) {
  Scenario scenario = of({}, {{"ramp", false, Microseconds{5'000'000}, 0, 1'000}});
  constexpr std::int64_t kPieces = 7;
  for (std::int64_t i = 1; i <= kPieces; ++i) {
    scenario.phases.push_back({"day", true, Microseconds{i * 3'600'000'000}, 0, 1'000});
  }
  RunOptions options;
  options.duration = Microseconds{60'000'000};
  ASSERT_TRUE(apply_options(options, scenario));
  EXPECT_EQ(scenario.phases[0].length.count(), 5'000'000);
  Microseconds whole{0};
  for (std::int64_t i = 1; i <= kPieces; ++i) {
    const Microseconds length = scenario.phases.at(static_cast<std::size_t>(i)).length;
    EXPECT_NEAR(static_cast<double>(length.count()), static_cast<double>(i) * 60e6 / 28, 1.0);
    whole += length;
  }
  EXPECT_EQ(whole, options.duration);
}

/// A crash at the worst moment of a day stays there when the day is played in a minute.
TEST(ApplyOptions, ADurationMovesTheScenariosOwnFaultsWithItsPhases) {
  Scenario scenario;
  const auto second = [](std::int64_t count) { return Microseconds{count * 1'000'000}; };
  scenario.phases = {
      {"ramp", false, second(10)}, {"up", true, second(200)}, {"", true, second(400)}};
  const auto crash_at = [&](std::int64_t seconds) {
    FaultSpec fault;
    fault.kind = FaultKind::crash;
    fault.at = second(seconds);
    fault.lasts = {second(10), second(10)};
    return fault;
  };
  scenario.faults.faults = {crash_at(5), crash_at(310), crash_at(620)};
  FaultSpec cuts;
  cuts.every = {second(1), second(2)};
  cuts.from = second(10);
  cuts.until = second(210);
  scenario.faults.faults.push_back(cuts);
  scenario.service.emplace().maintenance = {{second(410), second(440)}};
  RunOptions options;
  options.duration = second(60);
  Scenario stretched = scenario;
  ASSERT_TRUE(apply_options(options, stretched));
  const std::vector<FaultSpec>& faults = stretched.faults.faults;
  EXPECT_EQ(faults[0].at, second(5)) << "a ramp keeps its length";
  EXPECT_EQ(faults[1].at, second(40));
  EXPECT_EQ(faults[1].lasts.first, second(10));
  EXPECT_EQ(faults[2].at, second(80)) << "as long after the end as before";
  EXPECT_EQ(faults[3].from, second(10));
  EXPECT_EQ(faults[3].until, second(30));
  EXPECT_EQ(faults[3].every.first, second(1));
  EXPECT_EQ(stretched.service->maintenance[0].begin, second(50));
  EXPECT_EQ(stretched.service->maintenance[0].end, second(80));

  options.faults = "faults/crash.json";
  stretched = scenario;
  ASSERT_TRUE(apply_options(options, stretched));
  EXPECT_EQ(stretched.faults.faults[1].at, second(310)) << "not written for these phases";
}

TEST(RepeatCommand, WritesTheOptionsAsAPersonWould) {
  RunOptions options;
  options.file = "scenarios/mixed.json";
  options.rate_milli = 20'000;
  options.duration = Microseconds{90'000'000};
  EXPECT_EQ(repeat_command(options, 7),
            "claimstorm run scenarios/mixed.json --embedded --rate 20 --duration 90s --seed 7");
  options.rate_milli = 99'999'999;
  options.duration = Microseconds{1'500'000};
  EXPECT_EQ(repeat_command(options, 7),
            "claimstorm run scenarios/mixed.json --embedded --rate 99999.999 --duration 1500ms "
            "--seed 7");
}

TEST(RepeatCommand, OfAnAcceptanceIsAnAcceptance) {
  RunOptions options;
  options.file = "scenarios/acceptance-a.json";
  options.accept = "a";
  EXPECT_EQ(repeat_command(options, 7), "claimstorm accept a --embedded --seed 7");
}

}  // namespace
}  // namespace claims::storm
