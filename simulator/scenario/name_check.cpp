#include "simulator/scenario/name_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/scenario/loading.h"
#include "simulator/scenario/near_miss.h"

namespace claims::storm {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> all_names(const Visible& visible) {
  std::vector<std::string> names = visible.variables;
  names.insert(names.end(), visible.roles.begin(), visible.roles.end());
  if (!visible.self.empty()) {
    names.emplace_back("self");
    names.emplace_back("self_index");
  }
  if (visible.reply) names.emplace_back("reply");
  if (visible.event) names.emplace_back("event");
  return names;
}

void check_name(const Cursor& cursor, std::string_view name, const Visible& visible) {
  const std::vector<std::string> names = all_names(visible);
  if (contains(names, name)) return;
  std::string allowed;
  if (name == "reply") {
    allowed = "reply only after a send of the same role";
  } else if (name == "event") {
    allowed = "event only after an await of the same role";
  } else if (contains(visible.uncertain, name)) {
    allowed = fmt::format(
        "a name that has a value for certain ('{}' is saved only in a branch or "
        "round that may not be played)",
        name);
  } else {
    const auto other = std::find_if(visible.of_others.begin(), visible.of_others.end(),
                                    [&](const auto& saved) { return saved.first == name; });
    allowed = other == visible.of_others.end()
                  ? allowed_names(name, names)
                  : fmt::format("what {} itself has saved ('{}' is {}'s alone)", visible.self, name,
                                other->second);
  }
  cursor.error(fmt::format("the name '{}' in {}", name, describe(cursor.node())),
               std::move(allowed));
}

/// A person has id, name, role and insurer; a group is a list of persons.
void check_person_path(const Cursor& cursor, std::string_view path, const Visible& visible) {
  const std::size_t end = path.find_first_of(".[");
  const std::string_view name = path.substr(0, end);
  if (end == std::string_view::npos || (name != "self" && !contains(visible.roles, name))) return;
  std::string_view rest = path.substr(end);
  const bool indexed = rest.starts_with("[]");
  if (indexed != contains(visible.groups, name)) {
    cursor.error(fmt::format("'{}' in {}", path, describe(cursor.node())),
                 indexed
                     ? fmt::format("{}.id: {} is one person, no list", name, name)
                     : fmt::format("{}[0].id, size({}): {} is a list of people", name, name, name));
    return;
  }
  if (indexed) rest.remove_prefix(2);
  if (rest.empty()) return;
  rest.remove_prefix(1);
  const std::string_view field = rest.substr(0, rest.find_first_of(".["));
  const std::vector<std::string> fields = {"id", "name", "role", "insurer"};
  if (contains(fields, field)) return;
  cursor.error(fmt::format("'{}' in {}", path, describe(cursor.node())),
               fmt::format("of a person: {}", allowed_names(field, fields)));
}

void check_names(const Cursor& cursor, const Expression& expression, const Visible& visible) {
  for (const std::string& name : expression.names()) check_name(cursor, name, visible);
  for (const std::string& path : expression.paths()) check_person_path(cursor, path, visible);
  for (const std::string& generator : expression.generators()) {
    if (is_generator(generator)) continue;
    cursor.error(fmt::format("the generator '{}' in {}", generator, describe(cursor.node())),
                 allowed_names(generator, generator_names()));
  }
}

Expression accept(const Cursor& cursor, Result<Expression, std::string> compiled,
                  const Visible& visible) {
  if (!compiled) {
    cursor.error(fmt::format("{} ({})", describe(cursor.node()), compiled.error()),
                 "a value or an expression, as docs/scenarios.md says");
    return {};
  }
  check_names(cursor, *compiled, visible);
  return *compiled;
}

void check_template(const Cursor& cursor, const Visible& visible);

void check_for_each(const Cursor& cursor, const Visible& visible) {
  cursor.allow_only({"for_each", "in", "give"});
  Visible inside = visible;
  const Cursor element = *cursor.optional("for_each");
  if (const auto name = element.text()) {
    if (!is_variable_name(*name) || contains(all_names(visible), *name)) {
      element.error("a name in small letters, digits and '_' that nothing else has");
    }
    inside.variables.push_back(*name);
  }
  if (const auto in = cursor.required("in", "an expression for a list: garages")) {
    const auto text = in->text();
    if (text) accept(*in, Expression::compile(*text), visible);
    // Elements of a group are people, of whom it is known what they have.
    if (text && contains(visible.groups, *text)) inside.roles.push_back(inside.variables.back());
  }
  if (const auto give = cursor.required("give", "what there is for each element")) {
    check_template(*give, inside);
  }
}

void check_template(const Cursor& cursor, const Visible& visible) {
  if (cursor.node().kind == JsonNode::Kind::text) {
    accept(cursor, Expression::compile_value(to_value(cursor.node())), visible);
  }
  if (cursor.optional("for_each")) return check_for_each(cursor, visible);
  for (const auto& [key, member] : cursor.members()) check_template(member, visible);
  for (const Cursor& element : cursor.elements()) check_template(element, visible);
}

}  // namespace

Visible visible_roles(const Workflow& workflow) {
  Visible visible;
  for (const RoleSpec& role : workflow.roles) {
    visible.roles.push_back(role.name);
    if (role.group) visible.groups.push_back(role.name);
  }
  for (const auto& [name, value] : workflow.let) visible.variables.push_back(name);
  return visible;
}

Expression load_value(const Cursor& cursor, const Visible& visible) {
  return accept(cursor, Expression::compile_value(to_value(cursor.node())), visible);
}

Expression load_condition(const Cursor& cursor, const Visible& visible) {
  const auto text = cursor.text();
  if (!text) return {};
  return accept(cursor, Expression::compile(*text), visible);
}

Template load_template(const Cursor& cursor, const Visible& visible) {
  check_template(cursor, visible);
  auto compiled = Template::compile(to_value(cursor.node()));
  return compiled ? *compiled : Template();  // What is wrong has been told text by text.
}

}  // namespace claims::storm
