#pragma once
// Filters of MQTT, as the harness reads them: it takes no server's word for what they cover.

#include <string_view>

namespace claims::storm {

/// Whether a filter covers a topic (MQTT 5.0 section 4.7.1). Neither begins with '$'.
bool open_filter_covers(std::string_view filter, std::string_view topic);

}  // namespace claims::storm
