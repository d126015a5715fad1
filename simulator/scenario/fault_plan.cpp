#include "simulator/scenario/fault_plan.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <tuple>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

/// FNV-1a over numbers and texts.
class Fingerprint {
 public:
  void add(std::uint64_t number) {
    for (unsigned i = 0; i < 8; ++i) add_byte(number >> (8 * i) & 0xFFU);
  }
  void add(std::int64_t number) { add(static_cast<std::uint64_t>(number)); }
  void add(std::string_view text) {
    add(std::uint64_t{text.size()});
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
  }
  std::uint64_t value() const { return value_; }

 private:
  void add_byte(std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100000001B3; }
  std::uint64_t value_ = 0xCBF29CE484222325;
};

/// Of all that an entry says, but not of where it stands.
std::uint64_t fingerprint(const FaultSpec& spec) {
  Fingerprint all;
  const auto add_pair = [&](std::int64_t first, std::int64_t second) {
    all.add(first);
    all.add(second);
  };
  all.add(to_string(spec.kind));
  add_pair(spec.at ? 1 : 0, spec.at.value_or(Microseconds{0}).count());
  if (spec.at_permille) add_pair(2, *spec.at_permille);
  add_pair(spec.every.first.count(), spec.every.second.count());
  add_pair(spec.from.count(), spec.until ? spec.until->count() : -1);
  add_pair(spec.lasts.first.count(), spec.lasts.second.count());
  all.add(std::uint64_t{spec.user_ids.size()});
  for (const std::string& id : spec.user_ids) all.add(id);
  all.add(spec.users_permille);
  add_pair(spec.users.first, spec.users.second);
  all.add(static_cast<std::int64_t>(spec.direction));
  add_pair(spec.amount.first, spec.amount.second);
  return all.value();
}

template <class Number>
Number draw(std::pair<Number, Number> range, Random& random) {
  assert(range.first <= range.second);
  const auto as_number = [](const auto& value) {
    if constexpr (std::is_same_v<Number, Microseconds>)
      return value.count();
    else
      return value;
  };
  const auto width = static_cast<std::uint64_t>(as_number(range.second) - as_number(range.first));
  return Number(as_number(range.first) + static_cast<std::int64_t>(random.below(width + 1)));
}

std::vector<ConnectionNumber> named_connections(const FaultSpec& spec,
                                                const Population& population) {
  std::vector<ConnectionNumber> connections;
  for (const std::string& id : spec.user_ids) {
    const auto named = population.find_connections(id);
    assert(!named.empty() && "check_fault_users() comes first");
    connections.insert(connections.end(), named.begin(), named.end());
  }
  std::sort(connections.begin(), connections.end());
  connections.erase(std::unique(connections.begin(), connections.end()), connections.end());
  return connections;
}

/// How many, where `number` are asked for, or a share of all.
std::uint64_t drawn_connections(const FaultSpec& spec, std::uint64_t all, std::int64_t number) {
  const std::int64_t wanted =
      spec.users_permille > 0 ? (static_cast<std::int64_t>(all) * spec.users_permille + 500) / 1'000
                              : number;
  return std::min(all, static_cast<std::uint64_t>(std::max<std::int64_t>(1, wanted)));
}

std::vector<ConnectionNumber> draw_connections(const FaultSpec& spec, const Population& population,
                                               Random& random) {
  if (!spec.user_ids.empty()) return named_connections(spec, population);
  const std::uint64_t all = population.connections();
  const std::uint64_t count =
      drawn_connections(spec, all, spec.users_permille > 0 ? 0 : draw(spec.users, random));
  // Floyd's sampling: each set of `count` connections is as likely as any other.
  std::set<std::uint64_t> chosen;
  for (std::uint64_t last = all - count; last < all; ++last) {
    const std::uint64_t one = random.below(last + 1);
    if (!chosen.insert(one).second) chosen.insert(last);
  }
  std::vector<ConnectionNumber> connections;
  connections.reserve(chosen.size());
  for (const std::uint64_t one : chosen) {
    connections.push_back(ConnectionNumber{static_cast<unsigned>(one)});
  }
  return connections;
}

/// Draws one fault of the entry that begins at `begin`.
Fault draw_fault(const FaultSpec& spec, Microseconds begin, Microseconds length,
                 const Population& population, Random random) {
  const FaultForm& form = form_of(spec.kind);
  Fault fault{.kind = spec.kind, .begin = begin, .end = begin, .connections = {}};
  if (form.lasts) fault.end = std::min(begin + draw(spec.lasts, random), length);
  if (form.users) fault.connections = draw_connections(spec, population, random);
  if (form.direction) fault.direction = spec.direction;
  if (form.amount != FaultForm::Amount::none) fault.amount = draw(spec.amount, random);
  return fault;
}

/// When it happens, if once.
std::optional<Microseconds> once_at(const FaultSpec& spec, Microseconds length) {
  if (!spec.at_permille) return spec.at;
  // Divided first: a year in microseconds times a thousand would still fit, but barely.
  return Microseconds(length.count() / 1'000 * *spec.at_permille +
                      length.count() % 1'000 * *spec.at_permille / 1'000);
}

void draw_entry(const FaultSpec& spec, Microseconds length, const Population& population,
                const Random& random, std::vector<Fault>& faults) {
  if (const auto at = once_at(spec, length)) {
    if (*at < length) {
      faults.push_back(draw_fault(spec, *at, length, population, random.split(0)));
    }
    return;
  }
  assert(spec.every.first > Microseconds{0});
  const Microseconds until = std::min(spec.until.value_or(length), length);
  Random gaps = random.split(1);
  std::uint64_t number = 2;
  for (Microseconds at = spec.from + draw(spec.every, gaps); at < until;
       at += draw(spec.every, gaps)) {
    faults.push_back(draw_fault(spec, at, length, population, random.split(number++)));
  }
}

}  // namespace

FaultCount most_faults(const FaultSpec& spec, const Population& population, Microseconds length) {
  FaultCount count;
  if (const auto at = once_at(spec, length)) {
    count.faults = *at < length ? 1 : 0;
  } else {
    // The first comes a gap after `from`, the last before `until`.
    const Microseconds span = std::min(spec.until.value_or(length), length) - spec.from;
    assert(spec.every.first > Microseconds{0});
    if (span > Microseconds{0}) {
      count.faults = static_cast<std::uint64_t>((span - Microseconds{1}) / spec.every.first);
    }
  }
  if (form_of(spec.kind).users) {
    count.connections =
        count.faults * (spec.user_ids.empty()
                            ? drawn_connections(spec, population.connections(), spec.users.second)
                            : named_connections(spec, population).size());
  }
  return count;
}

std::vector<Fault> schedule_faults(const FaultPlan& plan, const Population& population,
                                   Microseconds length, const Random& random) {
  std::vector<Fault> faults;
  if (population.people.empty()) return faults;
  // Entries that say the same are told apart by their number.
  std::map<std::uint64_t, std::uint64_t> seen;
  for (const FaultSpec& spec : plan.faults) {
    const std::uint64_t own = fingerprint(spec);
    draw_entry(spec, length, population, random.split(own).split(seen[own]++), faults);
  }
  assert(faults.size() <= limits::kFaultsMax && "check_faults() comes first");
  std::stable_sort(faults.begin(), faults.end(),
                   [](const Fault& a, const Fault& b) { return a.begin < b.begin; });
  return faults;
}

FaultSchedule::FaultSchedule(std::vector<Fault> faults) : faults_(std::move(faults)) {
  entries_.reserve(2 * faults_.size());
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    entries_.push_back({faults_[i].begin, {.fault = i, .begins = true}});
    entries_.push_back({faults_[i].end, {.fault = i, .begins = false}});
  }
  // Ends, then beginnings, then the ends of what is over at once.
  const auto rank = [&](const Entry& entry) {
    if (entry.change.begins) return 1;
    return faults_[entry.change.fault].begin == entry.at ? 2 : 0;
  };
  std::stable_sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
    return std::tuple(a.at, rank(a)) < std::tuple(b.at, rank(b));
  });
}

std::optional<Microseconds> FaultSchedule::next() const {
  if (taken_ == entries_.size()) return std::nullopt;
  return entries_[taken_].at;
}

std::optional<FaultSchedule::Change> FaultSchedule::take(Microseconds now) {
  if (taken_ == entries_.size() || entries_[taken_].at > now) return std::nullopt;
  return entries_[taken_++].change;
}

}  // namespace claims::storm
