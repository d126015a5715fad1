// A room that several workflows of one user share: who gets its events, in each order in which they
// come, and in which the workflows come to know the room.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulator/actor/theatre.h"
#include "tests/simulator/actor/written_scenario.h"

namespace claims::storm {
namespace {

using testing::Asked;
using testing::Theatre;
using testing::Written;

constexpr Microseconds kMs{1'000};

/// One adjuster plays a workflow of each of these steps, all of which begin at once.
Scenario together(const std::vector<std::string>& all_steps) {
  Scenario scenario;
  for (const std::string& steps : all_steps) {
    Written written;
    written.population = R"({"insurers": 1, "adjusters": 1, "garages": 1})";
    written.roles = R"({"adjuster": {"is": "adjuster"}})";
    written.steps = steps;
    written.phases = R"([{"hold": "2s"}])";
    Scenario one = testing::loaded(written);
    if (scenario.workflows.empty()) {
      scenario = std::move(one);
      continue;
    }
    scenario.workflows.push_back(std::move(one.workflows.at(0)));
    scenario.arrivals.push_back(one.arrivals.at(0));
    scenario.arrivals.back().workflow = scenario.workflows.size() - 1;
  }
  return scenario;
}

std::string step(const std::string& rest) {
  return R"({"role": "adjuster", )" + rest + "}";
}
std::string await(const std::string& text, const std::string& room = "") {
  const std::string condition = room.empty() ? "" : R"("room": ")" + room + R"(", )";
  return step(R"("await": {"type": "message", )" + condition + R"("body.text": ")" + text +
              R"("}, "within": "500ms")");
}
const std::string kThink = step(R"("think": "200ms")") + ",";
const std::string kNames = step(R"("send": {"type": "note", "room": "r7"})") + ",";
const std::string kNamesAnother = step(R"("send": {"type": "note", "room": "r9"})") + ",";
/// Answered at 300 ms, when the events have come.
const std::string kToldLate =
    step(R"("send": {"type": "late"}, "save": {"room": "${reply.result.rooms[0]}"})") + ",";
const std::string kToldAList =
    step(R"("send": {"type": "list"}, "save": {"rooms": "${reply.result.rooms}"})") + ",";

struct Way {
  const char* name;
  std::string before, room;
};
const std::vector<Way>& ways() {
  static const std::vector<Way> all{
      {"waits", "", ""},
      {"thinks", kThink, ""},
      {"knows the room and waits", kNames, "r7"},
      {"knows the room and thinks", kNames + kThink, "r7"},
      {"knows the room and waits anywhere", kNames, ""},
      {"is told the room late", kToldLate, "${room}"},
      {"is told late and waits anywhere", kToldLate, ""},
      {"knows another room and is told late", kNamesAnother + kToldLate, "${room}"},
      {"has the room in a list", kToldAList + kThink, "${rooms[0]}"},
  };
  return all;
}

class SharedRoom : public ::testing::Test {
 protected:
  /// Plays; messages of these texts come in room r7 from 100 ms on.
  void play(const std::vector<std::string>& steps, const std::vector<std::string>& texts) {
    theatre = std::make_unique<Theatre>(together(steps));
    theatre->on_command = [this](const Asked& asked) {
      const auto answer = [this, asked] { theatre->ok(asked, R"({"rooms": ["r7"]})"); };
      if (asked.text("type") != "late") return answer();
      theatre->in(300 * kMs, answer);
    };
    const std::string user = theatre->id_of(chat::Role::adjuster);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string event = R"({"type":"message","room":"r7","seq":)" + std::to_string(i + 1) +
                                R"(,"body":{"text":")" + texts[i] + R"("},"cursor":"c"})";
      theatre->in(100 * kMs + static_cast<int>(i) * 10 * kMs,
                  [this, user, event] { theatre->event(user, event); });
    }
    theatre->play();
    progress = theatre->player.progress(theatre->now());
  }

  std::unique_ptr<Theatre> theatre;
  Progress progress;
};

TEST_F(SharedRoom, EveryWorkflowGetsItsMessageInEachOrder) {
  const std::string ended = step(R"("send": {"type": "note", "room": "r7"})");
  for (const Way& first : ways()) {
    for (const Way& second : ways()) {
      for (const std::vector<std::string>& texts :
           {std::vector<std::string>{"one", "two"}, std::vector<std::string>{"two", "one"}}) {
        SCOPED_TRACE(std::string("first ") + first.name + "; second " + second.name + "; " +
                     texts[0] + " comes first");
        play({first.before + await("one", first.room), ended,
              second.before + await("two", second.room)},
             texts);
        for (const StepFailure& failure : theatre->player.steps().stories()) {
          ADD_FAILURE() << failure.text.en;
        }
        EXPECT_EQ(progress.completed, 3U);
      }
    }
  }
}

TEST_F(SharedRoom, AWorkflowThatDoesNotKnowTheRoomGetsNothingThatAnotherTook) {
  for (const char* later : {"400ms", "250ms"}) {
    play({kNames + kThink + await("one", "r7"),
          step(std::string(R"("think": ")") + later + R"(")") + "," + await("one")},
         {"one"});
    EXPECT_EQ(progress.completed, 1U);
    EXPECT_EQ(progress.failed, 1U);
  }
}

TEST_F(SharedRoom, OneOfThoseThatDoNotKnowTheRoomTakesWhatWasKept) {
  play({kThink + await("one"), kThink + await("one")}, {"one"});
  EXPECT_EQ(progress.completed, 1U);
  play({kThink + await("one"), kThink + await("one")}, {"one", "one"});
  EXPECT_EQ(progress.completed, 2U);
}

TEST_F(SharedRoom, AllThatKnowTheRoomSeeItsEvents) {
  play({kNames + await("one", "r7"), kNames + kThink + await("one", "r7")}, {"one"});
  EXPECT_EQ(progress.completed, 2U);
}

TEST_F(SharedRoom, ALoopThatComesToARoomInEachRoundGetsWhatCameBefore) {
  const auto loop = [](const std::string& steps) {
    return step(R"("repeat": {"times": 2, "as": "i"}, "steps": [)" + steps + "]");
  };
  const std::string round =
      R"({"await": {"type": "message", "body.text": "r${i}"}, "save": {"room": "${event.room}"}},
         {"think": "200ms"})";
  play({loop(round), kNames + await("one", "r7")}, {"r2", "r1", "one"});
  EXPECT_EQ(progress.completed, 2U);
}

}  // namespace
}  // namespace claims::storm
