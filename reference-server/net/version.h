#pragma once

#include <string_view>

namespace claims::server {

/// Of claimchatd, as in the build's project version.
std::string_view version();

}  // namespace claims::server
