#pragma once
// history.list: which rooms' events are asked for (CPC-004-3), and the reply made of them.

#include <string>
#include <vector>

#include "protocol/chat/command.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/state.h"

namespace claims::server {

Decision list_history(const std::string& re, const chat::ListHistory& list, UserIndex user,
                      const State& state);
std::string history_reply(const PageRead& read, const ListQuery& query,
                          const std::vector<Row>& rows);

}  // namespace claims::server
