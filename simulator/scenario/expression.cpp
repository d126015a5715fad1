#include "simulator/scenario/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cassert>
#include <utility>

#include "simulator/scenario/evaluation.h"
#include "simulator/scenario/expression_node.h"

namespace claims::storm {
namespace {

using Node = Expression::Node;

template <class Visit>
void visit_nodes(const Node& node, const Visit& visit) {
  visit(node);
  for (const NodePointer& child : node.children) visit_nodes(*child, visit);
  for (const Node::PathStep& step : node.steps) {
    if (step.index != nullptr) visit_nodes(*step.index, visit);
  }
}

std::vector<std::string> unique(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> collect(const Node* root, Node::Kind kind) {
  std::vector<std::string> names;
  if (root == nullptr) return names;
  visit_nodes(*root, [&](const Node& node) {
    if (node.kind == kind) names.push_back(node.name);
  });
  return unique(std::move(names));
}

bool truth_possible(const Node& node) {
  const auto possible = [](const NodePointer& child) { return truth_possible(*child); };
  switch (node.kind) {
    case Node::Kind::literal:
      return node.literal.is_bool();
    case Node::Kind::logical:
    case Node::Kind::negation:
      return std::all_of(node.children.begin(), node.children.end(), possible);
    case Node::Kind::path:
    case Node::Kind::compare:
    case Node::Kind::contains:
    case Node::Kind::starts_with:
    case Node::Kind::weighted:
    case Node::Kind::pick:
      return true;
    case Node::Kind::generator:
    case Node::Kind::arithmetic:
    case Node::Kind::minus:
    case Node::Kind::size:
    case Node::Kind::repeat:
    case Node::Kind::random:
    case Node::Kind::flip:
    case Node::Kind::concat:
      return false;
  }
  return false;
}

}  // namespace

Result<Expression, std::string> Expression::compile(std::string_view source) {
  auto node = parse_expression(source);
  if (!node) return node.error();
  Expression expression;
  expression.node_ = std::move(*node);
  return expression;
}

Result<Expression, std::string> Expression::compile_value(const Value& value) {
  Expression expression;
  if (value.is_string()) {
    auto node = parse_text({value.get_string().data(), value.get_string().size()});
    if (!node) return node.error();
    expression.node_ = std::move(*node);
    return expression;
  }
  if (!value.is_bool() && !value.is_int64() && !value.is_null()) {
    return type_of(value) + ", not a text, an integer, true, false or null";
  }
  auto node = std::make_shared<Node>();
  node->literal = value;
  node->source = boost::json::serialize(value);
  expression.node_ = std::move(node);
  return expression;
}

Result<Value, EvaluationError> Expression::evaluate(Scope& scope) const {
  assert(node_ != nullptr);
  Evaluation evaluation(scope);
  Value value = evaluation.evaluate(*node_);
  if (evaluation.failed()) {
    return EvaluationError{fmt::format("{}: {}", node_->source, evaluation.error())};
  }
  return value;
}

bool Expression::may_be_boolean() const {
  return node_ != nullptr && truth_possible(*node_);
}

const std::string& Expression::source() const {
  static const std::string none;
  return node_ ? node_->source : none;
}

std::vector<std::string> Expression::names() const {
  return collect(node_.get(), Node::Kind::path);
}

std::vector<std::string> Expression::generators() const {
  return collect(node_.get(), Node::Kind::generator);
}

std::vector<std::string> Expression::paths() const {
  std::vector<std::string> paths;
  if (!node_) return paths;
  visit_nodes(*node_, [&](const Node& node) {
    if (node.kind != Node::Kind::path) return;
    std::string path = node.name;
    for (const Node::PathStep& step : node.steps) {
      path += step.index ? std::string("[]") : "." + step.key;
    }
    paths.push_back(std::move(path));
  });
  return unique(std::move(paths));
}

}  // namespace claims::storm
