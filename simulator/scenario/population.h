#pragma once
// The population: insurers, centres, adjusters, garages; who works with whom, how busy each is.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/chat/ids.h"
#include "protocol/chat/token.h"
#include "protocol/result.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// A user as a dense number within one population.
enum class UserNumber : std::uint32_t {};

/// A connection, which is a device of a user, as a dense number within one population: a user's PC
/// has the number of the user, further devices follow those of all users.
enum class ConnectionNumber : std::uint32_t {};

struct Person {
  std::string id, name;
  chat::Role role{};
  std::uint32_t insurer = 0;  ///< Into Population::insurers; of insurers' core users and adjusters.
  /// How busy, relative to others of the same role. 0: set aside, for roles that ask for such.
  std::uint32_t weight = 1;
  std::string token;         ///< MQTT password.
  std::uint8_t devices = 1;  ///< Up to limits::kDevicesPerUserMax; see Device.
  /// When the token ends (UTC seconds); 0: not known, it is not of the population's key.
  std::int64_t token_expires_s = 0;
};

struct Insurer {
  std::string id, code, name;
  std::uint32_t share_permille = 0;  ///< Market share.
  UserNumber core{};                 ///< The insurer's own system user (registers receipts).
};

struct Population {
  std::vector<Insurer> insurers;
  std::vector<Person> people;  ///< By UserNumber.
  std::string directory_json;  ///< claims-directory/1
  std::string token_key_hex;

  std::optional<UserNumber> find(std::string_view id) const;
  /// A user of that role by weight, in O(log n); all draws from `random`. There must be one.
  UserNumber pick(chat::Role role, Random& random) const;
  std::size_t count(chat::Role role) const;
  /// Adjusters that are set aside, in the order in which they are taken.
  std::vector<UserNumber> set_aside() const;

  std::size_t connections() const { return people.size() + further_.size(); }
  /// Of a device that the user has.
  ConnectionNumber connection(UserNumber user, Device device) const;
  UserNumber user_of(ConnectionNumber connection) const;
  Device device_of(ConnectionNumber connection) const;
  /// "gar-00001"; of a user with several devices "gar-00001/phone".
  std::string connection_name(ConnectionNumber connection) const;
  /// What connection_name() gives, or a user's id: all its connections, ascending. Empty: none.
  std::vector<ConnectionNumber> find_connections(std::string_view name) const;

  /// Prepares all of these. make_population and read_population have done it; whoever
  /// changes `people` does it again.
  void index();

 private:
  struct Weighted {
    std::vector<UserNumber> users;
    std::vector<std::uint64_t> up_to;  ///< Sum of the weights up to and with this user.
  };
  std::array<Weighted, 3> by_role_;                        // By chat::Role.
  std::vector<std::pair<std::string, UserNumber>> by_id_;  // Sorted.
  std::vector<UserNumber> further_;           // Owners of the devices that are no PCs, by user.
  std::vector<std::uint32_t> first_further_;  // By user: where its own begin in there.
};

/// How long tokens are good for, unless a run is longer.
inline constexpr std::int64_t kTokenLifetimeS = 24 * 3'600;
/// Of a scenario's run: longer than its phases, with time to connect, to drain and to read.
std::int64_t token_lifetime_s(const Scenario& scenario);

/// How long its run takes at the most, as it is planned.
std::int64_t planned_length_s(const Scenario& scenario);
/// The user whose token ends first, if it ends before then; null: none does.
const Person* first_without_token(const Population& population, std::int64_t until_s);

/// Skewed as the market is: four insurers hold 85 %, the busiest 10 % of garages do 40 % of the
/// work. Tokens are signed for `lifetime_s` from `now_s`.
Population make_population(const PopulationSpec& spec, std::uint64_t seed, std::int64_t now_s,
                           std::int64_t lifetime_s = kTokenLifetimeS);

/// directory.json, token.key, tokens.csv, population.json (weights) in `directory`.
Result<void, std::string> write_population(const Population& population,
                                           const std::string& directory);
Result<Population, std::string> read_population(const std::string& directory);

}  // namespace claims::storm
