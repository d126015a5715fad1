#include "simulator/command/scenario_reductions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "simulator/command/quantity_text.h"
#include "simulator/scenario/load.h"
#include "simulator/scenario/population.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

using Pointer = ScenarioDocument::json_pointer;

constexpr std::string_view kPhaseKinds[] = {"ramp", "hold", "curve"};

/// The key that has a phase's length.
std::string_view kind_of(const ScenarioDocument& phase) {
  for (const std::string_view kind : kPhaseKinds) {
    if (phase.contains(kind)) return kind;
  }
  return {};
}

Microseconds duration_of(const ScenarioDocument& text) {
  const auto duration = text.is_string() ? parse_duration(text.get<std::string>())
                                         : Result<Microseconds, std::string>(Microseconds{0});
  return duration ? *duration : Microseconds{0};
}

constexpr Microseconds kGrain{100'000};

Microseconds rounded(Microseconds time) {
  return time / kGrain * kGrain;
}

Microseconds begin_of(const ScenarioDocument& fault) {
  return fault.contains("at") ? duration_of(fault["at"]) : Microseconds{0};
}

void set_begin(ScenarioDocument& fault, Microseconds begin) {
  if (fault.contains("at")) fault["at"] = write_duration(begin);
}

void set_length(ScenarioDocument& phase, Microseconds length) {
  const std::string kind(kind_of(phase));
  if (kind == "curve") {
    // What is cut off at the end ends with the point that was next.
    ScenarioDocument points = ScenarioDocument::array();
    for (ScenarioDocument& point : phase["points"]) {
      const bool last = duration_of(point[0]) >= length;
      if (last) point[0] = write_duration(length);
      points.push_back(std::move(point));
      if (last) break;
    }
    phase["points"] = std::move(points);
  }
  phase[kind] = write_duration(length);
}

/// Below `number`, ascending, and at least `least`; multiples of `grain`.
std::vector<std::int64_t> less_than(std::int64_t number, std::int64_t least, std::int64_t grain) {
  std::vector<std::int64_t> all = {least};
  for (const std::int64_t eighths : {1, 2, 4, 6, 7}) {
    all.push_back(number / 8 * eighths + number % 8 * eighths / 8);
  }
  if (grain == 1) all.push_back(number - 1);
  for (std::int64_t& one : all) one = one / grain * grain;
  std::erase_if(all, [&](std::int64_t one) { return one < least || one >= number; });
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<std::int64_t> shorter_than(Microseconds duration) {
  return less_than(duration.count(), kGrain.count(), kGrain.count());
}

/// The number at the pointer, each time with less.
std::vector<ScenarioDocument> values_below(const ScenarioDocument& document,
                                           const std::string& pointer) {
  const ScenarioDocument& value = document.at(Pointer(pointer));
  const std::string key = Pointer(pointer).back();
  std::vector<ScenarioDocument> values;
  if (value.is_number_integer()) {
    const std::int64_t least =
        key == "adjusters" ? document["population"].value("insurers", std::int64_t{1}) : 1;
    for (const auto one : less_than(value.get<std::int64_t>(), least, 1)) values.emplace_back(one);
  } else if (key == "rate") {
    constexpr std::int64_t kRateGrain = 100;  // 0.1/s
    const auto rate = parse_rate(value.get<std::string>());
    for (const auto one : less_than(rate ? *rate : 0, kRateGrain, kRateGrain)) {
      values.emplace_back(write_rate(one));
    }
  } else {
    for (const auto one : shorter_than(duration_of(value))) {
      values.emplace_back(write_duration(Microseconds(one)));
    }
  }
  return values;
}

}  // namespace

Microseconds length_of(const ScenarioDocument& document) {
  Microseconds length{0};
  for (const ScenarioDocument& phase : document["phases"]) {
    const std::string_view kind = kind_of(phase);
    if (!kind.empty()) length += duration_of(phase[std::string(kind)]);
  }
  return length;
}

std::optional<ScenarioDocument> ScenarioReductions::with_elements(const ScenarioDocument& document,
                                                                  std::string_view list,
                                                                  const Subset& kept) {
  const std::string key(list);
  ScenarioDocument less = document;
  ScenarioDocument elements = ScenarioDocument::array();
  for (const std::size_t index : kept) elements.push_back(document[key][index]);
  less[key] = std::move(elements);
  if (!fit(less)) return std::nullopt;
  return less;
}

std::vector<std::string> ScenarioReductions::numbers(const ScenarioDocument& document,
                                                     std::string_view part) {
  std::vector<std::string> pointers;
  if (part == "population") {
    for (const char* key : {"garages", "adjusters", "insurers"}) {
      if (document["population"].contains(key)) {
        pointers.push_back(fmt::format("/population/{}", key));
      }
    }
    return pointers;
  }
  const auto of_elements = [&](const auto& keys) {
    const ScenarioDocument& list = document[std::string(part)];
    for (std::size_t i = 0; i < list.size(); ++i) {
      for (const std::string_view key : keys) {
        if (list[i].contains(key)) pointers.push_back(fmt::format("/{}/{}/{}", part, i, key));
      }
    }
  };
  constexpr std::string_view kAmounts[] = {"rate", "count", "concurrent"};
  if (part == "arrivals") {
    of_elements(kAmounts);
  } else {
    of_elements(kPhaseKinds);
  }
  return pointers;
}

std::vector<ScenarioDocument> ScenarioReductions::with_less(const ScenarioDocument& document,
                                                            const std::string& pointer) {
  std::vector<ScenarioDocument> documents;
  for (ScenarioDocument& value : values_below(document, pointer)) {
    ScenarioDocument less = document;
    const Pointer place(pointer);
    if (place.back() == "curve") {
      set_length(less.at(place.parent_pointer()), duration_of(value));
    } else {
      less.at(place) = std::move(value);
    }
    if (fit(less)) documents.push_back(std::move(less));
  }
  return documents;
}

std::vector<ScenarioDocument> ScenarioReductions::counted(const ScenarioDocument& document) {
  std::vector<ScenarioDocument> documents;
  for (const int count : {1, 2, 4, 8}) {
    for (const ScenarioDocument& arrival : document["arrivals"]) {
      if (!arrival.contains("rate")) continue;
      ScenarioDocument less = document;
      less["arrivals"] = ScenarioDocument::array();
      less["arrivals"].push_back({{"workflow", arrival["workflow"]}, {"count", count}});
      if (fit(less)) documents.push_back(std::move(less));
    }
  }
  return documents;
}

std::vector<ScenarioDocument> ScenarioReductions::sooner(const ScenarioDocument& document) {
  std::vector<ScenarioDocument> documents;
  for (const std::int64_t eighths : {1, 2, 4, 6, 7}) {
    ScenarioDocument less = document;
    const auto scaled = [eighths](Microseconds time) { return rounded(time * eighths / 8); };
    bool shorter = false;
    for (ScenarioDocument& phase : less["phases"]) {
      const Microseconds length = duration_of(phase[std::string(kind_of(phase))]);
      const Microseconds scaled_length = std::max(kGrain, scaled(length));
      shorter = shorter || scaled_length < length;
      set_length(phase, std::min(length, scaled_length));
    }
    if (less.contains("faults")) {
      for (ScenarioDocument& fault : less["faults"]) set_begin(fault, scaled(begin_of(fault)));
    }
    if (shorter && fit(less)) documents.push_back(std::move(less));
  }
  return documents;
}

std::vector<ScenarioDocument> ScenarioReductions::begun_later(const ScenarioDocument& document) {
  std::vector<ScenarioDocument> documents;
  if (!document.contains("faults") || document["faults"].empty()) return documents;
  Microseconds first = begin_of(document["faults"].front());
  for (const ScenarioDocument& fault : document["faults"]) {
    first = std::min(first, begin_of(fault));
  }
  for (const std::int64_t eighths : {8, 7, 6, 4, 2, 1}) {
    const Microseconds skipped = rounded(first * eighths / 8);
    if (skipped.count() <= 0) continue;
    ScenarioDocument less = document;
    Microseconds left = skipped;
    for (ScenarioDocument& phase : less["phases"]) {
      const Microseconds length = duration_of(phase[std::string(kind_of(phase))]);
      const Microseconds taken = std::min(left, std::max(Microseconds{0}, length - kGrain));
      set_length(phase, length - taken);
      left -= taken;
    }
    for (ScenarioDocument& fault : less["faults"]) {
      set_begin(fault, begin_of(fault) - (skipped - left));
    }
    if (left < skipped && fit(less)) documents.push_back(std::move(less));
  }
  return documents;
}

std::optional<ScenarioDocument> ScenarioReductions::with_users(const ScenarioDocument& document,
                                                               std::size_t fault,
                                                               const Subset& kept) {
  const ScenarioDocument& users = document["faults"][fault].value("users", ScenarioDocument());
  if (!users.is_array() || kept.empty()) return std::nullopt;
  ScenarioDocument less = document;
  ScenarioDocument fewer = ScenarioDocument::array();
  for (const std::size_t index : kept) fewer.push_back(users[index]);
  less["faults"][fault]["users"] = std::move(fewer);
  return less;
}

/// Takes out what the rest has no use for. False: it is no scenario.
bool ScenarioReductions::fit(ScenarioDocument& document) {
  const auto measured = [](const ScenarioDocument& phase) {
    return phase.contains("hold") || phase.contains("curve");
  };
  const ScenarioDocument& phases = document["phases"];
  const ScenarioDocument& arrivals = document["arrivals"];
  if (arrivals.empty() || std::none_of(phases.begin(), phases.end(), measured)) return false;
  std::set<std::string> arriving;
  for (const ScenarioDocument& arrival : arrivals) {
    arriving.insert(arrival["workflow"].get<std::string>());
  }
  ScenarioDocument workflows = ScenarioDocument::array();
  for (const ScenarioDocument& workflow : document["workflows"]) {
    if (arriving.contains(workflow["name"].get<std::string>())) workflows.push_back(workflow);
  }
  document["workflows"] = std::move(workflows);
  fit_faults(document);
  return true;
}

void ScenarioReductions::fit_faults(ScenarioDocument& document) {
  if (!document.contains("faults")) return;
  const Microseconds length = length_of(document);
  ScenarioDocument faults = ScenarioDocument::array();
  for (ScenarioDocument& fault : document["faults"]) {
    if (fault.contains("at") && duration_of(fault["at"]) > length) continue;
    if (fault.contains("users") && fault["users"].is_array()) {
      const std::set<std::string>& known = users_of(document);
      ScenarioDocument users = ScenarioDocument::array();
      for (ScenarioDocument& user : fault["users"]) {
        if (known.contains(user.get<std::string>())) users.push_back(std::move(user));
      }
      if (users.empty()) continue;
      fault["users"] = std::move(users);
    }
    faults.push_back(std::move(fault));
  }
  document["faults"] = std::move(faults);
}

const std::set<std::string>& ScenarioReductions::users_of(const ScenarioDocument& document) {
  PopulationSpec spec;
  const ScenarioDocument& population = document["population"];
  spec.insurers = population.value("insurers", spec.insurers);
  spec.adjusters = population.value("adjusters", 1);
  spec.garages = population.value("garages", 1);
  const std::tuple<int, int, int> key = {spec.insurers, spec.adjusters, spec.garages};
  if (key == users_spec_) return users_;
  users_spec_ = key;
  users_.clear();
  // Who there is does not depend on the seed.
  for (const Person& person : make_population(spec, 1, 0).people) users_.insert(person.id);
  return users_;
}

}  // namespace claims::storm
