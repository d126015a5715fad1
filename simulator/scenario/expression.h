#pragma once
// Expressions: values over the user, its peers, saved replies and seeded generators.
//
// In a string of a scenario file, `${…}` holds an expression; a string that is nothing but one
// `${…}` keeps the value's type. Inside: literals ('text', 12, true, null), paths (`room`,
// `garage.id`, `adjuster.name`, `reply.result.room`, `event.body.text`, `self.id`), generators
// (`gen.plate`, `gen.receipt`, …), + - * on integers, == != < <= > >=, and, or, not, (), size(x),
// contains(text, part), starts_with(text, part), concat by writing several `${}` in one string.
// Lists: `history.events[0].body.text`. repeat('가', 9) is a text of nine. weighted('a', 3, 'b',
// 1), random(1, 6) and pick(list) or pick('a', 'b') draw; flip('70:30') is '30:70'. `$${` stands
// for the two characters themselves. No floating point.

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "protocol/time.h"

namespace claims::storm {

using Value = boost::json::value;

/// Seeded, splittable, integers only. The same seed gives the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// Uniform in [0, bound), bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// An independent stream; drawing from it does not move this one.
  Random split(std::uint64_t stream) const;

 private:
  std::uint64_t state_;
};

/// Where names come from while a step is played.
class Scope {
 public:
  virtual ~Scope() = default;
  /// The value of a path's first name (role name, `self`, `reply`, `event`, a saved or `let` name),
  /// or null when there is none.
  virtual const Value* find(std::string_view name) const = 0;
  /// A fresh value of a generator (`plate`, `receipt`, `person`, `model`, `garage_text`, …); draws
  /// from the workflow's own random stream.
  virtual Value generate(std::string_view generator) = 0;
  /// Uniform in [0, bound), bound > 0, from the same stream.
  virtual std::uint64_t draw(std::uint64_t bound) = 0;
};

struct EvaluationError {
  std::string what;  ///< Which expression, which name or type, what was there.
};

/// A compiled expression. Immutable, cheap to share.
class Expression {
 public:
  Expression() = default;
  /// The bare expression, `room == 'r1'`; `${…}` inside it is the same as `(…)`.
  static Result<Expression, std::string> compile(std::string_view source);
  /// A value of a file: a string is read as a template's string, a number or true/false as itself.
  static Result<Expression, std::string> compile_value(const Value& value);
  Result<Value, EvaluationError> evaluate(Scope& scope) const;
  const std::string& source() const;
  /// False for what never is true or false, whatever the names in it stand for: `seq + 5`.
  bool may_be_boolean() const;
  /// Names it reads (first parts of paths) and generators it uses; for checks when loading.
  std::vector<std::string> names() const;
  std::vector<std::string> generators() const;
  /// Paths it reads, `garage.id`, `history.events[].body`.
  std::vector<std::string> paths() const;
  explicit operator bool() const { return node_ != nullptr; }

  struct Node;

 private:
  std::shared_ptr<const Node> node_;
};

/// A JSON value with expressions in its strings. An object {"for_each": "g", "in": "garages",
/// "give": …} in it becomes a list: `give` once for each element, which it names `g`.
class Template {
 public:
  Template() = default;
  static Result<Template, std::string> compile(const Value& value);
  Result<Value, EvaluationError> expand(Scope& scope) const;
  std::vector<std::string> names() const;
  std::vector<std::string> generators() const;
  std::vector<std::string> paths() const;
  /// What stands at a key of the object, where that is a text; else unset.
  Expression member(std::string_view key) const;

  struct Part;

 private:
  std::shared_ptr<const Part> root_;
};

/// A constant, uniform between two, or log-normal by median and p90 (sampled from an integer
/// table).
struct ThinkTime {
  enum class Kind { constant, uniform, log_normal } kind = Kind::constant;
  Microseconds first{0};   ///< The constant, the least, or the median.
  Microseconds second{0};  ///< The most, or the p90.
  Microseconds most{0};    ///< Log-normal: longer ones are cut to this. 0: not cut.
  Microseconds sample(Random& random) const;
};

/// The values of `gen.<name>` by the rules of Korean plates, receipts, names and texts. `serial`
/// rises by one with each value drawn in a run, so that its receipts never repeat within a seed,
/// and differ between seeds.
Value generate_value(std::string_view generator, Random& random, std::uint64_t seed,
                     std::uint64_t serial);
bool is_generator(std::string_view generator);
/// All names, sorted: adjuster_text, amount, garage_name, garage_text, model, person, plate,
/// receipt, …
std::vector<std::string> generator_names();

}  // namespace claims::storm
