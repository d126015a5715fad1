#include "simulator/world/real/target_address.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace claims::storm {
namespace {

using ::testing::HasSubstr;

TEST(TargetAddress, TakesAHostAndAPort) {
  const auto target = parse_target("mqtt://127.0.0.1:1883");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->url, "mqtt://127.0.0.1:1883");
  const auto* address = reinterpret_cast<const sockaddr_in*>(&target->address);
  EXPECT_EQ(address->sin_family, AF_INET);
  EXPECT_EQ(ntohs(address->sin_port), 1883);
  EXPECT_EQ(ntohl(address->sin_addr.s_addr), INADDR_LOOPBACK);
}

TEST(TargetAddress, TakesAnAddressOfVersion6) {
  const auto target = parse_target("mqtt://[::1]:1884");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->address.ss_family, AF_INET6);
}

TEST(TargetAddress, SaysWhatWasFoundAndWhatIsAllowed) {
  for (const char* url : {"", "127.0.0.1:1883", "http://127.0.0.1:1883", "mqtt://127.0.0.1",
                          "mqtt://:1883", "mqtt://127.0.0.1:0", "mqtt://127.0.0.1:70000",
                          "mqtt://127.0.0.1:18x3", "mqtt://127.0.0.1:"}) {
    const auto target = parse_target(url);
    ASSERT_TRUE(target.has_error()) << url;
    EXPECT_THAT(target.error(), HasSubstr("mqtt://HOST:PORT")) << url;
    EXPECT_THAT(target.error(), HasSubstr(url)) << url;
  }
}

}  // namespace
}  // namespace claims::storm
