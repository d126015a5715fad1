#pragma once
// OpenClient: what a device does with open topics over its connections: what it has asked and not
// been answered yet, and what it has subscribed to.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/time.h"
#include "simulator/actor/inbox.h"
#include "simulator/check/open_book.h"
#include "simulator/scenario/model.h"

namespace claims::storm {

/// Of a step: subscribe, unsubscribe or publish.
struct OpenRequest {
  OpenStep::Kind kind{};
  RoleKey owner;
  std::string topic;  ///< As on the wire; a filter, unless it is published to.
  std::string text{};
  std::uint8_t qos = 0, retain_handling = 0;
  bool retain = false, retain_as_published = false;
  std::uint32_t expiry_s = 0;
  std::string_view step{};  ///< Name for figures per step.
  Microseconds intended{0}, held_until{0};
};

/// A message of an open topic, as it comes to a device. Lives in the loop turn.
struct OpenArrival {
  std::string_view topic, text;
  bool retained = false;
};

struct OpenClient {
  struct Outstanding {
    OpenRequest request;
    bool owned = true;            ///< Somebody waits for the answer.
    bool renewal = false;         ///< Of a subscription that a lost connection ended.
    std::uint16_t packet_id = 0;  ///< 0: not sent on this connection.
    audit::OpenNumber number{};   ///< Of the auditor, while a publish may have reached the server.
    Microseconds sent{0};         ///< On this connection.
  };
  struct Subscription {
    OpenRequest request;
    bool stands = false;         ///< SUBACK has come.
    std::uint64_t restarts = 0;  ///< Of the server, when it was asked for last.
  };

  std::vector<Outstanding> outstanding;  // In the order they were asked.
  std::vector<Subscription> subscriptions;

  std::vector<Outstanding>::iterator find(std::uint16_t packet_id, OpenStep::Kind kind);
  /// No packet of an earlier connection will be answered any more.
  void forget_packets();
};

}  // namespace claims::storm
