#include "simulator/scenario/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cassert>
#include <utility>

#include "protocol/chat/text.h"
#include "simulator/scenario/expression_node.h"

namespace claims::storm {
namespace {

using Node = Expression::Node;

std::string type_of(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "null";
    case boost::json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case boost::json::kind::int64:
      return fmt::format("the number {}", value.get_int64());
    case boost::json::kind::uint64:
      return fmt::format("the number {}", value.get_uint64());
    case boost::json::kind::double_:
      return "a number with a fraction";
    case boost::json::kind::string:
      return "a text";
    case boost::json::kind::array:
      return "a list";
    case boost::json::kind::object:
      return "an object";
  }
  assert(false);
  return {};
}

/// One evaluation; the first thing that goes wrong is kept and ends it.
class Evaluation {
 public:
  explicit Evaluation(Scope& scope) : scope_(scope) {}

  Value evaluate(const Node& node);
  bool failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }

 private:
  Value fail(std::string what) {
    if (error_.empty()) error_ = std::move(what);
    return nullptr;
  }
  Value path(const Node& node);
  Value logical(const Node& node);
  Value compare(const Node& node);
  Value arithmetic(const Node& node);
  Value size(const Node& node);
  Value repeat(const Node& node);
  Value contains(const Node& node);
  Value concat(const Node& node);
  std::int64_t integer(const Node& node);
  bool truth(const Node& node);

  Scope& scope_;
  std::string error_;
};

std::optional<std::int64_t> to_integer(const Value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_uint64() && value.get_uint64() <= std::uint64_t{INT64_MAX}) {
    return static_cast<std::int64_t>(value.get_uint64());
  }
  return std::nullopt;
}

bool equal(const Value& left, const Value& right) {
  const auto a = to_integer(left);
  const auto b = to_integer(right);
  return a && b ? *a == *b : left == right;
}

std::string_view view(const Value& text) {
  return {text.get_string().data(), text.get_string().size()};
}

Value Evaluation::evaluate(const Node& node) {
  if (failed()) return nullptr;
  switch (node.kind) {
    case Node::Kind::literal:
      return node.literal;
    case Node::Kind::path:
      return path(node);
    case Node::Kind::generator:
      return scope_.generate(node.name);
    case Node::Kind::logical:
      return logical(node);
    case Node::Kind::negation:
      return !truth(*node.children[0]);
    case Node::Kind::compare:
      return compare(node);
    case Node::Kind::arithmetic:
    case Node::Kind::minus:
      return arithmetic(node);
    case Node::Kind::size:
      return size(node);
    case Node::Kind::repeat:
      return repeat(node);
    case Node::Kind::contains:
      return contains(node);
    case Node::Kind::concat:
      return concat(node);
  }
  assert(false);
  return nullptr;
}

Value Evaluation::path(const Node& node) {
  const Value* value = scope_.find(node.name);
  if (value == nullptr) return fail(fmt::format("there is no '{}'", node.name));
  std::string so_far = node.name;
  for (const Node::PathStep& step : node.steps) {
    if (step.index != nullptr) {
      const std::int64_t index = integer(*step.index);
      if (failed()) return nullptr;
      if (!value->is_array()) {
        return fail(fmt::format("'{}' is {}, not a list", so_far, type_of(*value)));
      }
      const auto& list = value->get_array();
      if (index < 0 || static_cast<std::uint64_t>(index) >= list.size()) {
        return fail(fmt::format("'{}' has {} elements, none at [{}]", so_far, list.size(), index));
      }
      value = &list[static_cast<std::size_t>(index)];
      so_far += fmt::format("[{}]", index);
      continue;
    }
    if (!value->is_object()) {
      return fail(fmt::format("'{}' is {} and has no '{}'", so_far, type_of(*value), step.key));
    }
    const Value* member = value->get_object().if_contains(step.key);
    if (member == nullptr) return fail(fmt::format("'{}' has no '{}'", so_far, step.key));
    value = member;
    so_far += "." + step.key;
  }
  return *value;
}

std::int64_t Evaluation::integer(const Node& node) {
  const Value value = evaluate(node);
  if (failed()) return 0;
  const auto number = to_integer(value);
  if (!number) fail(fmt::format("{} where an integer is needed", type_of(value)));
  return number.value_or(0);
}

bool Evaluation::truth(const Node& node) {
  const Value value = evaluate(node);
  if (failed()) return false;
  if (!value.is_bool()) fail(fmt::format("{} where true or false is needed", type_of(value)));
  return value.is_bool() && value.get_bool();
}

Value Evaluation::logical(const Node& node) {
  const bool left = truth(*node.children[0]);
  if (failed() || left == (node.name == "or")) return left;
  return truth(*node.children[1]);
}

Value Evaluation::compare(const Node& node) {
  const Value left = evaluate(*node.children[0]);
  const Value right = evaluate(*node.children[1]);
  if (failed()) return nullptr;
  if (node.name == "==") return equal(left, right);
  if (node.name == "!=") return !equal(left, right);
  int order = 0;
  const auto a = to_integer(left);
  const auto b = to_integer(right);
  if (a && b) {
    order = *a < *b ? -1 : static_cast<int>(*a > *b);
  } else if (left.is_string() && right.is_string()) {
    order = view(left).compare(view(right));
  } else {
    return fail(fmt::format("{} and {} have no order", type_of(left), type_of(right)));
  }
  if (node.name == "<") return order < 0;
  if (node.name == "<=") return order <= 0;
  if (node.name == ">") return order > 0;
  return order >= 0;
}

Value Evaluation::arithmetic(const Node& node) {
  const bool minus = node.kind == Node::Kind::minus;
  const std::int64_t left = minus ? 0 : integer(*node.children[0]);
  const std::int64_t right = integer(*node.children.back());
  if (failed()) return nullptr;
  std::int64_t result = 0;
  const bool overflow = node.name == "+"   ? __builtin_add_overflow(left, right, &result)
                        : node.name == "-" ? __builtin_sub_overflow(left, right, &result)
                                           : __builtin_mul_overflow(left, right, &result);
  if (overflow) return fail("a result beyond 64 bits");
  return result;
}

Value Evaluation::size(const Node& node) {
  const Value value = evaluate(*node.children[0]);
  if (failed()) return nullptr;
  if (value.is_string()) {
    return static_cast<std::int64_t>(chat::count_characters(view(value)));
  }
  if (value.is_array()) return static_cast<std::int64_t>(value.get_array().size());
  if (value.is_object()) return static_cast<std::int64_t>(value.get_object().size());
  return fail(fmt::format("{} has no size", type_of(value)));
}

Value Evaluation::repeat(const Node& node) {
  const Value text = evaluate(*node.children[0]);
  const std::int64_t times = integer(*node.children[1]);
  if (failed()) return nullptr;
  if (!text.is_string()) return fail(fmt::format("repeat of {}, not a text", type_of(text)));
  if (times < 0) return fail(fmt::format("repeat {} times", times));
  const std::size_t bytes = text.get_string().size();
  if (bytes > 0 && static_cast<std::uint64_t>(times) > kExpressionTextBytesMax / bytes) {
    return fail(fmt::format("a text of more than {} bytes", kExpressionTextBytesMax));
  }
  boost::json::string result;
  if (bytes == 0) return result;
  for (std::int64_t i = 0; i < times; ++i) result += text.get_string();
  return result;
}

Value Evaluation::contains(const Node& node) {
  const Value text = evaluate(*node.children[0]);
  const Value part = evaluate(*node.children[1]);
  if (failed()) return nullptr;
  if (!text.is_string() || !part.is_string()) {
    return fail(
        fmt::format("contains of {} and {}, not of two texts", type_of(text), type_of(part)));
  }
  return view(text).find(view(part)) != std::string_view::npos;
}

Value Evaluation::concat(const Node& node) {
  boost::json::string result;
  for (const NodePointer& part : node.children) {
    const Value value = evaluate(*part);
    if (failed()) return nullptr;
    if (value.is_string()) {
      result += value.get_string();
    } else if (const auto number = to_integer(value)) {
      result += std::to_string(*number);
    } else if (value.is_bool()) {
      result += value.get_bool() ? "true" : "false";
    } else {
      // A type's name must never be shown in place of a text.
      return fail(fmt::format("{} inside a text", type_of(value)));
    }
    if (result.size() > kExpressionTextBytesMax) {
      return fail(fmt::format("a text of more than {} bytes", kExpressionTextBytesMax));
    }
  }
  return result;
}

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
      return true;
    case Node::Kind::generator:
    case Node::Kind::arithmetic:
    case Node::Kind::minus:
    case Node::Kind::size:
    case Node::Kind::repeat:
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
    auto node = parse_text(view(value));
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
