#include "reference-server/net/socket_address.h"

#include <gtest/gtest.h>

namespace claims::server {
namespace {

TEST(SocketAddress, ReadsBothFamilies) {
  EXPECT_EQ(SocketAddress::parse("127.0.0.1:1883")->to_string(), "127.0.0.1:1883");
  EXPECT_EQ(SocketAddress::parse("localhost:0")->to_string(), "127.0.0.1:0");
  EXPECT_EQ(SocketAddress::parse("[::1]:65535")->to_string(), "[::1]:65535");
  EXPECT_TRUE(SocketAddress::parse("[::]:1")->is_v6());
  EXPECT_EQ(SocketAddress::parse("0.0.0.0:80")->port(), 80);
}

TEST(SocketAddress, RefusesWhatIsNone) {
  for (const char* text : {"", ":", "1883", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                           "127.0.0.1:-1", "127.0.0.1:18 83", "127.0.0.256:1", "::1:1883", "[]:1",
                           "[127.0.0.1]:1", "example.com:1883", "127.0.0.1:1883/"}) {
    const auto address = SocketAddress::parse(text);
    ASSERT_FALSE(address.has_value()) << text;
    EXPECT_NE(address.error().find("'" + std::string(text) + "'"), std::string::npos);
  }
}

}  // namespace
}  // namespace claims::server
