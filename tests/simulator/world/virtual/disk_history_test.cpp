// The production history over a VirtualDisk.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "reference-server/history/history.h"
#include "simulator/world/virtual/disk.h"
#include "tests/reference-server/log/block_chain.h"

namespace claims::storm {
namespace {

using server::BlockChain;
using server::History;

TEST(DiskHistoryTest, AHistoryComesBackFromCrashesAndCatchesUp) {
  std::uint64_t behind = 0;
  for (std::uint64_t seed = 0; seed < 40 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    VirtualDisk disk("history disk", Random(seed).split(0),
                     [] { return Milliseconds(1'700'000'000'000); });
    Random random = Random(seed).split(1);
    BlockChain chain;
    for (int life = 0; life < 5; ++life) {
      disk.begin_work();
      auto opened = server::open_sqlite_history("history.db", disk.vfs_name());
      ASSERT_TRUE(opened) << opened.error().what;
      disk.end_work();
      History& history = **opened;
      ASSERT_LE(history.folded(), chain.blocks().size());
      if (history.folded() < chain.blocks().size()) ++behind;
      for (const auto& block : chain.blocks()) ASSERT_TRUE(history.fold(*block));
      const std::uint64_t more = random.below(800);
      for (std::uint64_t i = 0; i < more; ++i) {
        const std::uint64_t size = random.below(1'500);
        disk.begin_work();
        ASSERT_TRUE(history.fold(*chain.add(std::string(size, 'x'))));
        ASSERT_TRUE(history.commit(random.below(20) == 0));
        if (random.below(1'000) == 0) break;
        disk.end_work();
      }
      const auto rows = history.query(server::PageQuery{chat::RoomId{7}, 0, 10'000, 10'000});
      ASSERT_TRUE(rows) << rows.error().what;
      EXPECT_EQ(rows->size(), chain.blocks().size());
      disk.crash();
    }
  }
  EXPECT_GT(behind, 100U) << "what was not moved into the file yet was at risk";
}

}  // namespace
}  // namespace claims::storm
