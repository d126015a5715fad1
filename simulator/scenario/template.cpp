#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "simulator/scenario/expression.h"

namespace claims::storm {

struct Template::Part {
  enum class Kind { constant, expression, list, object } kind = Kind::constant;
  Value constant;
  Expression expression;
  std::vector<std::pair<std::string, std::shared_ptr<const Part>>> members;
};

namespace {

using Part = Template::Part;
using PartPointer = std::shared_ptr<const Part>;

constexpr int kTemplateDepthMax = 16;

Result<PartPointer, std::string> compile_part(const Value& value, int depth) {
  if (depth > kTemplateDepthMax) {
    return fmt::format("nested more than {} deep", kTemplateDepthMax);
  }
  auto part = std::make_shared<Part>();
  const auto add = [&](std::string key, const Value& member) -> std::string {
    auto compiled = compile_part(member, depth + 1);
    if (!compiled) return compiled.error();
    part->members.emplace_back(std::move(key), std::move(*compiled));
    return {};
  };
  if (value.is_object()) {
    part->kind = Part::Kind::object;
    for (const auto& [key, member] : value.get_object()) {
      if (std::string error = add(std::string(key), member); !error.empty()) return error;
    }
  } else if (value.is_array()) {
    part->kind = Part::Kind::list;
    for (const Value& member : value.get_array()) {
      if (std::string error = add({}, member); !error.empty()) return error;
    }
  } else if (value.is_string()) {
    auto compiled = Expression::compile_value(value);
    if (!compiled) return compiled.error();
    part->kind = Part::Kind::expression;
    part->expression = std::move(*compiled);
  } else {
    part->constant = value;
  }
  return PartPointer(std::move(part));
}

Result<Value, EvaluationError> expand_part(const Part& part, Scope& scope) {
  switch (part.kind) {
    case Part::Kind::constant:
      return part.constant;
    case Part::Kind::expression:
      return part.expression.evaluate(scope);
    case Part::Kind::list:
    case Part::Kind::object:
      break;
  }
  boost::json::object object;
  boost::json::array list;
  for (const auto& [key, member] : part.members) {
    auto value = expand_part(*member, scope);
    if (!value) return value.error();
    if (part.kind == Part::Kind::object) {
      object[key] = std::move(*value);
    } else {
      list.push_back(std::move(*value));
    }
  }
  if (part.kind == Part::Kind::object) return Value(std::move(object));
  return Value(std::move(list));
}

template <class Collect>
void collect_parts(const Part* part, const Collect& collect, std::vector<std::string>& out) {
  if (part == nullptr) return;
  for (std::string& name : collect(part->expression)) out.push_back(std::move(name));
  for (const auto& [key, member] : part->members) collect_parts(member.get(), collect, out);
}

template <class Collect>
std::vector<std::string> collect_all(const Part* root, const Collect& collect) {
  std::vector<std::string> names;
  collect_parts(root, collect, names);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

Result<Template, std::string> Template::compile(const Value& value) {
  auto root = compile_part(value, 0);
  if (!root) return root.error();
  Template compiled;
  compiled.root_ = std::move(*root);
  return compiled;
}

Result<Value, EvaluationError> Template::expand(Scope& scope) const {
  assert(root_ != nullptr);
  return expand_part(*root_, scope);
}

std::vector<std::string> Template::names() const {
  return collect_all(root_.get(), [](const Expression& e) { return e.names(); });
}

std::vector<std::string> Template::generators() const {
  return collect_all(root_.get(), [](const Expression& e) { return e.generators(); });
}

std::vector<std::string> Template::paths() const {
  return collect_all(root_.get(), [](const Expression& e) { return e.paths(); });
}

}  // namespace claims::storm
