#pragma once
// RoleScope: the names and generators that a role's expressions see while a step is played.

#include <string_view>

#include "simulator/actor/workflow_instance.h"

namespace claims::storm {

/// `self`, `self_index`, `reply`, `event`, what the role saved, the workflow's `let`, and the roles
/// by name; in this order. Lives for one evaluation.
class WorkflowInstance::RoleScope final : public Scope {
 public:
  /// `reply`, `event`: of the step being played; null: what an earlier step kept.
  RoleScope(WorkflowInstance& instance, std::uint32_t role, const Value* reply, const Value* event)
      : instance_(instance),
        role_(role),
        reply_(reply),
        event_(event),
        self_index_(std::int64_t{instance.roles_[role].member} + 1) {}

  const Value* find(std::string_view name) const override;
  Value generate(std::string_view generator) override;
  std::uint64_t draw(std::uint64_t bound) override { return instance_.values_.below(bound); }

 private:
  WorkflowInstance& instance_;
  std::uint32_t role_;
  const Value* reply_;
  const Value* event_;
  Value self_index_;
};

inline WorkflowInstance::RoleScope WorkflowInstance::scope(std::uint32_t role, const Value* reply,
                                                           const Value* event) {
  return {*this, role, reply, event};
}

}  // namespace claims::storm
