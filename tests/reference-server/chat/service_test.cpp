#include "reference-server/chat/service.h"

#include <gtest/gtest.h>

#include "protocol/chat/event.h"
#include "tests/reference-server/chat/commanding_test.h"

namespace claims::server {
namespace {

using ServiceTest = CommandingTest;

TEST_F(ServiceTest, ASecondIntakeReturnsTheRoomWithoutASecondGreeting) {
  register_receipt("2024-1");
  const auto first = intake("gar-1", "2024-1");
  EXPECT_NE(first.reply.find(R"("created":true)"), std::string::npos);
  ASSERT_EQ(first.deliveries.size(), 4U);
  EXPECT_NE(first.deliveries[3].event.find(
                R"({"text":"안녕하세요, 한빛자동차공업사. 12가3456 담당 김민준입니다."})"),
            std::string::npos);
  for (const auto& delivery : first.deliveries) {
    EXPECT_EQ(delivery.recipients, (std::vector<std::string>{"gar-1", "adj-1"})) << delivery.event;
  }
  const auto second = intake("gar-1", "2024-1");
  EXPECT_NE(second.reply.find(R"("room":"r1","created":false)"), std::string::npos);
  EXPECT_TRUE(second.deliveries.empty());
  EXPECT_EQ(played.service().counters().rooms, 1U);
}

TEST_F(ServiceTest, AnotherGarageIsTurnedAway) {
  open_room();
  EXPECT_EQ(code("gar-2", "intake.register", R"("receipt":"2024-1")"), "receipt_in_use");
  EXPECT_EQ(played.service().counters().rooms, 1U);
}

TEST_F(ServiceTest, FromEachStateOnlyTheNextStepIsTaken) {
  const std::vector<std::string> states{"in", "in_repair", "repaired", "out"};
  int room = 0;
  for (std::size_t from = 0; from < states.size(); ++from) {
    for (std::size_t to = 1; to < states.size(); ++to) {
      open_room("2024-" + std::to_string(++room));
      const std::string id = "r" + std::to_string(room);
      for (std::size_t done = 1; done <= from; ++done) ASSERT_EQ(step(id, states[done]), "ok");
      EXPECT_EQ(step(id, states[to]), to == from + 1 ? "ok" : "illegal_step")
          << states[from] << " to " << states[to];
    }
  }
}

TEST_F(ServiceTest, AClaimIsConvertedOnceTheRepairIsDone) {
  open_room();
  const auto convert = [&] { return code("gar-1", "claim.convert", R"("room":"r1")"); };
  EXPECT_EQ(convert(), "illegal_step");
  ASSERT_EQ(step("r1", "in_repair"), "ok");
  EXPECT_EQ(convert(), "illegal_step");
  ASSERT_EQ(step("r1", "repaired"), "ok");
  ASSERT_EQ(step("r1", "out"), "ok");
  EXPECT_EQ(convert(), "ok");
  EXPECT_EQ(convert(), "already_converted");
  EXPECT_EQ(played.service().counters().claims_total, 1U);
}

TEST_F(ServiceTest, TimeNeverGoesBackInARoom) {
  open_room();
  open_room("2024-2");
  Milliseconds last{0};
  const long long clock[] = {1714521600100, 1714521600050, 0, 1714521600200, 1714521600199};
  for (const long long wall : clock) {
    played.now.wall = Milliseconds(wall);
    const auto answer = say("adj-1", "r1");
    ASSERT_EQ(answer.deliveries.size(), 1U);
    const auto event = chat::parse_event(answer.deliveries[0].event);
    ASSERT_TRUE(event.has_value()) << event.error();
    EXPECT_EQ(event->event.at, std::max(last, Milliseconds(wall)));
    last = event->event.at;
  }
  // Another room goes by the clock alone.
  const auto other = chat::parse_event(say("adj-1", "r2").deliveries[0].event);
  EXPECT_EQ(other->event.at, Milliseconds(1714521600199));
}

TEST_F(ServiceTest, AnEventSaysWhatItCameFrom) {
  open_room();
  const auto answer = played.send(
      "adj-1", command("adj-1", "message.send", R"("room":"r1","text":"사진\n부탁드립니다")"));
  const auto parsed = chat::parse_event(answer.deliveries[0].event);
  ASSERT_TRUE(parsed.has_value()) << parsed.error();
  EXPECT_EQ(parsed->event, (chat::Event{chat::RoomId{1},
                                        5,
                                        played.now.wall,
                                        {"adj-1", "김민준"},
                                        "12가3456",
                                        "adj-1:5.1",
                                        chat::Message{"사진\n부탁드립니다", ""}}));
  EXPECT_EQ(answer.deliveries[0].recipients, (std::vector<std::string>{"gar-1", "adj-1"}));
}

TEST_F(ServiceTest, ARefusalIsAnOutcomeAndNothingElse) {
  const Decision decision = played.service().decide(
      played.index("gar-1"), R"({"type":"intake.register","id":"5.1","receipt":"2024-9"})",
      Position{9}, played.now);
  const auto& decided = std::get<Decided>(decision);
  ASSERT_EQ(decided.records.size(), 1U);
  EXPECT_EQ(decided.records[0].record.kind, RecordKind::outcome);
  EXPECT_TRUE(decided.records[0].recipients.empty());
}

TEST_F(ServiceTest, WhatIsNotWellFormedAndIdErrorsLeaveNoTrace) {
  open_room();
  for (const char* payload : {"", R"({"type":"claim.convert","id":"5.9","room":"r1"})",
                              R"({"type":"claim.convert","id":"5.2","room":1})",
                              R"({"type":"claim.convert","id":"5.1","room":"r1"})",
                              R"({"type":"intake.register","id":"5.1","receipt":"2024-1"})"}) {
    const Decision decision =
        played.service().decide(played.index("gar-1"), payload, Position{99}, played.now);
    EXPECT_TRUE(std::holds_alternative<Answered>(decision)) << payload;
  }
  EXPECT_EQ(code("gar-1", "claim.convert", R"("room":"r1")"), "illegal_step")
      << "5.2 is still free";
}

TEST_F(ServiceTest, PagesFollowEachOther) {
  open_room();
  for (int i = 0; i < 7; ++i) say(i % 2 == 0 ? "adj-1" : "gar-1", "r1");
  std::vector<chat::Seq> seen;
  bool more = true;
  while (more) {
    const chat::Seq after = seen.empty() ? 0 : seen.back();
    const Decision decision = played.service().decide(
        played.index("adj-1"),
        R"({"type":"room.messages","id":"q","room":"r1","limit":4,"after":)" +
            std::to_string(after) + '}',
        Position{99}, played.now);
    const auto& read = std::get<PageRead>(decision);
    const auto& query = std::get<PageQuery>(read.query);
    EXPECT_EQ(query.limit, 5U);
    EXPECT_EQ(query.last, 11U);
    std::vector<Row> rows;
    for (const Row& row : played.rows()) {
      if (row.seq > query.after && rows.size() < query.limit) rows.push_back(row);
    }
    for (std::size_t i = 0; i < rows.size() && i < 4; ++i) seen.push_back(rows[i].seq);
    const std::string reply = played.service().finish_page(read, rows);
    more = reply.find(R"("more":true)") != std::string::npos;
    EXPECT_EQ(more, rows.size() == 5);
  }
  EXPECT_EQ(seen, (std::vector<chat::Seq>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
}

TEST_F(ServiceTest, CountsShowThe200RoomsWithTheLatestEvents) {
  for (int i = 1; i <= 203; ++i) open_room("2024-" + std::to_string(i));
  say("gar-1", "r2");
  const std::string reply = played.ok("adj-1", R"({"type":"unread.counts","id":"q"})");
  EXPECT_NE(reply.find(R"({"rooms":[{"room":"r2","unread":1},{"room":"r203","unread":0})"),
            std::string::npos);
  EXPECT_EQ(reply.find(R"("r4")"), std::string::npos);
  EXPECT_NE(reply.find(R"("r5")"), std::string::npos);
  EXPECT_NE(reply.find(R"("total":1,"more":true)"), std::string::npos);
}

TEST_F(ServiceTest, AFoundersStreamBeginsWithTheRoom) {
  open_room();
  const Position opened = played.last();
  open_room("2024-2");
  const auto ranges = [&](const char* user, Position after) {
    std::vector<std::array<std::uint64_t, 3>> found;
    for (const StreamRange& range : played.service().stream_ranges(played.index(user), after)) {
      found.push_back({static_cast<std::uint64_t>(range.room), range.first, range.last});
    }
    return found;
  };
  using Ranges = std::vector<std::array<std::uint64_t, 3>>;
  EXPECT_EQ(ranges("gar-1", Position{0}), (Ranges{{1, 1, 4}, {2, 1, 4}}));
  EXPECT_EQ(ranges("adj-1", Position{0}), (Ranges{{1, 1, 4}, {2, 1, 4}}));
  EXPECT_EQ(ranges("gar-1", opened), (Ranges{{2, 1, 4}}));
  EXPECT_EQ(ranges("gar-1", played.last()), Ranges{});
  EXPECT_EQ(ranges("gar-2", Position{0}), Ranges{});
  say("gar-1", "r1");
  EXPECT_EQ(ranges("gar-1", opened), (Ranges{{1, 1, 5}, {2, 1, 4}}));
}

TEST_F(ServiceTest, SyncIsHandedToTheNode) {
  const Decision decision = played.service().decide(
      played.index("gar-1"), R"({"type":"sync","id":"q","cursor":"0:7"})", Position{9}, played.now);
  EXPECT_EQ(std::get<SyncRead>(decision).re, "q");
  EXPECT_EQ(std::get<SyncRead>(decision).cursor, "0:7");
}

TEST_F(ServiceTest, RecordsOfTheNodeAreLeftAlone) {
  for (const RecordKind kind : {RecordKind::session, RecordKind::session_end, RecordKind::cursor}) {
    EXPECT_TRUE(played.service().fold(Record{kind, {}, 0, "?", {}}, Position{99}).has_value());
  }
  EXPECT_FALSE(
      played.service().fold(Record{RecordKind::user, {}, 0, "?", {}}, Position{99}).has_value());
}

}  // namespace
}  // namespace claims::server
