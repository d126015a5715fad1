#pragma once
// Effects: what must happen once a log position is durable, in the order in which it was decided.

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "protocol/mqtt/packet.h"
#include "reference-server/broker/broker.h"
#include "reference-server/chat/service.h"

namespace claims::server {

/// A session during one of its connections: what belongs to an earlier connection is dropped.
struct SessionTurn {
  SessionId session{};
  std::uint32_t generation = 0;
};

/// CONNACK.
struct AcceptSession {
  SessionTurn to;
};
/// SUBACK or UNSUBACK.
struct CompleteSubscription {
  SessionTurn to;
  std::uint16_t packet_id = 0;
};
/// PUBACK (packet id 0: the command came with QoS 0), then the reply.
struct SendReply {
  SessionTurn to;
  std::uint16_t packet_id = 0;
  std::string reply;
};
struct RunPageRead {
  SessionTurn to;
  std::uint16_t packet_id = 0;
  PageRead read;
};
struct RunSync {
  SessionTurn to;
  std::uint16_t packet_id = 0;
  SyncRead read;
};
/// An event for everyone who was a member when it was decided.
struct DeliverEvent {
  Position position{};
  std::string event;  ///< The JSON object, closing brace included.
  std::vector<UserIndex> recipients;
};

/// A read receipt: once, to who is connected then, and never stored. `asker` knows it by its reply.
struct DeliverRead {
  SessionTurn asker;
  ReadNotice notice;
};

/// The user has retired: its connections end (0x87), and it gets no other.
struct EndSessions {
  UserIndex user{};
};

using Effect = std::variant<AcceptSession, CompleteSubscription, SendReply, RunPageRead, RunSync,
                            DeliverEvent, DeliverRead, EndSessions>;

}  // namespace claims::server
