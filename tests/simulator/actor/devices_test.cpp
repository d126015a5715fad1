// A user at several devices: what goes from which, what comes to which (CMO-001).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/simulator/actor/theatre.h"

namespace claims::storm {
namespace {

using testing::Asked;
using ::testing::ElementsAre;
using testing::Play;
using ::testing::SizeIs;
using testing::Theatre;
using ::testing::UnorderedElementsAre;

const std::string kSend = R"({"type":"message.send","room":"r7","text":"안녕하세요"})";
const std::string kSent = R"({"room":"r7","seq":5})";
const std::string kEvent =
    R"({"type":"message","room":"r7","seq":6,"body":{"text":"네"},"cursor":"c6"})";

Scenario with_phones(Play play, std::int64_t others_send_permille = 0) {
  play.scenario.population.garage_devices_permille = 2'000;
  play.scenario.population.others_send_permille = others_send_permille;
  return play.scenario;
}

TEST(Devices, EachConnectsWithAnInstanceOfItsOwn) {
  Theatre theatre(with_phones(
      Play().send("garage", kSend).send("garage", kSend).on(Device::phone).send("garage", kSend)));
  theatre.on_command = [&](const Asked& asked) { theatre.ok(asked, kSent); };
  theatre.play();
  const std::string garage = theatre.id_of(chat::Role::garage);
  const std::string pc = garage + "/pc", phone = garage + "/phone";
  EXPECT_THAT(theatre.subscribed,
              UnorderedElementsAre(theatre.id_of(chat::Role::insurer),
                                   theatre.id_of(chat::Role::adjuster), pc, phone));
  const auto sends = theatre.asked_of("message.send");
  ASSERT_THAT(sends, SizeIs(3));
  EXPECT_EQ(sends[0].user, pc);
  EXPECT_EQ(sends[0].text("id"), "1700000000000.1");
  EXPECT_EQ(sends[1].user, phone);
  EXPECT_EQ(sends[1].text("id"), "1700000000001.1");
  EXPECT_EQ(sends[2].user, pc);
  EXPECT_EQ(sends[2].text("id"), "1700000000000.2");
  const Progress progress = theatre.player.progress(theatre.now());
  EXPECT_EQ(progress.users, 3U);
  EXPECT_EQ(progress.connections, 4U);
  EXPECT_EQ(progress.completed, 1U);
  EXPECT_EQ(theatre.player.active_users(), 1U);
}

/// A step that awaits on one device, while the event comes to one of them.
std::uint64_t completed(Device awaited, const std::string& comes_to) {
  Theatre theatre(with_phones(Play().send("garage", kSend).await("garage", "message").on(awaited)));
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, kSent);
    theatre.event(theatre.id_of(chat::Role::garage) + comes_to, kEvent);
  };
  theatre.play();
  return theatre.player.progress(theatre.now()).completed;
}

TEST(Devices, AnAwaitTakesWhatComesToItsDevice) {
  EXPECT_EQ(completed(Device::pc, "/pc"), 1U);
  EXPECT_EQ(completed(Device::phone, "/phone"), 1U);
  EXPECT_EQ(completed(Device::pc, "/phone"), 0U);
  EXPECT_EQ(completed(Device::phone, "/pc"), 0U);
}

TEST(Devices, WhatCameToTheOtherDeviceBeforeIsStillThere) {
  Theatre theatre(with_phones(Play()
                                  .send("garage", kSend)
                                  .await("garage", "message")
                                  .await("garage", "message")
                                  .on(Device::phone)));
  theatre.on_command = [&](const Asked& asked) {
    theatre.ok(asked, kSent);
    theatre.event(theatre.id_of(chat::Role::garage) + "/phone", kEvent);
    theatre.in(Microseconds{20'000},
               [&] { theatre.event(theatre.id_of(chat::Role::garage) + "/pc", kEvent); });
  };
  theatre.play();
  EXPECT_EQ(theatre.player.progress(theatre.now()).completed, 1U);
}

TEST(Devices, OthersSendTheirShare) {
  Play play;
  for (int i = 0; i < 200; ++i) play.send("garage", kSend);
  Theatre theatre(with_phones(std::move(play), 250));
  theatre.on_command = [&](const Asked& asked) { theatre.ok(asked, kSent); };
  theatre.play();
  const auto sends = theatre.asked_of("message.send");
  ASSERT_THAT(sends, SizeIs(200));
  const auto by_phone = std::count_if(sends.begin(), sends.end(), [](const Asked& asked) {
    return asked.user.ends_with("/phone");
  });
  EXPECT_GT(by_phone, 25);
  EXPECT_LT(by_phone, 75);
}

TEST(Devices, AnotherRepeatsACommandOnceItIsAnswered) {
  Theatre theatre(with_phones(Play()
                                  .send("garage", kSend)
                                  .think("garage", Microseconds{300'000})
                                  .send("garage", kSend)
                                  .on(Device::phone)));
  theatre.player.expect_faults(Microseconds{1'000'000});
  const std::string garage = theatre.id_of(chat::Role::garage);
  const ConnectionNumber pc = theatre.number_of(garage);
  theatre.on_command = [&](const Asked& asked) {
    if (asked.text("type") != "message.send") return;
    if (theatre.asked_of("message.send").size() == 1) {
      theatre.player.repeat_command(pc, theatre.now());  // Not answered: by itself.
      theatre.in(Microseconds{50'000}, [&theatre, pc] {
        theatre.player.repeat_command(pc, theatre.now());  // By itself, since every other time.
        theatre.player.repeat_command(pc, theatre.now());
      });
    }
    theatre.ok(asked, kSent);
  };
  theatre.play();
  std::vector<std::string> who;
  for (const Asked& asked : theatre.asked_of("message.send")) {
    who.push_back(asked.user.substr(garage.size()) + " " + asked.text("id").substr(9));
  }
  EXPECT_THAT(
      who, ElementsAre("/pc 0000.1", "/pc 0000.1", "/pc 0000.1", "/phone 0000.1", "/phone 0001.1"));
  EXPECT_EQ(theatre.auditor.violations(Checker::devices_in_step), 0U);
  EXPECT_EQ(theatre.auditor.violations(Checker::well_formed), 0U);
  EXPECT_EQ(theatre.player.progress(theatre.now()).completed, 1U);
}

}  // namespace
}  // namespace claims::storm
