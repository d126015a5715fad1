// Checkpoints of a random play against the whole log: at every end of a block, what all checkpoints
// so far come to is the state to the byte, and a state loaded from it goes on like one folded.

#include "reference-server/chat/state_codec.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "protocol/limits.h"
#include "reference-server/chat/service.h"
#include "reference-server/log/checkpoint_merge.h"
#include "tests/reference-server/chat/played_service.h"
#include "tests/reference-server/chat/random_play.h"

namespace claims::server {
namespace {

using Rows = std::map<std::string, std::string>;

Rows rows_of(const RowBatch& batch) {
  Rows rows;
  batch.for_each([&](std::string_view key, std::string_view value, bool erased) {
    EXPECT_FALSE(erased);
    EXPECT_TRUE(rows.emplace(key, value).second) << "a row is written twice";
  });
  return rows;
}

Rows everything_of(Service& service) {
  RowBatch batch;
  service.write_everything(batch);
  return rows_of(batch);
}

Rows rows_of(const CheckpointMerge& merge) {
  Rows rows;
  for (const auto& [key, value] : merge.rows()) {
    if (value) rows.emplace(key, *value);
  }
  return rows;
}

/// Names the first row in which they differ: a reader of the failure looks for its kind.
std::string difference(const Rows& found, const Rows& expected) {
  for (const auto& [key, value] : expected) {
    const auto other = found.find(key);
    const std::string kind = std::to_string(static_cast<int>(key.front()));
    if (other == found.end()) return "a row of kind " + kind + " is missing";
    if (other->second != value) return "a row of kind " + kind + " is another";
  }
  return found.size() == expected.size() ? "" : "there are rows too many";
}

void load(const Rows& rows, Service& service) {
  for (const auto& [key, value] : rows) {
    const auto loaded = service.load(static_cast<RowKind>(key.front()), key.substr(1), value);
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
  }
  const auto finished = service.loaded();
  ASSERT_TRUE(finished.has_value()) << finished.error();
}

void fold(const std::vector<Record>& log, std::size_t from, Service& service) {
  for (std::size_t i = from; i < log.size(); ++i) {
    const auto folded = service.fold(log[i], Position{i + 1});
    ASSERT_TRUE(folded.has_value()) << log[i].payload << ": " << folded.error();
  }
}

/// A play whose service is checkpointed at the end of each block.
class CheckpointedPlay {
 public:
  explicit CheckpointedPlay(std::uint32_t seed) : play(seed) {
    // The directory was folded before anything was noted.
    played.service().begin_changes();
    RowBatch first;
    played.service().write_everything(first);
    take(std::move(first));
  }

  /// A block of some commands, and its checkpoint.
  void block() {
    const std::uint32_t commands = 1 + play.draw(6);
    for (std::uint32_t i = 0; i < commands; ++i) {
      played.now.wall += Milliseconds(play.draw(5)) - Milliseconds(2);
      const RandomPlay::Sent sent = play.next();
      played.send(sent.user, sent.payload);
    }
    RowBatch rows;
    played.service().write_changes(rows);
    take(std::move(rows));
  }

  PlayedService played;
  RandomPlay play;
  CheckpointMerge merge{BlockMark{}};

 private:
  void take(RowBatch&& rows) {
    merge.take({{merge.at().number + 1, played.last(), {}}, std::move(rows)});
  }
};

TEST(StateCodec, CheckpointsComeToTheStateAtEveryBlock) {
  CheckpointedPlay run(11);
  Service whole;
  std::size_t folded = 0;
  for (int block = 0; block < 900; ++block) {
    run.block();
    fold(run.played.log(), folded, whole);
    folded = run.played.log().size();
    ASSERT_EQ(difference(rows_of(run.merge), everything_of(whole)), "") << "block " << block;
  }
  const ServiceCounters counters = run.played.service().counters();
  EXPECT_GE(counters.rooms_inbound, 3U);
  EXPECT_GE(counters.rooms_general, 3U);
  EXPECT_GE(counters.rooms_negotiation, 2U);
  EXPECT_GE(counters.bulk_messages_total, 20U);
}

TEST(StateCodec, ALoadedStateGoesOnLikeOneFolded) {
  CheckpointedPlay run(12);
  struct Moment {
    Rows rows;
    std::size_t log = 0;
  };
  std::vector<Moment> moments;
  for (int block = 0; block < 600; ++block) {
    run.block();
    if (block % 40 == 0) moments.push_back({rows_of(run.merge), run.played.log().size()});
  }
  Service whole;
  fold(run.played.log(), 0, whole);
  const Rows end = everything_of(whole);
  for (const Moment& moment : moments) {
    Service twin;
    load(moment.rows, twin);
    ASSERT_EQ(difference(everything_of(twin), moment.rows), "");
    EXPECT_TRUE(twin.reconcile_directory(kSmallDirectory)->empty());
    fold(run.played.log(), moment.log, twin);
    ASSERT_EQ(difference(everything_of(twin), end), "");
  }
}

TEST(StateCodec, AMemberOfALongRoomIsWrittenInPieces) {
  PlayedService played;
  played.service().begin_changes();
  RowBatch before;
  played.service().write_everything(before);
  played.ok("gar-1",
            R"({"type":"general.open","id":"1.1","adjuster":"adj-1","vehicles":["12가3456"]})");
  for (int n = 2; n < 2'600; ++n) {
    played.ok("gar-1", R"({"type":"message.send","id":"1.)" + std::to_string(n) +
                           R"(","room":"r1","text":"안녕하세요"})");
  }
  RowBatch all;
  played.service().write_changes(all);
  Service whole;
  fold(played.log(), 0, whole);
  const Rows everything = everything_of(whole);
  std::size_t pieces = 0;
  for (const auto& [key, value] : everything) {
    if (static_cast<RowKind>(key.front()) == RowKind::authors) ++pieces;
  }
  EXPECT_EQ(pieces, 2U);
  Service twin;
  load(everything, twin);
  EXPECT_EQ(difference(everything_of(twin), everything), "");

  // One more message writes the room and its last piece, not its past.
  played.ok("gar-1", R"({"type":"message.send","id":"1.2600","room":"r1","text":"네"})");
  RowBatch one;
  played.service().write_changes(one);
  EXPECT_EQ(one.size(), 4U) << "counts, room, commands, outcomes";
  EXPECT_LT(one.bytes(), 2'500U);
}

TEST(StateCodec, InstancesThatAreForgottenAreErased) {
  PlayedService played;
  played.service().begin_changes();
  CheckpointMerge merge{BlockMark{}};
  std::uint64_t block = 0;
  RowBatch first;
  played.service().write_everything(first);
  merge.take({{++block, played.last(), {}}, std::move(first)});
  for (std::uint64_t instance = 1; instance <= claims::limits::kInstancesPerUser + 3; ++instance) {
    for (int n = 1; n <= 20; ++n) {
      played.send("gar-1", R"({"type":"claim.convert","id":")" + std::to_string(instance) + '.' +
                               std::to_string(n) + R"(","room":"r9"})");
    }
    RowBatch rows;
    played.service().write_changes(rows);
    merge.take({{++block, played.last(), {}}, std::move(rows)});
  }
  Service whole;
  fold(played.log(), 0, whole);
  EXPECT_EQ(difference(rows_of(merge), everything_of(whole)), "");
}

TEST(StateCodec, WhatIsMissingOrDamagedIsRefused) {
  CheckpointedPlay run(13);
  for (int block = 0; block < 150; ++block) run.block();
  const Rows rows = rows_of(run.merge);
  std::size_t refused = 0, tried = 0;
  // A row that is not there. Some kinds have none for users without any.
  for (const auto& [gone, unused] : rows) {
    const auto kind = static_cast<RowKind>(gone.front());
    if (kind == RowKind::bulks || kind == RowKind::commands || kind == RowKind::user_rooms) {
      continue;
    }
    Service service;
    bool right = true;
    for (const auto& [key, value] : rows) {
      if (key == gone) continue;
      right = right &&
              service.load(static_cast<RowKind>(key.front()), key.substr(1), value).has_value();
    }
    ++tried;
    if (!right || !service.loaded()) ++refused;
  }
  EXPECT_GT(tried, 30U);
  EXPECT_EQ(refused, tried);
  // A value that is cut short, or longer.
  for (const auto& [cut, unused] : rows) {
    for (const bool shorter : {true, false}) {
      Service service;
      bool right = true;
      for (const auto& [key, value] : rows) {
        std::string given = value;
        if (key == cut && shorter) given.pop_back();
        if (key == cut && !shorter) given.push_back('\0');
        right = right &&
                service.load(static_cast<RowKind>(key.front()), key.substr(1), given).has_value();
      }
      EXPECT_FALSE(right && service.loaded()) << static_cast<int>(cut.front());
    }
  }
}

}  // namespace
}  // namespace claims::server
