#pragma once
// message.search: what is asked of the history, and the reply made of what it finds.

#include <string>
#include <string_view>
#include <vector>

#include "protocol/chat/command.h"
#include "reference-server/chat/service.h"
#include "reference-server/chat/state.h"

namespace claims::server {

Decision search_messages(const std::string& re, const chat::SearchMessages& search, UserIndex user,
                         const State& state);
std::string search_reply(const PageRead& read, const SearchQuery& query,
                         const std::vector<Row>& rows);

/// At most 200 characters of the text, with its first place where `wanted` is about in the middle;
/// the case of ASCII letters makes no difference.
std::string_view snippet_of(std::string_view text, std::string_view wanted);

}  // namespace claims::server
