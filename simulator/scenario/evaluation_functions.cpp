// Evaluation of the functions. Those that draw take one number from the scope and evaluate only the
// argument that it falls on.

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "protocol/chat/text.h"
#include "simulator/scenario/evaluation.h"

namespace claims::storm {
namespace {

constexpr std::int64_t kWeightMax = 1'000'000;

std::string_view view(const Value& text) {
  return {text.get_string().data(), text.get_string().size()};
}

/// The whole text, as a number from 0 to 100.
std::optional<int> share(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number >= 0 && number <= 100 ? std::optional(number) : std::nullopt;
}

}  // namespace

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
        fmt::format("{} of {} and {}, not of two texts", node.name, type_of(text), type_of(part)));
  }
  if (node.kind == Node::Kind::starts_with) return view(text).starts_with(view(part));
  return view(text).find(view(part)) != std::string_view::npos;
}

/// weighted(value, weight, value, weight, …)
Value Evaluation::weighted(const Node& node) {
  std::vector<std::uint64_t> up_to;
  for (std::size_t i = 1; i < node.children.size(); i += 2) {
    const std::int64_t weight = integer(*node.children[i]);
    if (failed()) return nullptr;
    if (weight < 0 || weight > kWeightMax) {
      return fail(fmt::format("the weight {}, not one from 0 to {}", weight, kWeightMax));
    }
    up_to.push_back((up_to.empty() ? 0 : up_to.back()) + static_cast<std::uint64_t>(weight));
  }
  if (up_to.back() == 0) return fail("weights that are all 0");
  const std::uint64_t drawn = scope_.draw(up_to.back());
  std::size_t place = 0;
  while (up_to[place] <= drawn) ++place;
  return evaluate(*node.children[2 * place]);
}

/// random(least, most), both included.
Value Evaluation::random(const Node& node) {
  const std::int64_t least = integer(*node.children[0]);
  const std::int64_t most = integer(*node.children[1]);
  if (failed()) return nullptr;
  std::int64_t range = 0;
  if (least > most) return fail(fmt::format("nothing from {} to {}", least, most));
  if (__builtin_sub_overflow(most, least, &range) || range == INT64_MAX) {
    return fail("a range beyond 63 bits");
  }
  return least + static_cast<std::int64_t>(scope_.draw(static_cast<std::uint64_t>(range) + 1));
}

/// pick(list) or pick(one, other, …)
Value Evaluation::pick(const Node& node) {
  if (node.children.size() > 1) return evaluate(*node.children[scope_.draw(node.children.size())]);
  const Value list = evaluate(*node.children[0]);
  if (failed()) return nullptr;
  if (!list.is_array()) return fail(fmt::format("pick of {}, not of a list", type_of(list)));
  if (list.get_array().empty()) return fail("pick of an empty list");
  return list.get_array()[scope_.draw(list.get_array().size())];
}

/// flip('70:30') is '30:70': the ratio as the other side sees it.
Value Evaluation::flip(const Node& node) {
  const Value ratio = evaluate(*node.children[0]);
  if (failed()) return nullptr;
  if (!ratio.is_string()) return fail(fmt::format("flip of {}, not of a text", type_of(ratio)));
  const std::string_view text = view(ratio);
  const std::size_t colon = text.find(':');
  const std::string_view second =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const auto own = share(text.substr(0, colon));
  const auto other = share(second);
  if (!own || !other || *own + *other != 100) {
    return fail(
        fmt::format("flip of '{}', not of a ratio that sums to 100 ('70:30')", text.substr(0, 20)));
  }
  return boost::json::string(fmt::format("{}:{}", *other, *own));
}

}  // namespace claims::storm
