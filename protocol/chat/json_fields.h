#pragma once
// Reading one JSON object field by field, strictly: each field with its type, and nothing beside.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "protocol/result.h"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace claims::chat {

/// Parses `text` and hands its root to `take`; the value lives during the call. Depth is bounded by
/// limits::kJsonDepthMax.
Result<void, std::string> read_json(std::string_view text,
                                    const std::function<void(const boost::json::value&)>& take);

/// Takes fields out of an object. The first thing that is wrong stays in `error` ("<path> is …");
/// what is taken after that is empty.
class JsonFields {
 public:
  /// `where`: the object's path, empty for the root. Null, or no object, is an error.
  JsonFields(const boost::json::value* value, std::string where, std::string& error);

  bool has(std::string_view key) const;
  std::string text(std::string_view key);
  std::uint64_t number(std::string_view key, std::uint64_t least);
  bool flag(std::string_view key);
  const boost::json::value* child(std::string_view key);
  /// Calls `take` with each element of an array.
  void each(std::string_view key, const std::function<void(const boost::json::value&)>& take);
  /// All fields must have been taken by now.
  void finish();
  void fail(std::string_view key, std::string_view what);

 private:
  const boost::json::object* object_;
  std::string where_;
  std::string& error_;
  std::size_t taken_ = 0;
};

}  // namespace claims::chat
