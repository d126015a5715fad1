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
