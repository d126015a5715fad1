#include "simulator/scenario/open_topic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "protocol/mqtt/topic_levels.h"
#include "simulator/limits.h"

namespace claims::storm {
namespace {

constexpr std::string_view kFirstLevel = "storm/";

bool wildcards_fit(std::string_view filter) {
  mqtt::LevelReader levels(filter);
  while (const auto level = levels.next()) {
    if (level == "#") return levels.at_end();
    if (level != "+" && level->find_first_of("+#") != std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

std::optional<OpenStep::Kind> open_action(std::string_view key) {
  using Kind = OpenStep::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 6> kActions = {
      {{"subscribe", Kind::subscribe},
       {"unsubscribe", Kind::unsubscribe},
       {"publish", Kind::publish},
       {"receive", Kind::receive},
       {"receive_none", Kind::receive_none},
       {"away", Kind::away}}};
  const auto found = std::ranges::find(kActions, key, &std::pair<std::string_view, Kind>::first);
  return found == kActions.end() ? std::nullopt : std::optional(found->second);
}

std::optional<LocalText> open_topic_problem(std::string_view topic, bool filter) {
  if (topic.empty() || topic.size() > limits::kOpenTopicBytesMax ||
      topic.find('\0') != std::string_view::npos) {
    return LocalText{
        fmt::format("1–{}바이트이고 NUL이 없는 토픽", limits::kOpenTopicBytesMax),
        fmt::format("a topic of 1 to {} bytes without NUL", limits::kOpenTopicBytesMax)};
  }
  if (topic.starts_with('$') || topic == "aos" || topic.starts_with("aos/")) {
    return LocalText{
        "aos나 $로 시작하지 않는 토픽: 이것은 채팅과 서버의 것입니다",
        "a topic that begins with neither aos nor $: these are the chat's and the server's own"};
  }
  if (!filter && topic.find_first_of("+#") != std::string_view::npos) {
    return LocalText{
        "+와 #이 없는 토픽: 이것은 subscribe, unsubscribe, receive의 필터에만 씁니다",
        "a topic without + and #: these are for filters, of a subscribe, unsubscribe or receive"};
  }
  if (filter && !wildcards_fit(topic)) {
    return LocalText{
        "+와 #이 두 / 사이에 혼자 있고 #은 끝에만 있는 필터: room/+/#",
        "a filter in which + and # stand alone between two /, and # at the end only: room/+/#"};
  }
  return std::nullopt;
}

std::string open_topic_of(std::uint64_t run, std::uint64_t instance, std::string_view topic) {
  return fmt::format("{}{}/{}/{}", kFirstLevel, run, instance, topic);
}

std::optional<std::uint64_t> open_instance_of(std::uint64_t run, std::string_view topic) {
  const std::string prefix = fmt::format("{}{}/", kFirstLevel, run);
  if (!topic.starts_with(prefix)) return std::nullopt;
  topic.remove_prefix(prefix.size());
  std::uint64_t instance = 0;
  const char* const end = topic.data() + topic.size();
  const auto [rest, error] = std::from_chars(topic.data(), end, instance);
  if (error != std::errc{} || rest == end || *rest != '/') return std::nullopt;
  return instance;
}

std::string_view open_topic_name(std::string_view topic) {
  for (int level = 0; level < 3; ++level) {
    const std::size_t slash = topic.find('/');
    if (slash == std::string_view::npos) return topic;
    topic.remove_prefix(slash + 1);
  }
  return topic;
}

bool uses_open_topics(const Scenario& scenario) {
  const auto is_open = [](const Step& step) {
    return std::holds_alternative<OpenStep>(step.action);
  };
  return std::ranges::any_of(scenario.workflows, [&](const Workflow& workflow) {
    return std::ranges::any_of(workflow.steps, is_open);
  });
}

}  // namespace claims::storm
