#include "simulator/scenario/population.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <set>

#include "simulator/scenario/insurer_market.h"

namespace claims::storm {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kNow = 1'750'000'000;

Population sample(int insurers = 12, int adjusters = 1'000, int garages = 1'000,
                  std::uint64_t seed = 7) {
  return make_population({insurers, adjusters, garages}, seed, kNow);
}

std::map<std::string, std::string> files_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().filename()] = {std::istreambuf_iterator<char>(in), {}};
  }
  return files;
}

class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::path(testing::TempDir()) / ("population-" + name)) {
    std::filesystem::remove_all(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
};

TEST(MarketShares, TheFirstFourHold85PerCent) {
  for (int insurers = 6; insurers <= 43; ++insurers) {
    const auto shares = market_shares(insurers);
    EXPECT_THAT((std::vector(shares.begin(), shares.begin() + 4)), ElementsAre(290, 210, 210, 140));
    EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), 0U), 1'000U) << insurers;
    EXPECT_GE(shares.back(), 1U);
    EXPECT_TRUE(std::is_sorted(shares.rbegin(), shares.rend())) << insurers;
  }
  EXPECT_THAT(market_shares(1), ElementsAre(1'000));
  const auto two = market_shares(2);
  EXPECT_EQ(two[0] + two[1], 1'000U);
}

TEST(MarketShares, NobodyIsLeftWithoutAnAdjuster) {
  for (const std::uint32_t total : {43U, 44U, 60U, 6'000U}) {
    const auto parts = divide_by_shares(total, market_shares(43));
    EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), 0U), total);
    EXPECT_GE(*std::min_element(parts.begin(), parts.end()), 1U);
  }
}

TEST(GarageWeights, TheBusiestTenthDoesFortyPerCent) {
  for (const std::uint32_t garages : {100U, 1'000U, 5'500U}) {
    const auto weights = garage_weights(garages);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    const double tenth = std::accumulate(weights.begin(), weights.begin() + garages / 10, 0.0);
    EXPECT_NEAR(tenth / sum, 0.40, 0.01) << garages;
  }
}

TEST(Population, HasCoreUsersAdjustersByShareAndGarages) {
  const Population population = sample();
  EXPECT_EQ(population.count(chat::Role::insurer), 12U);
  EXPECT_EQ(population.count(chat::Role::adjuster), 1'000U);
  EXPECT_EQ(population.count(chat::Role::garage), 1'000U);
  std::map<std::uint32_t, int> adjusters;
  std::set<std::string> ids;
  for (const Person& person : population.people) {
    EXPECT_TRUE(chat::is_user_id(person.id));
    EXPECT_TRUE(ids.insert(person.id).second) << person.id;
    if (person.role == chat::Role::adjuster) ++adjusters[person.insurer];
  }
  EXPECT_EQ(adjusters[0], 290);
  EXPECT_EQ(adjusters[3], 140);
  EXPECT_EQ(adjusters.size(), 12U);
  std::set<std::string> names;
  for (const Insurer& insurer : population.insurers) {
    const Person& core = population.people[static_cast<std::size_t>(insurer.core)];
    EXPECT_EQ(core.id, "core-" + insurer.code);
    EXPECT_EQ(core.role, chat::Role::insurer);
    names.insert(insurer.name);
  }
  EXPECT_EQ(names.size(), 12U);
}

TEST(Population, PicksByWeight) {
  const Population population = sample();
  Random random(1);
  std::map<std::uint32_t, int> work;
  constexpr int kPicks = 200'000;
  for (int i = 0; i < kPicks; ++i) {
    const auto user = static_cast<std::uint32_t>(population.pick(chat::Role::garage, random));
    ASSERT_EQ(population.people[user].role, chat::Role::garage);
    ++work[user];
  }
  std::vector<int> counts;
  counts.reserve(work.size());
  for (const auto& [user, count] : work) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  const double busiest = std::accumulate(counts.begin(), counts.begin() + 100, 0.0);
  EXPECT_NEAR(busiest / kPicks, 0.40, 0.015);
  EXPECT_EQ(work.size(), 1'000U);

  std::map<std::uint32_t, int> insurers;
  for (int i = 0; i < kPicks; ++i) {
    const auto user = static_cast<std::uint32_t>(population.pick(chat::Role::adjuster, random));
    ++insurers[population.people[user].insurer];
  }
  EXPECT_NEAR(insurers[0] / double{kPicks}, 0.29, 0.02);
}

TEST(Population, TheBusyGaragesAreNotTheFirstOnes) {
  const Population population = sample();
  std::vector<std::uint32_t> weights;
  for (const Person& person : population.people) {
    if (person.role == chat::Role::garage) weights.push_back(person.weight);
  }
  EXPECT_FALSE(std::is_sorted(weights.rbegin(), weights.rend()));
  const double first = std::accumulate(weights.begin(), weights.begin() + 100, 0.0);
  EXPECT_LT(first / std::accumulate(weights.begin(), weights.end(), 0.0), 0.2);
}

TEST(Population, FindsByIdAndKeepsTokensOfOneDay) {
  const Population population = sample();
  const auto user = population.find("adj-00042");
  ASSERT_TRUE(user);
  const Person& person = population.people[static_cast<std::size_t>(*user)];
  EXPECT_EQ(person.id, "adj-00042");
  EXPECT_FALSE(population.find("adj-00000"));
  const auto key = chat::parse_token_key(population.token_key_hex);
  ASSERT_TRUE(key);
  const auto expires =
      chat::verify_token(*key, person.id, person.token, Milliseconds(kNow * 1'000));
  ASSERT_TRUE(expires);
  EXPECT_EQ(*expires, kNow + 86'400);
}

TEST(Population, TokensLastLongerThanALongRun) {
  Scenario scenario;
  constexpr std::int64_t kDayS = 86'400;
  scenario.phases.assign(30, {.name = "day", .length = Microseconds(kDayS * 1'000'000)});
  EXPECT_EQ(token_lifetime_s(scenario), 31 * kDayS);
  const Population population = make_population({2, 4, 4}, 1, kNow, token_lifetime_s(scenario));
  const auto key = chat::parse_token_key(population.token_key_hex);
  const Person& person = population.people.back();
  const Milliseconds last_day((kNow + 30 * kDayS) * 1'000);
  EXPECT_TRUE(chat::verify_token(*key, person.id, person.token, last_day));
}

TEST(Population, TheSameSeedMakesTheSamePeople) {
  EXPECT_EQ(sample().directory_json, sample().directory_json);
  EXPECT_NE(sample().directory_json, sample(12, 1'000, 1'000, 8).directory_json);
  EXPECT_NE(sample().token_key_hex, sample(12, 1'000, 1'000, 8).token_key_hex);
}

TEST(Population, TheDirectoryHoldsTogether) {
  const Population population = sample(43, 300, 50);
  const auto directory = boost::json::parse(population.directory_json).as_object();
  EXPECT_EQ(directory.at("format"), "claims-directory/1");
  std::map<std::string, std::set<std::string>> centres;
  for (const auto& entry : directory.at("insurers").as_array()) {
    const auto& insurer = entry.as_object();
    const std::string greeting(insurer.at("greeting").as_string());
    EXPECT_THAT(greeting, HasSubstr("{adjuster}"));
    EXPECT_THAT(greeting, HasSubstr("{plate}"));
    for (const auto& centre : insurer.at("centres").as_array()) {
      centres[std::string(insurer.at("id").as_string())].insert(
          std::string(centre.at("id").as_string()));
    }
  }
  EXPECT_EQ(centres.size(), 43U);
  EXPECT_EQ(directory.at("users").as_array().size(), population.people.size());
  for (const auto& entry : directory.at("users").as_array()) {
    const auto& user = entry.as_object();
    if (user.at("role") != "adjuster") continue;
    const auto& own = centres[std::string(user.at("insurer").as_string())];
    EXPECT_TRUE(own.contains(std::string(user.at("centre").as_string())));
  }
}

TEST(Population, AGarageLiesInTheRegionThatItsNameTells) {
  const Population population = sample();
  const auto directory = boost::json::parse(population.directory_json).as_object();
  int seen = 0;
  for (const auto& entry : directory.at("users").as_array()) {
    const std::string name(entry.as_object().at("name").as_string());
    for (const auto& [place, region] :
         {std::pair{"수원 ", "경기"}, std::pair{"해운대 ", "부산"}, std::pair{"포항 ", "경북"}}) {
      if (!name.starts_with(place)) continue;
      ++seen;
      EXPECT_EQ(entry.as_object().at("region"), region) << name;
    }
  }
  EXPECT_GT(seen, 10);
}

TEST(PopulationFiles, AreReadBackAsWritten) {
  const Folder folder("read-back");
  const Population written = sample(3, 20, 10);
  ASSERT_TRUE(write_population(written, folder.path()));
  const auto read = read_population(folder.path());
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->directory_json, written.directory_json);
  EXPECT_EQ(read->token_key_hex, written.token_key_hex);
  ASSERT_EQ(read->people.size(), written.people.size());
  for (std::size_t i = 0; i < written.people.size(); ++i) {
    EXPECT_EQ(read->people[i].id, written.people[i].id);
    EXPECT_EQ(read->people[i].name, written.people[i].name);
    EXPECT_EQ(read->people[i].role, written.people[i].role);
    EXPECT_EQ(read->people[i].insurer, written.people[i].insurer);
    EXPECT_EQ(read->people[i].weight, written.people[i].weight);
    EXPECT_EQ(read->people[i].token, written.people[i].token);
  }
  EXPECT_EQ(read->insurers[2].core, written.insurers[2].core);
  EXPECT_EQ(read->insurers[2].name, written.insurers[2].name);
  Random one(1);
  Random two(1);
  EXPECT_EQ(read->pick(chat::Role::garage, one), written.pick(chat::Role::garage, two));
}

TEST(PopulationFiles, SecretsAreReadableByTheOwnerAlone) {
  const Folder folder("secrets");
  ASSERT_TRUE(write_population(sample(1, 1, 1), folder.path()));
  for (const char* name : {"token.key", "tokens.csv"}) {
    const auto permissions =
        std::filesystem::status(std::filesystem::path(folder.path()) / name).permissions();
    EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << name;
  }
}

TEST(PopulationFiles, WhatIsWrongIsToldWithItsFile) {
  const auto broken = [](const std::string& name, const auto& change) {
    const Folder folder("broken");
    EXPECT_TRUE(write_population(sample(2, 4, 2), folder.path()));
    std::string text = files_of(folder.path())[name];
    change(text);
    folder.write(name, text);
    const auto read = read_population(folder.path());
    return read ? std::string("read") : read.error();
  };
  const auto replace = [](const std::string& from, const std::string& to) {
    return [=](std::string& text) { text.replace(text.find(from), from.size(), to); };
  };
  EXPECT_THAT(broken("tokens.csv", replace("gar-00002,", "gar-00003,")),
              HasSubstr("has no token of gar-00002"));
  EXPECT_THAT(broken("tokens.csv", replace("gar-00002,", "gar-00002;")), HasSubstr("no comma"));
  EXPECT_THAT(broken("token.key", [](std::string& text) { text = "short"; }),
              HasSubstr("64 hex digits"));
  EXPECT_THAT(broken("population.json", replace("\"core\":1", "\"core\":5")),
              HasSubstr("insurer ins-02 with the core user 5"));
  EXPECT_THAT(broken("population.json", replace("\"weight\":", "\"weight\":-")),
              HasSubstr("/people/0/weight"));
  EXPECT_THAT(broken("population.json", [](std::string& text) { text.resize(30); }),
              HasSubstr("valid JSON"));
  EXPECT_THAT(broken("population.json", replace("\"gar-00002\"", "\"gar-00001\"")),
              HasSubstr("user gar-00001 twice"));
  EXPECT_THAT(broken("directory.json", [](std::string& text) { text.resize(300); }),
              HasSubstr("directory.json"));
  EXPECT_THAT(broken("directory.json", replace("\"insurer\":\"ins-02\"", "\"insurer\":\"ins-99\"")),
              AllOf(HasSubstr("insurer ins-99"), HasSubstr("the id of an insurer")));
  EXPECT_THAT(broken("directory.json", replace("\"gar-00002\"", "\"gar-00001\"")),
              HasSubstr("each user id once"));
  EXPECT_FALSE(read_population("/nonexistent"));
  EXPECT_FALSE(write_population(sample(1, 1, 1), "/proc/nothing/here"));
}

TEST(Population, SoManyHaveFurtherDevicesByTheSeed) {
  const PopulationSpec spec{.insurers = 3,
                            .adjusters = 50,
                            .garages = 100,
                            .adjuster_devices_permille = 2'100,
                            .garage_devices_permille = 1'400};
  const Population population = make_population(spec, 7, kNow);
  EXPECT_EQ(population.connections(), 3U + 105U + 140U);
  std::set<std::string> with_phone;
  for (const Person& person : population.people) {
    if (person.role == chat::Role::garage && person.devices == 2) with_phone.insert(person.id);
    const std::uint8_t least = person.role == chat::Role::adjuster ? 2 : 1;
    const std::uint8_t most = person.role == chat::Role::insurer ? 1 : least + 1;
    EXPECT_GE(person.devices, least);
    EXPECT_LE(person.devices, most);
  }
  EXPECT_EQ(with_phone.size(), 40U);
  EXPECT_NE(*std::prev(with_phone.end()), "gar-00040") << "drawn, not the first ones";
  const Population without = make_population({3, 50, 100}, 7, kNow);
  EXPECT_EQ(without.directory_json, population.directory_json) << "devices move nothing else";
  EXPECT_EQ(without.connections(), without.people.size());
}

TEST(Population, ConnectionsAndTheirNames) {
  Population population = sample(2, 3, 4);
  population.people[3].devices = 3;
  population.people[6].devices = 2;
  population.index();
  ASSERT_EQ(population.connections(), 12U);
  const UserNumber third{3}, sixth{6};
  EXPECT_EQ(population.connection(third, Device::pc), ConnectionNumber{3});
  EXPECT_EQ(population.connection(third, Device::phone), ConnectionNumber{9});
  EXPECT_EQ(population.connection(third, Device::tablet), ConnectionNumber{10});
  EXPECT_EQ(population.connection(sixth, Device::phone), ConnectionNumber{11});
  for (std::uint32_t i = 0; i < population.connections(); ++i) {
    const ConnectionNumber one{i};
    EXPECT_EQ(population.connection(population.user_of(one), population.device_of(one)), one);
    EXPECT_THAT(population.find_connections(population.connection_name(one)), ElementsAre(one));
  }
  const std::string id = population.people[3].id;
  EXPECT_EQ(population.connection_name(ConnectionNumber{10}), id + "/tablet");
  EXPECT_EQ(population.connection_name(ConnectionNumber{4}), population.people[4].id);
  EXPECT_THAT(population.find_connections(id),
              ElementsAre(ConnectionNumber{3}, ConnectionNumber{9}, ConnectionNumber{10}));
  EXPECT_TRUE(population.find_connections(population.people[6].id + "/tablet").empty());
  EXPECT_TRUE(population.find_connections(id + "/fax").empty());
  EXPECT_TRUE(population.find_connections("gar-99999").empty());
}

TEST(Population, DevicesAreWrittenAndReadBack) {
  const Folder folder("devices");
  const PopulationSpec spec{
      .insurers = 2, .adjusters = 4, .garages = 6, .garage_devices_permille = 1'500};
  const Population written = make_population(spec, 7, kNow);
  ASSERT_TRUE(write_population(written, folder.path()));
  const auto read = read_population(folder.path());
  ASSERT_TRUE(read);
  ASSERT_EQ(read->connections(), 15U);
  for (std::size_t i = 0; i < written.people.size(); ++i) {
    EXPECT_EQ(read->people[i].devices, written.people[i].devices);
  }
}

}  // namespace
}  // namespace claims::storm
