#pragma once
// Looking into JSON that came from outside: what is not there, or of another type, is nothing.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string_view>

namespace claims::storm {

/// Null when `value` is no object, or has no such member.
inline const boost::json::value* member(const boost::json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

/// Empty when there is no such member, or it is no string.
inline std::string_view text_member(const boost::json::value& value, std::string_view key) {
  const boost::json::value* found = member(value, key);
  if (found == nullptr || !found->is_string()) return {};
  return {found->get_string().data(), found->get_string().size()};
}

}  // namespace claims::storm
