#include "simulator/scenario/evaluation.h"

#include <fmt/format.h>

#include <cassert>
#include <utility>

namespace claims::storm {
namespace {

bool equal(const Value& left, const Value& right) {
  const auto a = to_integer(left);
  const auto b = to_integer(right);
  return a && b ? *a == *b : left == right;
}

std::string_view view(const Value& text) {
  return {text.get_string().data(), text.get_string().size()};
}

}  // namespace

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

std::optional<std::int64_t> to_integer(const Value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_uint64() && value.get_uint64() <= std::uint64_t{INT64_MAX}) {
    return static_cast<std::int64_t>(value.get_uint64());
  }
  return std::nullopt;
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
    case Node::Kind::starts_with:
      return contains(node);
    case Node::Kind::weighted:
      return weighted(node);
    case Node::Kind::random:
      return random(node);
    case Node::Kind::pick:
      return pick(node);
    case Node::Kind::flip:
      return flip(node);
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

}  // namespace claims::storm
