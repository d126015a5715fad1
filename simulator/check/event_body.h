#pragma once
// The parts of an event: who sent it, and what its kind adds. For EventView alone.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/chat/ids.h"
#include "simulator/check/event_view.h"

namespace claims::storm::audit {

/// Walks an object once; remembers the first thing that is wrong with it.
class Walk {
 public:
  explicit Walk(std::string_view where) : where_(where) {}

  void text(std::string_view key, const boost::json::value& value, std::string_view& out) {
    const auto text = text_of(value);
    if (!text) return fail(key, "is no string");
    out = *text;
  }
  void number(std::string_view key, const boost::json::value& value, std::int64_t least,
              std::int64_t& out) {
    const auto number = integer_of(value);
    if (!number || *number < least) return fail(key, "is no integer in its range");
    out = *number;
  }
  void seq(std::string_view key, const boost::json::value& value, chat::Seq& out) {
    std::int64_t number = 0;
    this->number(key, value, 1, number);
    out = static_cast<chat::Seq>(number);
  }
  void fail(std::string_view key, std::string_view what) {
    if (problem_) return;
    problem_ = std::string(where_);
    problem_->append(key);
    problem_->append(" ");
    problem_->append(what);
  }
  std::optional<std::string> take() { return std::move(problem_); }

 private:
  std::string_view where_;
  std::optional<std::string> problem_;
};

struct PersonView {
  std::string_view id, name;
  std::optional<chat::Role> role;  ///< Where there must be one.
};
/// What is wrong with its shape. `where` ends with a dot.
std::optional<std::string> read_person(const boost::json::value& value, std::string_view where,
                                       bool with_role, PersonView& person);
/// By `view.kind`.
std::optional<std::string> read_body(const boost::json::value& body, EventView& view);

}  // namespace claims::storm::audit
