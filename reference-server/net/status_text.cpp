#include "reference-server/net/status_text.h"

#include <fmt/format.h>

#include <iterator>

#include "protocol/chat/json_text.h"
#include "reference-server/net/version.h"

namespace claims::server {
namespace {

// A reason may quote what the system said, in any bytes; JSON and a log line take ASCII only.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, 500));
  for (char& c : out) {
    if (c < 0x20 || c > 0x7E) c = '?';
  }
  return out;
}

double seconds(Microseconds time) {
  return static_cast<double>(time.count()) / 1e6;
}

class Exposition {
 public:
  template <class Number>
  void add(std::string_view name, std::string_view type, std::string_view help, Number value) {
    head(name, type, help);
    fmt::format_to(std::back_inserter(text_), "{} {}\n", name, value);
  }
  void head(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                   type);
  }
  template <class Number>
  void line(std::string_view name_and_labels, Number value) {
    fmt::format_to(std::back_inserter(text_), "{} {}\n", name_and_labels, value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_broker(const ServerSnapshot& snapshot, Exposition& out) {
  const BrokerCounters& broker = snapshot.node.broker;
  out.add("claimchatd_connections", "gauge", "Open client sockets.", snapshot.connections);
  out.add("claimchatd_connections_turned_away_total", "counter",
          "Sockets closed at once because the server was full.",
          snapshot.connections_turned_away_total);
  out.add("claimchatd_sessions", "gauge", "MQTT sessions, also those without a connection.",
          broker.sessions);
  out.add("claimchatd_connects_total", "counter", "CONNECT packets taken.", broker.connects_total);
  out.add("claimchatd_connects_refused_total", "counter", "CONNECT packets refused.",
          broker.connects_refused_total);
  out.add("claimchatd_publishes_received_total", "counter", "PUBLISH packets from clients.",
          broker.publishes_received_total);
  out.add("claimchatd_publishes_sent_total", "counter", "PUBLISH packets to clients.",
          broker.deliveries_total);
  out.add("claimchatd_protocol_errors_total", "counter",
          "Connections closed for breaking the protocol.", broker.protocol_errors_total);
  out.add("claimchatd_received_bytes_total", "counter", "Bytes from clients.",
          broker.bytes_received_total);
  out.add("claimchatd_sent_bytes_total", "counter", "Bytes to clients.", broker.bytes_sent_total);
  out.add("claimchatd_open_subscriptions", "gauge", "Subscriptions to open topics.",
          broker.open_subscriptions);
  out.add("claimchatd_retained_messages", "gauge", "Retained messages of open topics.",
          broker.retained_messages);
  out.add("claimchatd_queued_bytes", "gauge", "Messages of open topics that wait for sessions.",
          broker.queued_bytes);
  out.add("claimchatd_messages_dropped_total", "counter",
          "Messages of open topics for which a bound left no room.", broker.messages_dropped_total);
}

void add_chat(const ServerSnapshot& snapshot, Exposition& out) {
  const ServiceCounters& service = snapshot.node.service;
  out.add("claimchatd_users", "gauge", "Users in the directory.", service.users);
  out.head("claimchatd_rooms", "gauge", "Rooms.");
  out.line("claimchatd_rooms{kind=\"inbound\"}", service.rooms_inbound);
  out.line("claimchatd_rooms{kind=\"general\"}", service.rooms_general);
  out.line("claimchatd_rooms{kind=\"negotiation\"}", service.rooms_negotiation);
  out.add("claimchatd_commands_total", "counter", "Commands decided.", service.commands_total);
  out.add("claimchatd_commands_refused_total", "counter", "Commands refused.",
          service.refused_total);
  out.add("claimchatd_commands_malformed_total", "counter", "Inputs that were no command.",
          service.malformed_total);
  out.add("claimchatd_commands_repeated_total", "counter", "Commands answered a second time.",
          service.repeated_total);
  out.add("claimchatd_reads_total", "counter", "Reads.", service.reads_total);
  out.add("claimchatd_events_total", "counter", "Events of rooms.", service.events_total);
  out.add("claimchatd_claims_total", "counter", "Chats turned into a claim.", service.claims_total);
  out.add("claimchatd_bulks_total", "counter", "Bulk messages accepted.", service.bulks_total);
  out.add("claimchatd_bulk_messages_total", "counter", "Messages that bulk messages brought about.",
          service.bulk_messages_total);
  out.add("claimchatd_bulk_refusals_total", "counter", "Targets of bulk messages refused.",
          service.bulk_refusals_total);
  out.add("claimchatd_deliveries_total", "counter", "Events handed to sessions.",
          snapshot.node.deliveries_total);
  out.add("claimchatd_catch_up_reads_total", "counter", "History reads for sessions catching up.",
          snapshot.node.catch_up_reads_total);
}

void add_log(const ServerSnapshot& snapshot, Exposition& out) {
  out.add("claimchatd_log_available", "gauge", "1 while the log takes appends.",
          snapshot.serving ? 1 : 0);
  out.add("claimchatd_log_failures_total", "counter", "Failures of the log or the history.",
          snapshot.storage_failures_total);
  out.add("claimchatd_log_position", "gauge", "Position of the last durable record.",
          static_cast<std::uint64_t>(snapshot.node.durable));
  out.add("claimchatd_log_blocks_total", "counter", "Blocks appended.", snapshot.node.blocks_total);
  out.add("claimchatd_log_records_total", "counter", "Records appended.",
          snapshot.node.records_total);
  constexpr std::string_view kCommit = "claimchatd_log_commit_seconds";
  out.head(kCommit, "histogram", "Time a block took to become durable.");
  for (std::size_t i = 0; i < CommitTimes::kBounds.size(); ++i) {
    out.line(fmt::format("{}_bucket{{le=\"{}\"}}", kCommit, seconds(CommitTimes::kBounds.at(i))),
             snapshot.commits.up_to(i));
  }
  out.line(fmt::format("{}_bucket{{le=\"+Inf\"}}", kCommit), snapshot.commits.total());
  out.line(fmt::format("{}_sum", kCommit), seconds(snapshot.commits.sum()));
  out.line(fmt::format("{}_count", kCommit), snapshot.commits.total());
}

void add_snapshot(const ServerSnapshot& snapshot, Exposition& out) {
  out.add("claimchatd_start_up_seconds", "gauge", "Time the last start-up took to have the state.",
          seconds(snapshot.start_up.took));
  out.head("claimchatd_start_up_blocks", "gauge", "Blocks that the last start-up began with.");
  out.line("claimchatd_start_up_blocks{from=\"snapshot\"}", snapshot.start_up.snapshot_blocks);
  out.line("claimchatd_start_up_blocks{from=\"log\"}", snapshot.start_up.folded_blocks);
  const SnapshotStatus& status = snapshot.state_snapshot;
  out.add("claimchatd_snapshot_active", "gauge", "1 while checkpoints of the state are written.",
          status.active ? 1 : 0);
  out.add("claimchatd_snapshot_position", "gauge", "Position that the stored snapshot is of.",
          static_cast<std::uint64_t>(status.stored.last));
  out.add("claimchatd_snapshot_age_seconds", "gauge",
          "Time since the snapshot was stored, or loaded.", seconds(snapshot.state_snapshot_age));
  out.add("claimchatd_snapshot_writes_total", "counter", "Times the snapshot was stored.",
          status.writes_total);
  out.add("claimchatd_snapshot_failures_total", "counter", "Times it could not be stored.",
          status.failures_total);
  out.add("claimchatd_snapshot_write_seconds", "gauge", "Time the last storing took.",
          seconds(status.write_took));
  out.add("claimchatd_checkpoints_total", "counter", "Checkpoints of the state taken.",
          snapshot.node.checkpoints_total);
  out.add("claimchatd_checkpoint_rows_total", "counter", "Rows in them.",
          snapshot.node.checkpoint_rows_total);
  out.add("claimchatd_checkpoint_bytes_total", "counter", "Bytes in them.",
          snapshot.node.checkpoint_bytes_total);
}

}  // namespace

std::string health_json(const ServerSnapshot& snapshot) {
  if (!snapshot.serving) return unhealthy_json(snapshot.why_not);
  return fmt::format(
      R"({{"status":"ok","version":"{}","uptime_s":{},"connections":{},"log_position":{},)"
      R"("start_up_ms":{},"snapshot_position":{},"snapshot_age_s":{}}})",
      version(), snapshot.uptime.count() / 1'000'000, snapshot.connections,
      static_cast<std::uint64_t>(snapshot.node.durable), snapshot.start_up.took.count() / 1'000,
      static_cast<std::uint64_t>(snapshot.state_snapshot.stored.last),
      snapshot.state_snapshot_age.count() / 1'000'000);
}

std::string unhealthy_json(std::string_view reason) {
  std::string out = R"({"status":"unavailable","reason":)";
  chat::append_json_string(printable(reason), out);
  out += '}';
  return out;
}

std::string metrics_text(const ServerSnapshot& snapshot, const ProcessUsage& usage) {
  Exposition out;
  out.head("claimchatd_build_info", "gauge", "The version that runs.");
  out.line(fmt::format("claimchatd_build_info{{version=\"{}\"}}", version()), 1);
  out.add("claimchatd_uptime_seconds", "gauge", "Time since the start.", seconds(snapshot.uptime));
  add_broker(snapshot, out);
  add_chat(snapshot, out);
  add_log(snapshot, out);
  add_snapshot(snapshot, out);
  out.add("process_resident_memory_bytes", "gauge", "Resident memory.", usage.resident_bytes);
  out.add("process_cpu_seconds_total", "counter", "CPU time, user and system.", seconds(usage.cpu));
  return out.take();
}

}  // namespace claims::server
