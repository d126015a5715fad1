#include "simulator/scenario/expression_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

namespace claims::storm {
namespace {

using Node = Expression::Node;

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_in_name(char c) {
  return begins_name(c) || is_digit(c);
}

NodePointer make(Node::Kind kind, std::string name, std::vector<NodePointer> children) {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->name = std::move(name);
  node->children = std::move(children);
  return node;
}

NodePointer make_literal(Value value) {
  auto node = std::make_shared<Node>();
  node->literal = std::move(value);
  return node;
}

NodePointer with_source(const NodePointer& node, std::string_view source) {
  auto root = std::make_shared<Node>(*node);
  root->source = std::string(source);
  return root;
}

struct Function {
  std::string_view name;
  Node::Kind kind;
  std::size_t least, most;  ///< Arguments.
  bool pairs = false;
};
constexpr std::size_t kArgumentsMax = 64;
constexpr std::array kFunctions = {
    Function{"size", Node::Kind::size, 1, 1},
    Function{"contains", Node::Kind::contains, 2, 2},
    Function{"starts_with", Node::Kind::starts_with, 2, 2},
    Function{"repeat", Node::Kind::repeat, 2, 2},
    Function{"weighted", Node::Kind::weighted, 2, kArgumentsMax, true},
    Function{"random", Node::Kind::random, 2, 2},
    Function{"pick", Node::Kind::pick, 1, kArgumentsMax},
    Function{"flip", Node::Kind::flip, 1, 1}};

const Function* find_function(std::string_view name) {
  const auto* found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                   [&](const Function& function) { return function.name == name; });
  return found == kFunctions.end() ? nullptr : found;
}

std::string too_long() {
  return fmt::format("an expression of more than {} bytes", kExpressionBytesMax);
}

}  // namespace

void ExpressionParser::skip_space() {
  while (at_ < source_.size() && (source_[at_] == ' ' || source_[at_] == '\t' ||
                                  source_[at_] == '\n' || source_[at_] == '\r')) {
    ++at_;
  }
}

bool ExpressionParser::at_end() {
  skip_space();
  return at_ == source_.size();
}

bool ExpressionParser::take(std::string_view token) {
  skip_space();
  if (!source_.substr(at_).starts_with(token)) return false;
  at_ += token.size();
  return true;
}

bool ExpressionParser::take_word(std::string_view word) {
  skip_space();
  const std::string_view rest = source_.substr(at_);
  if (!rest.starts_with(word)) return false;
  if (rest.size() > word.size() && is_in_name(rest[word.size()])) return false;
  at_ += word.size();
  return true;
}

std::string ExpressionParser::take_name() {
  skip_space();
  if (at_ == source_.size() || !begins_name(source_[at_])) return {};
  const std::size_t begin = at_;
  while (at_ < source_.size() && is_in_name(source_[at_])) ++at_;
  return std::string(source_.substr(begin, at_ - begin));
}

NodePointer ExpressionParser::fail(const std::string& expected) {
  if (!error_.empty()) return nullptr;
  skip_space();
  std::size_t end = std::min(source_.size(), at_ + 20);
  // Not in the middle of a character.
  while (end < source_.size() && (static_cast<unsigned char>(source_[end]) & 0xC0U) == 0x80) ++end;
  const std::string_view rest = source_.substr(at_, end - at_);
  error_ = rest.empty() ? fmt::format("it ends where {} is expected", expected)
                        : fmt::format("'{}' where {} is expected", rest, expected);
  return nullptr;
}

NodePointer ExpressionParser::join(Node::Kind kind, std::string name, NodePointer left,
                                   NodePointer right) {
  if (!right) return nullptr;
  if (++operators_ > kExpressionOperatorsMax) {
    return fail(fmt::format("the end ({} operators at most)", kExpressionOperatorsMax));
  }
  return make(kind, std::move(name), {std::move(left), std::move(right)});
}

NodePointer ExpressionParser::parse_or(int depth) {
  if (depth > kExpressionDepthMax) {
    return fail(fmt::format("nothing nested more than {} deep", kExpressionDepthMax));
  }
  NodePointer left = parse_and(depth);
  while (left && take_word("or")) {
    NodePointer right = parse_and(depth);
    left = join(Node::Kind::logical, "or", left, right);
  }
  return left;
}

NodePointer ExpressionParser::parse_and(int depth) {
  NodePointer left = parse_not(depth);
  while (left && take_word("and")) {
    NodePointer right = parse_not(depth);
    left = join(Node::Kind::logical, "and", left, right);
  }
  return left;
}

NodePointer ExpressionParser::parse_not(int depth) {
  if (depth > kExpressionDepthMax) return fail("no more 'not'");
  if (!take_word("not")) return parse_compare(depth);
  NodePointer operand = parse_not(depth + 1);
  return operand ? make(Node::Kind::negation, "not", {operand}) : nullptr;
}

NodePointer ExpressionParser::parse_compare(int depth) {
  NodePointer left = parse_sum(depth);
  if (!left) return nullptr;
  for (const std::string_view op : {"==", "!=", "<=", ">=", "<", ">"}) {
    if (!take(op)) continue;
    NodePointer right = parse_sum(depth);
    return join(Node::Kind::compare, std::string(op), left, right);
  }
  return left;
}

NodePointer ExpressionParser::parse_sum(int depth) {
  NodePointer left = parse_product(depth);
  while (left) {
    const bool plus = take("+");
    if (!plus && !take("-")) break;
    NodePointer right = parse_product(depth);
    left = join(Node::Kind::arithmetic, plus ? "+" : "-", left, right);
  }
  return left;
}

NodePointer ExpressionParser::parse_product(int depth) {
  NodePointer left = parse_unary(depth);
  while (left && take("*")) {
    NodePointer right = parse_unary(depth);
    left = join(Node::Kind::arithmetic, "*", left, right);
  }
  return left;
}

NodePointer ExpressionParser::parse_unary(int depth) {
  if (depth > kExpressionDepthMax) return fail("no more '-'");
  if (!take("-")) return parse_primary(depth);
  NodePointer operand = parse_unary(depth + 1);
  return operand ? make(Node::Kind::minus, "-", {operand}) : nullptr;
}

NodePointer ExpressionParser::parse_primary(int depth) {
  skip_space();
  if (at_ == source_.size()) return fail("a value or a name");
  for (const auto& [open, close] : {std::pair{"(", ")"}, std::pair{"${", "}"}}) {
    if (!take(open)) continue;
    NodePointer inside = parse_or(depth + 1);
    if (!inside) return nullptr;
    return take(close) ? inside : fail(fmt::format("'{}'", close));
  }
  const char c = source_[at_];
  if (is_digit(c)) return parse_number();
  if (c == '\'') return parse_quoted();
  if (begins_name(c)) return parse_named(depth);
  return fail("a value or a name");
}

NodePointer ExpressionParser::parse_number() {
  std::int64_t number = 0;
  const char* begin = source_.data() + at_;
  const auto [end, error] = std::from_chars(begin, source_.data() + source_.size(), number);
  if (error != std::errc{}) return fail("a number below 2^63");
  const auto size = static_cast<std::size_t>(end - begin);
  const std::string_view after = source_.substr(at_ + size);
  if (!after.empty() && (is_in_name(after[0]) || after[0] == '.')) {
    return fail("an integer");
  }
  at_ += size;
  return make_literal(number);
}

NodePointer ExpressionParser::parse_quoted() {
  std::string text;
  for (std::size_t i = at_ + 1; i < source_.size(); ++i) {
    const char c = source_[i];
    if (c == '\'') {
      at_ = i + 1;
      return make_literal(boost::json::string(text));
    }
    if (c != '\\') {
      text += c;
      continue;
    }
    if (++i == source_.size()) break;
    if (source_[i] != '\'' && source_[i] != '\\' && source_[i] != 'n') {
      at_ = i - 1;
      return fail(R"(\', \\ or \n)");
    }
    text += source_[i] == 'n' ? '\n' : source_[i];
  }
  at_ = source_.size();
  return fail("the closing ' of a text");
}

NodePointer ExpressionParser::parse_named(int depth) {
  std::string name = take_name();
  if (name == "true") return make_literal(true);
  if (name == "false") return make_literal(false);
  if (name == "null") return make_literal(nullptr);
  if (find_function(name) != nullptr) return parse_call(name, depth);
  if (name == "gen") return parse_generator();
  if (name == "and" || name == "or" || name == "not") {
    at_ -= name.size();
    return fail("a value or a name");
  }
  skip_space();
  if (source_.substr(at_).starts_with('(')) {
    std::string names;
    for (const Function& function : kFunctions) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", function.name);
    }
    error_ = fmt::format("there is no function '{}'; there are {}", name, names);
    return nullptr;
  }
  return parse_path(std::move(name), depth);
}

NodePointer ExpressionParser::parse_call(const std::string& name, int depth) {
  const Function& function = *find_function(name);
  if (!take("(")) return fail("'('");
  std::vector<NodePointer> children;
  do {
    if (children.size() == function.most) return fail("')'");
    children.push_back(parse_or(depth + 1));
    if (!children.back()) return nullptr;
  } while (take(","));
  if (children.size() < function.least || (function.pairs && children.size() % 2 != 0)) {
    return fail("','");
  }
  if (!take(")")) return fail(children.size() < function.most ? "',' or ')'" : "')'");
  return make(function.kind, name, std::move(children));
}

NodePointer ExpressionParser::parse_generator() {
  std::string name;
  if (take(".")) name = take_name();
  if (name.empty()) return fail("gen.<name of a generator>");
  return make(Node::Kind::generator, std::move(name), {});
}

NodePointer ExpressionParser::parse_path(std::string name, int depth) {
  auto node = std::make_shared<Node>();
  node->kind = Node::Kind::path;
  node->name = std::move(name);
  for (;;) {
    if (take(".")) {
      std::string key = take_name();
      if (key.empty()) return fail("the name of a field");
      node->steps.push_back({std::move(key), nullptr});
    } else if (take("[")) {
      NodePointer index = parse_or(depth + 1);
      if (!index) return nullptr;
      if (!take("]")) return fail("']'");
      node->steps.push_back({{}, std::move(index)});
    } else {
      return node;
    }
  }
}

Result<NodePointer, std::string> parse_expression(std::string_view source) {
  if (source.size() > kExpressionBytesMax) return too_long();
  ExpressionParser parser(source);
  NodePointer node = parser.parse();
  if (node && !parser.at_end()) node = parser.fail("the end or an operator");
  if (!node) return parser.error();
  return with_source(node, source);
}

Result<NodePointer, std::string> parse_text(std::string_view text) {
  std::vector<NodePointer> parts;
  std::string plain;
  bool has_expression = false;
  const auto end_plain = [&] {
    if (!plain.empty()) parts.push_back(make_literal(boost::json::string(plain)));
    plain.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("$${")) {
      plain += "${";
      at += 3;
    } else if (rest.starts_with("${")) {
      if (text.size() > kExpressionBytesMax) return too_long();
      end_plain();
      ExpressionParser parser(text, at + 2);
      NodePointer node = parser.parse();
      if (node && !parser.take("}")) node = parser.fail("'}' or an operator");
      if (!node) return parser.error();
      parts.push_back(std::move(node));
      has_expression = true;
      at = parser.at();
    } else {
      plain += text[at++];
    }
  }
  if (!has_expression) return with_source(make_literal(boost::json::string(plain)), text);
  end_plain();
  if (parts.size() == 1) return with_source(parts.front(), text);
  return with_source(make(Node::Kind::concat, {}, std::move(parts)), text);
}

}  // namespace claims::storm
