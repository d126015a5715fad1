#pragma once
// The grammar of expressions, by recursive descent. Depth and length are bounded.
//
//   or      = and { "or" and }
//   and     = not { "and" not }
//   not     = "not" not | compare
//   compare = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
//   sum     = product { ("+" | "-") product }
//   product = unary { "*" unary }
//   unary   = "-" unary | primary
//   primary = number | 'text' | true | false | null | "(" or ")" | "${" or "}"
//           | function "(" or { "," or } ")"
//           | "gen" "." name | name { "." name | "[" or "]" }

#include <cstddef>
#include <string>
#include <string_view>

#include "simulator/scenario/expression_node.h"

namespace claims::storm {

class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view source, std::size_t at = 0)
      : source_(source), at_(at) {}

  /// Up to where it ends, or null with error() set.
  NodePointer parse() { return parse_or(0); }
  bool at_end();
  /// Takes `token` if it comes next.
  bool take(std::string_view token);
  /// Says that something else was expected; keeps the first error.
  NodePointer fail(const std::string& expected);
  std::size_t at() const { return at_; }
  const std::string& error() const { return error_; }

 private:
  using Node = Expression::Node;

  NodePointer parse_or(int depth);
  NodePointer parse_and(int depth);
  NodePointer parse_not(int depth);
  NodePointer parse_compare(int depth);
  NodePointer parse_sum(int depth);
  NodePointer parse_product(int depth);
  NodePointer parse_unary(int depth);
  NodePointer parse_primary(int depth);
  NodePointer parse_number();
  NodePointer parse_quoted();
  NodePointer parse_named(int depth);
  NodePointer parse_call(const std::string& name, int depth);
  NodePointer parse_generator();
  NodePointer parse_path(std::string name, int depth);

  void skip_space();
  bool take_word(std::string_view word);
  NodePointer join(Node::Kind kind, std::string name, NodePointer left, NodePointer right);
  std::string take_name();

  std::string_view source_;
  std::size_t at_;
  int operators_ = 0;
  std::string error_;
};

}  // namespace claims::storm
