#pragma once
// One evaluation of an expression; private to this folder.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/scenario/expression_node.h"

namespace claims::storm {

/// "a text", "the number 5": what a value is, for an error.
std::string type_of(const Value& value);
std::optional<std::int64_t> to_integer(const Value& value);

/// The first thing that goes wrong is kept and ends it.
class Evaluation {
 public:
  explicit Evaluation(Scope& scope) : scope_(scope) {}

  Value evaluate(const Expression::Node& node);
  bool failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }

 private:
  using Node = Expression::Node;

  Value fail(std::string what) {
    if (error_.empty()) error_ = std::move(what);
    return nullptr;
  }
  Value path(const Node& node);
  Value logical(const Node& node);
  Value compare(const Node& node);
  Value arithmetic(const Node& node);
  Value concat(const Node& node);
  std::int64_t integer(const Node& node);
  bool truth(const Node& node);

  // evaluation_functions.cpp
  Value size(const Node& node);
  Value repeat(const Node& node);
  Value contains(const Node& node);
  Value weighted(const Node& node);
  Value random(const Node& node);
  Value pick(const Node& node);
  Value flip(const Node& node);

  Scope& scope_;
  std::string error_;
};

}  // namespace claims::storm
