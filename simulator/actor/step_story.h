#pragma once
// The stories of failed steps: which line of which file, who played it, what was expected, what
// came.

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/mqtt/packet.h"
#include "protocol/time.h"
#include "simulator/scenario/model.h"
#include "simulator/scenario/population.h"

namespace claims::storm {

/// Who plays which step of what.
struct StepPlace {
  const Workflow& workflow;
  const Step& step;
  const Person& person;
};

LocalText unexpected_reply_story(const StepPlace& place, const Value& reply);
LocalText unanswered_story(const StepPlace& place, Microseconds waited);
/// A command could not be sent all that time.
LocalText unconnected_story(const StepPlace& place, Microseconds waited);
/// `near_miss`: an event of the type that came and did not fit, and why; `others`: types of events
/// that came and were not awaited.
struct AwaitReport {
  Microseconds within{0};
  LocalText near_miss;
  std::vector<std::string> others;
  std::uint64_t dropped = 0;  ///< Events that were not kept, for want of room.
};
LocalText await_story(const StepPlace& place, const AwaitReport& report);
/// An event of the awaited type whose value at `path` is not what it should be.
LocalText near_miss_story(const std::vector<std::string>& path, const Value* found,
                          const Value& expected);
/// `values`: what the names in the condition stood for, "unread = 3".
LocalText assert_story(const StepPlace& place, const AssertStep& check,
                       const std::vector<std::string>& values);
LocalText evaluation_story(const StepPlace& place, std::string_view what);
LocalText evaluation_story(const StepPlace& place, const LocalText& what);

// Of steps with open topics.
LocalText open_refused_story(const StepPlace& place, mqtt::ReasonCode reason);
LocalText open_unanswered_story(const StepPlace& place, Microseconds waited);
LocalText open_unconnected_story(const StepPlace& place, Microseconds waited);
/// `awaited`: "notice \"text\"".
LocalText open_message_story(const StepPlace& place, std::string_view awaited, Microseconds waited);
/// One came, and none should have.
LocalText open_surplus_story(const StepPlace& place, std::string_view topic, std::string_view text);

/// `times` of a loop came to something else than a number of rounds.
LocalText times_story(const StepPlace& place, const Value& times);
/// A loop had the role play more than limits::kStepsPlayedMax steps.
LocalText endless_story(const StepPlace& place);
/// The instance played limits::kOpenStepsPlayedMax steps that ask for something of open topics.
LocalText open_steps_story(const StepPlace& place);

/// A value as JSON, shortened to what a reader takes in.
std::string brief(const Value& value);
/// Both the same way; where they begin alike, from shortly before the first difference.
std::pair<std::string, std::string> brief_difference(const Value& found, const Value& expected);
/// "30 s", "250 ms"
std::string spoken_duration(Microseconds duration);

}  // namespace claims::storm
