// StepLoader: steps with open topics.

#include <fmt/format.h>

#include <utility>

#include "simulator/limits.h"
#include "simulator/scenario/loading.h"
#include "simulator/scenario/open_topic.h"
#include "simulator/scenario/quantity.h"
#include "simulator/scenario/step_loader.h"

namespace claims::storm {
namespace {

constexpr Microseconds kReceiveMax{3'600'000'000}, kAwayMax{600'000'000};
constexpr Microseconds kSecond{1'000'000};
constexpr Microseconds kExpiryMax{365LL * 24 * 3'600'000'000};

bool load_flag(const std::optional<Cursor>& cursor) {
  if (!cursor) return false;
  if (cursor->node().kind != JsonNode::Kind::boolean) cursor->error("true or false");
  return cursor->node().boolean;
}

std::uint8_t load_qos(const Cursor& cursor) {
  const auto member = cursor.optional("qos");
  return static_cast<std::uint8_t>(member ? member->integer(0, 1).value_or(1) : 1);
}

}  // namespace

void StepLoader::load_open(OpenStep::Kind kind, const Cursor& cursor, const Cursor& step_cursor,
                           Step& step) {
  using Kind = OpenStep::Kind;
  OpenStep open;
  open.kind = kind;
  if (kind == Kind::away) {
    open.within = load_duration(cursor, Microseconds(1'000), kAwayMax).value_or(kSecond);
  } else if (cursor.is_object()) {
    open.topic = load_topic(cursor, step, kind != Kind::publish);
    if (kind == Kind::subscribe) {
      cursor.allow_only({"topic", "qos", "retain_handling", "retain_as_published"});
      open.qos = load_qos(cursor);
      open.retain_as_published = load_flag(cursor.optional("retain_as_published"));
      if (const auto handling = cursor.optional("retain_handling")) {
        open.retain_handling = static_cast<std::uint8_t>(handling->integer(0, 2).value_or(0));
      }
    } else if (kind == Kind::unsubscribe) {
      cursor.allow_only({"topic"});
    } else if (kind == Kind::publish) {
      load_publish(cursor, step, open);
    } else {
      load_receive(cursor, step, open);
    }
  }
  if (const auto within = step_cursor.optional("within")) {
    open.within = load_duration(*within, Microseconds(1'000), kReceiveMax).value_or(kSecond);
  } else if (kind == Kind::receive_none) {
    step_cursor.error("a receive_none without \"within\"",
                      R"("within": how long nothing must come, as "2s")");
  }
  step.action = std::move(open);
}

Expression StepLoader::load_topic(const Cursor& cursor, const Step& step, bool filter) const {
  const auto member = cursor.required("topic", "a topic of the workflow, as \"notice\"");
  const auto text = member ? member->text() : std::nullopt;
  if (!text) return {};
  // What stands in an expression is known when it is played, and checked then.
  if (text->find("${") == std::string::npos) {
    if (const auto allowed = open_topic_problem(*text, filter)) {
      member->error(allowed->en);
      return {};
    }
  }
  return load_value(*member, visible_to(step.role));
}

void StepLoader::load_publish(const Cursor& cursor, const Step& step, OpenStep& open) const {
  cursor.allow_only({"topic", "text", "qos", "retain", "expiry"});
  open.qos = load_qos(cursor);
  open.retain = load_flag(cursor.optional("retain"));
  if (const auto text = cursor.required("text", R"(the message; "" takes a retained one away)")) {
    const auto given = text->text();
    if (given && given->size() > limits::kOpenTextBytesMax) {
      text->error(fmt::format("a text of {} bytes", given->size()),
                  fmt::format("at most {} bytes", limits::kOpenTextBytesMax));
    } else if (given) {
      open.text = load_value(*text, visible_to(step.role));
    }
  }
  const auto expiry = cursor.optional("expiry");
  if (!expiry) return;
  const auto length = load_duration(*expiry, kSecond, kExpiryMax);
  if (!length) return;
  if (length->count() % kSecond.count() != 0) expiry->error("whole seconds, as MQTT counts them");
  open.expiry_s = static_cast<std::uint32_t>(*length / kSecond);
}

void StepLoader::load_receive(const Cursor& cursor, const Step& step, OpenStep& open) const {
  cursor.allow_only({"topic", "text", "retained"});
  if (const auto text = cursor.optional("text"); text && text->text()) {
    open.text = load_value(*text, visible_to(step.role));
  }
  if (const auto retained = cursor.optional("retained")) open.retained = load_flag(retained);
}

}  // namespace claims::storm
