#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "protocol/result.h"
#include "protocol/thread_safety.h"
#include "protocol/time.h"
#include "reference-server/net/descriptor.h"
#include "reference-server/node/node.h"
#include "reference-server/node/start_up.h"

namespace claims::server {

/// One life of the node: it rises each time log and history are opened anew, so that an answer to
/// a node that is gone is recognised and dropped.
enum class Generation : std::uint64_t {};

struct BlockDurable {
  Generation generation{};
  Position last{};
  Microseconds took{};
};
/// An append or a fold failed: what the node holds is void.
struct StorageFailed {
  Generation generation{};
  std::string why;
};
struct RowsRead {
  Generation generation{};
  QueryId query{};
  Result<std::vector<Row>, LogError> rows;
};
/// Log and history are open again, and a new node is folded from them (not started yet).
struct StorageRestored {
  Generation generation{};
  StartedUp started;
  Microseconds took{};
};
struct RestoreFailed {
  Generation generation{};
  std::string why;
};
/// The HTTP thread wants to know how the server is; answered with the same number.
struct SnapshotWanted {
  std::uint64_t request = 0;
};
struct StopWanted {};
/// The snapshot could not be written. Nothing is lost: the next start folds more of the log.
struct SnapshotFailed {
  std::string why;
};

using Message = std::variant<BlockDurable, StorageFailed, RowsRead, StorageRestored, RestoreFailed,
                             SnapshotWanted, StopWanted, SnapshotFailed>;

/// What other threads tell the main loop. Bounded by what the senders may have under way: one
/// append, the history's queue, the HTTP server's sessions.
class Mailbox {
 public:
  Mailbox();

  /// Any thread.
  void post(Message message) CLAIMS_EXCLUDES(mutex_);
  /// Any thread; in order, with one wake-up. Leaves `messages` empty.
  void post_all(std::vector<Message>& messages) CLAIMS_EXCLUDES(mutex_);

  /// The main loop: readable while there are messages.
  int descriptor() const { return wake_up_.number(); }
  /// The main loop: all messages so far, by the order of posting.
  void take(std::vector<Message>& messages) CLAIMS_EXCLUDES(mutex_);

 private:
  void wake_up();

  Descriptor wake_up_;
  Mutex mutex_;
  std::vector<Message> messages_ CLAIMS_GUARDED_BY(mutex_);
};

}  // namespace claims::server
