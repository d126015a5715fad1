#include "simulator/scenario/defect_catalogue.h"

#include <fmt/format.h>

#include "simulator/scenario/document.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/metric_name.h"

namespace claims::storm {
namespace {

constexpr std::size_t kDefectsMax = 200;
constexpr std::size_t kProofsMax = 20;

std::vector<std::string> clauses_beside(const std::string& file) {
  const std::string catalogue = catalogue_file_of(file);
  const auto requirements = catalogue.empty()
                                ? Result<std::vector<RequirementEntry>, std::vector<FileError>>(
                                      std::vector<RequirementEntry>{})
                                : load_requirements(catalogue);
  return requirements ? clause_names(*requirements) : std::vector<std::string>{};
}

std::vector<std::string> load_names(const Cursor& list) {
  std::vector<std::string> names;
  const auto elements = list.list(1, kProofsMax);
  if (!elements) return names;
  for (const Cursor& one : *elements) names.push_back(one.name().value_or(""));
  return names;
}

void load_proof(const Cursor& cursor, const std::vector<std::string>& clauses,
                DefectEntry& defect) {
  const auto checkers = cursor.optional("checkers"), events = cursor.optional("events");
  const auto cited = cursor.optional("clauses"), reason = cursor.optional("not_covered");
  if ((checkers ? 1 : 0) + (cited ? 1 : 0) + (reason ? 1 : 0) != 1) {
    cursor.error("exactly one of checkers, clauses and not_covered");
  }
  if (checkers) {
    defect.checkers = load_names(*checkers);
    for (const Cursor& one : checkers->elements()) {
      if (const auto name = one.name(); name && !is_metric("violations." + *name)) {
        one.error("a checker: present_fields (docs/checking.md)");
      }
    }
    if (!events)
      cursor.error("nothing", "events: the types of events that it needs, [\"message\"]");
  } else if (events) {
    events->error("no events without checkers");
  }
  if (events) defect.events = load_names(*events);
  if (cited) defect.clauses = load_clauses(*cited, clauses);
  if (reason) defect.not_covered = load_local_text(*reason).value_or(LocalText{});
}

}  // namespace

std::vector<DefectEntry> load_defects(const Cursor& root) {
  std::vector<DefectEntry> defects;
  if (!root.is_object()) return defects;
  root.allow_only({"$schema", "format", "defects"});
  check_schema(root);
  check_format(root, "claimstorm-defects/1");
  const auto member = root.required("defects", "a list of defects");
  const auto list = member ? member->list(1, kDefectsMax) : std::nullopt;
  if (!list) return defects;
  const std::vector<std::string> clauses = clauses_beside(root.place().file);
  for (const Cursor& cursor : *list) {
    if (!cursor.is_object()) continue;
    cursor.allow_only({"id", "title", "checkers", "events", "clauses", "not_covered"});
    DefectEntry defect;
    if (const auto id = cursor.required("id", "the defect's ID")) {
      defect.id = id->name().value_or("");
      for (const DefectEntry& other : defects) {
        if (other.id == defect.id) id->error("each ID once");
      }
    }
    if (const auto title = cursor.required("title", R"({"ko", "en"})")) {
      defect.title = load_local_text(*title).value_or(LocalText{});
    }
    load_proof(cursor, clauses, defect);
    defects.push_back(std::move(defect));
  }
  return defects;
}

Result<std::vector<DefectEntry>, std::vector<FileError>> load_defects_beside(
    const std::string& scenario_file) {
  std::vector<DefectEntry> defects;
  const std::string file = catalogue_file_of(scenario_file, "defects.json");
  if (file.empty()) return defects;
  auto errors = read_and_load(
      file, {}, [&](const Cursor& root, std::vector<FileError>&) { defects = load_defects(root); });
  if (!errors.empty()) return errors;
  return defects;
}

}  // namespace claims::storm
