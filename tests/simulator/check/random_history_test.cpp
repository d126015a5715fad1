// Thousands of correct histories raise nothing; one wrong delivery in any of them is caught.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "scripted_history.h"

namespace claims::storm {
namespace {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state_ >> 33U) % bound;
  }

 private:
  std::uint64_t state_;
};

struct OpenRoom {
  std::string id, garage, adjuster;
  int state = 0;
  bool converted = false;
};

/// Two or three rooms, random commands and reads, every session reading at its own pace.
Script random_history(std::uint64_t seed, bool with_losses) {
  Draw draw(seed);
  ScriptedHistory history = cast();
  history.add_session("adjuster-1");
  std::vector<OpenRoom> rooms;
  const std::size_t count = 2 + draw.below(2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string adjuster = draw.below(2) == 0 ? "adjuster-1" : "adjuster-2";
    const std::string garage = draw.below(2) == 0 ? "garage-1" : "garage-2";
    const std::string receipt = "24-0000000" + std::to_string(i);
    history.register_receipt("insurer-1", receipt, "12가345" + std::to_string(i), adjuster);
    history.intake(garage, receipt);
    rooms.push_back({history.room_of(receipt), garage, adjuster});
    // The garage learns of its room before anybody can write in it.
    const std::size_t session = garage == "garage-1" ? 3 : 4;
    while (history.arrive(session)) {
    }
  }
  constexpr std::array<std::string_view, 4> kStates{"in", "in_repair", "repaired", "out"};
  std::vector<std::size_t> lost;
  for (int turn = 0; turn < 60; ++turn) {
    OpenRoom& room = rooms[draw.below(rooms.size())];
    const std::string& user = draw.below(2) == 0 ? room.garage : room.adjuster;
    const std::size_t session = draw.below(history.sessions());
    switch (draw.below(16)) {
      case 0:
      case 1:
        history.send(user, room.id, "글 " + std::to_string(turn));
        break;
      case 2:
        history.read(user, room.id, 1 + draw.below(history.last(room.id)));
        break;
      case 3:
        if (room.state < 3) history.step(room.garage, room.id, kStates[++room.state]);
        break;
      case 4:
        if (room.state >= 2 && !room.converted) {
          history.convert(room.garage, room.id);
          room.converted = true;
        }
        break;
      case 5:
        history.unread_counts(user);
        break;
      case 6:
        history.page(user, room.id, draw.below(history.last(room.id)), 10);
        break;
      case 7:
        history.refused(user, room.id, "limit_reached");
        break;
      case 8:
        history.give_up(user, history.send(user, room.id, "늦은 응답"));
        break;
      case 9:
        if (!with_losses) break;
        if (!lost.empty()) {
          history.resume(lost.back());
          lost.pop_back();
        } else if (session > 0) {
          history.lose(session);
          lost.push_back(session);
        }
        break;
      default:
        history.arrive(session);
        break;
    }
  }
  for (const std::size_t session : lost) history.resume(session);
  return history.finish();
}

/// All deliveries of a script; those that the next one of the same session and room follows.
std::vector<std::size_t> deliveries(const Script& script) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < script.actions.size(); ++i) {
    if (script.actions[i].kind == Action::Kind::deliver) places.push_back(i);
  }
  return places;
}

std::size_t next_of_same(const Script& script, std::size_t place) {
  const Action& one = script.actions[place];
  for (std::size_t i = place + 1; i < script.actions.size(); ++i) {
    const Action& it = script.actions[i];
    if (it.kind == Action::Kind::deliver && it.session == one.session && it.room == one.room) {
      return i;
    }
  }
  return script.actions.size();
}

/// Breaks one delivery; says how. Empty: this break does not fit that delivery.
std::string break_one(Script& script, std::size_t place, std::size_t how) {
  Action& delivery = script.actions[place];
  const auto here = script.actions.begin() + static_cast<std::ptrdiff_t>(place);
  switch (how) {
    case 0:
      script.actions.erase(here);
      return "lost";
    case 1:
      script.actions.insert(here + 1, Action(delivery));
      return "repeated";
    case 2: {
      const std::size_t next = next_of_same(script, place);
      if (next == script.actions.size()) return "";
      std::swap(delivery.body, script.actions[next].body);
      return "exchanged with the next";
    }
    case 3: {
      Action stranger = delivery;
      stranger.session = 0;  // The insurer is a member of no room.
      script.actions.insert(here, stranger);
      return "to a stranger as well";
    }
    case 4: {
      json::object& body = delivery.body["body"].as_object();
      if (!body.contains("text")) return "";
      body["text"] = "바뀐 글";
      return "another text";
    }
    case 5:
      delivery.body["at"] = delivery.body["at"].as_int64() + 1;
      return "another time";
    case 6:
      delivery.body["sender"].as_object()["name"] = "아무개";
      return "another name";
    case 7:
      delivery.body["vehicle"] = "99하9999";
      return "another vehicle";
    case 8:
      delivery.body["cmd"] = "garage-1:1.1";
      return "another command";
    case 9:
      delivery.body["seq"] = delivery.body["seq"].as_int64() + 1;
      return "another seq";
    default:
      delivery.body.erase("cursor");
      return "without its cursor";
  }
}

class Quiet : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { setenv("CLAIMS_QUIET", "1", 1); }
  static void TearDownTestSuite() { unsetenv("CLAIMS_QUIET"); }
};
using RandomHistory = Quiet;

void raise_nothing(std::uint64_t first_seed, bool with_losses) {
  for (std::uint64_t seed = first_seed; seed < first_seed + 1'000; ++seed) {
    const Audit audit(random_history(seed, with_losses));
    ASSERT_EQ(audit.total(), 0U) << "seed " << seed << "\n" << audit.en();
    const AuditCounts& counts = audit.auditor().counts();
    ASSERT_EQ(counts.deliveries, counts.deliveries_expected) << "seed " << seed;
    ASSERT_GT(counts.deliveries, 0U);
  }
}

TEST_F(RandomHistory, CorrectInterleavingsRaiseNothing) {
  raise_nothing(1, false);
}

TEST_F(RandomHistory, CorrectInterleavingsWithLostConnectionsRaiseNothing) {
  raise_nothing(10'001, true);
}

TEST_F(RandomHistory, OneWrongDeliveryIsAlwaysCaught) {
  int broken = 0;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    Script script = random_history(seed, false);
    Draw draw(seed + 1'000'000);
    const std::vector<std::size_t> places = deliveries(script);
    const std::size_t place = places[draw.below(places.size())];
    const std::string how = break_one(script, place, draw.below(11));
    if (how.empty()) continue;
    ++broken;
    const Audit audit(script);
    ASSERT_GT(audit.total(), 0U) << "seed " << seed << ": " << how;
    ASSERT_FALSE(audit.en().empty());
    ASSERT_FALSE(audit.ko().empty());
  }
  EXPECT_GT(broken, 1'500);
}

}  // namespace
}  // namespace claims::storm
