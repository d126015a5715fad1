#pragma once
// The greeting that opens a room: an insurer's text with places for names (CPC-004-8).

#include <optional>
#include <string>
#include <string_view>

namespace claims::server {

struct GreetingNames {
  std::string_view adjuster, garage, plate;
};

/// Replaces {adjuster}, {garage} and {plate}. What they are replaced with is not looked at again.
std::string expand_greeting(std::string_view text, const GreetingNames& names);

/// The first {…} that is none of the three.
std::optional<std::string> unknown_placeholder(std::string_view text);

}  // namespace claims::server
