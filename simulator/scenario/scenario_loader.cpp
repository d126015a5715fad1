#include "simulator/scenario/scenario_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "simulator/limits.h"
#include "simulator/scenario/arrival_loader.h"
#include "simulator/scenario/fault_loader.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/phase_loader.h"
#include "simulator/scenario/quantity.h"
#include "simulator/scenario/service_loader.h"
#include "simulator/scenario/threshold_loader.h"
#include "simulator/scenario/variant.h"

namespace claims::storm {
namespace {

constexpr std::int64_t kInsurersMax = 43;  // Company codes 01–43.
constexpr std::size_t kListMax = 100;

/// `later` is chosen after `role`, and without regard to it.
bool may_be_one(const RoleSpec& role, const RoleSpec& later) {
  if (role.kind != later.kind || role.set_aside || later.set_aside) return false;
  return later.choice == RoleSpec::Choice::insurer_of ||
         (later.choice == RoleSpec::Choice::by_weight && !later.group);
}

}  // namespace

Scenario ScenarioLoader::load(const Cursor& root) {
  scenario_.file = root.place().file;
  if (!root.is_object()) return std::move(scenario_);
  root.allow_only(scenario_keys());
  check_variants(root);
  check_schema(root);
  check_format(root, "claimstorm-scenario/1");
  if (const auto note = root.optional("note")) note->text();
  if (const auto name = root.required("name", "a name of the scenario")) {
    scenario_.name = name->name().value_or("");
  }
  if (const auto title = root.required("title", R"({"ko", "en"})")) {
    scenario_.title = load_local_text(*title).value_or(LocalText{});
  }
  if (const auto description = root.optional("description")) {
    scenario_.description = load_local_text(*description).value_or(LocalText{});
  }
  other_contract_ = load_other_contract(root);
  load_catalogue();
  load_population(root);
  load_workflows(root);
  scenario_.phases = load_phases(root);
  scenario_.arrivals = load_arrivals(root, scenario_);
  set_aside();
  load_settings(root);
  scenario_.thresholds = load_thresholds(root, clauses_);
  load_faults(root, scenario_.faults);
  load_not_covered(root);
  scenario_.service = load_service(root);
  load_credit_schedules();
  check_cast(root);
  check_open_steps();
  check_open_roles();
  if (!has_catalogue_ && cites_clauses()) tell_missing_catalogue(root);
  move_recovery();
  return std::move(scenario_);
}

/// The population keeps an adjuster for every time that a role which is set aside will be played.
void ScenarioLoader::set_aside() {
  std::int64_t adjusters = 0;
  for (const ArrivalSpec& arrival : scenario_.arrivals) {
    if (arrival.workflow >= scenario_.workflows.size()) continue;  // Told.
    for (const RoleSpec& role : scenario_.workflows[arrival.workflow].roles) {
      if (role.set_aside) adjusters += arrival.count;
    }
  }
  scenario_.population.set_aside =
      static_cast<int>(std::min<std::int64_t>(adjusters, scenario_.population.adjusters));
}

/// How fast the service recovers is a threshold of the faults: a run without them has none.
void ScenarioLoader::move_recovery() {
  auto& thresholds = scenario_.thresholds;
  const auto first = std::stable_partition(
      thresholds.begin(), thresholds.end(),
      [](const ThresholdSpec& spec) { return spec.metric != "recovery.max_s"; });
  scenario_.faults.thresholds.assign(first, thresholds.end());
  thresholds.erase(first, thresholds.end());
}

bool ScenarioLoader::cites_clauses() const {
  const auto cites = [](const auto& it) { return !it.proves.empty(); };
  return !scenario_.not_covered.empty() ||
         std::any_of(scenario_.thresholds.begin(), scenario_.thresholds.end(), cites) ||
         std::any_of(scenario_.workflows.begin(), scenario_.workflows.end(), [&](const auto& one) {
           return std::any_of(one.steps.begin(), one.steps.end(), cites);
         });
}

void ScenarioLoader::load_catalogue() {
  const std::string file = catalogue_file_of(scenario_.file);
  if (file.empty()) return;
  has_catalogue_ = true;
  auto catalogue = storm::load_requirements(file);
  if (!catalogue) {
    const std::vector<FileError> wrong = catalogue.error();  // Once: error() gives a copy.
    errors_.insert(errors_.end(), wrong.begin(), wrong.end());
    return;
  }
  scenario_.requirements = std::move(*catalogue);
  clauses_ = clause_names(scenario_.requirements);
}

void ScenarioLoader::load_credit_schedules() {
  auto schedules = load_service_levels_beside(scenario_.file);
  if (schedules) {
    scenario_.credit_schedules = std::move(*schedules);
    return;
  }
  const std::vector<FileError> wrong = schedules.error();
  errors_.insert(errors_.end(), wrong.begin(), wrong.end());
}

void ScenarioLoader::load_population(const Cursor& root) {
  const auto member =
      root.required("population", R"({"insurers": 12, "adjusters": 100, "garages": 100})");
  if (!member || !member->is_object()) return;
  member->allow_only({"insurers", "adjusters", "garages", "devices"});
  if (const auto devices = member->optional("devices")) load_devices(*devices);
  constexpr std::int64_t kMost = limits::kUsersMax;
  const auto load = [&](std::string_view key, std::int64_t most, bool required) {
    const auto number =
        required ? member->required(key, "a number of users") : member->optional(key);
    return number ? number->integer(1, most) : std::nullopt;
  };
  PopulationSpec& population = scenario_.population;
  population.insurers =
      static_cast<int>(load("insurers", kInsurersMax, false).value_or(population.insurers));
  const auto adjusters = load("adjusters", kMost, true);
  const auto garages = load("garages", kMost, true);
  if (!adjusters || !garages) return;
  population.adjusters = static_cast<int>(*adjusters);
  population.garages = static_cast<int>(*garages);
  if (*adjusters < population.insurers) {
    member->optional("adjusters")
        ->error(fmt::format("at least one for each of {} insurers", population.insurers));
  }
  if (population.insurers + *adjusters + *garages > kMost) {
    member->error(fmt::format("{} users", population.insurers + *adjusters + *garages),
                  fmt::format("at most {}", kMost));
    return;
  }
  const std::int64_t connections = population.insurers +
                                   *adjusters * population.adjuster_devices_permille / 1'000 +
                                   *garages * population.garage_devices_permille / 1'000;
  if (connections > kMost) {
    member->error(fmt::format("{} devices of all users", connections),
                  fmt::format("at most {}", kMost));
  }
}

void ScenarioLoader::load_devices(const Cursor& cursor) {
  if (!cursor.is_object()) return;
  cursor.allow_only({"garage", "adjuster", "others_send"});
  const auto load = [&](std::string_view key, std::int64_t least, std::int64_t most,
                        std::int64_t& permille) {
    const auto member = cursor.optional(key);
    const auto share = load_quantity(member, parse_percent);
    if (!share) return;
    permille = std::clamp(*share, least, most);
    if (permille != *share) {
      member->error(fmt::format("{} % to {} %", least / 10, most / 10));
    }
  };
  constexpr auto kMost = static_cast<std::int64_t>(limits::kDevicesPerUserMax) * 1'000;
  PopulationSpec& population = scenario_.population;
  load("garage", 1'000, kMost, population.garage_devices_permille);
  load("adjuster", 1'000, kMost, population.adjuster_devices_permille);
  load("others_send", 0, 1'000, population.others_send_permille);
}

void ScenarioLoader::load_workflows(const Cursor& root) {
  const auto member = root.required("workflows", R"(["workflows/inbound.json"])");
  const auto list = member ? member->list(1, limits::kWorkflowsMax) : std::nullopt;
  if (!list) return;
  for (const Cursor& cursor : *list) {
    if (cursor.node().kind == JsonNode::Kind::text) {
      load_workflow_file(cursor);
    } else if (cursor.node().kind == JsonNode::Kind::object) {
      add_workflow(load_workflow(cursor, clauses_, other_contract_), cursor);
    } else {
      cursor.error("the name of a workflow file, or a workflow");
    }
  }
}

void ScenarioLoader::load_workflow_file(const Cursor& cursor) {
  const std::filesystem::path named(cursor.node().text);
  if (named.empty() || named.is_absolute()) {
    cursor.error("a path that begins at the scenario's folder");
    return;
  }
  const std::string file =
      (std::filesystem::path(scenario_.file).parent_path() / named).lexically_normal().string();
  auto document = read_document(file, limits::kScenarioFileBytesMax);
  if (!document) {
    if (document.error().place.line == 0) {
      cursor.error(fmt::format("{} ({})", describe(cursor.node()), document.error().found),
                   fmt::format("a workflow file; {} is none", file));
    } else {
      errors_.push_back(document.error());
    }
    return;
  }
  const Cursor root(*document, file, errors_);
  if (root.node().kind == JsonNode::Kind::object) check_format(root, "claimstorm-workflow/1");
  add_workflow(load_workflow(root, clauses_, other_contract_), cursor);
}

void ScenarioLoader::add_workflow(Workflow workflow, const Cursor& cursor) {
  for (const Workflow& other : scenario_.workflows) {
    if (other.name != workflow.name || workflow.name.empty()) continue;
    cursor.error(fmt::format("a second workflow \"{}\"", workflow.name), "each name once");
    return;
  }
  scenario_.workflows.push_back(std::move(workflow));
}

void ScenarioLoader::load_settings(const Cursor& root) {
  const auto duration = [&](std::string_view key, Microseconds& value, Microseconds most) {
    if (const auto member = root.optional(key)) {
      value = load_duration(*member, Microseconds(1'000), most).value_or(value);
    }
  };
  duration("await_timeout", scenario_.await_timeout, limits::kAwaitTimeoutMax);
  duration("drain", scenario_.drain, Microseconds(30'000'000));
  Microseconds keep_alive{300'000'000};
  duration("keep_alive", keep_alive, Microseconds(65'535'000'000));
  const std::int64_t seconds = keep_alive.count() / 1'000'000;
  if (seconds * 1'000'000 != keep_alive.count()) {
    root.optional("keep_alive")->error("whole seconds, as MQTT counts them");
  }
  scenario_.keep_alive_s = static_cast<std::uint16_t>(seconds);
  const auto integer = [&](std::string_view key, std::int64_t& value, std::int64_t most) {
    if (const auto member = root.optional(key)) value = member->integer(1, most).value_or(value);
  };
  integer("time_scale", scenario_.time_scale, 100'000'000);
  integer("connects_per_second", scenario_.connects_per_second, 100'000);
  if (const auto mqtt = root.optional("mqtt")) {
    const auto text = mqtt->text();
    if (text && *text != "5.0" && *text != "3.1.1") mqtt->error(R"("5.0" or "3.1.1")");
    scenario_.mqtt_version = text == "3.1.1" ? 4 : 5;
  }
}

void ScenarioLoader::load_not_covered(const Cursor& root) {
  const auto member = root.optional("not_covered");
  const auto list = member ? member->list(0, kListMax) : std::nullopt;
  if (!list) return;
  const auto is_proven = [&](const std::string& clause) {
    const auto has = [&](const auto& item) {
      return std::find(item.proves.begin(), item.proves.end(), clause) != item.proves.end();
    };
    return std::any_of(scenario_.thresholds.begin(), scenario_.thresholds.end(), has) ||
           std::any_of(scenario_.workflows.begin(), scenario_.workflows.end(),
                       [&](const Workflow& workflow) {
                         return std::any_of(workflow.steps.begin(), workflow.steps.end(), has);
                       });
  };
  for (const Cursor& cursor : *list) {
    if (!cursor.is_object()) continue;
    cursor.allow_only({"clause", "why"});
    const auto clause_member = cursor.required("clause", "a requirement's clause");
    const auto clause = clause_member ? load_clause(*clause_member, clauses_) : std::nullopt;
    const auto why = cursor.required("why", R"({"ko", "en"}: the reason)");
    const auto text = why ? load_local_text(*why) : std::nullopt;
    if (!clause) continue;
    if (is_proven(*clause)) {
      clause_member->error(fmt::format("\"{}\", which a step or threshold proves", *clause),
                           "a clause that nothing here proves");
    }
    scenario_.not_covered.emplace_back(*clause, text.value_or(LocalText{}));
  }
}

void ScenarioLoader::check_cast(const Cursor& root) {
  const auto population = root.optional("population");
  if (!population || scenario_.population.adjusters == 0) return;
  const std::array<std::int64_t, 3> there = {
      scenario_.population.insurers, scenario_.population.adjusters, scenario_.population.garages};
  for (const Workflow& workflow : scenario_.workflows) {
    check_devices(*population, workflow);
    std::array<std::int64_t, 3> needed{};
    bool two_insurers = false;
    for (const RoleSpec& role : workflow.roles) {
      needed[static_cast<std::size_t>(role.kind)] += role.most;
      two_insurers = two_insurers || role.choice == RoleSpec::Choice::other_insurer_than;
    }
    if (two_insurers && scenario_.population.insurers < 2) {
      population->error("one insurer", fmt::format("at least 2, for \"other_insurer_than\" in the "
                                                   "workflow \"{}\"",
                                                   workflow.name));
    }
    for (std::size_t kind = 0; kind < needed.size(); ++kind) {
      if (needed[kind] <= there[kind]) continue;
      population->error(fmt::format("{} of the kind {}", there[kind],
                                    chat::to_string(static_cast<chat::Role>(kind))),
                        fmt::format("at least {}, as many as the workflow \"{}\" casts",
                                    needed[kind], workflow.name));
    }
  }
}

/// Of two roles that one user plays, each would end the other's subscriptions, and take its
/// messages.
void ScenarioLoader::check_open_roles() {
  for (const Workflow& workflow : scenario_.workflows) {
    std::vector<const Step*> first(workflow.roles.size());  // That subscribes or unsubscribes.
    for (const Step& step : workflow.steps) {
      const auto* open = std::get_if<OpenStep>(&step.action);
      const bool subscribes = open != nullptr && (open->kind == OpenStep::Kind::subscribe ||
                                                  open->kind == OpenStep::Kind::unsubscribe);
      if (subscribes && first[step.role] == nullptr) first[step.role] = &step;
    }
    for (std::size_t later = 0; later < first.size(); ++later) {
      for (std::size_t role = 0; role < later; ++role) {
        if (first[role] == nullptr || first[later] == nullptr) continue;
        if (!may_be_one(workflow.roles[role], workflow.roles[later])) continue;
        errors_.push_back({first[later]->place,
                           fmt::format(R"(open topics of "{}" and "{}", whom one user may play)",
                                       workflow.roles[later].name, workflow.roles[role].name),
                           "roles of which one is \"other_than\" the other"});
      }
    }
  }
}

/// What MQTT 3.1.1 has no word for.
void ScenarioLoader::check_open_steps() {
  if (scenario_.mqtt_version != 4) return;
  for (const Workflow& workflow : scenario_.workflows) {
    for (const Step& step : workflow.steps) {
      const auto* open = std::get_if<OpenStep>(&step.action);
      if (open == nullptr) continue;
      if (open->expiry_s == 0 && open->retain_handling == 0 && !open->retain_as_published) continue;
      errors_.push_back({step.place,
                         "expiry, retain_handling or retain_as_published in a scenario with "
                         "\"mqtt\": \"3.1.1\"",
                         R"(these with "mqtt": "5.0" only)"});
    }
  }
}

/// A step on a device needs that each user who may play it has the device.
void ScenarioLoader::check_devices(const Cursor& population, const Workflow& workflow) const {
  const PopulationSpec& spec = scenario_.population;
  for (const Step& step : workflow.steps) {
    if (!step.on) continue;
    const chat::Role kind = workflow.roles[step.role].kind;
    const std::int64_t permille = kind == chat::Role::garage     ? spec.garage_devices_permille
                                  : kind == chat::Role::adjuster ? spec.adjuster_devices_permille
                                                                 : 1'000;
    const auto needed = static_cast<std::int64_t>(*step.on) + 1;
    if (permille / 1'000 >= needed) continue;
    population.error(
        fmt::format("{} % devices of the kind {}", permille / 10, chat::to_string(kind)),
        fmt::format("at least {} %, for the step \"{}\" on the {} in the workflow "
                    "\"{}\"; an insurer has one device",
                    needed * 100, step.name, to_string(*step.on), workflow.name));
    return;
  }
}

}  // namespace claims::storm
