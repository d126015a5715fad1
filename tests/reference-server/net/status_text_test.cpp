#include "reference-server/net/status_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace claims::server {
namespace {

using ::testing::HasSubstr;

TEST(StatusText, TellsWhyItIsNotServing) {
  ServerSnapshot snapshot;
  snapshot.why_not = "log: \"disk\"\n\xff";
  EXPECT_EQ(health_json(snapshot), R"({"status":"unavailable","reason":"log: \"disk\"??"})");
}

TEST(StatusText, CountsCommitsInCumulativeBuckets) {
  ServerSnapshot snapshot;
  for (const int us : {100, 101, 900, 9'000'000}) snapshot.commits.add(Microseconds{us});
  const std::string text = metrics_text(snapshot, {});
  EXPECT_THAT(text, HasSubstr("claimchatd_log_commit_seconds_bucket{le=\"0.0001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("claimchatd_log_commit_seconds_bucket{le=\"0.00025\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("claimchatd_log_commit_seconds_bucket{le=\"0.001\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("claimchatd_log_commit_seconds_bucket{le=\"5\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("claimchatd_log_commit_seconds_bucket{le=\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("claimchatd_log_commit_seconds_sum 9.001101\n"));
}

TEST(StatusText, TellsRoomsByKind) {
  ServerSnapshot snapshot;
  snapshot.node.service.rooms_general = 3;
  snapshot.node.service.bulks_total = 2;
  const std::string text = metrics_text(snapshot, {});
  EXPECT_THAT(text, HasSubstr("claimchatd_rooms{kind=\"inbound\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("claimchatd_rooms{kind=\"general\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("claimchatd_rooms{kind=\"negotiation\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("claimchatd_bulks_total 2\n"));
}

TEST(StatusText, TellsHowItStartedAndHowFarTheSnapshotIs) {
  ServerSnapshot snapshot;
  snapshot.serving = true;
  snapshot.start_up = {Microseconds{1'234'567}, 812, 14};
  SnapshotStatus& status = snapshot.state_snapshot;
  status.active = true;
  status.stored.last = Position{131'072};
  status.writes_total = 7;
  status.failures_total = 2;
  status.write_took = Microseconds{250'000};
  snapshot.state_snapshot_age = Microseconds{61'500'000};
  snapshot.node.checkpoints_total = 5;
  snapshot.node.checkpoint_rows_total = 900;
  snapshot.node.checkpoint_bytes_total = 65'000;
  const std::string text = metrics_text(snapshot, {});
  for (const char* line :
       {"claimchatd_start_up_seconds 1.234567\n",
        "claimchatd_start_up_blocks{from=\"snapshot\"} 812\n",
        "claimchatd_start_up_blocks{from=\"log\"} 14\n", "claimchatd_snapshot_active 1\n",
        "claimchatd_snapshot_position 131072\n", "claimchatd_snapshot_age_seconds 61.5\n",
        "claimchatd_snapshot_writes_total 7\n", "claimchatd_snapshot_failures_total 2\n",
        "claimchatd_snapshot_write_seconds 0.25\n", "claimchatd_checkpoints_total 5\n",
        "claimchatd_checkpoint_rows_total 900\n", "claimchatd_checkpoint_bytes_total 65000\n"}) {
    EXPECT_THAT(text, HasSubstr('\n' + std::string(line)));
  }
  status.active = false;
  EXPECT_THAT(metrics_text(snapshot, {}), HasSubstr("\nclaimchatd_snapshot_active 0\n"));
  const std::string health = health_json(snapshot);
  EXPECT_THAT(health, HasSubstr(R"("start_up_ms":1234,"snapshot_position":131072,)"
                                R"("snapshot_age_s":61})"));
}

// Text format 0.0.4: each metric has one HELP and one TYPE line before its samples, ends with \n.
TEST(StatusText, IsWellFormed) {
  const std::string text = metrics_text({}, {});
  EXPECT_EQ(text.back(), '\n');
  std::istringstream lines(text);
  std::string line, current;
  std::set<std::string> seen;
  while (std::getline(lines, line)) {
    if (line.starts_with("# HELP ")) {
      current = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(seen.insert(current).second) << current << " twice";
    } else if (line.starts_with("# TYPE ")) {
      EXPECT_TRUE(line.starts_with("# TYPE " + current + " "));
    } else {
      EXPECT_TRUE(line.starts_with(current)) << line;
      EXPECT_NE(line.find(' '), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace claims::server
