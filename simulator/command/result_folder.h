#pragma once
// The folder that a run's result goes to.

#include <optional>
#include <string>

namespace claims::storm {

/// Before anything is played, so that no run is for nothing. What went wrong, or nothing.
std::optional<std::string> make_result_folder(const std::string& folder);

}  // namespace claims::storm
