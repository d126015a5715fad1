#pragma once
// Reads topic names and topic filters (MQTT 5.0 section 4.7), within limits::kTopicBytesMax.

#include <string_view>

#include "protocol/mqtt/reader.h"

namespace claims::mqtt {

/// A topic name: no wildcards. May be empty only where `may_be_empty`.
std::string_view read_topic_name(Reader& reader, bool may_be_empty = false);
/// The same rules for a name that has been read already.
void check_topic_name(Reader& reader, std::string_view name);
/// A topic filter; in 5.0 shared subscriptions keep to section 4.8.2.
std::string_view read_topic_filter(Reader& reader, Version version);
/// "$share/…": a shared subscription (5.0 alone).
bool is_shared(std::string_view filter);

}  // namespace claims::mqtt
