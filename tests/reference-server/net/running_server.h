#pragma once
// A Server on a thread of its own, on free ports, with a small directory.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "protocol/chat/token.h"
#include "protocol/thread_safety.h"
#include "reference-server/net/server.h"

namespace claims::server::testing {

/// An insurer with its core system `core-01`, an adjuster `adj-1`, two garages `gar-1`, `gar-2`.
std::string_view sample_directory();
const chat::TokenKey& sample_key();
/// Signed with the sample key; expires in `seconds` from now.
std::string token_of(std::string_view user, std::int64_t seconds = 3'600);

/// Lines a server told its operator; any thread.
class Told {
 public:
  void add(std::string_view line);
  bool has(std::string_view part) const;

 private:
  mutable Mutex mutex_;
  std::vector<std::string> lines_ CLAIMS_GUARDED_BY(mutex_);
};

/// Memory log and history, HTTP on.
ServerConfig sample_config();

class RunningServer {
 public:
  /// Ends the test program's case with an exception when it does not start.
  explicit RunningServer(ServerConfig config = sample_config());
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  const SocketAddress& mqtt() const { return server_->mqtt_address(); }
  SocketAddress http() const { return http_; }
  /// Tells it to stop and waits for its exit code.
  ExitCode stop();
  const Told& told() const { return *told_; }

 private:
  std::shared_ptr<Told> told_ = std::make_shared<Told>();
  std::unique_ptr<Server> server_;
  SocketAddress http_;
  ExitCode code_{};
  std::thread thread_;
};

/// A request as written, and all that the server sends until it closes.
std::string http_exchange(const SocketAddress& server, std::string_view request);
/// GET with `Connection: close`.
std::string http_get(const SocketAddress& server, std::string_view target);
/// Asks again until the answer has `part`, for ten seconds at most; the last answer.
std::string http_get_until(const SocketAddress& server, std::string_view target,
                           std::string_view part);

}  // namespace claims::server::testing
