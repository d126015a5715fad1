// Thousands of correct histories raise nothing; one wrong delivery in any of them is caught. Under
// sanitizers, which look for something else and take ten times as long, a tenth of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "random_histories.h"
#include "tests/effort.h"

namespace claims::storm {
namespace {

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

constexpr std::uint64_t kHistories = times(1'000);

using History = Script (*)(std::uint64_t seed, bool with_losses);

void raise_nothing(History draw, std::uint64_t first_seed, bool with_losses) {
  for (std::uint64_t seed = first_seed; seed < first_seed + kHistories; ++seed) {
    const Audit audit(draw(seed, with_losses));
    ASSERT_EQ(audit.total(), 0U) << "seed " << seed << "\n" << audit.en();
    const AuditCounts& counts = audit.auditor().counts();
    ASSERT_EQ(counts.deliveries, counts.deliveries_expected) << "seed " << seed;
    ASSERT_GT(counts.deliveries, 0U);
  }
}

TEST_F(RandomHistory, CorrectInterleavingsRaiseNothing) {
  raise_nothing(random_history, 1, false);
}

TEST_F(RandomHistory, CorrectInterleavingsWithLostConnectionsRaiseNothing) {
  raise_nothing(random_history, 10'001, true);
}

TEST_F(RandomHistory, CorrectMixedWorkRaisesNothing) {
  raise_nothing(random_mixed_history, 1, false);
}

TEST_F(RandomHistory, CorrectMixedWorkWithLostConnectionsRaisesNothing) {
  raise_nothing(random_mixed_history, 10'001, true);
}

void catch_everything(History drawn) {
  std::uint64_t broken = 0;
  for (std::uint64_t seed = 1; seed <= 2 * kHistories; ++seed) {
    Script script = drawn(seed, false);
    Draw draw(seed + 1'000'000);
    const std::vector<std::size_t> places = deliveries(script);
    if (places.empty()) continue;
    const std::size_t place = places[draw.below(places.size())];
    const std::string how = break_one(script, place, draw.below(11));
    if (how.empty()) continue;
    ++broken;
    const Audit audit(script);
    ASSERT_GT(audit.total(), 0U) << "seed " << seed << ": " << how;
    ASSERT_FALSE(audit.en().empty());
    ASSERT_FALSE(audit.ko().empty());
  }
  EXPECT_GT(broken, kHistories * 3 / 2);
}

TEST_F(RandomHistory, OneWrongDeliveryIsAlwaysCaught) {
  catch_everything(random_history);
}

TEST_F(RandomHistory, OneWrongDeliveryOfMixedWorkIsAlwaysCaught) {
  catch_everything(random_mixed_history);
}

}  // namespace
}  // namespace claims::storm
