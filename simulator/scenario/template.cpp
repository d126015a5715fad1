#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "simulator/scenario/expression.h"

namespace claims::storm {

struct Template::Part {
  enum class Kind { constant, expression, list, object, for_each } kind = Kind::constant;
  Value constant;
  Expression expression;  ///< Of a for_each: the list.
  std::string element;    ///< Of a for_each: what `give`, its only member, calls an element.
  std::vector<std::pair<std::string, std::shared_ptr<const Part>>> members;
};

namespace {

using Part = Template::Part;
using PartPointer = std::shared_ptr<const Part>;

constexpr int kTemplateDepthMax = 16;
constexpr std::size_t kElementsMax = 1'000;  // Of all lists that one expansion makes.

/// The scope outside, and the element of a list by its name.
class ElementScope final : public Scope {
 public:
  ElementScope(Scope& outside, std::string_view name, const Value& element)
      : outside_(outside), name_(name), element_(element) {}
  const Value* find(std::string_view name) const override {
    return name == name_ ? &element_ : outside_.find(name);
  }
  Value generate(std::string_view generator) override { return outside_.generate(generator); }
  std::uint64_t draw(std::uint64_t bound) override { return outside_.draw(bound); }

 private:
  Scope& outside_;
  std::string_view name_;
  const Value& element_;
};

const boost::json::string* text_at(const boost::json::object& object, std::string_view key) {
  const Value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_string();
}

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
  if (value.is_object() && value.get_object().contains("for_each")) {
    const boost::json::object& object = value.get_object();
    const auto* element = text_at(object, "for_each");
    const auto* list = text_at(object, "in");
    const Value* give = object.if_contains("give");
    if (element == nullptr || list == nullptr || give == nullptr || object.size() != 3) {
      return std::string(R"(for_each with other keys than "for_each", "in" and "give")");
    }
    auto compiled = Expression::compile({list->data(), list->size()});
    if (!compiled) return compiled.error();
    part->kind = Part::Kind::for_each;
    part->element = std::string(*element);
    part->expression = std::move(*compiled);
    if (std::string error = add({}, *give); !error.empty()) return error;
  } else if (value.is_object()) {
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

/// One expansion, with what it has made so far.
class Expansion {
 public:
  Result<Value, EvaluationError> expand(const Part& part, Scope& scope) {
    switch (part.kind) {
      case Part::Kind::constant:
        return part.constant;
      case Part::Kind::expression:
        return part.expression.evaluate(scope);
      case Part::Kind::for_each:
        return for_each(part, scope);
      case Part::Kind::list:
      case Part::Kind::object:
        break;
    }
    boost::json::object object;
    boost::json::array list;
    for (const auto& [key, member] : part.members) {
      auto value = expand(*member, scope);
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

 private:
  Result<Value, EvaluationError> for_each(const Part& part, Scope& scope) {
    auto list = part.expression.evaluate(scope);
    if (!list) return list.error();
    if (!list->is_array()) {
      return EvaluationError{part.expression.source() + ": for_each in what is no list"};
    }
    boost::json::array made;
    for (const Value& element : list->get_array()) {
      if (++elements_ > kElementsMax) {
        return EvaluationError{
            fmt::format("{}: more than {} elements", part.expression.source(), kElementsMax)};
      }
      ElementScope inside(scope, part.element, element);
      auto value = expand(*part.members.front().second, inside);
      if (!value) return value.error();
      made.push_back(std::move(*value));
    }
    return Value(std::move(made));
  }

  std::size_t elements_ = 0;
};

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
  return Expansion().expand(*root_, scope);
}

std::vector<std::string> Template::names() const {
  return collect_all(root_.get(), [](const Expression& e) { return e.names(); });
}

std::vector<std::string> Template::generators() const {
  return collect_all(root_.get(), [](const Expression& e) { return e.generators(); });
}

Expression Template::member(std::string_view key) const {
  if (!root_ || root_->kind != Part::Kind::object) return {};
  for (const auto& [name, part] : root_->members) {
    if (name == key && part->kind == Part::Kind::expression) return part->expression;
  }
  return {};
}

std::vector<std::string> Template::paths() const {
  return collect_all(root_.get(), [](const Expression& e) { return e.paths(); });
}

}  // namespace claims::storm
