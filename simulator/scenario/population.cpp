#include "simulator/scenario/population.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "protocol/chat/json_text.h"
#include "simulator/limits.h"
#include "simulator/scenario/insurer_market.h"
#include "simulator/scenario/person_name.h"
#include "simulator/scenario/plate.h"

namespace claims::storm {
namespace {

constexpr std::uint32_t kAdjustersPerCentre = 21;  // 6,000 in 280 centres.

enum Stream : std::uint64_t { kKey, kCentres, kAdjusters, kGarages, kRanks, kDevices };

std::string json_string(std::string_view text) {
  std::string json;
  chat::append_json_string(text, json);
  return json;
}

struct Centre {
  std::string id, name;
  std::string_view region;
};

std::vector<Centre> make_centres(std::uint32_t adjusters, std::size_t& number, Random& random) {
  const std::uint32_t count =
      std::max(1U, (adjusters + kAdjustersPerCentre / 2) / kAdjustersPerCentre);
  std::vector<Centre> centres;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string_view region = draw_region(random);
    const auto same = std::count_if(centres.begin(), centres.end(),
                                    [&](const Centre& centre) { return centre.region == region; });
    centres.push_back({fmt::format("c-{:03}", ++number),
                       same == 0 ? fmt::format("{}보상센터", region)
                                 : fmt::format("{} 제{}보상센터", region, same + 1),
                       region});
  }
  return centres;
}

std::string greeting_of(std::string_view insurer, std::size_t number) {
  static constexpr std::array<std::string_view, 4> kGreetings = {
      "안녕하세요, {{adjuster}}입니다. {{plate}} 차량 입고를 확인했습니다. 수리 전 사진과 견적을 "
      "보내 주시면 바로 검토하겠습니다.",
      "{} {{adjuster}}입니다. {{plate}} 차량 건으로 인사드립니다. 파손 부위 사진을 먼저 올려 "
      "주세요.",
      "안녕하세요, {} 보상담당 {{adjuster}}입니다. {{plate}} 차량 입고 접수되었습니다. 궁금한 점은 "
      "이 채팅으로 말씀해 주세요.",
      "{{plate}} 차량을 맡은 {} {{adjuster}}입니다. 작업 범위는 협의 후 진행 부탁드립니다."};
  return fmt::format(fmt::runtime(kGreetings[number % kGreetings.size()]), insurer);
}

/// Builds people and directory together, as the directory also holds what a Person does not.
class Builder {
 public:
  Builder(const PopulationSpec& spec, std::uint64_t seed) : spec_(spec), random_(seed) {}

  Population build();

 private:
  void add_insurers();
  void add_adjusters();
  void add_garages();
  void set_aside();
  void add_devices(chat::Role role, std::int64_t permille);
  UserNumber add(Person person);
  void write_user(const Person& person, const std::string& rest);
  std::string directory() const;

  const PopulationSpec& spec_;
  Random random_;
  Population population_;
  std::string insurers_json_, users_json_;
  std::vector<std::vector<Centre>> centres_;  // By insurer.
  std::vector<std::uint32_t> adjusters_;      // By insurer.
};

UserNumber Builder::add(Person person) {
  population_.people.push_back(std::move(person));
  return UserNumber(static_cast<std::uint32_t>(population_.people.size() - 1));
}

void Builder::write_user(const Person& person, const std::string& rest) {
  users_json_ += fmt::format(R"({}    {{"id":"{}","role":"{}","name":{},{}}})",
                             users_json_.empty() ? "" : ",\n", person.id,
                             chat::to_string(person.role), json_string(person.name), rest);
}

void Builder::add_insurers() {
  const std::vector<std::uint32_t> shares = market_shares(spec_.insurers);
  adjusters_ = divide_by_shares(static_cast<std::uint32_t>(spec_.adjusters), shares);
  Random random = random_.split(kCentres);
  std::size_t centre_number = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    Insurer insurer;
    insurer.code = fmt::format("{:02}", i + 1);
    insurer.id = "ins-" + insurer.code;
    insurer.name = std::string(insurer_name(static_cast<int>(i + 1)));
    insurer.share_permille = shares[i];
    centres_.push_back(make_centres(adjusters_[i], centre_number, random));
    std::string centres;
    for (const Centre& centre : centres_.back()) {
      centres += fmt::format(R"({}{{"id":"{}","name":{},"region":{}}})", centres.empty() ? "" : ",",
                             centre.id, json_string(centre.name), json_string(centre.region));
    }
    insurers_json_ +=
        fmt::format(R"({}    {{"id":"{}","code":"{}","name":{},"greeting":{},"centres":[{}]}})",
                    i == 0 ? "" : ",\n", insurer.id, insurer.code, json_string(insurer.name),
                    json_string(greeting_of(insurer.name, i)), centres);
    const Person core{"core-" + insurer.code,        insurer.name, chat::Role::insurer,
                      static_cast<std::uint32_t>(i), shares[i],    {}};
    write_user(core, fmt::format(R"("insurer":"{}")", insurer.id));
    insurer.core = add(core);
    population_.insurers.push_back(std::move(insurer));
  }
}

void Builder::add_adjusters() {
  Random random = random_.split(kAdjusters);
  std::size_t number = 0;
  for (std::size_t i = 0; i < adjusters_.size(); ++i) {
    for (std::uint32_t j = 0; j < adjusters_[i]; ++j) {
      std::string name = make_person_name(random);
      const auto weight = static_cast<std::uint32_t>(50 + random.below(101));
      const Person adjuster{
          fmt::format("adj-{:05}", ++number), std::move(name), chat::Role::adjuster,
          static_cast<std::uint32_t>(i),      weight,          {}};
      const Centre& centre = centres_[i][j % centres_[i].size()];
      write_user(adjuster, fmt::format(R"("insurer":"{}","centre":"{}")",
                                       population_.insurers[i].id, centre.id));
      add(adjuster);
    }
  }
}

void Builder::add_garages() {
  Random random = random_.split(kGarages);
  Random ranks = random_.split(kRanks);
  std::vector<std::uint32_t> weights = garage_weights(static_cast<std::uint32_t>(spec_.garages));
  for (std::size_t i = weights.size(); i > 1; --i) {
    std::swap(weights[i - 1], weights[ranks.below(i)]);
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    GarageName garage_name = make_garage_name(random);
    const Person garage{fmt::format("gar-{:05}", i + 1),
                        std::move(garage_name.name),
                        chat::Role::garage,
                        0,
                        weights[i],
                        {}};
    write_user(garage, fmt::format(R"("region":{})", json_string(garage_name.region)));
    add(garage);
  }
}

/// Of each 1,000 users exactly so many have one more than the others; which ones is drawn.
void Builder::add_devices(chat::Role role, std::int64_t permille) {
  std::vector<Person*> people;
  for (Person& person : population_.people) {
    if (person.role == role) people.push_back(&person);
  }
  Random random = random_.split(kDevices).split(static_cast<std::uint64_t>(role));
  const auto all = static_cast<std::int64_t>(people.size());
  const std::int64_t each = permille / 1'000;
  const auto with_more = static_cast<std::size_t>(all * permille / 1'000 - all * each);
  for (std::size_t i = 0; i < people.size(); ++i) {
    std::swap(people[i], people[i + random.below(people.size() - i)]);
    people[i]->devices = static_cast<std::uint8_t>(each + (i < with_more ? 1 : 0));
  }
}

std::string Builder::directory() const {
  return fmt::format(
      "{{\n  \"format\": \"claims-directory/1\",\n  \"insurers\": [\n{}\n  ],\n  \"users\": "
      "[\n{}\n  ]\n}}\n",
      insurers_json_, users_json_);
}

/// The last adjusters of the insurers that have most: they leave colleagues behind.
void Builder::set_aside() {
  std::vector<std::uint32_t> left = adjusters_;
  for (int i = 0; i < spec_.set_aside; ++i) {
    const auto most = std::max_element(left.begin(), left.end());
    const auto insurer = static_cast<std::uint32_t>(most - left.begin());
    if (*most < 2) return;
    --*most;
    const auto last = std::find_if(
        population_.people.rbegin(), population_.people.rend(), [&](const Person& one) {
          return one.role == chat::Role::adjuster && one.insurer == insurer && one.weight != 0;
        });
    if (last != population_.people.rend()) last->weight = 0;
  }
}

Population Builder::build() {
  add_insurers();
  add_adjusters();
  add_garages();
  set_aside();
  add_devices(chat::Role::adjuster, spec_.adjuster_devices_permille);
  add_devices(chat::Role::garage, spec_.garage_devices_permille);
  population_.directory_json = directory();
  Random key = random_.split(kKey);
  for (int i = 0; i < 4; ++i) population_.token_key_hex += fmt::format("{:016x}", key.next());
  return std::move(population_);
}

/// To connect everybody, and to read the history in the end.
constexpr std::int64_t kConnectAndReadS = 5 * 60;

std::int64_t phases_length_s(const Scenario& scenario) {
  Microseconds length{0};
  for (const Phase& phase : scenario.phases) length += phase.length;
  return length.count() / 1'000'000;
}

}  // namespace

std::int64_t token_lifetime_s(const Scenario& scenario) {
  return phases_length_s(scenario) + kTokenLifetimeS;
}

std::int64_t planned_length_s(const Scenario& scenario) {
  const Microseconds drain = std::max(scenario.drain, scenario.faults.liveness);
  return phases_length_s(scenario) + drain.count() / 1'000'000 + kConnectAndReadS;
}

const Person* first_without_token(const Population& population, std::int64_t until_s) {
  const Person* first = nullptr;
  for (const Person& person : population.people) {
    const bool ends = person.token_expires_s != 0 && person.token_expires_s < until_s;
    if (ends && (first == nullptr || person.token_expires_s < first->token_expires_s)) {
      first = &person;
    }
  }
  return first;
}

Population make_population(const PopulationSpec& spec, std::uint64_t seed, std::int64_t now_s,
                           std::int64_t lifetime_s) {
  assert(spec.insurers >= 1 && spec.insurers <= kInsurersMax);
  assert(spec.adjusters >= spec.insurers && spec.garages >= 1);
  Population population = Builder(spec, seed).build();
  const auto key = chat::parse_token_key(population.token_key_hex);
  assert(key.has_value());
  for (Person& person : population.people) {
    person.token_expires_s = now_s + lifetime_s;
    person.token = chat::sign_token(*key, person.id, person.token_expires_s);
  }
  population.index();
  return population;
}

std::vector<UserNumber> Population::set_aside() const {
  std::vector<UserNumber> found;
  for (std::uint32_t i = 0; i < people.size(); ++i) {
    if (people[i].role == chat::Role::adjuster && people[i].weight == 0) {
      found.push_back(UserNumber{i});
    }
  }
  return found;
}

void Population::index() {
  by_role_ = {};
  by_id_.clear();
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto number = UserNumber(static_cast<std::uint32_t>(i));
    Weighted& weighted = by_role_[static_cast<std::size_t>(people[i].role)];
    const std::uint64_t before = weighted.up_to.empty() ? 0 : weighted.up_to.back();
    weighted.users.push_back(number);
    weighted.up_to.push_back(before + people[i].weight);
    by_id_.emplace_back(people[i].id, number);
  }
  std::sort(by_id_.begin(), by_id_.end());
  further_.clear();
  first_further_.clear();
  for (std::size_t i = 0; i < people.size(); ++i) {
    assert(people[i].devices >= 1 && people[i].devices <= limits::kDevicesPerUserMax);
    first_further_.push_back(static_cast<std::uint32_t>(further_.size()));
    const auto further = static_cast<std::size_t>(people[i].devices) - 1;
    further_.insert(further_.end(), further, UserNumber(static_cast<std::uint32_t>(i)));
  }
}

ConnectionNumber Population::connection(UserNumber user, Device device) const {
  const auto index = static_cast<std::uint32_t>(user);
  assert(static_cast<std::size_t>(device) < people[index].devices);
  if (device == Device::pc) return ConnectionNumber{index};
  return ConnectionNumber{static_cast<std::uint32_t>(people.size()) + first_further_[index] +
                          static_cast<std::uint32_t>(device) - 1};
}

UserNumber Population::user_of(ConnectionNumber connection) const {
  const auto index = static_cast<std::size_t>(connection);
  assert(index < connections());
  if (index < people.size()) return UserNumber(static_cast<std::uint32_t>(index));
  return further_[index - people.size()];
}

Device Population::device_of(ConnectionNumber connection) const {
  const auto index = static_cast<std::size_t>(connection);
  if (index < people.size()) return Device::pc;
  const auto user = static_cast<std::size_t>(user_of(connection));
  return static_cast<Device>(index - people.size() - first_further_[user] + 1);
}

std::string Population::connection_name(ConnectionNumber connection) const {
  const Person& person = people[static_cast<std::size_t>(user_of(connection))];
  if (person.devices == 1) return person.id;
  return fmt::format("{}/{}", person.id, to_string(device_of(connection)));
}

std::vector<ConnectionNumber> Population::find_connections(std::string_view name) const {
  const std::size_t slash = std::min(name.find('/'), name.size());
  const auto user = find(name.substr(0, slash));
  if (!user) return {};
  const std::size_t devices = people[static_cast<std::size_t>(*user)].devices;
  std::vector<ConnectionNumber> found;
  if (slash < name.size()) {
    const auto device = parse_device(name.substr(slash + 1));
    if (device && static_cast<std::size_t>(*device) < devices) {
      found.push_back(connection(*user, *device));
    }
    return found;
  }
  for (std::size_t i = 0; i < devices; ++i) {
    found.push_back(connection(*user, static_cast<Device>(i)));
  }
  return found;
}

std::optional<UserNumber> Population::find(std::string_view id) const {
  const auto found = std::lower_bound(
      by_id_.begin(), by_id_.end(), id,
      [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  if (found == by_id_.end() || found->first != id) return std::nullopt;
  return found->second;
}

UserNumber Population::pick(chat::Role role, Random& random) const {
  const Weighted& weighted = by_role_[static_cast<std::size_t>(role)];
  assert(!weighted.users.empty() && weighted.up_to.back() > 0);
  const std::uint64_t at = random.below(weighted.up_to.back());
  const auto found = std::upper_bound(weighted.up_to.begin(), weighted.up_to.end(), at);
  return weighted.users[static_cast<std::size_t>(found - weighted.up_to.begin())];
}

std::size_t Population::count(chat::Role role) const {
  return by_role_[static_cast<std::size_t>(role)].users.size();
}

}  // namespace claims::storm
