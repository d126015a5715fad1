#include "simulator/scenario/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "simulator/limits.h"
#include "simulator/scenario/country_load.h"
#include "simulator/scenario/defect_catalogue.h"
#include "simulator/scenario/fault_loader.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/scenario_loader.h"
#include "simulator/scenario/service_loader.h"
#include "simulator/scenario/variant.h"

namespace claims::storm {
namespace {

/// The file that was asked for first, then by name; in a file from top to bottom.
void sort_errors(std::vector<FileError>& errors, const std::string& file) {
  std::stable_sort(errors.begin(), errors.end(), [&](const FileError& a, const FileError& b) {
    const auto key = [&](const FileError& error) {
      return std::tuple(error.place.file != file, std::string_view(error.place.file),
                        error.place.line);
    };
    return key(a) < key(b);
  });
}

void check_workflow(const Cursor& root) {
  const std::string file = catalogue_file_of(root.place().file);
  const auto catalogue = file.empty()
                             ? Result<std::vector<RequirementEntry>, std::vector<FileError>>(
                                   std::vector<RequirementEntry>{})
                             : load_requirements(file);
  const Workflow workflow =
      load_workflow(root, catalogue ? clause_names(*catalogue) : std::vector<std::string>{});
  const bool cites = std::any_of(workflow.steps.begin(), workflow.steps.end(),
                                 [](const Step& step) { return !step.proves.empty(); });
  if (file.empty() && cites) tell_missing_catalogue(root);
}

}  // namespace

std::vector<FileError> read_and_load(
    const std::string& file, const std::vector<Setting>& settings,
    const std::function<void(const Cursor&, std::vector<FileError>&)>& load) {
  std::vector<FileError> errors;
  auto document = read_document(file, limits::kScenarioFileBytesMax);
  if (!document) {
    errors.push_back(document.error());
    return errors;
  }
  const JsonNode* format = document->member("format");
  if (format == nullptr || format->text == "claimstorm-scenario/1") {
    apply_settings(*document, settings, errors);
  }
  load(Cursor(*document, file, errors), errors);
  const auto is_syntax = [](const FileError& error) { return error.syntax; };
  if (std::any_of(errors.begin(), errors.end(), is_syntax)) {
    std::erase_if(errors, [&](const FileError& error) { return !is_syntax(error); });
  }
  sort_errors(errors, file);
  return errors;
}

namespace {

/// `open`: the choices of the variants that no setting chooses from.
std::vector<FileError> check_once(const std::string& file, const std::vector<Setting>& settings,
                                  std::vector<Setting>& open) {
  return read_and_load(file, settings, [&](const Cursor& root, std::vector<FileError>& errors) {
    const std::vector<std::string> formats = {"claimstorm-scenario/1",      "claimstorm-workflow/1",
                                              "claimstorm-requirements/1",  "claimstorm-defects/1",
                                              "claimstorm-country/1",       "claimstorm-faults/1",
                                              "claimstorm-service-levels/1"};
    const JsonNode* format = root.node().member("format");
    const std::string found = format == nullptr ? std::string() : format->text;
    if (found != formats[0] && !settings.empty()) {
      root.error("a file that --set cannot change", "a scenario");
    }
    if (found == formats[0]) {
      for (const Setting& choice : variant_choices(root.node())) {
        const bool chosen = std::any_of(settings.begin(), settings.end(),
                                        [&](const Setting& it) { return it.key == choice.key; });
        if (!chosen) open.push_back(choice);
      }
      ScenarioLoader(errors).load(root);
    } else if (found == formats[1]) {
      check_workflow(root);
    } else if (found == formats[2]) {
      load_requirements(root);
    } else if (found == formats[3]) {
      load_defects(root);
    } else if (found == formats[4]) {
      load_country(root);
    } else if (found == formats[5]) {
      load_fault_file(root);
    } else if (found == formats[6]) {
      load_service_levels(root);
    } else if (root.is_object()) {
      const auto member = root.required("format", allowed_names("", formats));
      if (member) member->error(allowed_names(found, formats));
    }
  });
}

}  // namespace

std::string to_string(const FileError& error) {
  const std::string line = error.place.line > 0 ? fmt::format(":{}", error.place.line) : "";
  return fmt::format("{}{}: {}found {}, allowed: {}", error.place.file, line,
                     error.place.path.empty() ? "" : error.place.path + ": ", error.found,
                     error.allowed);
}

Result<std::vector<RequirementEntry>, std::vector<FileError>> load_requirements(
    const std::string& file) {
  std::vector<RequirementEntry> catalogue;
  auto errors = read_and_load(file, {}, [&](const Cursor& root, std::vector<FileError>&) {
    catalogue = load_requirements(root);
  });
  if (!errors.empty()) return errors;
  return catalogue;
}

Result<Scenario, std::vector<FileError>> load_scenario(const std::string& file,
                                                       const std::vector<Setting>& settings) {
  Scenario scenario;
  auto errors =
      read_and_load(file, settings, [&](const Cursor& root, std::vector<FileError>& found) {
        scenario = ScenarioLoader(found).load(root);
      });
  if (!errors.empty()) return errors;
  return scenario;
}

Result<FaultPlan, std::vector<FileError>> load_faults(const std::string& file) {
  FaultPlan plan;
  auto errors = read_and_load(
      file, {}, [&](const Cursor& root, std::vector<FileError>&) { plan = load_fault_file(root); });
  if (!errors.empty()) return errors;
  return plan;
}

Result<Setting, std::string> parse_setting(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return {boost::system::in_place_error, "allowed is key=value, as scale=x3 or time_scale=1"};
  }
  return {boost::system::in_place_value,
          Setting{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))}};
}

std::vector<FileError> check_file(const std::string& file, const std::vector<Setting>& settings) {
  std::vector<Setting> open;  // Of the variants that no setting chooses from.
  std::vector<FileError> errors = check_once(file, settings, open);
  std::set<std::string> told;
  for (const FileError& error : errors) told.insert(to_string(error));
  for (const Setting& choice : open) {
    std::vector<Setting> with = settings;
    with.push_back(choice);
    std::vector<Setting> others;
    for (FileError& error : check_once(file, with, others)) {
      if (!told.insert(to_string(error)).second) continue;
      error.allowed += fmt::format(" (with --set {}={})", choice.key, choice.value);
      errors.push_back(std::move(error));
    }
  }
  sort_errors(errors, file);
  return errors;
}

}  // namespace claims::storm
