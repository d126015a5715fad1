#include "protocol/mqtt/topic.h"

#include "protocol/limits.h"
#include "protocol/mqtt/topic_levels.h"

namespace claims::mqtt {
namespace {

constexpr std::string_view kShare = "$share/";

void check_levels(Reader& reader, std::string_view filter) {
  LevelReader levels(filter);
  while (const auto level = levels.next()) {
    if (level->find('#') != std::string_view::npos && (level != "#" || !levels.at_end())) {
      reader.fail(ReasonCode::malformed_packet,
                  "'#' is not the whole last level of a topic filter [MQTT-4.7.1-2]");
    }
    if (level->find('+') != std::string_view::npos && level != "+") {
      reader.fail(ReasonCode::malformed_packet,
                  "'+' is not a whole level of a topic filter [MQTT-4.7.1-3]");
    }
  }
}

void check_share(Reader& reader, std::string_view filter) {
  filter.remove_prefix(kShare.size());
  const std::size_t end = filter.find('/');
  const std::string_view name = filter.substr(0, end);
  if (name.empty()) {
    reader.fail(ReasonCode::malformed_packet, "an empty share name [MQTT5-4.8.2-1]");
  }
  if (name.find_first_of("+#") != std::string_view::npos || end == std::string_view::npos ||
      end + 1 == filter.size()) {
    reader.fail(ReasonCode::malformed_packet,
                "a share name with wildcards or without a topic filter [MQTT5-4.8.2-2]");
  }
}

}  // namespace

void check_topic_name(Reader& reader, std::string_view name) {
  if (reader.failed()) return;
  if (name.empty()) {
    reader.fail(ReasonCode::malformed_packet, "an empty topic name [MQTT-4.7.3-1]");
  } else if (name.find_first_of("+#") != std::string_view::npos) {
    reader.fail(ReasonCode::malformed_packet, "wildcards in a topic name [MQTT-3.3.2-2]");
  } else if (name.size() > limits::kTopicBytesMax) {
    reader.fail(ReasonCode::topic_name_invalid,
                "a topic name longer than the bound of 1,024 bytes");
  }
}

std::string_view read_topic_name(Reader& reader, bool may_be_empty) {
  const std::string_view name = reader.string();
  if (!name.empty() || !may_be_empty) check_topic_name(reader, name);
  return name;
}

std::string_view read_topic_filter(Reader& reader, Version version) {
  const std::string_view filter = reader.string();
  if (reader.failed()) return {};
  if (filter.empty()) {
    reader.fail(ReasonCode::malformed_packet, "an empty topic filter [MQTT-4.7.3-1]");
  } else if (filter.size() > limits::kTopicBytesMax) {
    reader.fail(ReasonCode::topic_filter_invalid,
                "a topic filter longer than the bound of 1,024 bytes");
  }
  check_levels(reader, filter);
  if (version == Version::v5_0 && is_shared(filter)) check_share(reader, filter);
  return filter;
}

bool is_shared(std::string_view filter) {
  return filter.starts_with(kShare);
}

}  // namespace claims::mqtt
