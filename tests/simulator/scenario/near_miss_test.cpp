#include "simulator/scenario/near_miss.h"

#include <gtest/gtest.h>

namespace claims::storm {
namespace {

const std::vector<std::string> kRoles = {"garage", "adjuster", "insurer"};

TEST(NearMiss, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("garge", kRoles), "garage");
  EXPECT_EQ(nearest("ajduster", kRoles), "adjuster");
  EXPECT_EQ(nearest("insurers", kRoles), "insurer");
}

TEST(NearMiss, DoesNotGuessWildly) {
  EXPECT_EQ(nearest("mechanic", kRoles), "");
  EXPECT_EQ(nearest("", kRoles), "");
  EXPECT_EQ(nearest(std::string(100'000, 'g'), kRoles), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(NearMiss, ListsWhatIsAllowed) {
  EXPECT_EQ(allowed_names("mechanic", kRoles), "garage, adjuster, insurer");
  EXPECT_EQ(allowed_names("garge", kRoles), "garage, adjuster, insurer (did you mean garage?)");
  EXPECT_EQ(allowed_names("inbound", {}), "nothing (there is none)");
}

}  // namespace
}  // namespace claims::storm
