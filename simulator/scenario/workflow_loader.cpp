#include <fmt/format.h>

#include <algorithm>

#include "simulator/limits.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/name_check.h"
#include "simulator/scenario/role_loader.h"
#include "simulator/scenario/step_loader.h"

namespace claims::storm {
namespace {

constexpr std::size_t kLetMax = 100;

void load_let(const Cursor& root, Workflow& workflow) {
  const auto member = root.optional("let");
  if (!member || !member->is_object()) return;
  if (member->members().size() > kLetMax) {
    member->error(fmt::format("at most {} names", kLetMax));
    return;
  }
  Visible visible = visible_roles(workflow);
  for (const auto& [name, value] : member->members()) {
    if (!is_variable_name(name) ||
        std::find(visible.roles.begin(), visible.roles.end(), name) != visible.roles.end()) {
      value.error(
          fmt::format("the name \"{}\"", name),
          "a name in small letters, digits and '_' that is no role and no word of the language");
      continue;
    }
    if (value.node().kind == JsonNode::Kind::fraction) value.error("no number with a fraction");
    workflow.let.emplace_back(name, load_template(value, visible));
    visible.variables.push_back(name);
  }
}

}  // namespace

Workflow load_workflow(const Cursor& root, const std::vector<std::string>& clauses,
                       bool other_contract) {
  Workflow workflow;
  workflow.file = root.place().file;
  if (!root.is_object()) return workflow;
  root.allow_only(
      {"$schema", "format", "name", "title", "note", "contract", "roles", "let", "steps"});
  check_schema(root);
  if (const auto note = root.optional("note")) note->text();
  if (const auto name = root.required("name", "a name of the workflow")) {
    workflow.name = name->name().value_or("");
  }
  if (const auto title = root.required("title", R"({"ko", "en"})")) {
    workflow.title = load_local_text(*title).value_or(LocalText{});
  }
  workflow.roles = load_roles(root);
  load_let(root, workflow);
  const auto steps = root.required("steps", "a list of steps");
  const auto list = steps ? steps->list(1, limits::kStepsMax) : std::nullopt;
  if (!list) return workflow;
  other_contract = load_other_contract(root) || other_contract;
  StepLoader loader(workflow, clauses, other_contract);
  for (const Cursor& step : *list) loader.load(step);
  return workflow;
}

}  // namespace claims::storm
