#pragma once
// OpenSession: what open topics need of a session that uses them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference-server/broker/outgoing_messages.h"
#include "reference-server/broker/received_publishes.h"

namespace claims::server {

struct OpenSession {
  std::vector<std::string> filters;  ///< As subscribed; their options are in the index.
  OutgoingMessages outgoing;
  ReceivedPublishes received;

  // The message that is being matched, and this session's place among its receivers.
  std::uint64_t round = 0;
  std::size_t hit = 0;
};

}  // namespace claims::server
