#include <fmt/format.h>

#include <algorithm>

#include "simulator/limits.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/name_check.h"
#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/step_loader.h"

namespace claims::storm {
namespace {

constexpr std::size_t kRolesMax = 20;
constexpr std::size_t kLetMax = 100;

struct RoleDraft {
  RoleSpec spec;
  std::string relative;  // Name of the role that it is chosen by; empty: by weight.
  Cursor cursor;
  bool told =
      false;  // Something is wrong with it already; kept so that its steps are no errors, too.
};

std::optional<chat::Role> load_kind(const Cursor& cursor) {
  const auto member = cursor.required("is", "insurer, adjuster, garage");
  const auto text = member ? member->text() : std::nullopt;
  if (!text) return std::nullopt;
  const auto kind = chat::parse_role(*text);
  if (!kind) member->error(allowed_names(*text, {"insurer", "adjuster", "garage"}));
  return kind;
}

std::optional<RoleDraft> load_role(const std::string& name, const Cursor& cursor) {
  if (!is_variable_name(name)) {
    cursor.error(fmt::format("the role \"{}\"", name),
                 "a name in small letters, digits and '_' that is no word of the language");
    return std::nullopt;
  }
  RoleDraft draft{{}, {}, cursor};
  draft.spec.name = name;
  draft.told = true;
  if (!cursor.is_object()) return draft;
  cursor.allow_only({"is", "of", "other_than"});
  const auto kind = load_kind(cursor);
  if (!kind) return draft;
  draft.told = false;
  draft.spec.kind = *kind;
  const auto of = cursor.optional("of");
  const auto other_than = cursor.optional("other_than");
  if (of && other_than) {
    cursor.error(R"(a role with "of" and "other_than")", "one of the two");
  } else if (of) {
    draft.spec.choice = RoleSpec::Choice::insurer_of;
    draft.relative = of->text().value_or("");
  } else if (other_than) {
    draft.spec.choice = RoleSpec::Choice::other_than;
    draft.relative = other_than->text().value_or("");
  }
  return draft;
}

void check_relation(const RoleDraft& draft, const std::vector<RoleDraft>& drafts) {
  const bool is_of = draft.spec.choice == RoleSpec::Choice::insurer_of;
  const Cursor cursor = *draft.cursor.optional(is_of ? "of" : "other_than");
  const auto other = std::find_if(drafts.begin(), drafts.end(), [&](const RoleDraft& role) {
    return role.spec.name == draft.relative;
  });
  if (other == drafts.end() || other->spec.name == draft.spec.name) {
    std::vector<std::string> names;
    for (const RoleDraft& role : drafts) {
      if (role.spec.name != draft.spec.name) names.push_back(role.spec.name);
    }
    cursor.error("another role: " + allowed_names(draft.relative, names));
  } else if (is_of &&
             (draft.spec.kind != chat::Role::insurer || other->spec.kind != chat::Role::adjuster)) {
    cursor.error(R"(only an insurer can be "of" somebody, and of an adjuster)");
  } else if (!is_of && other->spec.kind != draft.spec.kind) {
    cursor.error(fmt::format("another {}: {} is {}", chat::to_string(draft.spec.kind),
                             other->spec.name, chat::to_string(other->spec.kind)));
  }
}

/// Roles that are chosen by weight alone could turn out to be the same person.
void check_distinct(const std::vector<RoleDraft>& drafts) {
  const auto by_weight = [](const RoleDraft& draft) {
    return !draft.told && draft.spec.choice == RoleSpec::Choice::by_weight;
  };
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!by_weight(drafts[i]) || !by_weight(drafts[j]) ||
          drafts[j].spec.kind != drafts[i].spec.kind) {
        continue;
      }
      drafts[i].cursor.error(fmt::format("a second {}", chat::to_string(drafts[i].spec.kind)),
                             fmt::format(R"("other_than": "{}")", drafts[j].spec.name));
      return;
    }
  }
}

/// Puts each role after the one it is chosen by.
std::vector<RoleSpec> in_order_of_choice(std::vector<RoleDraft> drafts) {
  std::vector<RoleSpec> roles;
  while (!drafts.empty()) {
    bool moved = false;
    for (auto draft = drafts.begin(); draft != drafts.end();) {
      const auto relative = std::find_if(roles.begin(), roles.end(), [&](const RoleSpec& role) {
        return role.name == draft->relative;
      });
      if (!draft->relative.empty() && relative == roles.end()) {
        ++draft;
        continue;
      }
      if (relative != roles.end()) {
        draft->spec.relative_to = static_cast<std::size_t>(relative - roles.begin());
      }
      roles.push_back(draft->spec);
      draft = drafts.erase(draft);
      moved = true;
    }
    if (moved) continue;
    drafts.front().cursor.error("roles that are chosen by each other in a circle",
                                R"(one of them without "of" and "other_than")");
    for (const RoleDraft& draft : drafts) roles.push_back(draft.spec);
    break;
  }
  return roles;
}

void load_roles(const Cursor& root, Workflow& workflow) {
  const auto member = root.required("roles", R"({"garage": {"is": "garage"}, …})");
  if (!member || !member->is_object()) return;
  const auto members = member->members();
  if (members.empty() || members.size() > kRolesMax) {
    member->error(fmt::format("1 to {} roles", kRolesMax));
    return;
  }
  std::vector<RoleDraft> drafts;
  for (const auto& [name, cursor] : members) {
    if (auto draft = load_role(name, cursor)) drafts.push_back(std::move(*draft));
  }
  bool known = true;
  for (RoleDraft& draft : drafts) {
    if (draft.spec.choice == RoleSpec::Choice::by_weight) continue;
    check_relation(draft, drafts);
    known = known && std::any_of(drafts.begin(), drafts.end(), [&](const RoleDraft& role) {
              return role.spec.name == draft.relative;
            });
  }
  check_distinct(drafts);
  if (!known) {
    for (RoleDraft& draft : drafts) draft.relative.clear();  // Told; the steps are checked anyway.
  }
  workflow.roles = in_order_of_choice(std::move(drafts));
}

void load_let(const Cursor& root, Workflow& workflow) {
  const auto member = root.optional("let");
  if (!member || !member->is_object()) return;
  if (member->members().size() > kLetMax) {
    member->error(fmt::format("at most {} names", kLetMax));
    return;
  }
  Visible visible;
  for (const RoleSpec& role : workflow.roles) visible.roles.push_back(role.name);
  for (const auto& [name, value] : member->members()) {
    if (!is_variable_name(name) ||
        std::find(visible.roles.begin(), visible.roles.end(), name) != visible.roles.end()) {
      value.error(
          fmt::format("the name \"{}\"", name),
          "a name in small letters, digits and '_' that is no role and no word of the language");
      continue;
    }
    workflow.let.emplace_back(name, load_value(value, visible));
    visible.variables.push_back(name);
  }
}

}  // namespace

Workflow load_workflow(const Cursor& root, const std::vector<std::string>& clauses,
                       bool other_contract) {
  Workflow workflow;
  workflow.file = root.place().file;
  if (!root.is_object()) return workflow;
  root.allow_only({"format", "name", "title", "note", "contract", "roles", "let", "steps"});
  if (const auto note = root.optional("note")) note->text();
  if (const auto name = root.required("name", "a name of the workflow")) {
    workflow.name = name->name().value_or("");
  }
  if (const auto title = root.required("title", R"({"ko", "en"})")) {
    workflow.title = load_local_text(*title).value_or(LocalText{});
  }
  load_roles(root, workflow);
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
