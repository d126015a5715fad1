#pragma once
// "did you mean": what a misspelt name was probably meant to be.

#include <string>
#include <string_view>
#include <vector>

namespace claims::storm {

/// The candidate nearest to `text`, when it is near enough to be meant; else empty.
std::string nearest(std::string_view text, const std::vector<std::string>& candidates);
/// "garage, adjuster, insurer (did you mean garage?)"; never empty.
std::string allowed_names(std::string_view found, const std::vector<std::string>& candidates);

}  // namespace claims::storm
