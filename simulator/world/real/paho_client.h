#pragma once
// PahoClient: one connection of Eclipse Paho C++ (MQTTAsync underneath). The one place where Paho's
// own headers are used.
//
// Paho has two threads for all connections of the process, one that sends and one that receives,
// and calls back on them; what it says goes into the queue. Its automatic reconnect is off, nothing
// is persisted, and a client is made anew for each connection: when to connect again, and what to
// send again, is the virtual user's to decide, as with our own client.

#include <memory>
#include <string>

#include "protocol/mqtt/packet.h"
#include "protocol/result.h"
#include "simulator/world/real/paho_queue.h"
#include "simulator/world/real/paho_report.h"

namespace claims::storm {

/// "Eclipse Paho C++ 1.2.0"
std::string paho_version();

/// Keeps Paho's threads from ending with one client and starting with the next, which takes up to a
/// second and would hold the loop up. Its own end takes that time, once. Outlives all clients.
class PahoThreads {
 public:
  PahoThreads();
  ~PahoThreads();
  PahoThreads(const PahoThreads&) = delete;
  PahoThreads& operator=(const PahoThreads&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Used by one thread. Ended, it closes its connection, with DISCONNECT if it is connected, drops
/// what Paho has not sent yet and reports nothing more.
class PahoClient final : public PahoCalls {
 public:
  /// `uri`: "tcp://127.0.0.1:1883". Reports under the name of `connection`; the queue outlives it.
  PahoClient(std::string uri, PahoQueue::Connection connection, PahoQueue& queue);
  ~PahoClient() override;
  PahoClient(const PahoClient&) = delete;
  PahoClient& operator=(const PahoClient&) = delete;

  Result<void, std::string> connect(const mqtt::Connect& connect) override;
  Result<void, std::string> subscribe(const mqtt::Subscribe& subscribe) override;
  Result<void, std::string> unsubscribe(const mqtt::Unsubscribe& unsubscribe) override;
  Result<void, std::string> publish(const mqtt::Publish& publish) override;
  /// What was published before is sent before; then PahoGone is reported.
  Result<void, std::string> disconnect(const mqtt::Disconnect& disconnect) override;
  bool disconnecting() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claims::storm
