#pragma once
// Cast: which users play the roles of one instance of a workflow.

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/result.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// One user's part in an instance.
struct CastMember {
  std::uint32_t role = 0;    ///< Into Workflow::roles.
  std::uint32_t member = 0;  ///< Of a group, from 0.
  UserNumber user{};
};

/// Whether every role of every workflow finds its users, whatever the draw, and these the devices
/// that its steps are on. The error names the role and how many it needs.
Result<void, std::string> check_cast(const Scenario& scenario, const Population& population);

/// In the order of Workflow::roles, the members of a group one after the other; all draws from
/// `random`. Only where check_cast() has nothing to say.
/// Roles that are set aside take the adjusters that are, from `set_aside` on.
std::vector<CastMember> choose_cast(const Workflow& workflow, const Population& population,
                                    Random random, std::size_t set_aside = 0);
/// How many of them it takes.
std::size_t set_aside_roles(const Workflow& workflow);

}  // namespace claims::storm
