#include "reference-server/net/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reference-server/net/running_server.h"

namespace claims::server::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(HttpServer, TellsThatTheServerIsWell) {
  RunningServer server;
  EXPECT_THAT(http_get(server.http(), "/healthz"),
              AllOf(StartsWith("HTTP/1.1 200 OK"), HasSubstr(R"({"status":"ok")"),
                    HasSubstr("X-Content-Type-Options: nosniff"),
                    HasSubstr("Content-Security-Policy: default-src 'none'"),
                    HasSubstr("Content-Type: application/json")));
}

TEST(HttpServer, GivesMetrics) {
  RunningServer server;
  EXPECT_THAT(
      http_get_until(server.http(), "/metrics", "claimchatd_log_commit_seconds_count 1"),
      AllOf(StartsWith("HTTP/1.1 200 OK"), HasSubstr("text/plain; version=0.0.4"),
            HasSubstr("\nclaimchatd_log_available 1\n"), HasSubstr("\nclaimchatd_users 4\n"),
            HasSubstr("\nclaimchatd_log_commit_seconds_bucket{le=\"+Inf\"} 1\n"),
            HasSubstr("\nprocess_resident_memory_bytes "),
            HasSubstr("\nprocess_cpu_seconds_total ")));
}

TEST(HttpServer, KnowsTwoPathsAndOneMethod) {
  RunningServer server;
  for (const std::string_view target : {"/", "/metrics/", "/healthz?x=1", "/../etc/passwd"}) {
    EXPECT_THAT(http_get(server.http(), target),
                AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("X-Content-Type-Options: nosniff")));
  }
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS", "BREW"}) {
    EXPECT_THAT(http_exchange(server.http(), method + " /healthz HTTP/1.1\r\nHost: test\r\n"
                                                      "Connection: close\r\n\r\n"),
                AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: GET")));
  }
}

TEST(HttpServer, RefusesWhatIsTooLargeOrNotHttp) {
  RunningServer server;
  EXPECT_THAT(http_exchange(server.http(),
                            "GET /healthz HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(
      http_exchange(server.http(), "GET /healthz HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n"),
      StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(http_exchange(server.http(), std::string(64, '\x01') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(http_get(server.http(), "/healthz"), StartsWith("HTTP/1.1 200"));
}

TEST(HttpServer, AnswersSeveralRequestsOnOneConnection) {
  RunningServer server;
  const std::string answer =
      http_exchange(server.http(),
                    "GET /nowhere HTTP/1.1\r\nHost: test\r\n\r\n"
                    "GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("HTTP/1.1 200 OK")));
}

TEST(HttpServer, SaysSoWhenTheMainLoopDoesNotAnswer) {
  auto http = HttpServer::bind(*SocketAddress::parse("127.0.0.1:0"));
  ASSERT_TRUE(http.has_value());
  ASSERT_TRUE((*http)->start([](std::uint64_t) {}).has_value());
  EXPECT_THAT(http_get((*http)->address(), "/healthz"),
              AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("does not answer")));
  (*http)->answer(1, ServerSnapshot{});  // Too late: nobody waits for it.
}

TEST(HttpServer, SaysThatItsAddressIsTaken) {
  const auto first = HttpServer::bind(*SocketAddress::parse("127.0.0.1:0"));
  ASSERT_TRUE(first.has_value());
  ASSERT_TRUE((*first)->start([](std::uint64_t) {}).has_value());
  const auto second = HttpServer::bind((*first)->address());
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error(), HasSubstr("cannot listen on 127.0.0.1:"));
}

}  // namespace
}  // namespace claims::server::testing
