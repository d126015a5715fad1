#pragma once
// VirtualServer: claimchatd in virtual time: its Node, log and history, the production code, behind
// a virtual network and on virtual disks. What net/Server does with threads and sockets, this does
// with events.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "protocol/time.h"
#include "reference-server/node/node.h"
#include "simulator/world/virtual/event_queue.h"
#include "simulator/world/virtual/network.h"
#include "simulator/world/virtual/server_storage.h"
#include "simulator/world/virtual/trace.h"

namespace claims::storm {

struct ServerSpec {
  server::NodeConfig node;
  std::string directory_json;
  DiskSpec disk{};
  std::pair<Microseconds, Microseconds> turn{5, 60};  ///< CPU time of a turn of its loop.
  Microseconds start_time{50'000};                    ///< Of the process, and
  Microseconds time_per_block{20};                    ///< for each block that it folds.
};

class VirtualServer final : private ServerStorage::Handler {
 public:
  VirtualServer(EventQueue& queue, VirtualNetwork& network, Trace& trace, ServerSpec spec,
                Milliseconds wall, const Random& random);
  ~VirtualServer() override;
  VirtualServer(const VirtualServer&) = delete;
  VirtualServer& operator=(const VirtualServer&) = delete;

  /// Starts the process; serves after a while.
  void start();
  /// Power is lost.
  void kill();
  /// Stands still: takes nothing in, nothing is due.
  void pause(bool pause);
  bool running() const { return running_; }
  /// Why it can serve no more, ever: what it had stored cannot be read again.
  const std::optional<std::string>& broken() const { return broken_; }
  /// Told of each stretch of time, once it is over, in which it was not serving.
  void on_outage(std::function<void(Microseconds begin, Microseconds end)> told) {
    outage_ended_ = std::move(told);
  }
  /// Of one that is not over.
  std::optional<Microseconds> outage_since() const { return outage_since_; }

  // The network's server side.
  void accepted(LinkId link);
  void arrived(LinkId link, std::string_view bytes);
  void left(LinkId link, std::size_t bytes);
  void ended(LinkId link);

  // Faults.
  ServerStorage& storage() { return storage_; }
  void jump_clock(Milliseconds by) { wall_offset_us_ += Microseconds(by); }
  /// The wall clock goes faster by so many parts in a million.
  void drift_clock(std::int64_t parts_per_million);
  Milliseconds wall() const;

 private:
  struct Input {
    enum class Kind : std::uint8_t { opened, received, written, closed, durable, rows, failed };
    Kind kind{};
    server::ConnectionId connection{};
    std::string bytes{};
    std::size_t count = 0;
    server::Position last{};
    server::QueryId query{};
    std::shared_ptr<Result<std::vector<server::Row>, server::LogError>> rows{};
  };

  void appended(server::Position last) override;
  void rows_read(server::QueryId id,
                 Result<std::vector<server::Row>, server::LogError> rows) override;
  void storage_failed(const std::string& why) override;

  Now now() const { return {queue_.now(), wall()}; }
  void take(Input input);
  void wake_at(Microseconds time);
  void turn();
  void handle(Input& input);
  void drain();
  void carry_out(server::ConnectionOutput& output);
  void carry_out(server::AppendBlock& append);
  void carry_out(server::ReadRows& read);
  void carry_out(server::StoreCheckpoint& store);
  void restore();
  void restore_node();
  void not_restored(const std::string& why);
  void serve();
  void note_down();
  void note_up();

  EventQueue& queue_;
  VirtualNetwork& network_;
  Trace& trace_;
  const ServerSpec spec_;
  Random random_;
  Milliseconds wall_start_;
  Microseconds wall_offset_us_{0};
  Microseconds drift_since_{0};
  std::int64_t drift_ppm_ = 0;
  std::function<void(Microseconds, Microseconds)> outage_ended_;
  std::optional<Microseconds> outage_since_;
  std::optional<std::string> broken_;

  ServerStorage storage_;
  std::shared_ptr<server::Node> node_;
  std::unordered_set<LinkId> links_;  // That this process has; look-ups and whole removal only.
  std::vector<Input> inputs_;
  std::vector<server::Action> actions_;
  std::uint64_t life_ = 0, node_seed_ = 0;
  bool running_ = false, paused_ = false, available_ = false;
  std::optional<Microseconds> wake_;
  Microseconds free_at_{0};  // The loop's thread is busy until then.
  Microseconds retry_delay_;
};

}  // namespace claims::storm
