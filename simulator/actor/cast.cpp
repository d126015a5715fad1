#include "simulator/actor/cast.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>

namespace claims::storm {
namespace {

using Choice = RoleSpec::Choice;

const Person& person(const Population& population, UserNumber user) {
  return population.people[static_cast<std::size_t>(user)];
}

/// Adjusters of an insurer who may play any role.
std::size_t staff_of(const Population& population, std::uint32_t insurer) {
  return static_cast<std::size_t>(
      std::count_if(population.people.begin(), population.people.end(), [&](const Person& one) {
        return one.role == chat::Role::adjuster && one.insurer == insurer && one.weight > 0;
      }));
}

/// So many adjusters the insurer of who is sought must have, so that colleagues are found whatever
/// else is drawn; 0 where nobody looks for any.
std::size_t staff_needed(const Workflow& workflow, std::size_t role) {
  bool colleagues = false;
  std::size_t adjusters = 0;
  for (const RoleSpec& other : workflow.roles) {
    colleagues = colleagues || (other.choice == Choice::colleague_of && other.relative_to == role);
    const bool elsewhere = other.choice == Choice::other_insurer_than && other.relative_to == role;
    if (other.kind == chat::Role::adjuster && !elsewhere && !other.set_aside) {
      adjusters += static_cast<std::size_t>(other.most);
    }
  }
  return colleagues ? adjusters : 0;
}

struct Wanted {
  chat::Role kind{};
  std::optional<std::uint32_t> not_of, of;  ///< Insurers.
  std::size_t staff = 0;                    ///< Of the insurer.
};

/// One of the kind who has no part yet. With one drawn more often the same user than not, somebody
/// else is sought in order.
UserNumber another(const Wanted& wanted, const std::vector<CastMember>& cast,
                   const Population& population, Random& random) {
  constexpr int kTries = 1'000;
  const auto fits = [&](UserNumber user) {
    const Person& one = person(population, user);
    return one.role == wanted.kind && one.weight > 0 &&
           (!wanted.not_of || one.insurer != *wanted.not_of) &&
           (!wanted.of || one.insurer == *wanted.of) &&
           (wanted.staff == 0 || staff_of(population, one.insurer) >= wanted.staff) &&
           std::none_of(cast.begin(), cast.end(),
                        [&](const CastMember& member) { return member.user == user; });
  };
  for (int i = 0; i < kTries; ++i) {
    const UserNumber chosen = population.pick(wanted.kind, random);
    if (fits(chosen)) return chosen;
  }
  for (std::uint32_t i = 0; i < population.people.size(); ++i) {
    if (fits(UserNumber{i})) return UserNumber{i};
  }
  assert(false && "check_cast() has refused this");
  return UserNumber{};
}

/// Users of the kind who may be chosen at the worst: without those of the insurer that has most.
std::size_t fewest(const RoleSpec& role, const Population& population) {
  const std::size_t all = population.count(role.kind);
  if (role.choice != Choice::other_insurer_than) return all;
  std::vector<std::size_t> by_insurer(population.insurers.size(), 0);
  for (const Person& one : population.people) {
    if (one.role == role.kind) ++by_insurer.at(one.insurer);
  }
  return by_insurer.empty() ? 0 : all - *std::max_element(by_insurer.begin(), by_insurer.end());
}

Result<void, std::string> check_devices(const Workflow& workflow, const Population& population) {
  for (const Step& step : workflow.steps) {
    if (!step.on) continue;
    const chat::Role kind = workflow.roles[step.role].kind;
    for (const Person& one : population.people) {
      if (one.role != kind || static_cast<std::size_t>(*step.on) < one.devices) continue;
      return fmt::format(
          "{} has {} devices, and the step \"{}\" of workflow {} ({}) is on the {}: "
          "allowed are {} or more of everybody of the kind {}",
          one.id, one.devices, step.name, workflow.name, workflow.file, to_string(*step.on),
          static_cast<std::size_t>(*step.on) + 1, chat::to_string(kind));
    }
  }
  return {};
}

/// Those who may be taken already when a role is cast, at the most.
std::size_t taken_before(const Workflow& workflow, std::size_t index) {
  const RoleSpec& role = workflow.roles[index];
  std::size_t taken = 0;
  for (std::size_t i = 0; i < index; ++i) {
    const RoleSpec& other = workflow.roles[i];
    // That one works for the insurer that is left out anyway.
    const bool left_out = role.choice == Choice::other_insurer_than && i == role.relative_to;
    if (other.kind == role.kind && !left_out) taken += static_cast<std::size_t>(other.most);
  }
  return taken;
}

}  // namespace

Result<void, std::string> check_cast(const Scenario& scenario, const Population& population) {
  std::size_t aside = 0;
  for (const ArrivalSpec& arrival : scenario.arrivals) {
    const Workflow& workflow = scenario.workflows[arrival.workflow];
    if (set_aside_roles(workflow) > 0 && arrival.count == 0) {
      return fmt::format(
          "workflow {} ({}) sets adjusters aside, and begins by a rate: allowed is "
          "\"count\"",
          workflow.name, workflow.file);
    }
    aside += set_aside_roles(workflow) * static_cast<std::size_t>(arrival.count);
  }
  if (const std::size_t there = population.set_aside().size(); there < aside) {
    return fmt::format("the population has {} adjusters to set aside: allowed are {} or more",
                       there, aside);
  }
  for (const Workflow& workflow : scenario.workflows) {
    if (auto devices = check_devices(workflow, population); !devices) return devices;
    for (std::size_t i = 0; i < workflow.roles.size(); ++i) {
      const std::size_t staff = staff_needed(workflow, i);
      bool found = staff == 0;
      for (std::uint32_t insurer = 0; insurer < population.insurers.size() && !found; ++insurer) {
        found = staff_of(population, insurer) >= staff;
      }
      if (found) continue;
      return fmt::format(
          "the population has no insurer with {} adjusters, as the colleagues of "
          "role \"{}\" of workflow {} ({}) need: allowed are more adjusters",
          staff, workflow.roles[i].name, workflow.name, workflow.file);
    }
    for (std::size_t i = 0; i < workflow.roles.size(); ++i) {
      const RoleSpec& role = workflow.roles[i];
      const bool distinct = role.group || role.choice == Choice::other_than ||
                            role.choice == Choice::other_insurer_than;
      const std::size_t needed =
          (distinct ? taken_before(workflow, i) : 0) + static_cast<std::size_t>(role.most);
      const std::size_t there = fewest(role, population);
      if (there >= needed) continue;
      return fmt::format(
          "the population has {} of the kind {}{}, too few for role \"{}\" of workflow {} ({}): "
          "allowed are {} or more",
          there, chat::to_string(role.kind),
          role.choice == Choice::other_insurer_than ? " outside of the largest insurer" : "",
          role.name, workflow.name, workflow.file, needed);
    }
  }
  return {};
}

std::size_t set_aside_roles(const Workflow& workflow) {
  return static_cast<std::size_t>(
      std::count_if(workflow.roles.begin(), workflow.roles.end(),
                    [](const RoleSpec& role) { return role.set_aside; }));
}

std::vector<CastMember> choose_cast(const Workflow& workflow, const Population& population,
                                    Random random, std::size_t set_aside) {
  std::vector<CastMember> cast;
  const auto user_of = [&](std::size_t role) {
    return std::find_if(cast.begin(), cast.end(),
                        [&](const CastMember& member) { return member.role == role; })
        ->user;
  };
  for (std::uint32_t i = 0; i < workflow.roles.size(); ++i) {
    const RoleSpec& role = workflow.roles[i];
    std::int64_t members = role.least;
    if (role.most > role.least) {
      members += static_cast<std::int64_t>(
          random.below(static_cast<std::uint64_t>(role.most - role.least) + 1));
    }
    for (std::uint32_t member = 0; member < static_cast<std::uint64_t>(members); ++member) {
      Wanted wanted{role.kind, {}, {}, staff_needed(workflow, i)};
      UserNumber user{};
      const bool other_insurer = role.choice == Choice::other_insurer_than;
      if (other_insurer || role.choice == Choice::colleague_of) {
        const std::uint32_t insurer = person(population, user_of(role.relative_to)).insurer;
        (other_insurer ? wanted.not_of : wanted.of) = insurer;
      }
      if (role.set_aside) {
        const auto aside = population.set_aside();
        assert(set_aside < aside.size() && "check_cast() has refused this");
        user = aside[set_aside++];
      } else if (role.choice == Choice::insurer_of) {
        user = population.insurers[person(population, user_of(role.relative_to)).insurer].core;
      } else if (role.choice == Choice::by_weight && !role.group && wanted.staff == 0) {
        user = population.pick(role.kind, random);
      } else {
        user = another(wanted, cast, population, random);
      }
      cast.push_back({i, member, user});
    }
  }
  return cast;
}

}  // namespace claims::storm
