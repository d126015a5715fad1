#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "protocol/result.h"
#include "reference-server/net/server_snapshot.h"
#include "reference-server/net/socket_address.h"

namespace claims::server {

/// GET /healthz and GET /metrics, on a thread of its own (Asio and Beast).
///
/// What it tells comes from the main loop: `ask(n)` is called on the HTTP thread, answer(n, …)
/// follows. A request that is not answered in kAnswerTime gets 503: a main loop that does not
/// answer is not healthy.
class HttpServer {
 public:
  static constexpr std::chrono::seconds kAnswerTime{2};
  static constexpr std::chrono::seconds kIdleTime{10};  ///< For a request to be complete.
  static constexpr std::size_t kSessionsMax = 64;
  static constexpr std::uint32_t kHeaderBytesMax = 8 * 1024;
  static constexpr std::uint64_t kBodyBytesMax = 1'024;

  using Ask = std::function<void(std::uint64_t request)>;

  /// Claims the address.
  static Result<std::unique_ptr<HttpServer>, std::string> bind(const SocketAddress& address);
  ~HttpServer();  ///< Ends all sessions and the thread.

  /// Begins to answer.
  Result<void, std::string> start(Ask ask);
  const SocketAddress& address() const;
  /// Any thread.
  void answer(std::uint64_t request, ServerSnapshot snapshot);

 private:
  struct Impl;
  class Session;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace claims::server
