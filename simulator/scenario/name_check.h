#pragma once
// Which names an expression may use at its place, and the check that it uses no other.

#include <string>
#include <string_view>
#include <vector>

#include "simulator/scenario/document.h"
#include "simulator/scenario/expression.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// What one role can name while it plays a step.
struct Visible {
  std::vector<std::string> roles, variables;
  std::vector<std::string> groups;  ///< Those of `roles` that are lists of people.
  std::string self;                 ///< The role itself; empty: nobody in particular.
  bool reply = false, event = false;
  /// Saved by the role itself, but only in branches or rounds that may not have been played.
  std::vector<std::string> uncertain;
  /// Names that other roles have saved, with the role: ("room", "garage").
  std::vector<std::pair<std::string, std::string>> of_others;
};

/// What everybody can name in a workflow: its roles, and its `let` so far.
Visible visible_roles(const Workflow& workflow);

/// The expression of a value; an error at the value's place for what is wrong in it.
Expression load_value(const Cursor& cursor, const Visible& visible);
/// A condition: a text that is an expression as a whole.
Expression load_condition(const Cursor& cursor, const Visible& visible);
/// A tree of values; errors at the place of each text in it.
Template load_template(const Cursor& cursor, const Visible& visible);

}  // namespace claims::storm
