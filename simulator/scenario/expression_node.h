#pragma once
// The tree behind Expression and Template; private to this folder.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/scenario/expression.h"

namespace claims::storm {

inline constexpr std::size_t kExpressionBytesMax = 4'096;
inline constexpr int kExpressionDepthMax = 32;
inline constexpr int kExpressionOperatorsMax = 256;  ///< A chain of them is a deep tree, too.
inline constexpr std::size_t kExpressionTextBytesMax = 100'000;  ///< Of any text it makes.

using NodePointer = std::shared_ptr<const Expression::Node>;

struct Expression::Node {
  enum class Kind {
    literal,    // `literal`
    path,       // `name`, then `steps`
    generator,  // `name`
    logical,    // `name` is "and" or "or"
    negation,   // not
    compare,    // `name` is the operator
    arithmetic,
    minus,
    size,
    repeat,
    contains,
    starts_with,
    weighted,  // values and weights in turn
    random,
    pick,
    flip,
    concat,
  };
  struct PathStep {
    std::string key;    ///< Of an object, or
    NodePointer index;  ///< of a list.
  };

  Kind kind = Kind::literal;
  Value literal;
  std::string name;
  std::vector<NodePointer> children;
  std::vector<PathStep> steps;
  std::string source;  ///< What was written; of the root only.
};

/// A bare expression.
Result<NodePointer, std::string> parse_expression(std::string_view source);
/// A text with any number of `${…}` in it; a literal node when there is none.
Result<NodePointer, std::string> parse_text(std::string_view text);

}  // namespace claims::storm
