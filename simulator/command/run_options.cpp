#include "simulator/command/run_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "simulator/command/shell_word.h"
#include "simulator/limits.h"
#include "simulator/scenario/arrival_loader.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

using boost::system::in_place_error;
using boost::system::in_place_value;

constexpr std::int64_t kRateMilliMax = 100'000'000;  // 100,000 workflows a second.

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "50", "0.5", "12.25": thousandths, so that no floating point is involved.
std::optional<std::int64_t> decimal_milli(std::string_view text) {
  const std::size_t dot = std::min(text.find('.'), text.size());
  const auto whole = whole_number<std::uint32_t>(text.substr(0, dot));
  if (!whole) return std::nullopt;
  std::string fraction(dot < text.size() ? text.substr(dot + 1) : "0");
  if (fraction.empty() || fraction.size() > 3) return std::nullopt;
  fraction.resize(3, '0');
  const auto thousandths = whole_number<std::uint32_t>(fraction);
  if (!thousandths) return std::nullopt;
  return std::int64_t{*whole} * 1'000 + *thousandths;
}

__extension__ using Wide = __int128;

/// `value` times `of` / `whole`, cut off.
Microseconds share(Microseconds value, Microseconds of, Microseconds whole) {
  return Microseconds(static_cast<std::int64_t>(Wide{value.count()} * of.count() / whole.count()));
}

/// The hold phases together become that long. False: there are none.
bool stretch_holds(Microseconds duration, std::vector<Phase>& phases) {
  Microseconds total{0};
  for (const Phase& phase : phases) {
    if (phase.hold) total += phase.length;
  }
  if (total.count() == 0) return false;
  // By their ends, so that they sum to the duration exactly however many they are.
  Microseconds before{0}, stretched_before{0};
  for (Phase& phase : phases) {
    if (!phase.hold) continue;
    before += phase.length;
    const Microseconds end = share(before, duration, total);
    phase.length = end - stretched_before;
    stretched_before = end;
  }
  return true;
}

/// Where in the stretched phases the instant is that was at `at` in those that were written.
Microseconds same_point(Microseconds at, const std::vector<Phase>& written,
                        const std::vector<Phase>& stretched) {
  Microseconds begin{0};
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Microseconds length = written[i].length;
    if (at < length) return begin + share(at, stretched[i].length, length);
    at -= length;
    begin += stretched[i].length;
  }
  return begin + at;
}

void parse_client(const RunWords& words, RunOptions& options, std::vector<std::string>& errors) {
  if (words.client == to_string(Client::paho)) {
    options.client = Client::paho;
  } else if (!words.client.empty() && words.client != to_string(Client::own)) {
    errors.push_back(fmt::format("--client \"{}\": allowed are own and paho", words.client));
  }
  if (words.source_addresses.empty()) return;
  options.source_addresses = whole_number<std::uint32_t>(words.source_addresses);
  const auto count = options.source_addresses.value_or(0);
  if (count < 1 || count > limits::kSourceAddressesMax) {
    errors.push_back(
        fmt::format("--source-addresses \"{}\": allowed is a whole number from 1 to {}",
                    words.source_addresses, limits::kSourceAddressesMax));
  }
  if (options.client == Client::paho) {
    errors.emplace_back(
        "--client paho and --source-addresses exclude each other: with Paho the system chooses the "
        "address");
  }
}

template <class Moved>
void move_faults(FaultPlan& plan, const Moved& moved) {
  for (FaultSpec& fault : plan.faults) {
    if (fault.at) fault.at = moved(*fault.at);
    fault.from = moved(fault.from);
    if (fault.until) fault.until = moved(*fault.until);
  }
}

}  // namespace

std::string_view to_string(Client client) {
  return client == Client::own ? "own" : "paho";
}

std::vector<Setting> parse_settings(const std::vector<std::string>& set,
                                    std::vector<std::string>& errors) {
  std::vector<Setting> settings;
  for (const std::string& text : set) {
    auto setting = parse_setting(text);
    if (setting) {
      settings.push_back(std::move(*setting));
    } else {
      errors.push_back(fmt::format("--set \"{}\": {}", text, setting.error()));
    }
  }
  return settings;
}

Result<RunOptions, std::vector<std::string>> parse_run_options(const RunWords& words) {
  RunOptions options;
  std::vector<std::string> errors;
  options.file = words.file;
  if (words.embedded && !words.target.empty()) {
    errors.emplace_back("--embedded and --target exclude each other: give one of them");
  }
  if (words.crash && !words.target.empty()) {
    errors.emplace_back(
        "--crash and --target exclude each other: only an embedded server can crash");
  }
  options.crash = words.crash;
  parse_client(words, options, errors);
  if (!words.target.empty()) options.target = words.target;
  if (!words.population.empty()) options.population = words.population;
  if (!words.faults.empty()) options.faults = words.faults;
  if (!words.out.empty()) options.out = words.out;
  if (!words.rate.empty()) {
    options.rate_milli = decimal_milli(words.rate);
    if (!options.rate_milli || *options.rate_milli < 1 || *options.rate_milli > kRateMilliMax) {
      errors.push_back(fmt::format(
          "--rate \"{}\": allowed are workflows per second from 0.001 to 100000, as 50 or 0.5",
          words.rate));
    }
  }
  if (!words.duration.empty()) {
    auto duration = parse_duration(words.duration);
    if (!duration) {
      errors.push_back(
          fmt::format("--duration \"{}\": allowed is {}", words.duration, duration.error()));
    } else if (duration->count() <= 0) {
      errors.push_back(
          fmt::format("--duration \"{}\": allowed is more than nothing, as 60s", words.duration));
    } else {
      options.duration = *duration;
    }
  }
  options.settings = parse_settings(words.set, errors);
  if (!words.seed.empty()) {
    options.seed = whole_number<std::uint64_t>(words.seed);
    if (!options.seed) {
      errors.push_back(
          fmt::format("--seed \"{}\": allowed is a whole number from 0 to 2^64 - 1", words.seed));
    }
  }
  if (!errors.empty()) return {in_place_error, std::move(errors)};
  return {in_place_value, std::move(options)};
}

Result<void, std::string> apply_options(const RunOptions& options, Scenario& scenario) {
  if (options.rate_milli) {
    std::int64_t total = 0;
    for (const ArrivalSpec& arrival : scenario.arrivals) total += arrival.rate_milli;
    if (total == 0) {
      return {in_place_error,
              fmt::format("--rate: {} has no rate to change: its arrivals have a count, or are "
                          "concurrent",
                          scenario.file)};
    }
    std::vector<std::int64_t> weights;
    weights.reserve(scenario.arrivals.size());
    for (const ArrivalSpec& arrival : scenario.arrivals) weights.push_back(arrival.rate_milli);
    const auto rates = divide_by_weight(*options.rate_milli, weights);
    for (std::size_t i = 0; i < rates.size(); ++i) {
      if (weights[i] > 0) scenario.arrivals[i].rate_milli = std::max<std::int64_t>(1, rates[i]);
    }
  }
  if (!options.duration) return {};
  const std::vector<Phase> written = scenario.phases;
  if (!stretch_holds(*options.duration, scenario.phases)) {
    return {in_place_error, fmt::format("--duration: {} has no hold phase", scenario.file)};
  }
  const auto moved = [&](Microseconds at) { return same_point(at, written, scenario.phases); };
  // A plan of its own was not written for these phases: its times stay.
  if (!options.faults) move_faults(scenario.faults, moved);
  if (!scenario.service) return {};
  for (TimeSpan& maintenance : scenario.service->maintenance) {
    const Microseconds length = maintenance.end - maintenance.begin;
    maintenance.begin = moved(maintenance.begin);
    maintenance.end = maintenance.begin + length;
  }
  return {};
}

std::string repeat_command(const RunOptions& options, std::uint64_t seed) {
  const bool accept = !options.accept.empty();
  std::string command = fmt::format("claimstorm {} {}", accept ? "accept" : "run",
                                    shell_word(accept ? options.accept : options.file));
  const auto add = [&](std::string_view option, const std::string& value) {
    fmt::format_to(std::back_inserter(command), " --{} {}", option, shell_word(value));
  };
  if (options.target) {
    add("target", *options.target);
  } else {
    command += " --embedded";
  }
  if (options.client != Client::own) add("client", std::string(to_string(options.client)));
  if (options.source_addresses) {
    add("source-addresses", fmt::format("{}", *options.source_addresses));
  }
  if (options.crash) command += " --crash";
  if (options.faults) add("faults", *options.faults);
  if (options.population) add("population", *options.population);
  for (const Setting& setting : options.settings) {
    add("set", fmt::format("{}={}", setting.key, setting.value));
  }
  if (options.rate_milli) {
    add("rate", fmt::format("{}", static_cast<double>(*options.rate_milli) / 1'000));
  }
  if (options.duration) add("duration", write_duration(*options.duration));
  add("seed", fmt::format("{}", seed));
  return command;
}

}  // namespace claims::storm
