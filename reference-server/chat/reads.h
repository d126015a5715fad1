#pragma once
// What each read answers. Reads change nothing.

#include <string>
#include <vector>

#include "protocol/chat/command.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/state.h"

namespace claims::server {

Decision run_read(const chat::Read& read, UserIndex user, const State& state);

/// The reply to a PageRead (see Service::finish_page).
std::string page_reply(const PageRead& read, const std::vector<Row>& rows, const State& state);

}  // namespace claims::server
