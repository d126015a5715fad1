#include "simulator/actor/cast.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace claims::storm {
namespace {

using Choice = RoleSpec::Choice;

/// With one draw more often the same user than not, somebody else is sought in order.
UserNumber another(chat::Role kind, const std::vector<UserNumber>& cast,
                   const Population& population, Random& random) {
  constexpr int kTries = 1'000;
  const auto taken = [&](UserNumber user) {
    return std::find(cast.begin(), cast.end(), user) != cast.end();
  };
  for (int i = 0; i < kTries; ++i) {
    const UserNumber chosen = population.pick(kind, random);
    if (!taken(chosen)) return chosen;
  }
  for (std::uint32_t i = 0; i < population.people.size(); ++i) {
    if (population.people[i].role == kind && !taken(UserNumber{i})) return UserNumber{i};
  }
  assert(false && "check_cast() has refused this");
  return UserNumber{};
}

}  // namespace

Result<void, std::string> check_cast(const Scenario& scenario, const Population& population) {
  for (const Workflow& workflow : scenario.workflows) {
    for (auto role = workflow.roles.begin(); role != workflow.roles.end(); ++role) {
      // Those before it may all be different users.
      const auto before = std::count_if(workflow.roles.begin(), role, [&](const RoleSpec& other) {
        return other.kind == role->kind;
      });
      const std::size_t needed =
          role->choice == Choice::other_than ? static_cast<std::size_t>(before) + 1 : 1;
      const std::size_t there = population.count(role->kind);
      if (there >= needed) continue;
      return fmt::format(
          "the population has {} of the kind {}, too few for role \"{}\" of workflow {} ({}): "
          "allowed are {} or more",
          there, chat::to_string(role->kind), role->name, workflow.name, workflow.file, needed);
    }
  }
  return {};
}

std::vector<UserNumber> choose_cast(const Workflow& workflow, const Population& population,
                                    Random random) {
  std::vector<UserNumber> cast;
  for (const RoleSpec& role : workflow.roles) {
    if (role.choice == Choice::insurer_of) {
      const auto other = static_cast<std::size_t>(cast[role.relative_to]);
      cast.push_back(population.insurers[population.people[other].insurer].core);
    } else if (role.choice == Choice::other_than) {
      cast.push_back(another(role.kind, cast, population, random));
    } else {
      cast.push_back(population.pick(role.kind, random));
    }
  }
  return cast;
}

}  // namespace claims::storm
