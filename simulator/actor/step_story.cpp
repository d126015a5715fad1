#include "simulator/actor/step_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "simulator/limits.h"

namespace claims::storm {
namespace {

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

LocalText begin_story(const StepPlace& place) {
  const Step& step = place.step;
  const std::string& role = place.workflow.roles[step.role].name;
  return {fmt::format("{}:{} 단계 '{}', 역할 {} ({}, {}): ", step.place.file, step.place.line,
                      step.name, role, place.person.name, place.person.id),
          fmt::format("{}:{} step '{}', role {} ({}, {}): ", step.place.file, step.place.line,
                      step.name, role, place.person.name, place.person.id)};
}

std::string text_at(const Value& value, std::string_view key) {
  const auto* object = value.if_object();
  const Value* found = object == nullptr ? nullptr : object->if_contains(key);
  if (found == nullptr) return {};
  return found->is_string() ? std::string(found->get_string()) : brief(*found);
}

const Value* find_at(const Value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

LocalText expected_outcome(const SendStep& send) {
  if (send.expected_errors.empty()) {
    return {fmt::format("'{}'에 ok 응답이 와야 하는데 ", send.type),
            fmt::format("expected '{}' to be answered ok; ", send.type)};
  }
  return {fmt::format("'{}'이(가) 오류 '{}'(으)로 거절되어야 하는데 ", send.type,
                      join(send.expected_errors, "' / '")),
          fmt::format("expected '{}' to be refused with '{}'; ", send.type,
                      join(send.expected_errors, "' or '"))};
}

LocalText actual_outcome(const Value& reply) {
  const Value* error = find_at(reply, "error");
  if (error == nullptr) {
    const Value* result = find_at(reply, "result");
    const std::string text = brief(result == nullptr ? reply : *result);
    return {fmt::format("ok 응답이 왔습니다: {}", text),
            fmt::format("it was answered ok: {}", text)};
  }
  const std::string code = text_at(*error, "code");
  const std::string field = text_at(*error, "field");
  const Value* message = find_at(*error, "message");
  const std::string where = field.empty() || field == "null" ? "" : fmt::format(" [{}]", field);
  return {fmt::format("오류 '{}'{}이(가) 왔습니다: {}", code, where,
                      message == nullptr ? "" : text_at(*message, "ko")),
          fmt::format("the error '{}'{} came: {}", code, where,
                      message == nullptr ? "" : text_at(*message, "en"))};
}

LocalText operator+(LocalText left, const LocalText& right) {
  left.ko += right.ko;
  left.en += right.en;
  return left;
}

}  // namespace

std::string brief(const Value& value) {
  constexpr std::size_t kBytes = 160;
  std::string text = boost::json::serialize(value);
  if (text.size() <= kBytes) return text;
  std::size_t end = kBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text + "…";
}

std::pair<std::string, std::string> brief_difference(const Value& found, const Value& expected) {
  constexpr std::size_t kBytes = 160, kBefore = 40;
  const std::string one = boost::json::serialize(found), other = boost::json::serialize(expected);
  const auto differ = std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first;
  auto at = static_cast<std::size_t>(differ - one.begin());
  if (std::max(one.size(), other.size()) <= kBytes || at < kBytes - kBefore) {
    return {brief(found), brief(expected)};
  }
  const auto continues = [&](std::size_t byte) {
    return byte < one.size() && (static_cast<unsigned char>(one[byte]) & 0xC0U) == 0x80U;
  };
  at -= kBefore;
  while (at > 0 && continues(at)) --at;
  const auto window = [&](const std::string& text) {
    std::size_t end = std::min(text.size(), at + kBytes);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return "…" + text.substr(at, end - at) + (end < text.size() ? "…" : "");
  };
  return {window(one), window(other)};
}

std::string spoken_duration(Microseconds duration) {
  const auto us = duration.count();
  if (us % 1'000'000 == 0) return fmt::format("{} s", us / 1'000'000);
  if (us % 1'000 == 0) return fmt::format("{} ms", us / 1'000);
  // Of long times nobody reads microseconds.
  if (us > 1'000'000) return fmt::format("{}.{:03} s", us / 1'000'000, us / 1'000 % 1'000);
  return fmt::format("{} µs", us);
}

LocalText unexpected_reply_story(const StepPlace& place, const Value& reply) {
  return begin_story(place) + expected_outcome(std::get<SendStep>(place.step.action)) +
         actual_outcome(reply);
}

LocalText unanswered_story(const StepPlace& place, Microseconds waited) {
  return begin_story(place) + expected_outcome(std::get<SendStep>(place.step.action)) +
         LocalText{fmt::format("{} 안에 응답이 없었습니다", spoken_duration(waited)),
                   fmt::format("no reply came within {}", spoken_duration(waited))};
}

LocalText unconnected_story(const StepPlace& place, Microseconds waited) {
  return begin_story(place) + expected_outcome(std::get<SendStep>(place.step.action)) +
         LocalText{fmt::format("{} 동안 연결이 없어 보내지 못했습니다", spoken_duration(waited)),
                   fmt::format("it could not be sent for {}, for want of a connection",
                               spoken_duration(waited))};
}

LocalText open_refused_story(const StepPlace& place, mqtt::ReasonCode reason) {
  const auto code = static_cast<unsigned>(reason);
  const bool closed = reason == mqtt::ReasonCode::not_authorized ||
                      reason == mqtt::ReasonCode::retain_not_supported ||
                      reason == mqtt::ReasonCode::unspecified_error;
  return begin_story(place) +
         LocalText{
             fmt::format("서버가 이유 0x{:02x}(으)로 거절했습니다{}", code,
                         closed ? ". 서버가 일반 토픽을 열어야 합니다: claimchatd "
                                  "--open-topics"
                                : ""),
             fmt::format("the server refused it with reason 0x{:02x}{}", code,
                         closed ? "; it must have open topics: claimchatd --open-topics" : "")};
}

LocalText open_unanswered_story(const StepPlace& place, Microseconds waited) {
  return begin_story(place) +
         LocalText{
             fmt::format("{} 안에 서버의 확인이 없었습니다", spoken_duration(waited)),
             fmt::format("the server did not acknowledge it within {}", spoken_duration(waited))};
}

LocalText open_unconnected_story(const StepPlace& place, Microseconds waited) {
  return begin_story(place) +
         LocalText{fmt::format("{} 동안 연결이 없었습니다", spoken_duration(waited)),
                   fmt::format("there was no connection for {}", spoken_duration(waited))};
}

LocalText open_message_story(const StepPlace& place, std::string_view awaited,
                             Microseconds waited) {
  const std::string time = spoken_duration(waited);
  return begin_story(place) +
         LocalText{fmt::format("{} 안에 토픽의 메시지 {}이(가) 와야 하는데 오지 않았습니다", time,
                               awaited),
                   fmt::format("expected the message {} of the topic within {}; none came", awaited,
                               time)};
}

LocalText open_surplus_story(const StepPlace& place, std::string_view topic,
                             std::string_view text) {
  const std::string what = brief(Value(text));
  return begin_story(place) +
         LocalText{
             fmt::format("메시지가 오지 않아야 하는데 토픽 {}의 {}이(가) 왔습니다", topic, what),
             fmt::format("expected no message; {} came on the topic {}", what, topic)};
}

LocalText near_miss_story(const std::vector<std::string>& path, const Value* found,
                          const Value& expected) {
  const std::string name = join(path, ".");
  if (found == nullptr) {
    return {fmt::format("{} 필드가 없음 (기대: {})", name, brief(expected)),
            fmt::format("{} was missing (expected {})", name, brief(expected))};
  }
  const auto [what, wanted] = brief_difference(*found, expected);
  return {fmt::format("{}이(가) {} (기대: {})", name, what, wanted),
          fmt::format("{} was {} (expected {})", name, what, wanted)};
}

LocalText await_story(const StepPlace& place, const AwaitReport& report) {
  const auto& await = std::get<AwaitStep>(place.step.action);
  const std::string within = spoken_duration(report.within);
  LocalText text = begin_story(place) +
                   LocalText{fmt::format("{} 안에 '{}' 이벤트가 와야 하는데 ", within, await.type),
                             fmt::format("expected an event '{}' within {}; ", await.type, within)};
  if (!report.near_miss.en.empty()) {
    text = text + LocalText{fmt::format("온 것은 기대와 달랐습니다: {}", report.near_miss.ko),
                            fmt::format("one came that did not fit: {}", report.near_miss.en)};
  } else {
    text = text + LocalText{"오지 않았습니다", "none came"};
  }
  if (!report.others.empty()) {
    const std::string others = join(report.others, ", ");
    text = text + LocalText{fmt::format(". 그동안 온 이벤트: {}", others),
                            fmt::format(". Other events that came: {}", others)};
  }
  if (report.dropped > 0) {
    text = text + LocalText{fmt::format(". 보관하지 못한 이벤트 {}개", report.dropped),
                            fmt::format(". {} events could not be kept", report.dropped)};
  }
  return text;
}

LocalText assert_story(const StepPlace& place, const AssertStep& check,
                       const std::vector<std::string>& values) {
  const std::string where = values.empty() ? "" : fmt::format(" ({})", join(values, ", "));
  return begin_story(place) +
         LocalText{fmt::format("\"{}\" — 조건 {}이(가) 거짓입니다{}", check.says.ko,
                               check.condition.source(), where),
                   fmt::format("\"{}\": the condition {} is false{}", check.says.en,
                               check.condition.source(), where)};
}

LocalText evaluation_story(const StepPlace& place, std::string_view what) {
  return evaluation_story(place, LocalText{std::string(what), std::string(what)});
}

LocalText evaluation_story(const StepPlace& place, const LocalText& what) {
  return begin_story(place) +
         LocalText{"식을 계산할 수 없습니다: ", "an expression has no value: "} + what;
}

LocalText times_story(const StepPlace& place, const Value& times) {
  return begin_story(place) +
         LocalText{
             fmt::format("반복 횟수가 {}입니다 (허용: 0–{})", brief(times), limits::kRoundsMax),
             fmt::format("it would be repeated {} times; allowed are 0 to {}", brief(times),
                         limits::kRoundsMax)};
}

LocalText endless_story(const StepPlace& place) {
  return begin_story(place) +
         LocalText{fmt::format("반복이 끝나지 않음: 한 역할의 단계는 {}개까지입니다",
                               limits::kStepsPlayedMax),
                   fmt::format("its loops do not end: a role plays at most {} steps",
                               limits::kStepsPlayedMax)};
}

LocalText open_steps_story(const StepPlace& place) {
  return begin_story(place) +
         LocalText{fmt::format("한 업무가 subscribe, unsubscribe, publish를 합해 {}번까지 할 수 "
                               "있는데 더 하려고 합니다",
                               limits::kOpenStepsPlayedMax),
                   fmt::format("one subscribe, unsubscribe or publish more than the {} that a "
                               "workflow may play in all",
                               limits::kOpenStepsPlayedMax)};
}

}  // namespace claims::storm
