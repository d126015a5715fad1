#pragma once
// Texts with places for names: greetings, notices and messages (CPC-004-8).

#include <optional>
#include <string>
#include <string_view>

namespace claims::server {

struct TemplateNames {
  std::string_view adjuster, garage, plate;
};

/// Replaces {adjuster}, {garage} and {plate}. What they are replaced with is not looked at again.
std::string expand_template(std::string_view text, const TemplateNames& names);

/// The first {…} that is none of the three.
std::optional<std::string> unknown_placeholder(std::string_view text);

}  // namespace claims::server
