#include "simulator/check/digest.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "scripted_history.h"

namespace claims::storm::audit {
namespace {

std::uint64_t digest(const json::object& object, EventEnd end) {
  EventView event;
  const auto problem = read_event(object, end, event);
  EXPECT_FALSE(problem) << *problem;
  return digest_of(event);
}

TEST(Digest, IsTheSameForTheHistoryAsForADelivery) {
  Script script = scenario_a().finish();
  for (chat::Seq seq = 1; seq <= 11; ++seq) {
    EXPECT_EQ(digest(script.delivery("garage-1", "r1", seq)->body, EventEnd::cursor),
              digest(script.history("r1", seq)->body, EventEnd::unread_by));
  }
}

TEST(Digest, DoesNotDependOnTheOrderOfFields) {
  Script script = scenario_a().finish();
  const json::object& event = script.history("r1", 1)->body;
  json::object turned;
  for (std::size_t i = event.size(); i > 0; --i) {
    const auto& field = *(event.begin() + (i - 1));
    turned[field.key()] = field.value();
  }
  EXPECT_EQ(digest(event, EventEnd::unread_by), digest(turned, EventEnd::unread_by));
}

TEST(Digest, DependsOnEveryField) {
  Script script = scenario_a().finish();
  for (const chat::Seq seq : {1, 3, 4, 5, 9}) {
    const json::object event = script.history("r1", seq)->body;
    const std::uint64_t was = digest(event, EventEnd::unread_by);
    const auto differs = [&](const json::object& edited) {
      EXPECT_NE(digest(edited, EventEnd::unread_by), was) << json::serialize(edited);
    };
    for (const char* key : {"vehicle", "cmd"}) {
      json::object edited = event;
      edited[key] = "x";
      differs(edited);
    }
    for (const char* key : {"seq", "at"}) {
      json::object edited = event;
      edited[key] = edited[key].as_int64() + 1;
      differs(edited);
    }
    json::object edited = event;
    edited["room"] = "r2";
    differs(edited);
    for (const char* part : {"sender", "body"}) {
      for (const auto& field : event.at(part).as_object()) {
        if (!field.value().is_string() || field.key() == "state") continue;
        edited = event;
        edited[part].as_object()[field.key()] = "x";
        differs(edited);
      }
    }
  }
}

TEST(Digest, KnowsWhereOneTextEnds) {
  Digest one, other;
  one.add("ab");
  one.add("c");
  other.add("a");
  other.add("bc");
  EXPECT_NE(one.value(), other.value());
}

TEST(Digest, ASumTellsContentsExchangedBetweenSeqs) {
  EXPECT_EQ(mix(1, 10) + mix(2, 20), mix(2, 20) + mix(1, 10));
  EXPECT_NE(mix(1, 10) + mix(2, 20), mix(1, 20) + mix(2, 10));
}

}  // namespace
}  // namespace claims::storm::audit
