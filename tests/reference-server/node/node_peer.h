#pragma once
// NodePeer: a Node with scripted clients, memory stores and a manual clock: a dialogue without a
// socket, a thread or a sleep. The disk answers when the test says so, or by itself.

#include <memory>
#include <string>
#include <vector>

#include "protocol/mqtt/decoder.h"
#include "protocol/mqtt/encoder.h"
#include "reference-server/log/checkpoint_merge.h"
#include "reference-server/node/node.h"

namespace claims::server {

/// One received packet, kept beyond the decoder's buffers.
struct Received {
  std::string kind;  ///< "connack 0", "suback 1 1", "puback 7", "pubrec 7", "publish", "disconnect
                     ///< 142", "closed"
  std::string topic, payload;
  std::uint16_t packet_id = 0;
  bool dup = false;
};

class NodePeer {
 public:
  explicit NodePeer(std::uint64_t seed = 1, bool open_topics = false,
                    std::uint64_t checkpoint_records = 0);

  /// `directory` as in docs/contract.md; made of two insurers, three adjusters, two garages.
  static std::string directory();
  std::string token(const std::string& user, std::int64_t lifetime_s = 3600) const;

  /// Opens a connection and sends CONNECT (5.0). The number names it from then on.
  int connect(const std::string& user, const std::string& client = "pc", bool clean = true,
              std::uint32_t expiry_s = 0);
  int open();
  void send(int client, const mqtt::Packet& packet);
  void send_bytes(int client, std::string_view bytes);
  void subscribe(int client, const std::string& user);  ///< evt QoS 1 (packet id 1), reply QoS 0.
  void command(int client, const std::string& user, const std::string& json,
               std::uint16_t packet_id);
  void drop(int client);  ///< The network connection is gone.

  /// Everything the client has been sent since the last call; deliveries are acknowledged unless
  /// `acknowledge` is off.
  std::vector<Received> take(int client);
  /// The blocks that are durable.
  const std::vector<std::shared_ptr<const Block>>& log() const { return durable_; }
  bool acknowledge = true;

  /// With false, appends stay out until commit().
  bool disk_answers = true;
  void commit();
  /// With false, reads stay out until answer_reads().
  bool history_answers = true;
  /// With false, what clients are sent does not leave the node until drain_output().
  bool output_drains = true;
  void drain_output();
  void answer_reads();
  std::size_t reads_out() const { return reads_.size(); }
  /// As after kill -9: a new node from what was durable.
  void restart();
  /// The same, from a log that the crash left like this.
  void restart(std::vector<std::shared_ptr<const Block>> log);
  /// The same, from what the checkpoints so far come to, and the blocks behind them.
  void restart_from_snapshot();
  void fail_append();
  /// In the order in which they were given out.
  const std::vector<std::shared_ptr<const Checkpoint>>& checkpoints() const { return checkpoints_; }

  Now now{Microseconds{1'000'000}, Milliseconds{1'760'000'000'000}};
  std::unique_ptr<Node> node;

 private:
  struct Client {
    mqtt::Decoder decoder{mqtt::Decoder::Side::client, 1 << 20, mqtt::Version::v5_0};
    ConnectionId connection{};
    std::vector<Received> received;
    std::size_t undrained = 0;
    bool closed = false;
  };
  void run();
  /// From the snapshot, if there is one, and the log.
  void start(const CheckpointMerge* snapshot);
  void crash();
  void deliver(Client& client, const ConnectionOutput& output);

  NodeConfig config_;
  std::uint64_t seed_;
  std::unique_ptr<History> history_;
  std::vector<std::shared_ptr<const Block>> durable_;
  std::shared_ptr<const Block> out_;
  std::vector<std::shared_ptr<const Checkpoint>> checkpoints_;
  std::vector<ReadRows> reads_;
  std::vector<Client> clients_;
  std::uint64_t next_connection_ = 1;
};

}  // namespace claims::server
