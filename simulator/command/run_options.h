#pragma once
// What `claimstorm run` was asked for, and how it changes the scenario.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "protocol/time.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// Whose MQTT client the virtual users have.
enum class Client : std::uint8_t { own, paho };
std::string_view to_string(Client client);

struct RunOptions {
  std::string file;
  std::string accept;                 ///< "a": of `claimstorm accept a`; empty: `claimstorm run`.
  std::optional<std::string> target;  ///< mqtt://HOST:PORT; nothing: embedded.
  Client client = Client::own;
  std::optional<std::uint32_t> source_addresses;  ///< Nothing: by the number of users.
  std::optional<std::string> population;   ///< A folder; nothing: made from scenario and seed.
  std::optional<std::int64_t> rate_milli;  ///< Of all arrivals together, per 1,000 s.
  std::optional<Microseconds> duration;    ///< Of the hold phases together.
  std::optional<std::uint64_t> seed;       ///< Nothing: from the time of day.
  bool crash = false;                      ///< Of the embedded server, before the final reading.
  std::optional<std::string> faults;       ///< A file; in place of the scenario's own faults.
  std::vector<Setting> settings;           ///< Of --set, in order.
  std::optional<std::string> out;          ///< Nothing: out/<scenario>-<time>.
};

/// The options as they were typed.
struct RunWords {
  std::string file, target, client, source_addresses, population, rate, duration, seed, faults, out;
  std::vector<std::string> set;
  bool embedded = false, crash = false;
};
/// An error for each that is no key=value.
std::vector<Setting> parse_settings(const std::vector<std::string>& set,
                                    std::vector<std::string>& errors);
/// All errors at once; each tells what was found and what is allowed.
Result<RunOptions, std::vector<std::string>> parse_run_options(const RunWords& words);

/// Scales the rates of arrivals and the hold phases, spikes and curves to --rate and --duration.
Result<void, std::string> apply_options(const RunOptions& options, Scenario& scenario);

/// What to type, in a shell of POSIX, to get the same run again.
std::string repeat_command(const RunOptions& options, std::uint64_t seed);

}  // namespace claims::storm
