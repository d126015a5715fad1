#include "simulator/actor/role_scope.h"

#include <algorithm>

namespace claims::storm {
namespace {

const Value* find_in(const std::vector<std::pair<std::string_view, Value>>& values,
                     std::string_view name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& value) { return value.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

}  // namespace

const Value* WorkflowInstance::RoleScope::find(std::string_view name) const {
  const RolePlay& role = instance_.roles_[role_];
  if (name == "self") return &instance_.self_of(role_);
  if (name == "self_index") return &self_index_;
  if (name == "reply") return reply_ != nullptr ? reply_ : &role.reply;
  if (name == "event") return event_ != nullptr ? event_ : &role.event;
  if (const Value* value = find_in(role.variables, name)) return value;
  if (const Value* value = find_in(instance_.let_, name)) return value;
  const auto& roles = instance_.plan_.workflow().roles;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (roles[i].name == name) return &instance_.people_[i];
  }
  return nullptr;
}

Value WorkflowInstance::RoleScope::generate(std::string_view generator) {
  // Counted for receipts alone, so that texts generated in between, in whatever order the world
  // lets workflows move, do not shift the receipts of those that start later.
  const std::uint64_t serial =
      generator == "receipt" ? instance_.stage_.receipts++ : instance_.stage_.receipts;
  const auto draw = [&] {
    return generate_value(generator, instance_.values_, instance_.stage_.seed, serial);
  };
  Value value = draw();
  // Another workflow's vehicle would show up in what this one expects of its own.
  while (generator == "plate" && !instance_.stage_.is_new_plate(value.as_string())) value = draw();
  return value;
}

}  // namespace claims::storm
