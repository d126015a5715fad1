#include "simulator/scenario/role_loader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>

#include "simulator/limits.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/near_miss.h"
#include "simulator/scenario/quantity.h"

namespace claims::storm {
namespace {

constexpr std::size_t kRolesMax = 20;

struct RoleDraft {
  RoleSpec spec;
  std::string relation;  // The key that names the role it is chosen by; empty: by weight.
  std::string relative;  // That role's name.
  Cursor cursor;
  bool told =
      false;  // Something is wrong with it already; kept so that its steps are no errors, too.
};

using Choice = RoleSpec::Choice;

constexpr std::array<std::pair<std::string_view, Choice>, 4> kRelations = {
    {{"of", Choice::insurer_of},
     {"other_than", Choice::other_than},
     {"other_insurer_than", Choice::other_insurer_than},
     {"colleague_of", Choice::colleague_of}}};

/// "count": 3 or "3..10".
void load_count(const Cursor& cursor, RoleSpec& role) {
  role.group = true;
  if (cursor.node().kind != JsonNode::Kind::text) {
    role.least = role.most = cursor.integer(1, limits::kGroupMax).value_or(1);
    return;
  }
  const auto range = parse_range(cursor.node().text, 1, limits::kGroupMax);
  if (!range) cursor.error(range.error());
  if (range) std::tie(role.least, role.most) = *range;
}

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
  RoleDraft draft{{}, {}, {}, cursor};
  draft.spec.name = name;
  draft.told = true;
  if (!cursor.is_object()) return draft;
  cursor.allow_only(
      {"is", "of", "other_than", "other_insurer_than", "colleague_of", "count", "set_aside"});
  const auto kind = load_kind(cursor);
  if (!kind) return draft;
  draft.told = false;
  draft.spec.kind = *kind;
  std::vector<std::string> relations;
  for (const auto& [key, choice] : kRelations) {
    const auto relation = cursor.optional(key);
    if (!relation) continue;
    relations.emplace_back(key);
    draft.spec.choice = choice;
    draft.relation = key;
    draft.relative = relation->text().value_or("");
  }
  if (relations.size() > 1) {
    cursor.error(fmt::format("a role with {}", fmt::join(relations, " and ")),
                 "one of of, other_than, other_insurer_than and colleague_of");
    draft.spec.choice = Choice::by_weight;
    draft.relation.clear();
    draft.relative.clear();
    draft.told = true;
  }
  if (const auto count = cursor.optional("count")) load_count(*count, draft.spec);
  if (const auto aside = cursor.optional("set_aside")) {
    const bool flag = aside->node().kind == JsonNode::Kind::boolean;
    if (!flag) aside->error("true or false");
    draft.spec.set_aside = flag && aside->node().boolean;
    const bool may = draft.spec.kind == chat::Role::adjuster && !draft.spec.group &&
                     draft.spec.choice == Choice::by_weight;
    if (draft.spec.set_aside && !may) {
      aside->error("only one adjuster can be set aside, who is chosen by nobody else");
    }
  }
  return draft;
}

void check_relation(const RoleDraft& draft, const std::vector<RoleDraft>& drafts) {
  const Cursor cursor = *draft.cursor.optional(draft.relation);
  const auto other = std::find_if(drafts.begin(), drafts.end(), [&](const RoleDraft& role) {
    return role.spec.name == draft.relative;
  });
  if (other == drafts.end() || other->spec.name == draft.spec.name) {
    std::vector<std::string> names;
    for (const RoleDraft& role : drafts) {
      if (role.spec.name != draft.spec.name) names.push_back(role.spec.name);
    }
    cursor.error("another role: " + allowed_names(draft.relative, names));
    return;
  }
  const chat::Role kind = draft.spec.kind;
  const chat::Role other_kind = other->spec.kind;
  const Choice choice = draft.spec.choice;
  if (choice == Choice::insurer_of &&
      (kind != chat::Role::insurer || other_kind != chat::Role::adjuster)) {
    cursor.error(R"(only an insurer can be "of" somebody, and of an adjuster)");
  } else if (choice == Choice::insurer_of && draft.spec.group) {
    cursor.error("a group of one adjuster's insurer", "no \"count\": an adjuster has one insurer");
  } else if (choice == Choice::other_than && other_kind != kind) {
    cursor.error(fmt::format("another {}: {} is {}", chat::to_string(kind), other->spec.name,
                             chat::to_string(other_kind)));
  } else if (choice == Choice::other_insurer_than &&
             (kind == chat::Role::garage || other_kind == chat::Role::garage)) {
    cursor.error("only adjusters and insurers belong to an insurer");
  } else if (choice == Choice::colleague_of &&
             (kind != chat::Role::adjuster || other_kind != chat::Role::adjuster)) {
    cursor.error("only adjusters are colleagues");
  } else if (choice != Choice::other_than && other->spec.group) {
    cursor.error(fmt::format("{}, which is a group", describe(cursor.node())),
                 "a role that is one person");
  }
}

/// Roles that are chosen by weight alone could turn out to be the same person.
void check_distinct(const std::vector<RoleDraft>& drafts) {
  const auto by_weight = [](const RoleDraft& draft) {
    return !draft.told && draft.spec.choice == RoleSpec::Choice::by_weight && !draft.spec.set_aside;
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
                                "one of them that is chosen by weight alone");
    for (const RoleDraft& draft : drafts) roles.push_back(draft.spec);
    break;
  }
  return roles;
}

}  // namespace

std::vector<RoleSpec> load_roles(const Cursor& root) {
  const auto member = root.required("roles", R"({"garage": {"is": "garage"}, …})");
  if (!member || !member->is_object()) return {};
  const auto members = member->members();
  if (members.empty() || members.size() > kRolesMax) {
    member->error(fmt::format("1 to {} roles", kRolesMax));
    return {};
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
  return in_order_of_choice(std::move(drafts));
}

}  // namespace claims::storm
