#include "simulator/command/explicit_scenario.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "simulator/command/quantity_text.h"
#include "simulator/command/scenario_reductions.h"
#include "simulator/limits.h"
#include "simulator/scenario/document.h"
#include "simulator/scenario/fault_plan.h"
#include "simulator/scenario/fault_writer.h"
#include "simulator/scenario/population.h"
#include "simulator/scenario/quantity.h"
#include "simulator/scenario/scenario_loader.h"
#include "simulator/scenario/variant.h"

namespace claims::storm {
namespace {

using boost::system::in_place_error;
using boost::system::in_place_value;
using Json = nlohmann::ordered_json;

Json to_json(const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::null:
      return nullptr;
    case JsonNode::Kind::boolean:
      return node.boolean;
    case JsonNode::Kind::integer:
      return node.integer;
    case JsonNode::Kind::fraction:
      return Json::parse(node.text);
    case JsonNode::Kind::text:
      return node.text;
    case JsonNode::Kind::list:
      break;
    case JsonNode::Kind::object: {
      Json object = Json::object();
      for (const auto& [key, value] : node.members) object[key] = to_json(value);
      return object;
    }
  }
  Json list = Json::array();
  for (const JsonNode& element : node.elements) list.push_back(to_json(element));
  return list;
}

/// In steps and thresholds; what is sent is left as it is.
void prove_nothing(Json& value) {
  if (value.is_object()) {
    value.erase("proves");
    for (auto& [key, member] : value.items()) {
      if (key != "send") prove_nothing(member);
    }
  } else if (value.is_array()) {
    for (Json& element : value) prove_nothing(element);
  }
}

/// The scenario was loaded: its workflow files are there and right.
Json workflows_of(const Json& names, const std::string& file) {
  Json workflows = Json::array();
  for (const Json& name : names) {
    Json workflow = name;
    if (name.is_string()) {
      const auto path = (std::filesystem::path(file).parent_path() / name.get<std::string>())
                            .lexically_normal()
                            .string();
      auto document = read_document(path, limits::kScenarioFileBytesMax);
      if (document) workflow = to_json(*document);
    }
    workflow.erase("$schema");
    workflow.erase("format");
    prove_nothing(workflow);
    workflows.push_back(std::move(workflow));
  }
  return workflows;
}

Json arrivals_of(const Scenario& scenario) {
  Json arrivals = Json::array();
  for (const ArrivalSpec& spec : scenario.arrivals) {
    Json arrival = {{"workflow", scenario.workflows[spec.workflow].name}};
    if (spec.rate_milli > 0) arrival["rate"] = write_rate(spec.rate_milli);
    if (spec.count > 0) arrival["count"] = spec.count;
    if (spec.concurrent > 0) {
      arrival["concurrent"] = spec.concurrent;
      if (spec.pause.count() > 0) arrival["pause"] = write_duration(spec.pause);
    }
    arrivals.push_back(std::move(arrival));
  }
  return arrivals;
}

/// As many pieces from `first` on as are one curve: of a day at most, to be read.
std::size_t pieces_of_curve(const std::vector<Phase>& phases, std::size_t first) {
  constexpr std::size_t kPiecesMax = 99;
  constexpr Microseconds kDay{86'400'000'000};
  Microseconds length = phases[first].length;
  std::size_t end = first + 1;
  while (phases[first].hold && end < phases.size() && end - first < kPiecesMax &&
         phases[end].hold && phases[end].name == phases[first].name &&
         phases[end].from_permille == phases[end - 1].to_permille &&
         length + phases[end].length <= kDay) {
    length += phases[end].length;
    ++end;
  }
  return end - first;
}

Json curve_of(const std::vector<Phase>& phases, std::size_t first, std::size_t pieces) {
  Microseconds length{0};
  // Lists of two, which would look like objects in braces.
  Json points = Json::array();
  points.push_back(Json::array({"0ms", write_percent(phases[first].from_permille)}));
  for (std::size_t i = first; i < first + pieces; ++i) {
    length += phases[i].length;
    points.push_back(Json::array({write_duration(length), write_percent(phases[i].to_permille)}));
  }
  return {{"name", phases[first].name}, {"curve", write_duration(length)}, {"points", points}};
}

Json phases_of(const Scenario& scenario) {
  Json phases = Json::array();
  std::size_t pieces = 1;
  for (std::size_t i = 0; i < scenario.phases.size(); i += pieces) {
    const Phase& spec = scenario.phases[i];
    pieces = pieces_of_curve(scenario.phases, i);
    if (pieces > 1 || (spec.hold && spec.from_permille != spec.to_permille)) {
      phases.push_back(curve_of(scenario.phases, i, pieces));
      continue;
    }
    const std::string length = write_duration(spec.length);
    Json phase = {{"name", spec.name}};
    if (!spec.hold) {
      phase["ramp"] = length;
      phase["from"] = write_percent(spec.from_permille);
      phase["to"] = write_percent(spec.to_permille);
    } else {
      phase["hold"] = length;
      if (spec.to_permille != 1'000) phase["at"] = write_percent(spec.to_permille);
    }
    phases.push_back(std::move(phase));
  }
  return phases;
}

Json thresholds_of(const Scenario& scenario) {
  Json thresholds = Json::array();
  for (const auto* list : {&scenario.thresholds, &scenario.faults.thresholds}) {
    for (const ThresholdSpec& spec : *list) {
      Json threshold = {
          {"metric", spec.metric},
          {"limit", fmt::format("{} {}", spec.op, write_thousandths(spec.limit_milli))}};
      if (spec.recovered_below_ms != ThresholdSpec{}.recovered_below_ms) {
        threshold["delivery_p99_ms"] = spec.recovered_below_ms;
      }
      thresholds.push_back(std::move(threshold));
    }
  }
  return thresholds;
}

Json faults_of(const Scenario& scenario, std::uint64_t seed) {
  const Population population = make_population(scenario.population, seed, 0);
  Microseconds length{0};
  for (const Phase& phase : scenario.phases) length += phase.length;
  return Json::parse(faults_json(
      schedule_faults(scenario.faults, population, length, Random(seed).split(kFaultStream)),
      population));
}

}  // namespace

Result<Json, std::string> explicit_scenario(const RunOptions& played, std::uint64_t seed) {
  const auto scenario = load_simulated_scenario(played);
  if (!scenario) return {in_place_error, scenario.error()};
  const std::string& file = played.file;
  auto document = read_document(file, limits::kScenarioFileBytesMax);
  if (!document) return {in_place_error, to_string(document.error())};
  std::vector<FileError> errors;
  apply_settings(*document, played.settings, errors);
  Json all = to_json(*document);
  // A description tells of the whole: so many users, such a load.
  for (const char* key :
       {"$schema", "description", "variants", "not_covered", "faults", "liveness"}) {
    all.erase(key);
  }
  all["workflows"] = workflows_of(all["workflows"], file);
  all["arrivals"] = arrivals_of(*scenario);
  all["phases"] = phases_of(*scenario);
  all["thresholds"] = thresholds_of(*scenario);
  if (!scenario->faults.empty()) {
    all["faults"] = faults_of(*scenario, seed);
    all["liveness"] = write_duration(scenario->faults.liveness);
  }
  Json ordered = Json::object();
  for (const std::string& key : scenario_keys()) {
    if (all.contains(key)) ordered[key] = std::move(all[key]);
  }
  return {in_place_value, std::move(ordered)};
}

Result<Scenario, std::vector<FileError>> load_explicit(const Json& document,
                                                       const std::string& file) {
  const auto parsed = parse_document(document.dump(), file);
  if (!parsed) return {in_place_error, std::vector<FileError>{parsed.error()}};
  std::vector<FileError> errors;
  Scenario scenario = ScenarioLoader(errors).load(Cursor(*parsed, file, errors));
  if (!errors.empty()) return {in_place_error, std::move(errors)};
  return {in_place_value, std::move(scenario)};
}

}  // namespace claims::storm
