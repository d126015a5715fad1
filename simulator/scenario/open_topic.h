#pragma once
// Topics of open topics in a scenario: each workflow instance has its own, under a prefix that says
// which run and which instance, so that no other's message gets there (docs/scenarios.md).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/scenario/model.h"

namespace claims::storm {

/// Of the key of a step: "publish"; nothing when it is none with open topics.
std::optional<OpenStep::Kind> open_action(std::string_view key);

/// What is allowed in its place; nothing: it is a topic name as a step may have it, or a `filter`.
std::optional<LocalText> open_topic_problem(std::string_view topic, bool filter);

/// "storm/1772377200000/17/notice": on the wire. `run`: the instance of the run's command ids.
std::string open_topic_of(std::uint64_t run, std::uint64_t instance, std::string_view topic);
/// The instance; nothing when the topic is none of the run.
std::optional<std::uint64_t> open_instance_of(std::uint64_t run, std::string_view topic);
/// What the step called it.
std::string_view open_topic_name(std::string_view topic);

}  // namespace claims::storm
