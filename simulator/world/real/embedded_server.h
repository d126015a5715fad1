#pragma once
// EmbeddedServer: claimchatd as a child process on a free port, for one run.

#include <sys/types.h>

#include <memory>
#include <string>

#include "protocol/result.h"
#include "protocol/time.h"
#include "simulator/world/real/descriptor.h"

namespace claims::storm {

struct EmbeddedServerOptions {
  std::string program;    ///< claimchatd; see find_server_program().
  std::string folder;     ///< Of the run: claimchatd-data (made anew) and claimchatd.log go there.
  std::string directory;  ///< directory.json
  std::string token_key;  ///< token.key
  Milliseconds ready_within{20'000};
  bool open_topics = false;  ///< --open-topics
};

/// Ended with SIGTERM and waited for when it goes out of scope, at the latest.
class EmbeddedServer {
 public:
  /// Waits until it is ready. The error tells what happened, with the end of its log.
  static Result<std::unique_ptr<EmbeddedServer>, std::string> start(
      const EmbeddedServerOptions& options);
  ~EmbeddedServer();
  EmbeddedServer(const EmbeddedServer&) = delete;
  EmbeddedServer& operator=(const EmbeddedServer&) = delete;

  pid_t process() const { return process_; }
  const std::string& mqtt_url() const { return mqtt_url_; }  ///< "mqtt://127.0.0.1:34567"
  const std::string& http_url() const { return http_url_; }  ///< Empty: none.
  bool running();
  /// "signal 9", "exit code 1", with the end of its log. Once it is not running.
  std::string ending() const;
  /// SIGKILL, and a new process on the same address and data. Blocks until that is ready.
  Result<void, std::string> crash_and_restart();

  // The same in parts, which do not block.
  /// SIGKILL; also of one that is still starting.
  void crash();
  /// After crash(), until restart().
  bool crashed() const { return crashed_; }
  /// A new process on the same address and data. It is ready when read_ready() says so.
  Result<void, std::string> restart();
  /// Readable when there is something for read_ready() to read; -1: it is ready, or crashed.
  int ready_descriptor() const { return output_.number(); }
  /// Whether it is ready now. The error tells of an end before, with the end of its log.
  Result<bool, std::string> read_ready();
  Milliseconds ready_within() const { return options_.ready_within; }

  /// SIGSTOP and SIGCONT.
  void pause() const;
  void go_on() const;

  /// Until free_disk(), no file takes a byte more, nor one in place of another: writes fail
  /// with EFBIG (RLIMIT_FSIZE of 0). That includes the words for the operator.
  void fill_disk() const { limit_files(true); }
  void free_disk() const { limit_files(false); }

  /// SIGTERM, then SIGKILL if it takes longer than 20 s. The error tells of an end that was not in
  /// order.
  Result<void, std::string> stop();

 private:
  explicit EmbeddedServer(EmbeddedServerOptions options);
  std::string data() const { return options_.folder + "/claimchatd-data"; }
  Result<void, std::string> spawn(const std::string& listen);
  Result<void, std::string> await_ready();
  Result<void, std::string> take_ready_line(const std::string& line);
  std::string log_tail() const;
  void limit_files(bool full) const;

  const EmbeddedServerOptions options_;
  pid_t process_ = -1;  // -1: ended and waited for.
  int status_ = 0;
  bool crashed_ = false;
  Descriptor output_;  // Of a process that is not ready yet, never blocking.
  std::string line_;   // What has come of its ready line.
  std::string mqtt_url_, http_url_, log_;
};

/// claimchatd beside this program's own executable.
Result<std::string, std::string> find_server_program();

}  // namespace claims::storm
